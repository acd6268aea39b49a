"""A command that prepares something, and whose failure nothing sees: the script goes on, and ends with success."""

from collections.abc import Sequence

from initlint.api import (
    HIGH,
    MEDIUM,
    WARNING,
    Command,
    ContainerScript,
    Finding,
    Findings,
    Fix,
    RegularInitContainer,
    Related,
    Step,
    Wait,
    edit,
    rule,
    scripts,
)


@rule("INIT302", "failure that nothing sees", severity=WARNING)
def check(container: RegularInitContainer) -> Findings:
    container.require_as_written()
    for script in scripts(container):
        lost = [step for step in script.swallowed if not step.meaning.makes_directories]
        if lost:
            yield _swallowed(script, lost)
        elif script.given_up:
            yield _given_up(script, script.given_up[0])
        elif script.half_ended:
            yield _half_ended(script, script.half_ended[0])


def _swallowed(script: ContainerScript, lost: Sequence[Step]) -> Finding:
    first, *others = lost
    name, sees = first.command.name, first.command.context.errexit is True
    why = _unseen(script, first) if sees else "later commands decide the exit status"
    helps = not sees and first not in script.swallowed_with(errexit=True)
    return Finding(
        script.place(first.command),
        f"{script.container} can succeed although `{name}` has failed, for {why}: "
        "what comes next starts without what it prepares",
        related=tuple(
            Related(script.place(one.command), f"nor is a failure of `{one.command.name}` seen") for one in others
        ),
        fix=Fix.of("begin with `set -e`", edit.prepend(script, "set -e")) if helps else None,
        confidence=HIGH if first.meaning.is_known else MEDIUM,
        defect="exit status",
        help="let the script begin with `set -e`" if helps else f"look at its status: `{name} … || exit 1`",
    )


def _unseen(script: ContainerScript, step: Step) -> str:
    """Why `set -e` does not end the script where a command fails."""
    context, place = step.command.context, step.command.start
    if context.in_substitution:
        around = [one for one in script.commands or () if one.start < place < one.end and one.name]
        if around:
            return f"`{max(around, key=lambda one: one.start).name}`, in whose words it stands, has a status of its own"
    elif context.stage[0] + 1 < context.stage[1]:
        return "`set -e` looks at the last command of a pipeline alone"
    elif any(
        guard.succeeded and guard.statement is step.command.statement
        for one in script.commands or ()
        for guard in one.context.guards
    ):
        return "`set -e` does not look at what stands before `&&`"
    elif context.in_background:
        return "`set -e` does not see how a job in the background ends"
    elif context.is_checked:
        return "`set -e` is ignored in what a condition or `||` looks at"
    return "`set -e` does not see it"


def _given_up(script: ContainerScript, wait: Wait) -> Finding:
    awaited = f"`{wait.target}`" if wait.target else "what it asks for"
    return Finding(
        script.span(wait.start, wait.end),
        f"{script.container} can succeed although its wait for {awaited} was given up, for later commands decide the "
        "exit status: what comes next starts without it",
        defect="exit status",
        help="let the script end with `exit 1` where the wait was in vain",
    )


def _half_ended(script: ContainerScript, command: Command) -> Finding:
    return Finding(
        script.place(command),
        f"{script.container} goes on behind `exit`, which ends no more than the subshell `( … )` around it, and can "
        "succeed: what comes next starts although it was to fail",
        defect="exit status",
        help="write `{ …; exit 1; }` instead of `( …; exit 1 )`",
    )
