"""Volumes of which later containers mount only a sub-path in which nothing is: what lies beside it they never see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from initlint.flow.apart import hidden_programs
from initlint.flow.history import Flow
from initlint.flow.misplaced import shifted
from initlint.flow.model import Use
from initlint.flow.stations import Station
from initlint.flow.unread import never_read
from initlint.shell.container.mounts import Attachment


class Unseen(NamedTuple):
    """What an init container writes to a volume that it mounts, and the mount by which a later one does not see it."""

    mine: Attachment
    theirs: Attachment
    later: Station
    write: Use


def unseen(station: Station, flow: Flow) -> Iterator[Unseen]:
    """What is written beside all that is mounted later, unless a path that both name says more of it."""
    named: set[str] | None = None
    for found in never_read(station, flow):
        later = next((one for one in flow.stations if found.blind in one.table.attachments), None)
        if found.blind is None or found.write is None or later is None:
            continue
        if named is None:
            named = {one.mine.mount.name.value for one in shifted(station, flow)}
        is_hiding = any(one.attachment is found.blind for one in hidden_programs(later, flow))
        if found.blind.mount.name.value not in named and not is_hiding:
            yield Unseen(found.attachment, found.blind, later, found.write)
