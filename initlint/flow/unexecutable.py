"""Files that a container starts and nobody may execute: scripts of a ConfigMap, or what an init container fetched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from initlint.flow.chmod import mode_after
from initlint.flow.history import Flow, is_seen
from initlint.flow.keys import is_binary, is_no_key
from initlint.flow.launch import executed
from initlint.flow.model import WRITES, Need, Use
from initlint.flow.modes import copied_mode, may_be_about
from initlint.flow.stations import Station
from initlint.flow.umasks import umask_before
from initlint.kube.pods.container import Container, Role
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounted import file_mode
from initlint.shell.container.mounts import FRESH_KINDS, Attachment, Location
from initlint.shell.container.user import user_of

_BY_ANYBODY, _BY_OTHERS = 0o111, 0o011
_NEW_FILE = 0o666
_LOOKING = frozenset({Action.LOOK, Action.READ})
# They make files as the umask says, which never lets anybody execute them.
_OPENS = frozenset({"curl", "openssl", "tee", "wget"})
_KEEPING = frozenset({"chgrp", "chown", "sed", "touch"})


class Unexecutable(NamedTuple):
    """What a container starts, the mode of it, and where that comes from: a mount, or what an init container makes."""

    need: Need
    mode: int
    attachment: Attachment
    made: Use | None = None


def unexecutable(station: Station, flow: Flow) -> Iterator[Unexecutable]:
    """The files on volumes that cannot be started, each once."""
    seen: set[str] = set()
    for need in executed(station):
        place = need.location
        attachment = place.attachment if place else None
        if place is None or attachment is None or place.text in (None, "/") or need.path in seen:
            continue
        found = _judged(need, place, attachment, station, flow)
        if found and not found.mode & _needed(station.container, attachment):
            seen.add(need.path)
            yield found


def _needed(container: Container, attachment: Attachment) -> int:
    """The permissions of which one must be there: what the kubelet mounts belongs to root, and to `fsGroup` if any."""
    is_of_root = attachment.kind not in FRESH_KINDS and user_of(container).is_root is False
    return _BY_OTHERS if is_of_root else _BY_ANYBODY


def _judged(need: Need, place: Location, attachment: Attachment, station: Station, flow: Flow) -> Unexecutable | None:
    if attachment.kind in FRESH_KINDS:
        made = _made(place, station, flow)
        return Unexecutable(need, made.mode, attachment, made.use) if made else None
    if attachment.volume is None or is_no_key(place, station) or is_binary(place, station):
        return None  # what is not there has no mode
    mode = file_mode(attachment.volume.node, place.text or "")
    return Unexecutable(need, mode, attachment) if mode is not None else None


class _File(NamedTuple):
    """A file as an init container leaves it."""

    use: Use
    mode: int


def _made(place: Location, station: Station, flow: Flow) -> _File | None:
    """The file at a place, if one init container alone can have put it there, and all that it does is known."""
    touching = [one for one in flow.earlier(station) if one.may_write(place.volume) and _may_touch(one, place, flow)]
    maker = touching[0] if len(touching) == 1 and touching[0].role is Role.INIT else None
    is_own = any(may_be_about(use, place) for use in station.uses if use.action not in _LOOKING)
    if maker is None or is_own or not all(is_seen(*pair, maker) for pair in maker.steps):
        return None
    made: _File | None = None
    for use in maker.uses:
        if use.action not in _LOOKING and may_be_about(use, place):
            made = _after(made, use, place, maker)
            if made is None:
                return None
    return made


def _may_touch(one: Station, place: Location, flow: Flow) -> bool:
    changes = (use for use in one.uses if use.action is Action.CHANGE)
    return flow.written(one, place) is not False or any(may_be_about(use, place) for use in changes)


def _after(made: _File | None, use: Use, place: Location, maker: Station) -> _File | None:
    """What there is of the file behind a use of it; None if that is not known."""
    if not use.step.command.context.is_certain:
        return None
    if use.action is Action.CHANGE and made:
        name = use.step.command.name
        mode = mode_after(use.step, made.mode) if name == "chmod" else made.mode if name in _KEEPING else None
        return made._replace(mode=mode) if mode is not None else None
    first = use.locations[0]
    is_it = first is not None and first.text == place.text
    mode = _mode(use, maker, is_it=is_it) if use.action in WRITES and (is_it or use.is_tree) else None
    return _File(use, mode) if mode is not None else None


def _mode(use: Use, maker: Station, *, is_it: bool) -> int | None:
    """The mode of what a use writes; what is copied has that of its source."""
    command = use.step.command
    if any(one.start <= use.effect.start < one.end for one in command.redirections) or command.name in _OPENS:
        umask = umask_before(maker, use.index)
        return _NEW_FILE & ~(umask or 0) if is_it else None
    return copied_mode(use, maker) if command.name == "cp" else None
