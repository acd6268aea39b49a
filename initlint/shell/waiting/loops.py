"""What ends a loop: a counter, a clock, its input, what it asks for, or nothing.

A loop is left by its condition, or by a `break`, `exit` or `return` in it, each behind what guards it. It is bounded if
one of these ways depends on something that changes by itself from round to round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from initlint.regex import regex
from initlint.shell.language import syntax
from initlint.shell.language.command import Command, Guard
from initlint.shell.language.shells import RUNNING_TEXT
from initlint.shell.language.syntax import Statement, Word
from initlint.shell.waiting.atoms import Atom, atoms, constant, surely, variables_of
from initlint.shell.way.branching import Round
from initlint.shell.way.changes import VariableChange, changes
from initlint.shell.way.context import LEAVING
from initlint.shell.way.walk import Walk

_CLOCK = ("SECONDS", "EPOCHSECONDS", "RANDOM")
_NUMERIC = regex(r"-(?:lt|le|gt|ge|eq|ne)|[<>]=?|==?|!=")
_INPUT = ("read", "getopts", "shift")


class Bound(Enum):
    """What ends a loop. `PROBE`: only what it asks for; `STUCK`: a counter that never changes; `NEVER`: nothing."""

    COUNTER = "a counter"
    CLOCK = "a clock"
    LIST = "a list"
    INPUT = "its input"
    PROBE = "what it asks for"
    STUCK = "a counter that never changes"
    NEVER = "nothing"
    UNKNOWN = "what is not known"


class Way(NamedTuple):
    """A way out of a loop, and what must hold for it: statements that succeed or not. `gives_up`: it is a failure."""

    guards: tuple[Guard, ...]
    gives_up: bool = False


@dataclass(frozen=True, eq=False)
class Loop:
    """A loop with every command in it, also those of functions that it calls."""

    round: Round
    commands: tuple[Command, ...]
    walk: Walk

    @property
    def statement(self) -> syntax.While | syntax.For:
        """Its syntax."""
        return self.round.statement

    @property
    def start(self) -> int:
        """Where it begins in the script's text."""
        return self.statement.start

    @property
    def end(self) -> int:
        """Where it ends in the script's text."""
        return self.statement.end

    @property
    def head(self) -> tuple[int, int]:
        """Where its first line stands: `until nc -z db 1`, `for i in 1 2 3`."""
        loop = self.statement
        if isinstance(loop, syntax.While):
            return loop.start, loop.condition.items[-1].statement.end if loop.condition.items else loop.end
        if loop.header:
            return loop.start, loop.start + len(loop.header[: loop.header.rfind(")") + 1])
        return loop.start, loop.words[-1].end if loop.words else loop.start + len("for")

    @cached_property
    def changes(self) -> tuple[VariableChange, ...]:
        """The variables that it sets from round to round."""
        return tuple(changes(self.statement, self.walk.functions))

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """The ways out of it."""
        left = [command for command in self.commands if self._leaves(command)]
        return (*self._by_condition(), *(Way(self._own(one.context.guards), _gives_up(one)) for one in left))

    @property
    def is_left_within(self) -> bool:
        """Whether something in it may end it, but its condition."""
        return any(map(self._leaves, self.commands))

    def _by_condition(self) -> Iterator[Way]:
        loop = self.statement
        if isinstance(loop, syntax.While) and loop.condition.items:
            last = loop.condition.items[-1].statement
            if constant(last) is not (not loop.is_until):
                yield Way((Guard(last, loop.is_until),))

    def _leaves(self, command: Command) -> bool:
        if command.context.depth != self.round.context.depth:
            return False
        if command.name in ("break", "continue"):
            is_innermost = command.name == "break" and command.context.loops[-1:] == (self.start,)
            return is_innermost or command.words[1:] not in ([], ["1"])
        if command.name == "return":
            return command.context.functions == self.round.context.functions
        return command.name == "exit" or ("exec" in command.wrappers and bool(command.arguments))

    def _own(self, guards: Sequence[Guard]) -> tuple[Guard, ...]:
        condition = self._by_condition()
        heads = {guard.start for way in condition for guard in way.guards}
        return tuple(one for one in guards if self.start <= one.start < self.end and one.start not in heads)

    @cached_property
    def asked(self) -> tuple[Command, ...]:
        """The commands and tests that decide when it is left, but for counters and clocks."""
        found = {
            command.start: command
            for way in self.ways
            for guard in way.guards
            if self.round.context.pipefail or surely(guard.statement, self.walk.functions) is None
            for atom in atoms(guard.statement)
            if self.kind(atom) is Bound.PROBE
            for command in self._behind(atom)
        }
        return tuple(found[start] for start in sorted(found))

    def _behind(self, atom: Atom, flags: frozenset[str] = frozenset()) -> Iterator[Command]:
        """The commands by which an atom is answered: itself, what a function calls, what a variable is set from.

        `flags` are those that it answers for.
        """
        name = atom.name if isinstance(atom, syntax.Simple) else None
        if name in self.walk.functions:
            yield from (one for one in self.commands if name in one.context.functions and one.name not in LEAVING)
            return
        names = variables_of(atom) - flags
        words = [change.value for change in self.changes if change.name in names and change.value is not None]
        set_from = [word for word in words if word.text is None]
        for word in set_from:
            yield from (one for one in self.commands if word.start <= one.start < word.end)
        for place in [atom.start] * ("?" in names) + [word.start for word in set_from if _is_status(word)]:
            yield from self._just_before(place)
        if not set_from and len(words) > 0:
            flags |= names & {change.name for change in self.changes if change.value in words}
            yield from self._setting(flags)
        elif not set_from and "?" not in names:
            found = [one for one in self.commands if atom.start <= one.start < atom.end]
            itself = [] if isinstance(atom, syntax.Test) else [one for one in found if not one.context.in_substitution]
            yield from itself or found

    def _just_before(self, place: int) -> Iterator[Command]:
        """The command whose status `$?` is there: in the head of a loop, the last one of the round before."""
        known = [one for one in self.commands if one.arguments]
        before = [one for one in known if one.end <= place]
        yield from before[-1:] or known[-1:]

    def _setting(self, flags: frozenset[str]) -> Iterator[Command]:
        """What must hold for a flag to be set."""
        for command in self.commands:
            if flags & set(command.assigned):
                for guard in self._own(command.context.guards):
                    yield from (one for atom in atoms(guard.statement) for one in self._behind(atom, flags))

    @cached_property
    def bound(self) -> Bound:
        """What ends it."""
        if isinstance(self.statement, syntax.For) and (self.statement.name or self._has_condition()):
            return Bound.LIST if self.statement.name else Bound.COUNTER
        if any(
            command.name in _INPUT and command.context.depth == self.round.context.depth for command in self.commands
        ):
            return Bound.INPUT
        kinds = [[self.kind(atom) for guard in way.guards for atom in atoms(guard.statement)] for way in self.ways]
        for kind in (Bound.COUNTER, Bound.CLOCK, Bound.INPUT):
            if any(kind in way for way in kinds):
                return kind
        if any(Bound.UNKNOWN in way for way in kinds) or any(not way for way in kinds):
            return Bound.UNKNOWN
        if any(Bound.STUCK in way for way in kinds):
            return Bound.STUCK
        return Bound.PROBE if kinds else Bound.NEVER

    @property
    def is_retry(self) -> bool:
        """Whether each round tries the same again; a list of things is not one, a list of numbers is."""
        loop = self.statement
        if isinstance(loop, syntax.While) or loop.header:
            return True
        texts = [self.round_text(word.start, word.end) for word in loop.words or ()]
        return bool(texts) and all(re.fullmatch(r"\d+|.*\bseq\b.*|\{\d+\.\.[^}]*\}", text, re.DOTALL) for text in texts)

    @cached_property
    def stuck(self) -> tuple[Word, str] | None:
        """The word with the counter that never changes, and the counter's name."""
        for way in self.ways:
            for atom in (atom for guard in way.guards for atom in atoms(guard.statement)):
                if self.bound is Bound.STUCK and isinstance(atom, syntax.Test) and self.kind(atom) is Bound.STUCK:
                    return self._counter(atom)
        return None

    def _counter(self, test: syntax.Test) -> tuple[Word, str]:
        """The variable that a test counts by: of several the one that is compared, which stands first."""
        names = variables_of(test) & self.round.scope.variables.keys()
        found = (
            (self.round_text(word.start, word.end).find(name), word, name) for word in test.words for name in names
        )
        _, _, word, name = min(
            ((word.start, at, word, name) for at, word, name in found if at >= 0), key=lambda one: one[:2]
        )
        return word, name

    def _has_condition(self) -> bool:
        parts = self.statement.header.split(";") if isinstance(self.statement, syntax.For) else []
        return len(parts) > 1 and bool(parts[1].strip())

    def kind(self, atom: Atom) -> Bound:
        """What an atom of a condition depends on."""
        if constant(atom) is not None:
            return Bound.NEVER
        names = variables_of(atom)
        if names & set(_CLOCK) or _reads_clock(self.text_of(atom)):
            return Bound.CLOCK
        kinds = {self._of_change(change) for change in self.changes if change.name in names and not change.in_subshell}
        for kind in (Bound.COUNTER, Bound.CLOCK, Bound.INPUT):
            if kind in kinds:
                return kind
        if kinds or not names or "?" in names or not isinstance(atom, syntax.Test) or _runs_something(atom):
            return Bound.PROBE
        return self._of_constant_test(atom, names)

    def _of_constant_test(self, test: syntax.Test, names: set[str]) -> Bound:
        """A test of variables that the loop does not change: of a number that the script sets it is a stuck counter."""
        if not any(_NUMERIC.fullmatch(word.text or "") for word in test.words) and not _is_arithmetic(test):
            return Bound.PROBE if _looks_at_files(test) else Bound.UNKNOWN
        if any(command.name in RUNNING_TEXT for command in self.commands):
            return Bound.UNKNOWN
        known = (self.round.scope.variables.get(name) for name in names)
        is_set = any(value and value.is_whole and value.known.lstrip("-").isdecimal() for value in known)
        return Bound.STUCK if is_set else Bound.UNKNOWN

    def _of_change(self, change: VariableChange) -> Bound:
        if change.arithmetic:
            return Bound.COUNTER
        if change.value is None:
            return Bound.INPUT
        text = self.round_text(change.value.start, change.value.end)
        if _reads_clock(text):
            return Bound.CLOCK
        return Bound.COUNTER if _is_made_of_itself(change.value, change.name, text) else Bound.PROBE

    def text_of(self, statement: Statement) -> str:
        """A statement as it is written."""
        return self.round_text(statement.start, statement.end)

    def round_text(self, start: int, end: int) -> str:
        """A part of the script as it is written."""
        return self.walk.text[start:end]


def loops(walk: Walk) -> tuple[Loop, ...]:
    """The loops of a script, in the order in which they are come to."""
    return tuple(
        Loop(
            one,
            tuple(it for it in walk.commands[one.first : one.last] if one.statement.start in it.context.loops),
            walk,
        )
        for one in walk.rounds
    )


def _gives_up(command: Command) -> bool:
    """`exit 1`"""
    return command.name in ("exit", "return") and (command.words[1:2] or [""])[0] not in ("", "0", None)


def _runs_something(test: syntax.Test) -> bool:
    return any(isinstance(part, syntax.Substitution) for word in test.words for part in word.parts)


def _is_made_of_itself(word: Word, name: str, text: str) -> bool:
    """Whether a variable is set from what it was: it changes in each round, be it well calculated or not."""
    runs = any(isinstance(part, syntax.Substitution) for part in word.parts)
    return bool(re.search(rf"(?:\$\{{?|\(\(.*\b){name}\b" if runs else rf"\b{name}\b", text))


def _is_status(word: Word) -> bool:
    return any(isinstance(part, syntax.Variable) and part.name == "?" for part in word.parts)


def _reads_clock(text: str) -> bool:
    return bool(re.search(r"\bdate\s+['\"]?\+|/proc/uptime", text))


def _is_arithmetic(test: syntax.Test) -> bool:
    return test.bracket == "(("


def _looks_at_files(test: syntax.Test) -> bool:
    return any(re.fullmatch(r"-[abcdefghkprstuwxGLNOS]", word.text or "") for word in test.words)
