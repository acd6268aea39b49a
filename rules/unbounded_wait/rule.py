"""A wait that nothing ends: if what is awaited never comes, the Pod stays in `Init` and nobody is told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from initlint.api import (
    INFO,
    WARNING,
    Container,
    ContainerScript,
    Finding,
    Findings,
    Fix,
    RegularInitContainer,
    Related,
    Wait,
    accelerator,
    edit,
    empty_operands,
    image_of,
    is_over_at_once,
    rule,
    scripts,
)

_MOST_SHOWN = 3


@dataclass(frozen=True)
class Options:
    """How long waits may last."""

    timeout: Annotated[int, "seconds after which the fix ends a wait; 0 offers none, as no value is invented"] = 0


@rule("INIT501", "wait that nothing ends", severity=INFO)
def check(container: RegularInitContainer, options: Options) -> Findings:
    if container.pod.deadline:
        return
    for script in scripts(container):
        # A loop in a function is one wait for each call of it.
        unbounded: dict[int, list[Wait]] = {}
        broken = [one.start for one in empty_operands(script) if one.ends_wait]  # an error of its test ends it
        for wait in script.waits:
            if any(wait.start <= one < wait.end for one in broken):
                continue
            if wait.is_unbounded and not wait.context.in_background and not is_over_at_once(wait, container):
                unbounded.setdefault(wait.start, []).append(wait)
        yield from (_unbounded(script, several, options.timeout) for several in unbounded.values())


def _unbounded(script: ContainerScript, several: Sequence[Wait], timeout: int) -> Finding:
    container, wait = script.container, several[0]
    container.require_as_written()
    device = accelerator(container.pod)
    stays = f"the Pod stays in `{container.init_status}`"
    fails = ", and the Job never fails" if container.pod.workload.is_job else ""
    costs = f" and holds `{device}` all the time" if device else fails
    return Finding(
        script.span(wait.start, wait.end),
        f"{container} waits {_awaited(several)}, and nothing ends the wait: until then {stays}{costs}",
        related=tuple(_asking(script, wait)),
        severity=WARNING if costs else INFO,
        fix=_with_timeout(container, timeout),
        defect=wait.defect,
        help="end it after a time, such as with `timeout 300 sh -c '…'`, so that the failure is seen",
    )


def _with_timeout(container: Container, seconds: int) -> Fix | None:
    """`timeout` around all that the container runs, where the image is not known to lack it."""
    if not seconds or not container.overrides_entrypoint or image_of(container).has("timeout") is False:
        return None
    return Fix.of(f"end it after {seconds} seconds", edit.put_first(container.command, "timeout", str(seconds)))


def _awaited(several: Sequence[Wait]) -> str:
    targets = list(dict.fromkeys(target for wait in several for target in wait.targets or (wait.target,)))
    if not all(targets):
        asking = several[0].steps[0].command
        return "until a condition holds" if asking.is_test else f"until `{asking.name or 'a command'}` succeeds"
    shown = [f"`{one}`" for one in targets[:_MOST_SHOWN]]
    if len(targets) > _MOST_SHOWN:
        shown.append(f"{len(targets) - _MOST_SHOWN} more")
    return f"for {', '.join(shown[:-1])} and {shown[-1]}" if shown[1:] else f"for {shown[0]}"


def _asking(script: ContainerScript, wait: Wait) -> Iterator[Related]:
    """The command that asks, if it does not stand in the head of the loop."""
    asking = next((one.command for one in wait.steps if not wait.start <= one.command.start < wait.end), None)
    if asking:
        yield Related(script.span(asking.start, asking.end), "only this ends it")
