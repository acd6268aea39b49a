"""The way of the data as plain values, for pictures: what each container does with which volume."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from initlint.flow.history import follow
from initlint.flow.model import WRITES, Certainty, Use, Via
from initlint.flow.stations import Station
from initlint.kube.pods.pod import Pod
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import Location


class DataEdge(NamedTuple):
    """What a container does with a volume: it `mounts`, `writes` or `reads` it.

    `volume` is empty for the container's own file system.
    """

    container: str
    does: str
    volume: str
    certainty: Certainty


def edges(pod: Pod) -> tuple[DataEdge, ...]:
    """All of a Pod's, its containers in the order in which they start."""
    return tuple(edge for one in follow(pod).stations for edge in _edges(one))


def _edges(station: Station) -> Iterator[DataEdge]:
    name = station.container.name.value
    for one in reversed(station.table.attachments):
        yield DataEdge(name, "mounts", one.mount.name.value, Certainty.CERTAIN)
    for use in station.uses:
        yield from (_edge(name, use, location) for location in use.locations if location and _says(use))
    for need in station.needs:
        location = need.location
        if location and not location.is_own and need.via not in (Via.SCRIPT, Via.PROGRAM):
            yield DataEdge(name, "reads", location.volume, Certainty.POSSIBLE)


def _says(use: Use) -> bool:
    return use.action in WRITES or use.action is Action.READ


def _edge(name: str, use: Use, location: Location) -> DataEdge:
    return DataEdge(name, "writes" if use.action in WRITES else "reads", location.volume, use.certainty)
