"""What a container looks for in a ConfigMap or a Secret that has no such key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from initlint.flow.early import is_looked_for, is_plainly_told
from initlint.flow.keys import FLAT_KINDS, is_no_key
from initlint.flow.launch import programs
from initlint.flow.misplaced import is_sure
from initlint.flow.model import Certainty, Need, Use, Via
from initlint.flow.stations import Station
from initlint.flow.told import READ, must_be_there
from initlint.flow.tolerance import is_tolerated
from initlint.regex import regex
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import Attachment, Location

_FILE = regex(r".*/[^/]*\w\.[A-Za-z]\w*")


class Keyless(NamedTuple):
    """A path at which there is no file, the mount of the ConfigMap or Secret, and what needs it: none if it is the
    sub-path of the mount itself, in whose place the kubelet mounts an empty directory.
    """

    path: str
    attachment: Attachment
    needed: Need | Use | None = None


def keyless(station: Station) -> Iterator[Keyless]:
    """What is surely read, or told; of programs that are started more is known."""
    if not any(one.kind in FLAT_KINDS for one in station.table.attachments):
        return
    started = [need.path for need in programs(station)]
    for use in station.uses:
        mount = _missing(use.location, station) if use.text not in started and _is_read(use, station) else None
        if mount:
            yield Keyless(use.paths[0].known, mount, use)
    for need in station.needs:
        mount = _missing(need.location, station) if need.path not in started and _is_told(need, station) else None
        if mount:
            yield Keyless(need.path, mount, need)
    for one in station.table.attachments:
        if _FILE.fullmatch(one.sub_path.text or "") and _missing(_of(one), station):
            yield Keyless(one.at, one)


def _of(one: Attachment) -> Location:
    return Location(one.mount.name.value, one.sub_path, one)


def _missing(place: Location | None, station: Station) -> Attachment | None:
    """The mount of a ConfigMap or a Secret that has no such file."""
    attachment = place.attachment if place and place.text != "/" else None
    return attachment if place and attachment and is_no_key(place, station) else None


def _is_read(use: Use, station: Station) -> bool:
    is_sure = use.action is Action.READ and use.certainty is Certainty.CERTAIN
    return is_sure and not is_tolerated(use) and not is_looked_for(use, station)


def _is_told(need: Need, station: Station) -> bool:
    """Whether a program is told of a file to read."""
    is_named = need.via in (Via.ARGUMENT, Via.VARIABLE) and (need.is_input or READ.fullmatch(need.path) is not None)
    is_plain = need.via is Via.VARIABLE or is_plainly_told(need)
    return is_named and is_plain and is_sure(need, station) and must_be_there(need, station)
