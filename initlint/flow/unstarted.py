"""What the startupProbe of a sidecar asks, and only a container that starts after it can answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from initlint.finding import Where
from initlint.flow.early import written_later
from initlint.flow.history import Flow, covers, follow, touches
from initlint.flow.model import Use
from initlint.flow.stations import Station, uses_of
from initlint.kube.pods.container import Container
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import FRESH_KINDS, Location
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.scripts import scripts_of
from initlint.shell.container.swallowed import is_needed
from initlint.shell.questions.local import (
    declared_ports,
    local_alone,
    local_port,
    own_ports,
    sidecars_after,
    sidecars_before,
)
from initlint.shell.questions.ports import may_listen
from initlint.shell.waiting.waits import Wait, needed
from initlint.text.scalarkind import ScalarKind
from initlint.text.tree import Node, Scalar

_HANDLERS = ("httpGet", "tcpSocket", "grpc")


class Unstarted(NamedTuple):
    """A port or a file that a probe asks for, where it does, and the later container that serves or makes it.

    `said` is where that container says so; None if only it could. There is no such container where nobody makes it, or
    where the sidecar itself serves the port, as it says there, on localhost alone.
    """

    where: Where
    port: str
    path: str
    volume: str
    later: Container | None
    said: Where | None
    is_sure: bool


def unstarted(sidecar: Container) -> Iterator[Unstarted]:
    """What keeps a sidecar from counting as started, for ever."""
    probe = sidecar.node["startupProbe"]
    found = scripts_of(sidecar, probe["exec"]["command"])
    yield from _served_on_localhost(sidecar, probe)
    if not sidecar.pod.is_in_host_network:
        for where, port in (*_of_handlers(probe), *_of_scripts(found)):
            yield from _served_later(sidecar, where, port)
    yield from _made_later(sidecar, found)


def _of_handlers(probe: Node) -> Iterator[tuple[Where, str]]:
    """The port that the kubelet asks; another host is not the Pod, and a name is that of an own port."""
    for handler in _HANDLERS:
        port = probe[handler]["port"]
        if isinstance(port, Scalar) and port.kind is ScalarKind.INTEGER and not probe[handler]["host"]:
            yield port, port.value


def _served_on_localhost(sidecar: Container, probe: Node) -> Iterator[Unstarted]:
    """The kubelet asks at the address of the Pod."""
    alone = local_alone(sidecar) if any(probe[handler] for handler in _HANDLERS) else {}
    named = {port["name"].value: port["containerPort"].value for port in sidecar.node["ports"]} if alone else {}
    for handler in _HANDLERS:
        port = probe[handler]["port"]
        number = named.get(port.value, port.value)
        if isinstance(port, Scalar) and number in alone and not probe[handler]["host"]:
            yield Unstarted(port, number, "", "", None, alone[number], True)


def _of_scripts(found: Sequence[ContainerScript]) -> Iterator[tuple[Where, str]]:
    for script, step in _decisive(found):
        for probe in step.meaning.probes:
            if port := local_port(probe, script):
                yield script.span(probe.start, probe.end), port


def _decisive(found: Sequence[ContainerScript]) -> Iterator[tuple[ContainerScript, Step]]:
    """The commands without whose success the probe never succeeds; tests that something is not are none."""
    for script in found:
        asked = [step for wait in script.waits for step in _awaited(wait)]
        for step in script.steps:
            is_negated = any(word.text == "!" for word in step.command.arguments)
            if not is_negated and (step in asked or is_needed(script, step.command)):
                yield script, step


def _awaited(wait: Wait) -> Iterator[Step]:
    """What a wait that is surely come to does not end without; of several things, one may be enough."""
    context = wait.context
    if wait.is_unbounded and context.is_certain and not context.guards:
        asked = [(step, probe) for step in wait.steps for probe in step.meaning.probes]
        yield from (group[0][0] for group in needed(wait, asked) if len(group) == 1)


def _served_later(sidecar: Container, where: Where, port: str) -> Iterator[Unstarted]:
    if any(may_listen(one, port) or port in own_ports(one) for one in (*sidecars_before(sidecar), sidecar)):
        return
    for later in (*sidecars_after(sidecar), *sidecar.pod.containers):
        ports = own_ports(later)
        if port in ports:
            yield Unstarted(where, port, "", "", later, ports[port], port in declared_ports(later))
            return


def _made_later(sidecar: Container, found: Sequence[ContainerScript]) -> Iterator[Unstarted]:
    flow = follow(sidecar.pod)
    station = flow.of(sidecar)
    decisive = {id(step.command) for _, step in _decisive(found)}
    for use in uses_of(sidecar, station.table, found):
        place = use.location
        is_asked = use.action in (Action.READ, Action.LOOK) and id(use.step.command) in decisive
        if is_asked and place and _is_empty(place, station, flow):
            yield from _of_file(use, place, station, flow)
            return


def _is_empty(place: Location, station: Station, flow: Flow) -> bool:
    """Whether nothing that is known of puts it on the volume by then; the root of a volume is there."""
    kind = place.attachment.kind if place.attachment else ""
    if kind not in FRESH_KINDS or place.text in (None, "/"):
        return False
    hook = scripts_of(station.container, station.container.node["lifecycle"]["postStart"]["exec"]["command"])
    own = (*station.uses, *uses_of(station.container, station.table, hook))
    return all(touches(use, place) is False for use in own) and not any(
        flow.written(one, place) is not False for one in flow.earlier(station) if one.index < station.index
    )


def _of_file(use: Use, place: Location, station: Station, flow: Flow) -> Iterator[Unstarted]:
    """Of a sidecar that may write it itself, only what another one surely writes there says that it does not."""
    found = written_later(use.location, station, flow)
    path = use.paths[0].known
    is_own = station.may_write(place.volume) and (bool(station.doubt) or bool(station.container.node["lifecycle"]))
    if found:
        later, write = found
        is_exact = write.location is not None and covers(write.location.path, place.path, is_tree=False) is True
        if is_exact or not is_own:
            yield Unstarted(use.where, "", path, place.volume, later.container, write.where, not is_own)
    elif not is_own:
        may = (one for one in flow.stations[station.index + 1 :] if flow.written(one, place) is not False)
        could = next((one.container for one in may), None)
        yield Unstarted(use.where, "", path, place.volume, could, None, True)
