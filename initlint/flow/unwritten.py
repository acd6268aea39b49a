"""What a container is told to read on a volume where something of nearly that name has been put, and not that."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

from initlint.flow.apart import fills, hidden_outputs, is_split
from initlint.flow.early import could_write_later, written_later
from initlint.flow.explained import is_explained
from initlint.flow.history import Fate, Flow
from initlint.flow.kept import is_left
from initlint.flow.model import Need, Use, Via
from initlint.flow.stations import Station
from initlint.flow.told import is_clear, is_operand, is_read, must_be_there
from initlint.flow.tolerance import surely
from initlint.kube.pods.container import Role
from initlint.shell.container.mounts import FRESH_KINDS, Attachment, Location, canonical, meet, within
from initlint.shell.language.values import UNKNOWN

# Names of files that stand beside settings which the program may make itself.
_MORE = frozenset({
    "base", "common", "credentials", "default", "defaults", "env", "extra", "include", "license", "override",
    "overrides", "password", "passwords", "plugins", "secret", "secrets", "seed", "shared", "template", "token",
    "users", "values", "version",
})  # fmt: skip
# Endings of files of which one is read where another one is: for the same by another name.
_KINDS = (
    frozenset({".jks", ".keystore", ".p12", ".pfx", ".truststore"}),
    frozenset({".cer", ".cert", ".crt", ".pem"}),
    frozenset({".yaml", ".yml"}),
    frozenset({".cfg", ".cnf", ".conf"}),
    frozenset({".bin", ".gguf", ".onnx", ".pt", ".safetensors"}),
)
_SETTINGS = frozenset({".cfg", ".conf", ".env", ".ini", ".json", ".properties", ".toml", ".xml", ".yaml", ".yml"})


class Unwritten(NamedTuple):
    """What is needed, on which mount, and what an init container has put beside it, or onto another `volume`.

    `better` is how to name that. If there is nothing `beside` it, nobody can have put anything there.
    """

    need: Need
    attachment: Attachment
    beside: Use | None = None
    volume: str = ""
    better: str | None = None


def misnamed(station: Station, flow: Flow) -> Iterator[Unwritten]:
    """What is not there, once for each volume; all that comes onto the volume by then must be known."""
    seen: set[str] = set()
    for need in station.needs if _may_miss(station, flow) else ():
        place = need.location
        attachment = place.attachment if place else None
        if place is None or attachment is None or attachment.kind not in FRESH_KINDS or place.volume in seen:
            continue
        if station.role is Role.INIT and (need.via is not Via.SCRIPT or _comes_later(place, station, flow)):
            continue
        is_sure = must_be_there(need, station)
        beside = _beside(need, place, station, flow) if is_sure or is_operand(need, station) else None
        if beside is None and (is_sure or _is_directory(need, station)):
            beside, is_sure = _sibling(need, place, station, flow), True
        if beside and not is_sure and not _is_close(beside.text or "", need.path):
            continue
        if beside and (_is_of_sub_paths(beside, need, attachment) or is_hidden(need, station, flow)):
            continue  # another rule speaks of that
        if beside and _is_empty(need, place, station, flow) and not is_split(place.volume, station, flow):
            if is_explained(station, flow):
                return
            seen.add(place.volume)
            written = beside.location.volume if beside.location else ""
            yield Unwritten(need, attachment, beside, written, _shown(beside, station))


def _may_miss(station: Station, flow: Flow) -> bool:
    """Whether it mounts a fresh volume onto which an init container may have put something."""
    fresh = [one.mount.name.value for one in station.table.attachments if one.kind in FRESH_KINDS]
    before = [one for one in flow.stations[: station.index] if one.role is Role.INIT] if fresh else []
    return any(one.may_write(name) for one in before for name in fresh)


def _is_empty(need: Need, place: Location, station: Station, flow: Flow) -> bool:
    """Whether nobody writes it, nor an app itself; an init container not before it reads it."""
    if station.role is Role.INIT:
        return any(flow.fate(use) is Fate.EMPTY for use in surely(need, station.uses))
    return flow.fate_at(place, station) is Fate.EMPTY and not fills(station, place.volume)


def _comes_later(place: Location, station: Station, flow: Flow) -> bool:
    """Whether somebody may write it after all, which is another rule's business."""
    return bool(written_later(place, station, flow) or could_write_later(place, station, flow))


def _shown(use: Use, station: Station) -> str | None:
    """Where a container sees what another has written."""
    place = use.location
    mounts = station.table.of_volume(place.volume) if place else []
    return next((path for one in mounts if place and place.text and (path := one.shows(place.text))), None)


def _is_of_sub_paths(beside: Use, need: Need, attachment: Attachment) -> bool:
    """Whether sub-paths are why it is elsewhere: such as never meet, or by which one path is two places."""
    theirs = beside.location.attachment if beside.location else None
    if theirs is None or theirs.mount.name.value != attachment.mount.name.value:
        return False
    is_apart = meet(theirs.sub_path, attachment.sub_path) is False
    return is_apart or canonical(beside.text or "") == canonical(need.path)


def is_hidden(need: Need, station: Station, flow: Flow) -> bool:
    """Whether the mount lies over what an init container has put there."""
    makers = (one for one in flow.earlier(station) if one.role is Role.INIT)
    return any(canonical(need.path) in _hidden(one, flow) for one in makers)


@lru_cache(maxsize=1024)  # each later container asks
def _hidden(maker: Station, flow: Flow) -> frozenset[str]:
    return frozenset(found.path for found in hidden_outputs(maker, flow))


def _is_directory(need: Need, station: Station) -> bool:
    """Whether it is a directory that the program is told to read, or to work in."""
    if need.via is Via.FOLDER:
        return True
    is_told = need.via in (Via.ARGUMENT, Via.VARIABLE) and need.is_source
    return is_told and is_clear(need, station)


def _beside(need: Need, place: Location, station: Station, flow: Flow) -> Use | None:
    """A file that an init container writes beside it, or under the same name elsewhere, or by that path elsewhere."""
    for one in flow.earlier(station):
        for use in one.uses if one.role is Role.INIT else ():
            location = use.location
            if location is None or location.is_own or not _is_file(use) or not is_left(use, one):
                continue
            if location.volume == place.volume:
                is_it = _is_beside(use, location, need, place, station)
            else:
                is_it = _is_on_other(use, location, need, station)
            if is_it:
                return use
    return None


def _is_file(use: Use) -> bool:
    """Whether it surely makes one file, also by `mv`, which moves directories as well."""
    is_named = use.step.command.name == "mv" and posixpath.splitext(use.text or "")[1] != ""
    return use.fills and use.text is not None and (is_named or not use.is_tree)


def _is_beside(use: Use, location: Location, need: Need, place: Location, station: Station) -> bool:
    """Whether it is on the same volume; the same path is another place by a sub-path, another rule's business."""
    if canonical(use.text or "") == canonical(need.path):
        return False
    folder = posixpath.dirname(place.text or "")
    if place.attachment and place.attachment.is_read_only and posixpath.dirname(location.text or "") == folder:
        return True  # nobody can make it
    if place.text and location.text and within(place.text, location.text):
        return True  # a file, where a directory is needed: `cp app.conf /out/conf` makes no directory
    is_alone = need.via is Via.ARGUMENT and not need.option.startswith("-")
    is_told = need.via is Via.SCRIPT or is_read(need) or is_alone or _is_kin(location, place, station)
    is_alike = _is_alike(location.text or "", place.text or "", is_read=is_told)
    return is_alike and not (station.may_write(place.volume) and _is_more(location, place))


def _is_kin(written: Location, needed: Location, station: Station) -> bool:
    """Whether the endings of both are for the same, as of `store.p12` and `store.jks`, and it is not told of both."""
    endings = {posixpath.splitext(one.text or "")[1] for one in (written, needed)}
    places = (one.location for one in station.needs)
    is_told = any(one is not None and (one.volume, one.text) == (written.volume, written.text) for one in places)
    return any(endings <= kind for kind in _KINDS) and not is_told


def _is_on_other(use: Use, location: Location, need: Need, station: Station) -> bool:
    """Whether it is on another volume: by that path, or by that name where a container mounts it and nothing names it.

    Of such as no later container mounts another rule speaks.
    """
    mounts = station.table.of_volume(location.volume)
    if canonical(use.text or "") == canonical(need.path):
        return True
    is_same = posixpath.basename(location.text or "") == posixpath.basename(need.path)
    is_named = any(one.holds(other.path) for one in mounts for other in station.needs)
    return bool(mounts) and is_same and need.via in (Via.ARGUMENT, Via.VARIABLE) and not is_named


def _sibling(need: Need, place: Location, station: Station, flow: Flow) -> Use | None:
    """The directory that an init container fills beside the one that is needed, or beside one that this lies in.

    Or that very one on another volume. Of sub-paths another rule speaks.
    """
    for one in flow.earlier(station):
        for use in one.uses if one.role is Role.INIT else ():
            made = _directory(use) if use.fills else None
            if made is None or use.location is None or not use.location.volume:
                continue
            if use.location.volume != place.volume:
                is_it = use.is_tree and within(canonical(need.path), canonical(use.paths[0].known.rstrip("/")))
            else:
                is_it = _is_next(made, place, use.location, is_file=not use.is_tree)
            if is_it and is_left(use, one):
                return use
    return None


def _is_next(made: str, place: Location, written: Location, *, is_file: bool) -> bool:
    """Whether a directory is beside a place or one that this lies in; by a file in it, only in a directory of both."""
    parent = posixpath.dirname(made)
    is_beside = parent == posixpath.dirname(place.text or "") != "/" if is_file else _is_in(parent, place)
    return is_beside and not _is_in(made, place) and _sub_path(written) == _sub_path(place)


def _sub_path(place: Location | None) -> str | None:
    return place.attachment.sub_path.text if place and place.attachment else None


def _directory(use: Use) -> str | None:
    """Where on its volume a directory is filled, be it by a file; None if it is all of the volume, or not known."""
    path = use.location.path if use.location else UNKNOWN
    if not use.is_tree:
        return posixpath.dirname(path.text or "").rstrip("/") or None
    is_known = path.is_whole or path.known.endswith("/")
    return (path.known.rstrip("/") or None) if is_known else None


def _is_in(folder: str, place: Location) -> bool:
    return within(place.text or "/", folder)


def _is_alike(one: str, other: str, *, is_read: bool) -> bool:
    """Whether it is the same name elsewhere, or another one of the same kind there; of what is read, any kind of it."""
    folder, name = posixpath.split(one)
    suffix, stem = posixpath.splitext(name)[1], name.partition(".")[0]
    is_stem = is_read and stem == posixpath.basename(other).partition(".")[0] != ""
    is_alike = suffix == posixpath.splitext(other)[1] or is_stem
    return name == posixpath.basename(other) or (folder == posixpath.dirname(other) and suffix != "" and is_alike)


def _is_close(one: str, other: str) -> bool:
    """Whether a name is the same, or the same but for its suffix, its end or a slip: `zoo.cfg` and `zookeeper.cfg`."""
    name, meant = posixpath.basename(one), posixpath.basename(other)
    shorter, longer = sorted((name.partition(".")[0], meant.partition(".")[0]), key=len)
    return (len(shorter) > 2 and longer.startswith(shorter)) or bool(get_close_matches(name, [meant], 1, 0.8))


def _is_more(written: Location, needed: Location) -> bool:
    """Whether settings are written that are plainly meant to stand beside those that are needed: `secrets.yaml`."""
    stem, suffix = posixpath.splitext(posixpath.basename(written.text or ""))
    other = posixpath.splitext(posixpath.basename(needed.text or ""))[0]
    own = set(stem.lower().replace("_", "-").split("-")) - set(other.lower().replace("_", "-").split("-"))
    return suffix in _SETTINGS and bool(own & _MORE)
