"""Mounts of a volume that are not where a container looks for what an init container has put onto it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from initlint.flow.history import Flow
from initlint.flow.model import WRITES, Certainty, Need, Use, Via
from initlint.flow.stations import Station
from initlint.flow.tolerance import is_tolerated
from initlint.kube.pods.container import Role
from initlint.shell.container.mounts import FRESH_KINDS, Attachment, canonical, within

_TELLING = frozenset({Via.ARGUMENT, Via.VARIABLE, Via.SCRIPT, Via.FOLDER, Via.PROBE})


class Misplaced(NamedTuple):
    """The mount of a later container, what that looks for at the path of `source`, the mount of the one that fills it.

    `better` is where the mount shows it; None if it does not.
    """

    attachment: Attachment
    need: Need
    later: Station
    source: Attachment
    write: Use | None
    better: str | None


def misplaced(station: Station, flow: Flow) -> Iterator[Misplaced]:
    """What a container looks for where only the init container that fills the volume mounts it, once for each mount.

    That the paths differ is no mistake in itself: the later one must name the very thing that was made.
    """
    if station.role is not Role.INIT:
        return
    seen: set[int] = set()
    for later in flow.stations[station.index + 1 :]:
        for need in later.needs:
            found = _found(need, later, station, flow)
            if found and id(found.attachment) not in seen:
                seen.add(id(found.attachment))
                yield found


def _found(need: Need, later: Station, station: Station, flow: Flow) -> Misplaced | None:
    path = canonical(need.path)
    source = next((one for one in station.table.attachments if one.holds(path)), None)
    if need.via not in _TELLING or source is None or source.at == "/" or source.is_read_only or not source.kind:
        return None
    other = next(iter(later.table.of_volume(source.mount.name.value)), None)
    if other is None or _has_own(path, later) or _may_make(path, later) or not _is_sure(need, later):
        return None
    write = _write(path, source, station)
    is_made = write is not None or (source.kind in FRESH_KINDS and _may_be_made(path, source, station))
    if not is_made or _is_of_others(path, source, station, flow):
        return None
    place = _place(path, source)
    return Misplaced(other, need, later, source, write, other.shows(place) if place else None)


def _place(path: str, source: Attachment) -> str | None:
    """Where on the volume it lies that a mount shows at a path."""
    root = source.sub_path.text
    return root and posixpath.normpath(posixpath.join(root, path[len(source.at) :].lstrip("/")))


def _has_own(path: str, later: Station) -> bool:
    return any(within(path, one.at) or within(one.at, path) for one in later.table.attachments)


def _is_sure(need: Need, later: Station) -> bool:
    """Whether what a script reads is read whatever happens, and not only if it is there."""
    if need.via is not Via.SCRIPT:
        return True
    uses = [use for use in later.uses if use.where == need.where]
    return any(use.certainty is Certainty.CERTAIN and not is_tolerated(use) for use in uses)


def _write(path: str, source: Attachment, station: Station) -> Use | None:
    """What surely puts it there, or something into it: the directory of the mount itself may be one of the image."""
    for use in station.uses:
        if use.action in WRITES and use.step.command.context.is_certain and len(use.paths) == 1:
            made = canonical(use.text or use.folder)
            is_in = use.fills and within(made, path) and (path != source.at or (use.is_tree and made == path))
            if is_in or (made == path and use.text):
                return use
    return None


def _may_make(path: str, later: Station) -> bool:
    """Whether a container may itself put something there, such as a link."""
    made = (place.known.rstrip("/") for use in later.uses if use.action in WRITES for place in use.paths)
    return any(within(path, one) or within(one, path) for one in made)


def _may_be_made(path: str, source: Attachment, station: Station) -> bool:
    """Whether a container of which less is known is told that very path, or fills the volume above it."""
    if any(need.via is Via.ARGUMENT and canonical(need.path) == path for need in station.needs):
        return True
    trees = [use for use in station.uses if use.is_tree and use.fills and use.text and within(path, use.text)]
    return path != source.at and (bool(trees) or not station.scripts)


def _is_of_others(path: str, source: Attachment, station: Station, flow: Flow) -> bool:
    """Whether another container mounts the volume there as well: the variables may be those of all of them."""
    name = source.mount.name.value
    others = [one for one in flow.stations[station.index + 1 :] if one.role is not Role.INIT]
    return any(one.holds(path) for other in others for one in other.table.of_volume(name))
