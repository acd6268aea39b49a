"""The start-up of one Pod as plain values, which every format shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from initlint.finding import Diagnostic, ObjectRef
from initlint.flow import Certainty, DataEdge, Station, edges, follow
from initlint.kube.pods.container import Container, Role
from initlint.kube.pods.pod import Pod
from initlint.kube.pods.startup import ContainerStart, Effective, effective, start_order
from initlint.kube.terms.unknown import Part, Unknown
from initlint.shell.commands.places import seconds
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.scripts import scripts
from initlint.shell.questions.longest import Longest, deadline_of, finite, longest
from initlint.shell.waiting.loops import Bound
from initlint.shell.waiting.waits import Wait
from initlint.text.source import Position


class Gate(Enum):
    """What must have happened of a container before what comes after it starts; that it is ready, never."""

    COMPLETED = "completed"
    STARTED = "started"


class VolumeUse(NamedTuple):
    """What a container does with a volume: it `mounts`, `reads` or `writes` it.

    It `uses` it if it is told of a path there, and what it runs may read or write that.
    """

    does: str
    volume: str
    is_certain: bool


class Pause(NamedTuple):
    """What a container waits for, empty if that is not known; what ends the wait, and after how long, if that is."""

    target: str
    bound: Bound
    longest: Longest | None


class Phase(NamedTuple):
    """A container on its way up. `step` counts what starts one after the other; app containers have the same.

    `bound_seconds` is how long its waits last at most, None where that is not known. `doubt` is why it may do more with
    the volumes than is shown, or hold up what comes after it for longer, empty if it does not.
    """

    container: str
    role: Role
    step: int
    after: tuple[str, ...]
    gate: Gate
    is_probed: bool
    uses: tuple[VolumeUse, ...]
    waits: tuple[Pause, ...]
    bound_seconds: float | None
    doubt: str
    findings: tuple[Diagnostic, ...]

    def volumes(self, does: str) -> list[str]:
        """The volumes that it does something with."""
        return [use.volume for use in self.uses if use.does == does]


class PodOrder(NamedTuple):
    """A Pod on its way up; `start` is where its object begins. `volumes` leads from names to kinds,
    of all volumes that it has if `are_all_shown`.

    `effective` is None where the numbers are not known, for the reason `unknown`; `additions` say what else may be in
    the Pod. `findings` are those that stand in no container.
    """

    path: str
    start: Position
    object: ObjectRef
    phases: tuple[Phase, ...]
    volumes: Mapping[str, str]
    are_all_shown: bool
    effective: Effective | None
    unknown: str
    additions: tuple[str, ...]
    findings: tuple[Diagnostic, ...]


def pod_order(pod: Pod, findings: Sequence[Diagnostic]) -> PodOrder:
    """The start-up of a Pod, with what was found in it."""
    source, workload = pod.node.source, pod.workload
    drawn, (costs, unknown) = edges(pod), _effective(pod)
    last = len(pod.init_containers) + 1
    stations = {station.container: station for station in follow(pod).stations}
    phases = [
        _phase(start, min(step, last), stations[start.container], drawn, findings)
        for step, start in enumerate(start_order(pod), 1)
    ]
    shown = {one.container for one in phases}
    return PodOrder(
        path=source.path,
        start=source.position(workload.node.start),
        object=workload.ref,
        phases=tuple(phases),
        volumes={name: volume.kind for name, volume in pod.volumes.items()},
        are_all_shown=Part.VOLUMES not in pod.unknown,
        effective=costs,
        unknown=unknown,
        additions=tuple(dict.fromkeys(pod.unknown.values())),
        findings=tuple(one for one in findings if one.container not in shown),
    )


def _phase(
    start: ContainerStart, step: int, station: Station, edges: Iterable[DataEdge], findings: Iterable[Diagnostic]
) -> Phase:
    container = start.container
    name, found = container.name.value, scripts(container)
    uses = tuple(_uses(station, (edge for edge in edges if edge.container == name)))
    return Phase(
        container=_name(container),
        role=container.role,
        step=step,
        after=(_name(start.after),) if start.after else (),
        gate=Gate.COMPLETED if container.role is Role.INIT else Gate.STARTED,
        is_probed=bool(container.node["startupProbe"]),
        uses=uses,
        waits=tuple(_pause(wait, container.pod) for script in found for wait in script.waits),
        bound_seconds=_bounded(found, container.pod),
        # Of what starts last, and has no volume, nobody asks what it does.
        doubt=station.doubt if uses or container.role is not Role.MAIN else "",
        findings=tuple(one for one in findings if one.container == name),
    )


def _name(container: Container) -> str:
    return container.name.value or str(container)


def _effective(pod: Pod) -> tuple[Effective | None, str]:
    try:
        return effective(pod), ""
    except Unknown as unknown:
        return None, str(unknown)


def _uses(station: Station, edges: Iterable[DataEdge]) -> Iterator[VolumeUse]:
    """Each use once: certain if it is so anywhere. A container's own file system is no volume."""
    certain: dict[tuple[str, str], bool] = {}
    for edge in edges:
        if edge.volume:
            key = (edge.does, edge.volume)
            certain[key] = certain.get(key, False) or edge.certainty is Certainty.CERTAIN
    for (does, volume), is_certain in certain.items():
        may_write = does == "reads" and not is_certain and station.doubt and station.may_write(volume)
        # What it may write it is told of, too: that need not be said again.
        if not (may_write and ("writes", volume) in certain):
            yield VolumeUse("uses" if may_write else does, volume, is_certain)


def _pause(wait: Wait, pod: Pod) -> Pause:
    known = longest(wait, pod)
    is_odd = wait.limit is not None and known is None  # such as `timeout 0`, which limits nothing
    return Pause(", then ".join(wait.targets) or wait.target, Bound.UNKNOWN if is_odd else wait.bound, known)


def _bounded(found: Sequence[ContainerScript], pod: Pod) -> float | None:
    """How long all waits of a container last at most, of which the Pod may see less."""
    if not any(script.waits or script.limit for script in found):
        return None
    times = [one for one in (_sum(map(_bound, found)), deadline_of(pod)) if one is not None]
    return min(times, default=None)


def _bound(script: ContainerScript) -> float | None:
    """How long the waits of a script last at most: as long as `timeout` lets all of it run, else one after another.

    How often a loop comes to a wait is not known.
    """
    if script.limit is not None:
        return finite(seconds(script.limit))
    return _sum(None if wait.context.loops else _lasts(wait, script) for wait in script.waits)


def _lasts(wait: Wait, script: ContainerScript) -> float | None:
    known = longest(wait, script.container.pod)
    return known.seconds if known else None


def _sum(limits: Iterable[float | None]) -> float | None:
    """The sum of what is known; None if there is nothing, or something is not known."""
    listed = list(limits)
    known = [limit for limit in listed if limit is not None]
    return sum(known) if known and len(known) == len(listed) else None
