"""Text that is no YAML or JSON."""

from initlint.api import ERROR, Finding, Findings, SyntaxProblem, rule


@rule("INIT001", "text that is no YAML or JSON", severity=ERROR)
def check(problem: SyntaxProblem) -> Findings:
    message = f"{problem.fact}: this document cannot be read, nothing in it is checked"
    yield Finding(problem.span, message, help=problem.remedy or None)
