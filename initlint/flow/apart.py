"""What a mount hides: what an init container has put onto a volume, or what the image holds."""

from __future__ import annotations

import itertools
import posixpath
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from initlint.flow.early import could_write_later, empty_reads
from initlint.flow.explained import is_explained
from initlint.flow.history import Fate, Flow, may_touch, may_write_unseen, touches
from initlint.flow.keyless import keyless
from initlint.flow.keys import instead_of, is_binary, is_no_key
from initlint.flow.launch import executed, programs
from initlint.flow.misplaced import shifted
from initlint.flow.model import WRITES, Need, Use
from initlint.flow.readonly import read_only_writes
from initlint.flow.stations import Station, is_followed
from initlint.flow.subpaths import apart, never_meeting
from initlint.flow.unread import names
from initlint.kube.inventory.claims import is_blank
from initlint.kube.pods.container import Role
from initlint.shell.container.mounts import FRESH_KINDS, Attachment, Location
from initlint.shell.language.values import whole

# Without them no program of an image with a C library starts.
_VITAL = frozenset({"/bin", "/lib", "/lib64", "/sbin", "/usr", "/usr/bin", "/usr/lib", "/usr/local/bin"})


class Hidden(NamedTuple):
    """What a mount hides from a container: what an init container `wrote`, or what the image has there.

    `needed` is who needs it: a word of the container, or a command of its script. `instead` is a file of that kind that
    a ConfigMap has: its name is wrong then, and not the mount.
    """

    path: str
    attachment: Attachment
    wrote: Use | None = None
    later: Station | None = None
    needed: Need | Use | None = None
    instead: str = ""


def hidden_outputs(station: Station, flow: Flow) -> Iterator[Hidden]:
    """What an init container writes to a volume, and another mount hides in every later container."""
    seen: set[int] = set()
    for use in station.uses if station.role is Role.INIT else ():
        location = _surely_below(use) if use.fills else None
        if location is None or location.is_own:
            continue
        found = _hider(location, station, flow)
        if found and id(found[1]) not in seen:
            seen.add(id(found[1]))
            yield Hidden(found[2], found[1], wrote=use, later=found[0])


def _surely_below(use: Use) -> Location | None:
    """Where it is written, or in which directory: what an archive holds has no name here, a copy perhaps two."""
    place = use.locations[0] if use.locations else None
    if place is None or any(one is None or one.volume != place.volume for one in use.locations):
        return None
    if place.text is not None or "/" not in place.path.known:
        return place
    return place._replace(path=whole(place.path.known.rpartition("/")[0] or "/"))


def _hider(place: Location, station: Station, flow: Flow) -> tuple[Station, Attachment, str] | None:
    """The mount that hides a place wherever its volume is mounted later."""
    hiders = []
    for later in (one for one in flow.later(station) if one.index > station.index):
        for mine in later.table.of_volume(place.volume):
            path = mine.shows(place.text) if place.text is not None else None
            if path is None:
                continue
            found = later.table.locate(whole(path))
            if found is None or found.attachment is mine or found.volume == place.volume or found.attachment is None:
                return None
            hiders.append((later, found.attachment, path))
    return hiders[0] if hiders else None


def hidden_sources(station: Station, flow: Flow) -> Iterator[Hidden]:
    """What an init container copies from a volume on which nothing is yet: the mount hides the image's own content.

    Also the first file that is surely read from a ConfigMap or a Secret that has none of that name.
    """
    yield from _of_empty(station, flow)
    found = (Hidden(one.path, one.attachment, needed=one.needed) for one in keyless(station))
    yield from itertools.islice(found, 1)


def _of_empty(station: Station, flow: Flow) -> Iterator[Hidden]:
    for use in empty_reads(station, flow):
        location = use.location or use.table.locate(whole(use.of_pattern or ""))
        if location and _is_own_later(use, location, station):
            continue
        is_early = could_write_later(use.location, station, flow) is not None
        if location and location.attachment and not is_early and not _is_written_later(location, station, flow):
            is_told = is_explained(station, flow) or is_split(location.volume, station, flow)
            if not is_told and not any(read_only_writes(station)):
                yield Hidden(use.paths[0].known.rstrip("/"), location.attachment, needed=use)
            return


def _is_own_later(use: Use, place: Location, station: Station) -> bool:
    """Whether it is a file that the script itself writes further down, and meets if it runs again: a mark of that.

    What it cannot go on without it must have from somewhere else.
    """
    writes = (one for one in station.uses_on(place.volume) if one.index > use.index and one.fills)
    is_made = any(may_touch(one, place) and not all(_is_in(at, place) for at in one.locations) for one in writes)
    return is_made and not use.script.fails_with(use.step.command)


def _is_in(location: Location | None, folder: Location) -> bool:
    """Whether it is in a directory, where a pattern does not stand for it."""
    at = folder.text
    return location is not None and at is not None and location.path.known.startswith(at.rstrip("/") + "/")


def is_split(volume: str, station: Station, flow: Flow) -> bool:
    """Whether sub-paths are why a container does not find what is on a volume, which is another rule's business."""
    makers = [one for one in flow.stations[: station.index] if one.mounts(volume)]
    return any(volume in _split_by(maker, flow) for maker in makers)


@lru_cache(maxsize=1024)  # each later container asks
def _split_by(maker: Station, flow: Flow) -> frozenset[str]:
    """The volumes of which later containers do not see what one puts there, by their sub-paths."""
    return frozenset(one.theirs.mount.name.value for search in (apart, shifted) for one in search(maker, flow))


def _is_written_later(place: Location, station: Station, flow: Flow) -> bool:
    """Whether somebody may write it after all, which is another matter."""
    others = [one for one in flow.stations if one is not station and one.may_write(place.volume)]
    return any(_may_write(one, place) for one in others if one.index > station.index or one.role is Role.SIDECAR)


def _may_write(one: Station, place: Location) -> bool:
    return any(may_touch(use, place) for use in one.uses if use.action in WRITES)


def hidden_programs(station: Station, flow: Flow) -> Iterator[Hidden]:
    """What a container starts, from its image, where a mount hides the image; else the libraries that it needs."""
    for need in programs(station):
        location = need.location
        is_early = station.role is Role.INIT and location and _is_written_later(location, station, flow)
        if location and location.attachment and not is_early and _is_missing(location, station, flow):
            is_fresh = location.attachment.kind in FRESH_KINDS
            if not is_fresh or not (is_explained(station, flow) or _is_missed(location.volume, station, flow)):
                yield Hidden(need.path, location.attachment, needed=need, instead=instead_of(location, station))
            return
    for attachment in station.table.attachments:
        if (attachment.at in _VITAL or _holds_libraries(attachment.at, station)) and _is_empty(
            attachment, station, flow
        ):
            yield Hidden(attachment.at, attachment)
            return


def _is_missed(volume: str, station: Station, flow: Flow) -> bool:
    """Whether sub-paths that never meet are why a container does not see what is on a volume."""
    before = flow.earlier(station)
    found = (one for maker in before for search in (never_meeting, shifted) for one in search(maker, flow))
    return any(one.theirs.mount.name.value == volume for one in found)


def _is_missing(place: Location, station: Station, flow: Flow) -> bool:
    """Whether it cannot be there: nobody has written to the emptyDir, or a ConfigMap has no such key."""
    fate = flow.fate_at(place, station)
    if fate is Fate.EMPTY or (fate is Fate.ELSEWHERE and _is_blank(place)) or is_not_told(place, station, flow):
        return not fills(station, place.volume)
    if is_no_key(place, station):
        return True
    # A shell needs no permission to read a script, and that may be called anything.
    return is_binary(place, station) and any(need.location == place for need in executed(station))


def _is_blank(place: Location) -> bool:
    """Whether it is on a claim that nobody but the Pod itself ever fills."""
    volume = place.attachment.volume if place.attachment else None
    return volume is not None and is_blank(volume)


def is_not_told(place: Location, station: Station, flow: Flow) -> bool:
    """Whether all that comes onto an emptyDir is something else, and what is not followed is not told of the volume."""
    before = [one for one in flow.earlier(station) if one.may_write(place.volume)]
    kind = place.attachment.kind if place.attachment else ""
    return kind in FRESH_KINDS and bool(before) and all(_is_otherwise(one, place) for one in before)


def _is_otherwise(one: Station, place: Location) -> bool:
    on_volume = [use for use in one.uses if any(at and at.volume == place.volume for at in use.locations)]
    is_known = one.role is Role.INIT and any(use.fills for use in on_volume)
    texts = [word or "" for script, step in one.steps if not is_followed(script, step) for word in step.command.words]
    return (
        is_known
        and all(script.commands is not None and not script.is_elsewhere for script in one.scripts)
        and not any(touches(use, place) is not False for use in one.uses if use.action in WRITES)
        and not any(names(texts, at) for at in one.table.of_volume(place.volume))
        and not any(names(one.container.known_env.values(), at) for at in one.table.of_volume(place.volume))
    )


def _is_empty(attachment: Attachment, station: Station, flow: Flow) -> bool:
    """Whether no more than directories are on a volume when a container starts, and the container does not fill it."""
    name = attachment.mount.name.value
    place = Location(name, attachment.sub_path, attachment)
    if flow.fate_at(place, station) is Fate.EMPTY:
        return not fills(station, name)
    may_fill = any(one.may_write(name) and (may_write_unseen(one) or fills(one, name)) for one in flow.earlier(station))
    is_known = not any(one.is_astray for one in flow.earlier(station))
    return attachment.kind in FRESH_KINDS and is_known and not may_fill and not fills(station, name)


def fills(station: Station, volume: str) -> bool:
    """Whether a container may itself write to a volume."""
    writes = (use for use in station.uses if use.fills)
    return any(location is None or location.volume == volume for use in writes for location in use.locations)


def _holds_libraries(path: str, station: Station) -> bool:
    """Whether a path is where the program that a container starts has its libraries."""
    if not station.steps:
        return False
    _, first = station.steps[0]
    words = [word or "" for word in first.command.words]
    if path.endswith("/node_modules") and _is_node(first.command.name, words):
        folder = path.removesuffix("/node_modules")
        known = {first.command.cwd.known, *(posixpath.dirname(word) for word in words[1:] if word.startswith("/"))}
        return folder in known
    return path.endswith("/site-packages") and first.command.name.startswith("python")


def _is_node(name: str, words: list[str]) -> bool:
    return name == "node" or (name in ("npm", "yarn", "pnpm") and "start" in words[1:3])
