"""The way of the data as plain values, for pictures: containers in order, volumes, and the edges between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from initlint.finding import Place, place_of
from initlint.flow.history import WRITES, follow
from initlint.flow.model import Certainty, Use, Via
from initlint.flow.mounts import Location
from initlint.flow.stations import Station
from initlint.kube.container import Role
from initlint.kube.pod import Pod
from initlint.shell.meaning import Action


class Edge(NamedTuple):
    """What a container does with a volume: it `mounts`, `writes` or `reads` it.

    `volume` is empty for the container's own file system; `path` is that on the volume, as far as it is known, `at` the
    path in the container; `place` where the manifest says so.
    """

    container: str
    does: str
    volume: str
    path: str
    at: str
    certainty: Certainty
    place: Place


class Stop(NamedTuple):
    """A container of the picture. `doubt` is why it may do more than is shown, empty if it does not."""

    name: str
    role: Role
    doubt: str


class Picture(NamedTuple):
    """All of it: containers in the order in which they start, the kinds of the volumes by name, the edges."""

    stops: tuple[Stop, ...]
    volumes: dict[str, str]
    edges: tuple[Edge, ...]


def picture(pod: Pod) -> Picture:
    """The picture of a Pod."""
    flow = follow(pod)
    stops = tuple(Stop(one.container.name.value, one.role, one.doubt) for one in flow.stations)
    volumes = {name: volume.kind for name, volume in pod.volumes.items()}
    return Picture(stops, volumes, tuple(edge for one in flow.stations for edge in _edges(one)))


def _edges(station: Station) -> Iterator[Edge]:
    name = station.container.name.value
    for one in reversed(station.table.attachments):
        node = one.mount.node
        place = Place(node.source, node.span)
        yield Edge(name, "mounts", one.mount.name.value, one.sub_path.known, one.at, Certainty.CERTAIN, place)
    for use in station.uses:
        yield from (_edge(name, use, location) for location in use.locations if location and _says(use))
    for need in station.needs:
        location = need.location
        if location and not location.is_own and need.via not in (Via.SCRIPT, Via.PROGRAM):
            place = place_of(need.where, station.container.node.source)
            yield Edge(name, "reads", location.volume, location.path.known, need.path, Certainty.POSSIBLE, place)


def _says(use: Use) -> bool:
    return use.action in WRITES or use.action is Action.READ


def _edge(name: str, use: Use, location: Location) -> Edge:
    does = "writes" if use.action in WRITES else "reads"
    place = place_of(use.where, use.container.node.source)
    return Edge(name, does, location.volume, location.path.known, use.paths[0].known, use.certainty, place)
