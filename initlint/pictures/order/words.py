"""What people read of a start-up, whatever the format draws around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from initlint.kube.pods.container import Role
from initlint.kube.pods.startup import Term
from initlint.pictures.order.model import Gate, Pause, Phase, PodOrder
from initlint.shell.waiting.loops import Bound

_ENDLESS = {Bound.PROBE: "without a limit", Bound.STUCK: "without a limit: its counter never changes"}


def wait(pause: Pause) -> str:
    """What a container waits for, and for how long."""
    return f"waits for {pause.target or 'what is not known'}, {_limit(pause)}"


def _limit(pause: Pause) -> str:
    if pause.longest:
        return str(pause.longest)
    if pause.bound is Bound.UNKNOWN:
        return "how long is not known"
    return _ENDLESS.get(pause.bound) or f"limited by {pause.bound.value}"


def gate(phase: Phase) -> str:
    """What must have happened of a container before the next one starts."""
    if phase.gate is Gate.COMPLETED:
        return "completed"
    probe = ", by its startupProbe" if phase.is_probed else ", ready or not"
    return f"started{probe}; goes on beside the others" if phase.role is Role.SIDECAR else f"started{probe}"


def uses(phase: Phase) -> Iterator[str]:
    """What it does with volumes; a volume of which no more is known is only mounted."""
    used = {use.volume for use in phase.uses if use.does != "mounts"}
    for does, may in (("reads", "may read"), ("writes", "may write"), ("uses", "may use"), ("mounts", "")):
        of_kind = [use for use in phase.uses if use.does == does and (may or use.volume not in used)]
        for verb, is_certain in ((does, True), (may, False)):
            names = [use.volume for use in of_kind if use.is_certain is is_certain]
            if names:
                yield f"{verb} {', '.join(names)}"


def title(order: PodOrder) -> str:
    """The object, in its namespace."""
    place = f" in {order.object.namespace}" if order.object.namespace else ""
    return f"{order.object}{place}"


def volumes(order: PodOrder) -> Iterator[tuple[str, str]]:
    """Each volume that is declared or used: its name, and its way through the containers."""
    used = [use.volume for phase in order.phases for use in phase.uses]
    for name in dict.fromkeys([*order.volumes, *used]):
        yield name, "; ".join([kind(order, name), *_users(order, name)])


def kind(order: PodOrder, volume: str) -> str:
    """What kind of volume it is, if the Pod declares it."""
    return order.volumes.get(volume, "not declared" if order.are_all_shown else "not declared here")


def _users(order: PodOrder, volume: str) -> Iterator[str]:
    """Who writes it, who reads it, and who only mounts it."""
    rest = dict.fromkeys(phase.container for phase in order.phases if volume in phase.volumes("mounts"))
    for does, done in (("writes", "written"), ("reads", "read"), ("uses", "used")):
        for is_certain, may in ((True, ""), (False, "perhaps ")):
            found = [one.container for one in order.phases if (does, volume, is_certain) in one.uses]
            rest = {name: None for name in rest if name not in found}
            if found:
                yield f"{may}{done} by {', '.join(found)}"
    if rest:
        yield f"mounted by {', '.join(rest)}"


def terms(amounts: Mapping[str, Term]) -> list[Term]:
    """Where each amount comes from, by the names of the resources."""
    return [amounts[name] for name in sorted(amounts)]
