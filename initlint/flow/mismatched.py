"""Why a later container does not see what lies on a volume that it mounts: by the sub-paths of the two."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from difflib import SequenceMatcher

from initlint.flow.apart import hidden_programs, is_not_told
from initlint.flow.claimed import claimed
from initlint.flow.history import Flow
from initlint.flow.misplaced import shifted
from initlint.flow.stations import Station
from initlint.flow.subpaths import Mismatch, into_nothing, never_meeting
from initlint.flow.unread import is_scratch_name
from initlint.kube.pods.container import Role
from initlint.shell.container.mounts import FRESH_KINDS, Attachment, Location, meet

_ALIKE = 0.85
"""How alike a sub-path and a name are of which one is mistyped; 1 is the same."""


def mismatches(station: Station, flow: Flow) -> Iterator[Mismatch]:
    """What an init container puts onto a volume, and sub-paths keep every later container from seeing."""
    found = [*never_meeting(station, flow), *_unseen(station, flow), *claimed(station, flow)]
    yield from found
    told = {one.theirs.mount.name.value for one in found}
    yield from (one for one in _mistyped(station, flow) if one.theirs.mount.name.value not in told)


def _unseen(station: Station, flow: Flow) -> Iterator[Mismatch]:
    """What is written beside all that is mounted later, unless a path that both name says more of it."""
    for found in into_nothing(station, flow):
        name = found.theirs.mount.name.value
        is_named = any(one.mine.mount.name.value == name for one in shifted(station, flow))
        if not is_named and not any(one.attachment is found.theirs for one in hidden_programs(found.later, flow)):
            yield found


def _mistyped(station: Station, flow: Flow) -> Iterator[Mismatch]:
    """Sub-paths that nobody writes, where a file that nobody sees has nearly the same name, or that of the mount."""
    for use in station.uses if station.role is Role.INIT else ():
        place = use.location if use.fills else None
        if place is None or place.attachment is None or place.attachment.kind not in FRESH_KINDS or not place.text:
            continue
        for later, other in _later_mounts(place, station, flow):
            if _is_meant_for(place.text, other) and _is_not_there(other, later, flow):
                yield Mismatch(place.attachment, other, later, use, is_meant=True)


def _later_mounts(place: Location, station: Station, flow: Flow) -> list[tuple[Station, Attachment]]:
    """The mounts of a volume in later containers, none if one of them may show the place."""
    later = [one for one in flow.later(station) if one.index > station.index or one.role is not Role.INIT]
    mounts = [(one, mount) for one in later for mount in one.table.of_volume(place.volume)]
    return [] if any(meet(place.path, mount.sub_path) is not False for _, mount in mounts) else mounts


def _is_meant_for(path: str, mount: Attachment) -> bool:
    name, sub_path = posixpath.basename(path), mount.sub_path.text or ""
    own = posixpath.basename(sub_path)
    if not own or own == name or is_scratch_name(own):
        return False
    is_alike = posixpath.dirname(path) == posixpath.dirname(sub_path) and _ratio(name, own) >= _ALIKE
    return is_alike or posixpath.basename(mount.at) == name


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def _is_not_there(mount: Attachment, later: Station, flow: Flow) -> bool:
    return is_not_told(Location(mount.mount.name.value, mount.sub_path, mount), later, flow)
