"""Sub-paths of one volume, through which what an init container writes never reaches a later container."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from initlint.flow.history import Flow
from initlint.flow.model import WRITES, Use
from initlint.flow.stations import Station
from initlint.flow.unread import is_left_behind, is_scratch_name, never_read
from initlint.kube.pods.container import Role
from initlint.shell.container.mounts import FRESH_KINDS, Attachment, meet


class Mismatch(NamedTuple):
    """An init container's mount of a sub-path, and a later container's of another one of the same volume.

    With a `write` nothing is in what the later one mounts, as the init container writes beside it; `is_meant`: it is
    meant for this mount, others of the container may show what else is written.
    """

    mine: Attachment
    theirs: Attachment
    later: Station
    write: Use | None = None
    is_meant: bool = False

    @property
    def is_lasting(self) -> bool:
        """Whether the volume outlives the Pod, so that others may see it as well."""
        return self.mine.kind not in FRESH_KINDS


def apart(station: Station, flow: Flow) -> Iterator[Mismatch]:
    """What an init container writes, and sub-paths may be why a later one does not see it."""
    yield from never_meeting(station, flow)
    yield from into_nothing(station, flow)


def into_nothing(station: Station, flow: Flow) -> Iterator[Mismatch]:
    """Sub-paths that are all that is mounted later, where what is written lies beside them."""
    for found in never_read(station, flow):
        later = next((one for one in flow.stations if found.blind in one.table.attachments), None)
        if found.blind and found.write and later:
            yield Mismatch(found.attachment, found.blind, later, found.write)


def never_meeting(station: Station, flow: Flow) -> Iterator[Mismatch]:
    """Sub-paths that an init container fills, and that no later container can see."""
    later = [one for one in flow.later(station) if one.index > station.index or one.role is not Role.INIT]
    if any(one.is_astray for one in (station, *later)):
        return
    names = {one.mount.name.value for one in station.table.attachments}
    for name in sorted(names) if station.role is Role.INIT else ():
        mine = [one for one in station.table.of_volume(name) if not one.is_read_only]
        theirs = [(other, one) for other in later for one in other.table.of_volume(name)]
        if not mine or not theirs or mine[0].kind not in FRESH_KINDS:
            continue
        alone = [one for one in mine if not any(_may_meet(one, other) for _, other in theirs)]
        others = [(later, other) for later, other in theirs if not any(_may_meet(one, other) for one in mine)]
        found = _filled(station, alone, others, is_all=len(alone) == len(mine))
        if found:
            yield found


def _may_meet(one: Attachment, other: Attachment) -> bool:
    return meet(one.sub_path, other.sub_path) is not False


def _filled(
    station: Station, mine: list[Attachment], theirs: list[tuple[Station, Attachment]], *, is_all: bool
) -> Mismatch | None:
    """The mounts of the two sides: at the same path, else, if no two meet at all, where the script writes."""
    for one in mine:
        for later, other in theirs:
            if one.at == other.at and not is_left_behind(one.at):
                return Mismatch(one, other, later)
    filled = [one for one in mine if any(_is_into(use, one) for use in station.uses)] or _meant(station, mine)
    if not filled or not theirs or not is_all:
        return None
    later, other = max(theirs, key=lambda one: _nearness(filled[0], one[1]))
    return Mismatch(filled[0], other, later)


def _nearness(one: Attachment, other: Attachment) -> tuple[bool, bool, int]:
    """How plainly a sub-path is meant by another one: by its last name, or where both are mounted."""
    first, second = ((each.sub_path.known, each.at) for each in (one, other))
    is_named, is_mounted = (posixpath.basename(a) == posixpath.basename(b) for a, b in zip(first, second, strict=True))
    return is_named, is_mounted, len(posixpath.commonprefix([first[0], second[0]]))


def _meant(station: Station, mine: list[Attachment]) -> list[Attachment]:
    """The only mount of a container of which is not known what it does, if it is not for what it needs meanwhile."""
    may_need_room = station.container.node["securityContext"]["readOnlyRootFilesystem"].truth is True
    is_meant = station.doubt and len(mine) == 1 and not may_need_room and not _is_room(mine[0])
    return mine if is_meant else []


def _is_room(attachment: Attachment) -> bool:
    names = attachment.sub_path.known.split("/")
    return is_left_behind(attachment.at) or any(is_scratch_name(name) for name in names)


def _is_into(use: Use, attachment: Attachment) -> bool:
    return use.action in WRITES and all(one is not None and one.attachment is attachment for one in use.locations)
