"""Which directories a script has made itself that it then moves: by a copy, a checkout, or out of an archive."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from fnmatch import fnmatchcase

from initlint.flow.model import Use
from initlint.flow.stations import Station
from initlint.regex import regex
from initlint.shell.commands.meaning import Action, Rerun
from initlint.shell.container.mounts import within

_UNPACKS = frozenset({"bsdtar", "tar", "unzip"})
_ARCHIVE = regex(r"([\w.+-]+?)(?:\.tar(?:\.\w+)?|\.t[bgx]z2?|\.zip)(?![\w.])")
# What is called for a platform may be a program that lies alone in its archive.
_OF_PLATFORM = regex(r"(?i).*(?:linux|darwin|amd64|arm64|aarch64|x86[-_]64).*")
# `-a` is for files as well.
_RECURSIVE = regex(r"-\w*[rR]\w*|--recursive")


def is_made_directory(source: Use, station: Station) -> bool:
    """Whether what is moved is a directory that the script has made, which is not empty."""
    path = source.effect.path.text
    made = [one for one in station.uses if one.index < source.index]
    if any(one.action is Action.WRITE and one.effect.path.text == path and _is_whole(one) for one in made if path):
        return True
    folder = posixpath.dirname(source.paths[0].known.rstrip("/"))
    return any(_is_unpacked(one, folder) for one in made) and _is_directory(source, station)


def _is_whole(made: Use) -> bool:
    """Whether a directory is made with what is in it: by a checkout, or `cp -r`."""
    words = [word or "" for word in made.step.command.words[1:]]
    is_copied = made.step.command.name == "cp" and any(map(_RECURSIVE.fullmatch, words))
    return is_copied or (made.effect.is_directory is True and made.step.meaning.rerun is Rerun.FAILS)


def _is_unpacked(made: Use, folder: str) -> bool:
    """Whether an archive is unpacked in a directory."""
    is_there = made.paths[0].known.rstrip("/") == folder and made.is_tree and made.step.command.context.is_certain
    return made.step.command.name in _UNPACKS and made.fills and is_there


def _is_directory(source: Use, station: Station) -> bool:
    """Whether what comes out of an archive is called like that, or something is called for that lies in it."""
    name = posixpath.basename(source.written.rstrip("/"))
    if source.written.endswith("/") or any(fnmatchcase(one, name) for one in _archives(source)):
        return True
    moved = [one for one in station.uses if one.index == source.index and one.fills]
    target = moved[0].text or moved[0].effect.path.text if moved else None
    later = [use for use in station.uses if use.index > source.index]
    return any(use.text and target and use.text != target and within(use.text, target) for use in later)


def _archives(source: Use) -> Iterator[str]:
    """The names of archives in a script, without what says how they are packed: directories are called like them."""
    names = (match[1] for match in _ARCHIVE.finditer(source.script.script.text))
    yield from (name for name in names if not _OF_PLATFORM.fullmatch(name))
