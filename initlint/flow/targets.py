"""What a program of which nothing else is known is told to fill, where only a later container has a volume."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.flow.history import Fate, Flow
from initlint.flow.misplaced import Unmounted
from initlint.flow.model import Need, Via
from initlint.flow.stations import SYSTEM, Station
from initlint.flow.unread import is_target
from initlint.flow.usage import is_scratch
from initlint.kube.pods.container import Role
from initlint.shell.container.mounts import Location, canonical

TELLING = (Via.SCRIPT, Via.ARGUMENT, Via.VARIABLE)
"""How a container is told of the very path that another one fills."""


def told_to_make(station: Station, flow: Flow) -> Iterator[Unmounted]:
    """What a container is told to fill, on an empty volume of later ones that nobody before can have filled."""
    for need in station.needs:
        path, is_own = canonical(need.path), need.location is not None and need.location.is_own
        if not is_own or need.is_input or path in SYSTEM or is_scratch(path):
            continue
        if need.via is Via.ARGUMENT:
            yield from _named_by_both(need, path, station, flow)
        elif need.via is Via.VARIABLE and station.doubt and is_target(need.option):
            yield from _told_by_variable(need, path, station, flow)


def _named_by_both(need: Need, path: str, station: Station, flow: Flow) -> Iterator[Unmounted]:
    """The mount of a later container that is told of the very file, too."""
    for later in flow.stations[station.index + 1 :]:
        for other in later.needs if later.role is not Role.INIT else ():
            place = other.location if other.via in TELLING and canonical(other.path) == path else None
            if place and place.attachment and flow.fate_at(place, later) is Fate.EMPTY:
                yield Unmounted(need, (), later, place.attachment)


def _told_by_variable(need: Need, path: str, station: Station, flow: Flow) -> Iterator[Unmounted]:
    """The mount that is just there, of a container that has not the same variables: those may be for others."""
    image = station.container.image.value
    for later in flow.stations[station.index + 1 :]:
        is_alike = need.option in later.container.known_env or later.container.image.value == image
        for one in later.table.attachments if not is_alike else ():
            place = Location(one.mount.name.value, one.sub_path, one)
            if one.at == path and flow.fate_at(place, later) is Fate.EMPTY:
                yield Unmounted(need, (), later, one)
