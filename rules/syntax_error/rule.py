"""Text that is no YAML or JSON."""

from initlint.api import ERROR, Finding, Findings, SyntaxProblem, rule


@rule("INIT001", "text that is no YAML or JSON", severity=ERROR)
def check(problem: SyntaxProblem) -> Findings:
    # The remedy belongs to the message: formats of one line show no help.
    remedy = f"; {problem.remedy}" if problem.remedy else ""
    yield Finding(problem.span, f"{problem.fact}: this document cannot be read, nothing in it is checked{remedy}")
