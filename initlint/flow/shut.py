"""Files that a script closes to its own user, who then cannot write to them when it runs again."""

from __future__ import annotations

import posixpath
from fnmatch import fnmatchcase

from initlint.flow.chmod import mode_after
from initlint.flow.model import Use
from initlint.flow.modes import copied_mode
from initlint.flow.stations import Station
from initlint.regex import regex
from initlint.shell.commands.meaning import Action
from initlint.shell.container.mounts import within
from initlint.shell.container.user import user_of

# They open a file that is there and write to it; others put a new one in its place.
_OPENS = frozenset({"cp", "curl", "openssl", "tee", "wget"})
_REPLACES = regex(r"-\w*f\w*|--force|--remove-destination")
_OPEN, _OWNER_WRITES, _BY_OTHERS = 0o666, 0o200, 0o044


def is_shut(use: Use, station: Station) -> bool:
    """Whether a file is made to which its user, who is not root, may not write then: by `chmod 400`, or as it is."""
    if use.action is not Action.WRITE or not _opens(use) or user_of(station.container).is_root is not False:
        return False
    if use.step.command.name == "cp" and _is_shut_from_the_start(use, station):
        return True
    path = use.paths[0].text
    if use.is_tree or path is None:
        return False
    closing = [one for one in station.uses if one.index > use.index and _closes(one, path)]
    if not closing or not closing[-1].step.command.context.is_certain or _is_taken_away(closing[-1], path, station):
        return False
    mode = mode_after(closing[-1].step, _OPEN)
    return mode is not None and not mode & _OWNER_WRITES


def _is_shut_from_the_start(use: Use, station: Station) -> bool:
    """Whether all that is copied comes of a volume whose files nobody may write to, and the copy has their mode.

    Without `fsGroup` a user other than root may not read them unless all may.
    """
    changes = any(one.index > use.index and one.action in (Action.CHANGE, Action.REMOVE) for one in station.uses)
    mode = copied_mode(use, station)
    is_readable = mode is not None and bool(mode & _BY_OTHERS)
    return mode is not None and is_readable and not mode & _OWNER_WRITES and not changes


def _is_taken_away(closing: Use, path: str, station: Station) -> bool:
    removals = (one for one in station.uses if one.action is Action.REMOVE and one.index > closing.index)
    return any(one.text is None or within(path, one.text) for one in removals)


def _closes(change: Use, path: str) -> bool:
    """Whether `chmod` is called for a file, be it by a pattern or with all that is in a directory."""
    if change.action is not Action.CHANGE or change.step.command.name != "chmod":
        return False
    folder, name = posixpath.split(path)
    is_in = change.is_tree and change.text is not None and within(path, change.text)
    is_of_pattern = change.of_pattern == folder and fnmatchcase(name, posixpath.basename(change.written))
    return change.text == path or is_in or is_of_pattern


def _opens(use: Use) -> bool:
    """Whether what writes it fails where it may not; a redirection is the shell's."""
    command = use.step.command
    if use.is_redirected:
        return True
    is_forced = command.name == "cp" and any(_REPLACES.fullmatch(word or "") for word in command.words[1:])
    return command.name in _OPENS and not is_forced
