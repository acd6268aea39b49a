"""Mounts within a mount that is read-only: the runtime has to make the directory that they come onto, and cannot.

runc makes a bind mount read-only as soon as it has mounted it (kubernetes/kubernetes#121294). In the volumes of a
ConfigMap, a Secret and their like the kubelet makes the directories beforehand (`MakeNestedMountpoints`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from initlint.flow.history import Fate, Flow
from initlint.flow.stations import Station
from initlint.shell.container.mounts import FRESH_KINDS, Attachment, Location
from initlint.shell.language.values import whole


class Nested(NamedTuple):
    """A mount, and the read-only one that it lies in."""

    inner: Attachment
    outer: Attachment


def nested(station: Station, flow: Flow) -> Iterator[Nested]:
    """The mounts of a container that cannot be made, as nobody has put anything there by then."""
    mounts = station.table.attachments
    for outer in (one for one in mounts if one.kind in FRESH_KINDS and one.is_read_only):
        for inner in station.table.below(outer.at):
            place = station.table.locate(whole(inner.at.rpartition("/")[0]))
            if place is None or place.attachment is not outer:
                continue
            place = outer.location(whole(inner.at))
            if flow.fate_at(place, station) is Fate.EMPTY and not any(_makes(one, place) for one in flow.stations):
                yield Nested(inner, outer)
                return


def _makes(station: Station, place: Location) -> bool:
    """Whether a container mounts something there, too, within a mount that is not read-only: then it is made."""
    outer = [one for one in station.table.of_volume(place.volume) if not one.is_read_only]
    inner = [one.location(whole(each.at)) for one in outer for each in station.table.below(one.at)]
    return any(one.text is None or place.text is None or one.text == place.text for one in inner)
