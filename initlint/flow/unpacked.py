"""Which directories a script has made itself that it then moves: by a copy, a checkout, or out of an archive."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from fnmatch import fnmatchcase

from initlint.flow.history import follow
from initlint.flow.launch import programs
from initlint.flow.model import Use
from initlint.flow.stations import Station
from initlint.regex import regex
from initlint.shell.commands.meaning import Action, Rerun
from initlint.shell.container.mounts import Location, within

_UNPACKS = frozenset({"bsdtar", "tar", "unzip"})
_ARCHIVE = regex(r"([\w.+-]+?)(?:\.tar(?:\.\w+)?|\.t[bgx]z2?|\.zip)(?![\w.])")
# Such an archive holds a directory that is called for the repository and what was checked out.
_OF_GITHUB = regex(r"github\.com/[\w.-]+/([\w.-]+)/(?:archive|tarball|zipball|tar\.gz|zip)/")
# What is called for a platform may be a program that lies alone in its archive.
_OF_PLATFORM = regex(r"(?i).*(?:linux|darwin|amd64|arm64|aarch64|x86[-_]64).*")
# `-a` is for files as well.
_RECURSIVE = regex(r"-\w*[rR]\w*|--recursive")


def is_made_directory(source: Use, station: Station) -> bool:
    """Whether what is moved is a directory that the script has made."""
    path = source.effect.path.text
    made = [one for one in station.uses if one.index < source.index]
    if any(one.effect.path.text == path and _is_whole(one) for one in made if path):
        return True
    folder = posixpath.dirname(source.paths[0].known.rstrip("/"))
    return any(_is_unpacked(one, folder) for one in made) and _is_directory(source, station)


def _is_whole(made: Use) -> bool:
    """Whether a directory is made, be it with what is in it: by a checkout, or `cp -r`."""
    if made.action is Action.MAKE_DIRECTORY:
        return made.step.command.context.is_certain
    if made.action is not Action.WRITE:
        return False
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
    if source.written.endswith("/") or any(_is_of(one, name) for one in _archives(source)):
        return True
    repositories = _OF_GITHUB.findall(source.script.script.text)
    if any(name.startswith(f"{one}-") for one in repositories):
        return True
    moved = next((one for one in station.uses if one.index == source.index and one.fills), None)
    target = moved.locations[0] if moved else None
    return target is not None and any(_is_below(place, target) for place in _needed(source, station))


def _needed(source: Use, station: Station) -> Iterator[Location | None]:
    """What the script touches, or somebody behind it needs."""
    yield from (use.location for use in station.uses if use.index > source.index)
    later = follow(station.container.pod).stations[station.index :]
    yield from (need.location for one in later for need in (*one.needs, *programs(one)))


def _is_below(place: Location | None, target: Location) -> bool:
    if place is None or place.text is None or target.text is None or place.volume != target.volume:
        return False
    return place.text != target.text and within(place.text, target.text)


def _is_of(archive: str, name: str) -> bool:
    """Whether a directory is called like an archive, or like its first part with a version: `maven-3.9-bin.tar.gz`."""
    return fnmatchcase(archive, name) or (archive.startswith(f"{name}-") and any(map(str.isdigit, name)))


def _archives(source: Use) -> Iterator[str]:
    """The names of archives in a script, without what says how they are packed: directories are called like them."""
    names = (match[1] for match in _ARCHIVE.finditer(source.script.script.text))
    yield from (name for name in names if not _OF_PLATFORM.fullmatch(name))
