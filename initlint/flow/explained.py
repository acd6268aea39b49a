"""Whether a volume is empty because a container before has lost what it made: that is the defect, not who reads."""

from __future__ import annotations

from functools import partial

from initlint.flow.early import empty_reads
from initlint.flow.fleeting import fleeting
from initlint.flow.history import Flow
from initlint.flow.lost import lost, unmounted
from initlint.flow.misplaced import shifted
from initlint.flow.readonly import read_only_writes
from initlint.flow.stations import Station
from initlint.flow.unread import unread
from initlint.kube.pods.container import Role


def is_explained(station: Station, flow: Flow) -> bool:
    """Whether an init container before fails to hand over what it makes, or finds nothing itself."""
    before = [one for one in flow.earlier(station) if one.role is Role.INIT]
    handed = (unmounted, lost, unread, shifted, empty_reads)
    searches = (read_only_writes, fleeting, *(partial(one, flow=flow) for one in handed))
    return any(next(iter(search(one)), None) is not None for one in before for search in searches)
