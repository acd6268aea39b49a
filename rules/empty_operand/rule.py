"""A test on an unquoted value that may be empty: `[` then fails with an error, which is taken for an answer."""

from initlint.api import (
    ERROR,
    ContainerScript,
    EmptyOperand,
    Finding,
    Findings,
    RegularInitContainer,
    empty_operands,
    rule,
    scripts,
)


@rule("INIT308", "test on a value that may be empty", severity=ERROR)
def check(container: RegularInitContainer) -> Findings:
    container.require_as_written()
    for script in scripts(container):
        for operand in empty_operands(script):
            yield _finding(script, operand)


def _finding(script: ContainerScript, operand: EmptyOperand) -> Finding:
    text = script.script.text_of(operand)
    fails = "is true all the same" if operand.is_alone else "fails with an error"
    means = "ends the wait" if operand.ends_wait else "skips what depends on it, and the script goes on"
    return Finding(
        script.span(operand.start, operand.end),
        f"`{text}` in {script.container} is not quoted and may be empty: then the test {fails}, which {means}",
        help=f'quote it: `"{text}"`',
    )
