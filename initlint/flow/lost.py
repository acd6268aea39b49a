"""What an init container writes and nobody can ever see: no volume holds it, and its own script does not use it."""

from __future__ import annotations

import itertools
import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from initlint.flow.early import empty_reads
from initlint.flow.fleeting import fleeting
from initlint.flow.foreign import is_foreign, mounted_later
from initlint.flow.handed import is_never_put
from initlint.flow.history import Flow, may_write_unseen
from initlint.flow.instead import awaited, meant
from initlint.flow.linked import makes_room
from initlint.flow.misplaced import Unmounted
from initlint.flow.model import WRITES, Need, Use, Via
from initlint.flow.readonly import has_read_only_root, read_only_writes
from initlint.flow.stations import SYSTEM, Station
from initlint.flow.targets import TELLING, told_to_make
from initlint.flow.usage import (
    Usage,
    first,
    folder_of,
    is_at_end,
    is_busy,
    is_of_home,
    is_own,
    is_scratch,
    is_used,
    kept,
    usage,
)
from initlint.kube.pods.container import Role
from initlint.regex import regex
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import Attachment, canonical, within

_PUTTING = frozenset({"cp", "install", "mv", "rsync", "tar", "unzip"})
_COPYING = frozenset({"cp", "install", "rsync"})
# What is fetched to be had, and not to see whether somebody answers.
_PACKED = regex(r"\.(?:bin|gguf|gz|jar|onnx|phar|pt|safetensors|so|tar|tgz|war|whl|xz|zip|zst)$")
_TEMPORARY = regex(r"/(?:var/)?tmp(?:/|$)")


class Lost(NamedTuple):
    """What a container writes to its own file system; `need` is that of a later one for it, or None.

    `meant` is the mount that nothing comes to lie on, which was meant.
    """

    use: Use
    more: tuple[Use, ...]
    need: Need | None
    later: Station | None
    meant: Attachment | None = None


class _Needed(NamedTuple):
    """What a later container needs, and what is lost of it."""

    need: Need
    later: Station
    uses: list[Use]


def unmounted(station: Station, flow: Flow) -> Iterator[Unmounted]:
    """Where a container works on the directory of a volume that only a later one mounts, once for each mount."""
    groups: dict[tuple[str, str], list[tuple[Use, Station, Attachment]]] = {}
    for use in _outside(station, flow):
        found = mounted_later(use, station, flow)
        if found:
            groups.setdefault((found[1].mount.name.value, found[1].at), []).append((use, *found))
    for group in groups.values():
        uses = [use for use, _, _ in group]
        shown = first(uses)
        _, later, attachment = next(one for one in group if one[0] is shown)
        yield Unmounted(shown, tuple(use for use in uses if use is not shown), later, attachment)
    if not groups and station.role is Role.INIT:
        yield from itertools.islice(told_to_make(station, flow), 1)


def _outside(station: Station, flow: Flow) -> Iterator[Use]:
    """What is written, changed or removed on the own file system, but for what the script makes and uses itself.

    What it uses to put more into the same tree is meant to be kept with that.
    """
    if station.role is not Role.INIT:
        return
    made: dict[Use, str] = {}
    failing = [one.use for one in read_only_writes(station) if one.attachment is None]
    for use in station.uses:
        path = None if makes_room(use, station) else folder_of(use)
        if any(one is None or _meet(one.folder, use.folder) for one in failing):
            continue  # nothing can be lost where the write fails
        if path is None or (is_scratch(path) and not _is_told(path, use, station, flow)):
            continue
        if use.action in (*WRITES, Action.CHANGE, Action.REMOVE):
            if is_used(use, station) and not is_foreign(use, station, flow):
                made[use] = path
            elif use.action in WRITES:
                trees = [one for one, at in made.items() if one.is_tree and within(path, at)]
                yield from (*trees, use)
                made = {one: at for one, at in made.items() if one not in trees}
            elif not any(_meet(path, one) for one in made.values()):
                yield use


def _is_told(path: str, use: Use, station: Station, flow: Flow) -> bool:
    """Whether what is in a directory for scratch is to be handed over: a later container names that very file.

    Or it is the last that a script does, and nothing comes onto the volume that it shares with a later one.
    """
    if awaited(use, station, flow):
        return True
    if not (_TEMPORARY.match(path) and use.fills and _is_product(use) and use.step.command.context.is_certain):
        return False
    needs = (need for one in flow.stations[station.index + 1 :] for need in one.needs if need.via in TELLING)
    if any(canonical(need.path) == path for need in needs) or _missed(use, station, flow):
        return True
    is_fetched = bool(use.step.meaning.downloads) and _PACKED.search(use.text or "") is not None
    is_put = (use.step.command.name in _PUTTING or is_fetched) and use.step.command.context.header is None
    return is_put and is_at_end(use, station) and meant(use, station, flow) is not None


def _meet(one: str, other: str) -> bool:
    return within(one, other) or within(other, one)


def lost(station: Station, flow: Flow) -> Iterator[Lost]:
    """What a later container needs and never gets; else what a container does for nothing at all."""
    hidden = {id(use.step) for use in empty_reads(station, flow)}  # what is copied is nothing, of which others speak
    hidden |= {id(one.step) for one in fleeting(station) if one.kind == "image"}  # software, of which others speak
    found = (use for use in _outside(station, flow) if id(use.step) not in hidden)
    outside = [use for use in found if not _is_elsewhere(use, station, flow)]
    uses = kept(outside, station)
    changes = [use for use in outside if use.action is Action.CHANGE and is_at_end(use, station)]
    needed = _groups([*(use for use in outside if use.action in WRITES), *changes], station, flow)
    for one in needed:
        shown = first(one.uses)
        yield Lost(shown, tuple(use for use in one.uses if use is not shown), one.need, one.later)
    products = [use for use in uses if _is_product(use)] if not needed else []
    unused = [use for use in uses if usage(use, station) is Usage.UNUSED]
    if any(use in products for use in unused) and _is_all(station, unused):
        yield _for_nothing([*_around(unused, outside), *unused])
        return
    astray = list(_astray(products, station, flow))
    yield from astray
    last = [use for use in unused if use in products and (_is_last(use, station) or _is_beside_mounts(use, station))]
    if last and not astray:
        folders = {use.folder for use in last}
        listed = [use for use in unused if use in products and use.folder in folders]
        yield _for_nothing([*_around(listed, outside), *listed])
    elif outside and not needed and not astray and _is_in_vain(station, outside):
        yield Lost(outside[0], tuple(outside[1:]), None, None)
    elif not needed and not astray and (idle := list(filter(_is_idle, changes))) and not any(unmounted(station, flow)):
        yield Lost(idle[0], tuple(idle[1:]), None, None)


def _is_in_vain(station: Station, outside: list[Use]) -> bool:
    """Whether all that a container does is to make directories, and to change what its own image holds."""
    if station.doubt or has_read_only_root(station) or any(is_busy(step) for _, step in station.steps):
        return False
    done = [use for use in station.uses if use.action in (*WRITES, Action.CHANGE, Action.REMOVE)]
    is_tended = all(use.action in (Action.MAKE_DIRECTORY, Action.CHANGE) for use in done)
    return is_tended and all(use in outside and use.step.command.context.is_certain for use in done)


def _is_idle(use: Use) -> bool:
    """Whether it changes owners or modes of what is in no way the script's own, and nothing comes after it."""
    return use.step.command.name in ("chgrp", "chmod", "chown") and use.text not in (None, *SYSTEM)


def _around(uses: list[Use], outside: list[Use]) -> list[Use]:
    """The trees into which a script puts more."""
    trees = (one for one in outside if one.is_tree and one.fills and one not in uses)
    return [one for one in trees if any(within(use.folder, one.folder) for use in uses)]


def _for_nothing(uses: list[Use]) -> Lost:
    return Lost(first(uses), tuple(use for use in uses if use is not first(uses)), None, None)


def _is_last(use: Use, station: Station) -> bool:
    """Whether a script ends with it: nothing is meant to use it, nor does so at exit.

    What is not copied may be beside the point of a script that puts something on a volume.
    """
    is_put = use.step.command.name in _PUTTING or (use.step.meaning.downloads and not is_busy(use.step))
    is_trapped = any(step.command.name == "trap" or step.command.context.in_background for _, step in station.steps)
    # What is copied before something is put on a volume may be a copy for somebody who looks.
    since = use.index if use.step.command.name in _COPYING else -1
    others = (one for one in station.uses if one.action in WRITES and one.index > since)
    is_all = all(is_own(one) or is_of_home(one) for one in others)
    return bool(is_put) and is_all and is_at_end(use, station) and not is_trapped


def _astray(products: list[Use], station: Station, flow: Flow) -> Iterator[Lost]:
    """What was meant for a volume, once for each."""
    groups: dict[int, list[tuple[Use, Attachment]]] = {}
    for use in products:
        if found := meant(use, station, flow):
            groups.setdefault(id(found), []).append((use, found))
    for group in groups.values():
        uses = [use for use, _ in group]
        yield Lost(first(uses), tuple(use for use in uses if use is not first(uses)), None, None, group[0][1])


def _is_beside_mounts(use: Use, station: Station) -> bool:
    """Whether it is put into a directory that is there for mounts, such as `/host`, and none is where it is put."""
    top = "/" + use.folder.split("/")[1]
    is_put = use.step.command.name in _PUTTING and use.step.command.context.is_certain and not station.doubt
    return is_put and top not in SYSTEM and bool(station.table.below(top))


def _groups(uses: list[Use], station: Station, flow: Flow) -> list[_Needed]:
    """What one later container needs of one directory is one defect: one volume mends it."""
    groups: list[_Needed] = []
    for use in uses:
        if found := _needed(use, station, flow):
            group = next((one for one in groups if one.later is found[1] and _is_beside(use, one.uses)), None)
            if group is None:
                group = _Needed(*found, [])
                groups.append(group)
            group.uses.append(use)
    return groups


def _is_beside(use: Use, others: list[Use]) -> bool:
    return any(_meet(use.folder, other.folder) for other in others if "/" not in (use.folder, other.folder))


def _is_elsewhere(use: Use, station: Station, flow: Flow) -> bool:
    """Whether the rule of unmounted targets speaks of it, or it covers a mount."""
    path = folder_of(use)
    return (
        path is None or bool(station.table.below(path, use.paths[0])) or mounted_later(use, station, flow) is not None
    )


def _needed(use: Use, station: Station, flow: Flow) -> tuple[Need, Station] | None:
    path = folder_of(use)
    for later in flow.later(station) if path else ():
        for need in later.needs if later.index > station.index else ():
            if _is_for(canonical(need.path), path or "", use) and need.location and need.location.is_own:
                return need, later
    return _missed(use, station, flow)


def _missed(use: Use, station: Station, flow: Flow) -> tuple[Need, Station] | None:
    """The need of a later container for a file of that name, on an empty volume on which nobody writes it."""
    name = posixpath.basename(use.text or "") if use.fills and use.step.command.context.is_certain else ""
    for later in flow.later(station) if name else ():
        for need in later.needs if later.index > station.index else ():
            place = need.location
            is_named = place is not None and not place.is_own and posixpath.basename(place.text or "") == name
            if is_named and place and is_never_put(place, later, use, flow):
                return need, later
    return None


def _is_for(needed: str, path: str, use: Use) -> bool:
    if needed == path:
        return needed not in SYSTEM
    if within(path, needed):
        return needed not in SYSTEM
    return within(needed, path) and path not in SYSTEM and (use.is_tree or use.action is Action.MAKE_DIRECTORY)


def _is_all(station: Station, uses: list[Use]) -> bool:
    """Whether a container does nothing but write what is lost: all of it is known, and none of it goes elsewhere."""
    meant = {id(use) for use in uses}
    if may_write_unseen(station):
        return False
    writes = [use for use in station.uses if use.action in WRITES]
    others = [use for use in station.uses if use.action in (Action.CHANGE, Action.REMOVE)]
    others = [use for use in others if use.step.command.name != "mv"]  # what it takes away is in what it writes
    own = all(map(is_own, (*writes, *others)))
    busy = any(is_busy(step) for _, step in station.steps)
    return own and not busy and all(id(use) in meant or _is_spent(use, station) for use in writes)


def _is_product(use: Use) -> bool:
    """Whether it is more than a directory or a marker, or software of the image, of which another rule speaks."""
    is_marker = use.action is Action.MAKE_DIRECTORY or use.step.command.name == "touch"
    return not is_marker and use.step.meaning.lasts != "image"


def _is_spent(use: Use, station: Station) -> bool:
    """Whether what is written is scratch, or may be used by the script itself."""
    path = folder_of(use)
    return path is not None and (is_scratch(path) or usage(use, station) is not Usage.UNUSED)


def through(need: Need) -> str:
    """How messages say that a container needs a path."""
    return {
        Via.SCRIPT: "reads it",
        Via.ARGUMENT: "is told to use it",
        Via.VARIABLE: "is told to use it",
        Via.FOLDER: "works in it",
        Via.PROBE: "is probed for it",
        Via.IMAGE: "reads it by default",
        Via.PROGRAM: "starts it",
        Via.KEY: "takes variables from it",
    }[need.via]
