"""A command that prepares something, and whose failure nothing sees: the script goes on, and ends with success."""

from collections.abc import Sequence

from initlint.api import (
    HIGH,
    MEDIUM,
    WARNING,
    Container,
    ContainerScript,
    Finding,
    Findings,
    Fix,
    Related,
    Role,
    Span,
    Step,
    edit,
    rule,
    scripts,
)


@rule("INIT302", "failure that nothing sees", severity=WARNING)
def check(container: Container) -> Findings:
    for script in scripts(container) if container.role is Role.INIT else ():
        lost = [step for step in script.lost if not step.meaning.makes_directories]
        if lost:
            yield _swallowed(script, lost)


def _swallowed(script: ContainerScript, lost: Sequence[Step]) -> Finding:
    first, *others = lost
    name, sees = first.command.name, first.command.context.errexit is True
    why = "`set -e` does not see it" if sees else "later commands decide the exit status"
    helps = not sees and first not in script.lost_with(errexit=True)
    return Finding(
        _place(script, first),
        f"{script.container} can succeed although `{name}` has failed, for {why}: "
        "what comes next starts without what it prepares",
        related=tuple(Related(_place(script, one), f"nor is a failure of `{one.command.name}` seen") for one in others),
        fix=Fix.of("begin with `set -e`", edit.prepend(script, "set -e")) if helps else None,
        confidence=HIGH if first.meaning.is_known else MEDIUM,
        defect="exit status",
        help="let the script begin with `set -e`" if helps else f"look at its status: `{name} … || exit 1`",
    )


def _place(script: ContainerScript, step: Step) -> Span:
    """The words of the command, without redirections and here-documents."""
    return script.span(step.command.start, max(word.end for word in step.command.arguments))
