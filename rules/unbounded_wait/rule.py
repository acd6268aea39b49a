"""A wait that nothing ends: if what is awaited never comes, the Pod stays in `Init` and nobody is told."""

from collections.abc import Iterator

from initlint.api import (
    INFO,
    WARNING,
    Container,
    ContainerScript,
    Finding,
    Findings,
    Related,
    Role,
    Wait,
    accelerator,
    rule,
    scripts,
)


@rule("INIT501", "wait that nothing ends", severity=INFO)
def check(container: Container) -> Findings:
    if container.role is not Role.INIT or container.pod.deadline:
        return
    for script in scripts(container):
        unbounded = {one.start: one for one in script.waits if one.is_unbounded and not one.context.in_background}
        for wait in unbounded.values():
            yield _unbounded(script, wait)


def _unbounded(script: ContainerScript, wait: Wait) -> Finding:
    container = script.container
    device = accelerator(container.pod)
    stays = f"the Pod stays in `Init:{container.index}/{len(container.pod.init_containers)}`"
    fails = ", and the Job never fails" if container.pod.workload.is_job else ""
    costs = f" and holds `{device}` all the time" if device else fails
    return Finding(
        script.span(wait.start, wait.end),
        f"{container} waits {_awaited(wait)}, and nothing ends the wait: until then {stays}{costs}",
        related=tuple(_asking(script, wait)),
        severity=WARNING if costs else INFO,
        defect=wait.defect,
        help="end it after a time, such as with `timeout 300 sh -c '…'`, so that the failure is seen",
    )


def _awaited(wait: Wait) -> str:
    return f"for `{wait.target}`" if wait.target else f"until `{wait.steps[0].command.name or 'a command'}` succeeds"


def _asking(script: ContainerScript, wait: Wait) -> Iterator[Related]:
    """The command that asks, if it does not stand in the head of the loop."""
    asking = next((one.command for one in wait.steps if not wait.start <= one.command.start < wait.end), None)
    if asking:
        yield Related(script.span(asking.start, asking.end), "only this ends it")
