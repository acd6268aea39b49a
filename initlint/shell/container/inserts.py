"""Files that a script runs in the midst of it: their texts stand behind the commands that run them, as if in one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from initlint.shell.container.copies import copy
from initlint.shell.container.fed import fed
from initlint.shell.container.mounted import MountedCall, MountedFile, called, read_in
from initlint.shell.language import syntax
from initlint.shell.language.command import Command
from initlint.shell.language.inner import InnerScript
from initlint.shell.language.parse import parse
from initlint.shell.language.shells import sets_errexit, sets_pipefail

# Budgets: of a script that runs more files, none is read; how far files run others that run others.
_MOST = 8
_MOST_LEVELS = 4

Key: TypeAlias = tuple[int, ...]
"""Which file it is: where the command ends that runs it, in the text of what runs it, behind the same of that."""


class Insert(NamedTuple):
    """A mounted file that a command runs, from `begin` to `at` in the text of what runs it.

    `start` is where the text of the file begins in the whole, which holds the `inserts` that it runs itself.
    """

    key: Key
    begin: int
    start: int
    call: MountedCall
    is_wrapped: bool
    inserts: tuple[Insert, ...] = ()

    @property
    def at(self) -> int:
        """Where the command ends that runs it."""
        return self.key[-1]

    @property
    def text(self) -> str:
        """What the file holds."""
        return self.call.file.node.value

    @property
    def size(self) -> int:
        """How much longer the script becomes: the file stands on lines of its own."""
        return len(self.text) + 2 + sum(one.size for one in self.inserts)

    def inner(self) -> InnerScript:
        """What the other shell runs, in the places of the whole text."""
        script = parse(self.text, origin=lambda offset: self.start + within(offset, self.inserts))
        options = self.call.options.split()
        return InnerScript(
            script, sets_errexit(options), sets_pipefail(options), self.is_wrapped, self.call.arguments,
            self.call.is_read_in, self.call.word.value,
        )  # fmt: skip


class Running(NamedTuple):
    """A command that runs a mounted file: where it begins, and which file."""

    begin: int
    call: MountedCall
    is_wrapped: bool

    @property
    def what(self) -> tuple[object, ...]:
        """What it runs, but for the arguments."""
        return self.call.file, self.call.shell, self.call.options, len(self.call.arguments)


@dataclass
class Inserting:
    """Finds the files that a script runs, and those that these run, one level after the other.

    `shell` is its own; `own` is the file that it is, if it is one.
    """

    files: Mapping[str, MountedFile]
    shell: str
    own: MountedFile | None
    found: dict[Key, Running] = field(default_factory=dict)

    def inserts(self, commands: Sequence[Command]) -> tuple[Insert, ...]:
        """All that is known when these are the commands of the script, with what it runs so far."""
        known = self.made()
        new: dict[Key, list[Running | None]] = {}
        for key, running in self.calls(commands, known):
            if key not in self.found and len(key) <= _MOST_LEVELS:
                new.setdefault(key, []).append(running)
        clear = {key: several[0] for key, several in new.items() if several[0] and _are_same(several)}
        if len(self.found) + len(clear) <= _MOST:
            self.found |= clear
        return self.made()

    def made(self, key: Key = (), start: int = 0) -> tuple[Insert, ...]:
        """The files that one of them runs, or the script itself, in their order."""
        made = list[Insert]()
        for at in sorted(one[-1] for one in self.found if one[:-1] == key):
            begin = start + at + 1 + sum(one.size for one in made)
            running = self.found[*key, at]
            nested = self.made((*key, at), begin)
            made.append(Insert((*key, at), running.begin, begin, running.call, running.is_wrapped, nested))
        return tuple(made)

    def calls(self, commands: Sequence[Command], known: Sequence[Insert]) -> Iterator[tuple[Key, Running | None]]:
        """What each command runs; in a word, or in a text for another shell, it has no place of its own behind it."""
        copies: dict[str, MountedFile] = {}
        for command in commands:
            insert, begin, end = located(command.start, command.end, known)
            key, statement = insert.key if insert else (), command.statement
            if self.is_own(command, key) and isinstance(statement, syntax.Simple) and not _has_text(statement):
                seen, shell = {**self.files, **copies}, (insert and insert.call.shell) or self.shell
                call = called(command.arguments, command.cwd, seen, by=shell)
                call = call or read_in(command.arguments, command.cwd, seen, by=shell) or fed(command, seen, by=shell)
                if call is None:
                    copy(command, self.files, copies)
                is_followed = call and call.file not in self.around(key) and not parse(call.file.node.value).has_errors
                yield (*key, end), Running(begin, call, _is_wrapped(command)) if call and is_followed else None

    def around(self, key: Key) -> Iterator[MountedFile | None]:
        """The files within which something is run."""
        yield self.own
        yield from (self.found[key[: index + 1]].call.file for index in range(len(key)))

    def is_own(self, command: Command, key: Key) -> bool:
        """Whether a command stands in the text of a file itself, or of the script, or in a function of it."""
        shells = sum(1 for index in range(len(key)) if not self.found[key[: index + 1]].call.is_read_in)
        context = command.context
        is_there = context.functions.count("sh") == shells
        return is_there and not (context.in_substitution or context.is_elsewhere)


def _are_same(several: Sequence[Running | None]) -> bool:
    """Whether a command runs one file each time that it is run, as in a function."""
    return len({one and one.what for one in several}) == 1


def _has_text(statement: syntax.Simple) -> bool:
    return any(one.operator == "<<" for one in statement.redirects)


def _is_wrapped(command: Command) -> bool:
    return not {"exec", "env", "command"}.issuperset(command.wrappers)


def with_inserts(text: str, made: Sequence[Insert]) -> str:
    """The whole text."""
    for one in reversed(made):
        text = f"{text[: one.at]}\n{with_inserts(one.text, one.inserts)}\n{text[one.at :]}"
    return text


def within(offset: int, made: Sequence[Insert]) -> int:
    """Where a character of a text stands with the files that it runs; what ends where one follows, ends before it."""
    return offset + sum(one.size for one in made if one.at < offset)


def all_of(made: Iterable[Insert]) -> Iterator[Insert]:
    """The files, each with those that it runs."""
    for one in made:
        yield one
        yield from all_of(one.inserts)


def scripts_at(made: Iterable[Insert], start: int = 0) -> Iterator[tuple[int, InnerScript]]:
    """The files as scripts, by where the commands end that run them, in the whole text."""
    made = tuple(made)
    for one in made:
        yield start + within(one.at, made), one.inner()
        yield from scripts_at(one.inserts, one.start)


def located(start: int, end: int, made: Sequence[Insert], base: int = 0) -> tuple[Insert | None, int, int]:
    """Where a part of the whole text comes from: the file, if it begins in one, and the offsets there."""
    for one in made:
        if one.start <= start < one.start + one.size - 1:
            insert, low, high = located(start, end, one.inserts, one.start)
            return insert or one, low, high if insert else min(high, len(one.text))
    return None, _own_offset(start, made, base), _own_offset(end, made, base)


def _own_offset(offset: int, made: Sequence[Insert], base: int) -> int:
    """Where a character stands in a text without the files that it runs; of what is in one, where that is run."""
    shift = base
    for one in made:
        if offset < one.start:
            break
        if offset < one.start + one.size - 1:
            return one.at
        shift += one.size
    return offset - shift
