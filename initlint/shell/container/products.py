"""What a command makes that is not there, or not as it should be, if it fails: paths, and what a build leaves."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action, Effect, Rerun
from initlint.shell.language.values import resolve, whole

_MAKES = (Action.WRITE, Action.APPEND, Action.MAKE_DIRECTORY, Action.LINK, Action.CHANGE)
# What builds into directories that no word names, and where that is by custom.
_BUILDING = frozenset({"cargo", "gradle", "gradlew", "hugo", "jekyll", "make", "mkdocs", "mvn", "mvnw", "sbt"})
BUILDING_BY_NAME = frozenset({"bun", "npm", "npx", "pnpm", "yarn"})
_BUILT = (".next", ".output", "_site", "bin", "build", "dist", "out", "output", "public", "site", "target")
# The directory that a command works in, where it is not known, and paths that may lie there.
_HERE = "."
_UNPACKING = frozenset({"7z", "7za", "bsdtar", "cpio", "jar", "tar", "unrar", "unzip"})
_RELATIVE = regex(r"(?![\w+.-]+://)[\w.]")
_ADDRESS = regex(r"\w+://[^?#]*/([^/?#]+)(?:[?#].*)?")


class Product(NamedTuple):
    """A path that a command makes; of one that is not known, how it is written. `is_below`: only what is in it.

    `is_poured`: the shell makes the file, which is there, be it empty, if the command fails.
    """

    path: str
    is_below: bool = False
    is_directory: bool = False
    is_poured: bool = False

    def is_needed_by(self, other: str) -> bool:
        """Whether something at another path is there only if this is."""
        if self.path == _HERE:
            return _RELATIVE.match(other) is not None
        return other.startswith(self.path.rstrip("/") + "/") or (other == self.path and not self.is_below)


def products(step: Step, text: str, there: AbstractSet[str] = frozenset()) -> Iterator[Product]:
    """What is not there, or not as it should be, if the command fails."""
    poured = {one.start for one in step.command.redirections}
    for effect in step.meaning.effects:
        if effect.action in _MAKES:
            path, is_directory = _made(effect, step, text), effect.action is Action.MAKE_DIRECTORY
            names = [name.known for name in effect.names if name.is_whole and name.known]
            yield from (Product(f"{path.rstrip('/')}/{name}") for name in names)
            is_made = step.meaning.rerun is Rerun.FAILS and step.meaning.rerun_at is not None
            is_filled = effect.is_directory is True and bool(effect.names) and not is_made
            if not (path in there and len(names) == len(effect.names) > 0):
                yield Product(path, is_filled or path in there, is_directory, effect.start in poured)


def _made(effect: Effect, step: Step, text: str) -> str:
    """What is made: of an archive anything where it is unpacked, and of an address the file that is called like it."""
    if effect.path.is_whole or not step.command.arguments:
        return written(effect, text)
    if step.command.name in _UNPACKING and effect.start == step.command.arguments[0].start:
        return _HERE
    address = _ADDRESS.fullmatch(written(effect, text))
    return address[1] if address else written(effect, text)


def built(step: Step, there: AbstractSet[str]) -> Iterator[Product]:
    """What a build may well leave where it runs, be that known or not, or a program where it is told."""
    command = step.command
    for word in command.words[1:] if not step.meaning.is_complete else ():
        if word and word.startswith("/") and word.rstrip("/") not in there:
            yield Product(word, is_below=True)
    is_named = command.name in BUILDING_BY_NAME and any("build" in (word or "") for word in command.words[1:])
    if is_named or command.name in _BUILDING:
        for folder in _BUILT:
            yield Product(folder)
            place = resolve(whole(folder), command.cwd)
            yield from [Product(place.known)] if place.is_whole else []


def written(effect: Effect, text: str) -> str:
    """The path, or the word that names it if that is not known."""
    if effect.path.is_whole:
        return effect.path.known
    return text[effect.start : effect.end].strip("\"'").replace("${", "$").replace("}", "").removeprefix("./")
