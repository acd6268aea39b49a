"""Sub-paths of a claim through which what an init container writes never reaches the app it is plainly meant for.

A claim outlives the Pod and may be read by others. That nobody of this Pod sees a sub-path is no mistake in itself:
what is written must be what the app has at the path of its mount, or is told of, or both mount at one path a claim that
is made for this Pod alone.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from initlint.flow.history import Flow
from initlint.flow.model import WRITES, Use
from initlint.flow.stations import Station
from initlint.flow.subpaths import Mismatch
from initlint.flow.targets import TELLING
from initlint.flow.unread import is_left_behind
from initlint.kube.inventory.claims import CLAIM_KINDS, is_blank, is_shared
from initlint.kube.pods.container import Role
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import Attachment, canonical, meet, within


def claimed(station: Station, flow: Flow) -> Iterator[Mismatch]:
    """What an init container puts onto a claim where no other container sees it, once for each claim."""
    told: set[str] = set()
    for mine in station.table.attachments if station.role is Role.INIT else ():
        name = mine.mount.name.value
        if name not in told and _is_unseen(mine, station, flow) and (found := _meant(mine, station, flow)):
            told.add(name)
            yield found


def _is_unseen(mine: Attachment, station: Station, flow: Flow) -> bool:
    """Whether nobody else of the input mounts what an init container writes to, or a part of it, or what it is in."""
    if mine.kind not in CLAIM_KINDS or mine.is_read_only or mine.volume is None:
        return False
    others = [one for one in flow.stations if one is not station]
    mounts = [each for one in others for each in one.table.of_volume(mine.mount.name.value)]
    is_apart = all(meet(mine.sub_path, each.sub_path) is False for each in mounts)
    return is_apart and not any(one.is_astray for one in others) and not is_shared(mine.volume)


def _meant(mine: Attachment, station: Station, flow: Flow) -> Mismatch | None:
    """The mount of an app for which it is."""
    filled = [use for use in station.uses if use.fills and _is_on(use, mine)]
    is_alone = mine.volume is not None and is_blank(mine.volume) and not is_left_behind(mine.at)
    is_alone = is_alone and bool(filled or _tends(mine, station))
    theirs = [
        (later, each)
        for later in flow.stations
        if later.role is not Role.INIT
        for each in later.table.of_volume(mine.mount.name.value)
        if all(meet(each.sub_path, one.sub_path) is False for one in station.table.of_volume(mine.mount.name.value))
    ]
    for later, each in theirs:
        if (is_alone and each.at == mine.at) or any(
            _is_of_image(use, each, station) or _is_told(use, mine, later, each) for use in filled
        ):
            return Mismatch(mine, each, later)
    return None


def _is_on(use: Use, mine: Attachment) -> bool:
    places = use.locations
    return bool(places) and all(place is not None and place.attachment is mine for place in places)


def _is_of_image(use: Use, theirs: Attachment, station: Station) -> bool:
    """Whether what the image has where an app mounts the claim is copied there, or in a directory of that name."""
    if not use.step.command.context.is_certain:
        return False
    read = (one for one in station.uses if one.index == use.index and one.action is Action.READ)
    paths = ((one.text or one.of_pattern or "").rstrip("/") for one in read if _is_own(one))
    name = posixpath.basename(theirs.at)
    return any(canonical(path) == theirs.at or posixpath.basename(path) == name for path in paths if path)


def _is_told(use: Use, mine: Attachment, later: Station, theirs: Attachment) -> bool:
    """Whether an app is told of that very file, where its own mount would show it."""
    path = canonical(use.text or "")
    name = path.removeprefix(mine.at).strip("/") if within(path, mine.at) else ""
    wanted = posixpath.join(theirs.at, name)
    return bool(name) and any(need.via in TELLING and canonical(need.path) == wanted for need in later.needs)


def _is_own(use: Use) -> bool:
    """Whether it is of the image: a pattern has no place, but the directory that it stands in."""
    return all(place is not None and place.is_own for place in use.locations)


def _tends(mine: Attachment, station: Station) -> bool:
    """Whether all that is known of a container is that it changes what lies there, or makes directories."""
    uses = [use for use in station.uses if use.action in (*WRITES, Action.CHANGE)]
    return bool(uses) and not station.doubt and all(_is_on(use, mine) for use in uses)
