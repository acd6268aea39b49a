"""Whether a volume is empty because a container before has lost what it made: that is the defect, not who reads."""

from __future__ import annotations

from functools import lru_cache, partial

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
    return any(_is_to_blame(one, flow) for one in flow.earlier(station) if one.role is Role.INIT)


@lru_cache(maxsize=1024)  # each later container asks
def _is_to_blame(station: Station, flow: Flow) -> bool:
    handed = (unmounted, lost, unread, shifted, empty_reads)
    searches = (read_only_writes, fleeting, *(partial(one, flow=flow) for one in handed))
    return any(next(iter(search(station)), None) is not None for search in searches)
