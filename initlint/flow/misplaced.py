"""Where a container looks for what an init container has put onto a volume, and its own mounts do not show it there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from initlint.flow.history import Fate, Flow
from initlint.flow.kept import is_left
from initlint.flow.launch import programs
from initlint.flow.linked import through_links
from initlint.flow.model import WRITES, Need, Use, Via
from initlint.flow.readonly import is_new
from initlint.flow.settings import DOCUMENT_ROOT
from initlint.flow.stations import Station
from initlint.flow.tolerance import surely
from initlint.kube.pods.container import Role
from initlint.regex import regex
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import FRESH_KINDS, Attachment, canonical, within
from initlint.shell.language.values import whole

# Options and variables by which programs are told where to put something.
_FILLED = regex(
    r"(?i)-{0,2}(?:[\w.]+[-_.])*(?:out|output|dest|destination|dst|download)(?:[-_.]?(?:dir|directory|path|folder))?"
)
# Where images have files of their own.
_OF_IMAGES = regex(r"/(?:app|bin|etc|home|lib\w*|opt|root|run|sbin|srv|usr|var)(?:/|$)")
_TELLING = frozenset({Via.ARGUMENT, Via.VARIABLE, Via.SCRIPT, Via.FOLDER, Via.PROBE, Via.PROGRAM})


class Misplaced(NamedTuple):
    """What a later container looks for at the path of `source`, the mount of its `maker`, an init container.

    `attachment` is the later one's own mount of the volume, if it has one, and `better` is where that shows it.
    """

    need: Need
    later: Station
    maker: Station
    source: Attachment
    write: Use | None
    attachment: Attachment | None = None
    better: str | None = None

    @property
    def is_unnamed(self) -> bool:
        """Whether something is put there for what a program reads or serves, under no path that both know."""
        is_served = self.need.option == DOCUMENT_ROOT and not self.source.holds(canonical(self.need.path))
        return self.need.via is Via.IMAGE or is_served


class Shifted(NamedTuple):
    """What an init container writes to a path, and a later one looks for there: at another place on the volume."""

    need: Need
    later: Station
    write: Use
    mine: Attachment
    theirs: Attachment


class Unmounted(NamedTuple):
    """What a container touches, or is told to make, where only a later one mounts something, and that mount."""

    use: Use | Need
    more: tuple[Use, ...]
    later: Station
    attachment: Attachment


def misplaced(later: Station, flow: Flow) -> Iterator[Misplaced]:
    """What a container looks for where only the init container that makes it mounts the volume, once for each volume.

    That the paths differ is no mistake in itself: the later one must name the very thing that was made.
    """
    seen: set[str] = set()
    makers = [one for one in flow.stations[: later.index] if one.role is Role.INIT and one.table.attachments]
    needs = (*later.needs, *programs(later)) if makers else ()
    for need in (each for one in needs for each in (one, *through_links(one, later, flow))):
        if need.via in _TELLING and not has_own(canonical(need.path), later):
            found = next((found for one in makers if (found := _found(need, later, one, flow))), None)
            if found and found.source.mount.name.value not in seen:
                seen.add(found.source.mount.name.value)
                yield found


def shifted(station: Station, flow: Flow) -> Iterator[Shifted]:
    """What is written and looked for at one path, through sub-paths by which it is not one place; once for each two."""
    seen: set[tuple[int, int]] = set()
    behind = flow.stations[station.index + 1 :] if station.role is Role.INIT else ()
    for need, later in ((need, one) for one in behind for need in one.needs if need.via in _TELLING):
        theirs = need.location.attachment if need.location else None
        source = _source(canonical(need.path), station) if theirs and theirs.kind in FRESH_KINDS else None
        if need.location is None or theirs is None or source is None or not _parts(source, theirs):
            continue
        path, is_untold = canonical(need.path), (id(source), id(theirs)) not in seen
        write = (_write(path, source, station) or _tree(path, source, station)) if is_untold else None
        is_empty = flow.fate_at(need.location, later) is Fate.EMPTY or _is_deeper(need, source, theirs, flow)
        if write and is_sure(need, later) and is_empty:
            seen.add((id(source), id(theirs)))
            yield Shifted(need, later, write, source, theirs)


def _is_deeper(need: Need, source: Attachment, theirs: Attachment, flow: Flow) -> bool:
    """Whether a directory is told that both mount at one path, and all that is in it lies in one within it."""
    outer, inner, name = theirs.sub_path.text, source.sub_path.text, theirs.mount.name.value
    if not canonical(need.path) == source.at == theirs.at or outer is None or inner in (None, outer):
        return False
    filling = (one for one in flow.stations if one.may_write(name))
    is_alone = all(other in (source, theirs) for one in filling for other in one.table.of_volume(name))
    return is_alone and within(inner or "", outer)


def _parts(source: Attachment, theirs: Attachment) -> bool:
    """Whether by two mounts of one volume a path is not one place."""
    is_one = source.mount.name.value == theirs.mount.name.value and not source.is_read_only
    return is_one and (source.at, source.sub_path) != (theirs.at, theirs.sub_path)


def _source(path: str, station: Station) -> Attachment | None:
    return next((one for one in station.table.attachments if one.holds(path)), None)


def _found(need: Need, later: Station, station: Station, flow: Flow) -> Misplaced | None:
    path = canonical(need.path)
    source = _source(path, station)
    if source is None or source.at == "/" or source.is_read_only or not source.kind:
        return None
    if may_make(path, later) or not is_sure(need, later):
        return None
    other = next(iter(later.table.of_volume(source.mount.name.value)), None)
    write = _write(path, source, station, is_new=is_new(path, later) or _is_to_be_read(need))
    if other is None:
        is_plain = need.via in (Via.ARGUMENT, Via.SCRIPT) and later.table.is_whole
        is_ours = source.kind != "emptyDir" or _is_used(source, flow)  # of one that nobody reads another rule speaks
        is_apart = need.via is Via.SCRIPT and source.kind in FRESH_KINDS and path != source.at
        write = write or (_tree(path, source, station) if is_apart and not _OF_IMAGES.match(path) else None)
        return Misplaced(need, later, station, source, write) if write and is_plain and is_ours else None
    is_made = write is not None or (source.kind in FRESH_KINDS and _may_be_made(path, source, station))
    if not is_made or (need.via is not Via.SCRIPT and _is_of_others(path, source, station, flow)):
        return None
    if path == source.at and any(one.via is not Via.IMAGE and other.holds(one.path) for one in later.needs):
        return None  # it is told of its own mount as well: the other directory is one of the image
    place = source.location(whole(path)).text
    return Misplaced(need, later, station, source, write, other, other.shows(place) if place else None)


def _is_to_be_read(need: Need) -> bool:
    """Whether it is called for what is read, and lies where no image has files of its own."""
    return (need.is_source or need.is_input) and not _OF_IMAGES.match(canonical(need.path))


def _is_used(source: Attachment, flow: Flow) -> bool:
    """Whether a sidecar or an app mounts the volume: else nobody reads it."""
    return any(one.role is not Role.INIT and one.mounts(source.mount.name.value) for one in flow.stations)


def has_own(path: str, later: Station) -> bool:
    """Whether a container mounts something at a path, in it or above it."""
    return any(within(path, one.at) or within(one.at, path) for one in later.table.attachments)


def is_sure(need: Need, later: Station) -> bool:
    """Whether what a script reads is read whatever happens, and not only if it is there.

    What it is told by a variable it may look for as well, and what is called for that it may fill itself.
    """
    if _FILLED.fullmatch(need.option):
        return False
    if need.via is Via.SCRIPT:
        return bool(surely(need, later.uses))
    path = canonical(need.path)
    return not any(use.action is Action.LOOK and use.text and within(path, canonical(use.text)) for use in later.uses)


def _write(path: str, source: Attachment, station: Station, *, is_new: bool = False) -> Use | None:
    """What surely puts it there, or something into it.

    The directory of the mount itself may be one of the image, unless `is_new` says that it cannot be there.
    """
    for use in station.uses:
        if use.action in WRITES and is_left(use, station):
            made = canonical(use.paths[0].text or use.folder)
            is_one = len(use.paths) == 1  # else it may be a directory, and what is made lies in it
            is_in = is_one and use.fills and within(made, path) and (path != source.at or use.is_tree or is_new)
            if is_in or (made == path and use.paths[0].is_whole):
                return use
    return None


def _tree(path: str, source: Attachment, station: Station) -> Use | None:
    """What surely fills a directory of that mount above it, or at it."""
    on_mount = (use for use in _trees(path, station) if use.location and use.location.attachment is source)
    return next((use for use in on_mount if is_left(use, station)), None)


def may_make(path: str, later: Station) -> bool:
    """Whether a container may itself put something there, such as a link."""
    made = (place.known.rstrip("/") for use in later.uses if use.action in WRITES for place in use.paths)
    return any(within(path, one) or within(one, path) for one in made)


def _may_be_made(path: str, source: Attachment, station: Station) -> bool:
    """Whether a container of which less is known is told that very path, or fills the volume above it."""
    if any(need.via is Via.ARGUMENT and canonical(need.path) == path for need in station.needs):
        return True
    return path != source.at and (any(_trees(path, station)) or not station.scripts)


def _trees(path: str, station: Station) -> Iterator[Use]:
    """What fills a directory above a path, or at it, with what has no name in the script."""
    filled = (use for use in station.uses if use.is_tree and use.fills and len(use.paths) == 1)
    return (use for use in filled if within(path, canonical(use.paths[0].known.rstrip("/"))))


def _is_of_others(path: str, source: Attachment, station: Station, flow: Flow) -> bool:
    """Whether another container mounts the volume there as well: the variables may be those of all of them."""
    name = source.mount.name.value
    others = [one for one in flow.stations[station.index + 1 :] if one.role is not Role.INIT]
    return any(one.holds(path) for other in others for one in other.table.of_volume(name))
