"""Which mount a write was meant for that lies beside all of them: one that nothing else fills."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from initlint.flow.history import Fate, Flow
from initlint.flow.model import Use
from initlint.flow.needs import paths
from initlint.flow.stations import Station, is_followed
from initlint.flow.unread import is_left_behind, is_scratch_name
from initlint.flow.usage import is_after, is_of_home
from initlint.shell.container.mounts import FRESH_KINDS, Attachment, Location, canonical, within


def meant(use: Use, station: Station, flow: Flow) -> Attachment | None:
    """The mount of a volume that stays empty, as far as the container is concerned, because of a lost write.

    How the volume is called does not matter.
    """
    if found := awaited(use, station, flow):
        return found
    unclear = [(index, step) for index, (script, step) in enumerate(station.steps) if not is_followed(script, step)]
    if not use.step.command.context.is_certain or any(is_after(index, step, use) for index, step in unclear):
        return None
    # A command that is not followed may fill the container's own mounts.
    others = any(index != use.index for index, _ in unclear)
    return (
        next(_unfilled(station, flow), None)
        if others
        else next(_untouched(station, flow), None) or next(_unfilled(station, flow), None)
    )


def awaited(use: Use, station: Station, flow: Flow) -> Attachment | None:
    """The mount of a file of that name, by a sub-path of an empty volume on which nobody puts it."""
    names = {posixpath.basename(path.known) for path in use.paths if path.is_whole} if use.fills else set()
    for later in flow.later(station) if names else ():
        for one in later.table.attachments if later.index > station.index else ():
            place = Location(one.mount.name.value, one.sub_path, one)
            is_named = posixpath.basename(one.sub_path.text or "") in names
            if is_named and flow.fate_at(place, later) is Fate.EMPTY:
                return one
    return None


def _unfilled(station: Station, flow: Flow) -> Iterator[Attachment]:
    """The mounts by which later containers can only read from a volume that nobody can have filled."""
    for later in flow.stations[station.index + 1 :]:
        for one in later.table.attachments:
            name = one.mount.name.value
            is_filled = any(other.may_write(name) for other in flow.stations)
            if _is_room(one) and one.mount.is_read_only and not is_filled:
                yield one


def _untouched(station: Station, flow: Flow) -> Iterator[Attachment]:
    """The mounts that a container shares with a later one and does nothing with."""
    for one in station.table.attachments:
        name = one.mount.name.value
        is_shared = any(later.mounts(name) for later in flow.stations[station.index + 1 :])
        if _is_room(one) and is_shared and not one.is_read_only and not is_touched(one, station):
            yield one


def is_touched(one: Attachment, station: Station) -> bool:
    """Whether a container does anything with a mount, or names it, or what it is in."""
    uses = (use for use in station.uses if not is_of_home(use))
    if any(place is None or place.volume == one.mount.name.value for use in uses for place in use.locations):
        return True
    container = station.container
    texts = [node.value for node in (*container.command, *container.args, container.node["workingDir"])]
    texts += [value or "" for value in container.known_env.values()]
    texts += [word or "" for _, step in station.steps for word in step.command.words]
    named = (canonical(path) for text in texts for path in paths(text))
    return any(within(path, one.at) or within(one.at, path) for path in named if path != "/")


def _is_room(one: Attachment) -> bool:
    """Whether it is of a fresh volume that is there to hand something over."""
    return one.kind in FRESH_KINDS and not is_left_behind(one.at) and not is_scratch_name(one.mount.name.value)
