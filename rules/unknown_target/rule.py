"""A wait for an object that an input which is said to be complete does not hold."""

from collections.abc import Iterator

from initlint.api import (
    WARNING,
    ContainerScript,
    Finding,
    Findings,
    Missed,
    Part,
    RegularInitContainer,
    Wait,
    missed,
    rule,
    scripts,
    vainly,
)


@rule(
    "INIT505",
    "wait for what the input does not hold",
    severity=WARNING,
    supersedes=("unbounded-wait",),
    needs_complete=True,
)
def check(container: RegularInitContainer) -> Findings:
    for script in scripts(container):
        for wait in script.waits:
            yield from _absent(script, wait)


def _absent(script: ContainerScript, wait: Wait) -> Iterator[Finding]:
    """One finding for each object that is not there."""
    told: set[str] = set()
    for one in missed(script, wait):
        if one.target not in told:
            script.container.pod.require(Part.COMMANDS)
            told.add(one.target)
            yield _finding(script, wait, one)


def _finding(script: ContainerScript, wait: Wait, one: Missed) -> Finding:
    container = script.container
    remedy = f"did you mean `{one.meant}`?" if one.meant else f"mend the name, or add the {one.kind} to the input"
    return Finding(
        script.span(one.probe.start, one.probe.end),
        f"{container} waits for {one.target}, which the input does not hold: {vainly(wait, container)}",
        defect=wait.defect,
        help=remedy,
    )
