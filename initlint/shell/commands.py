"""What a command means, from its words alone: nothing is executed, and what is not known is not claimed."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import replace

from initlint.shell.effects import Named, effects
from initlint.shell.meaning import Action, Effect, Kind, Meaning, Probe, Rerun
from initlint.shell.operands import Assigned, assign
from initlint.shell.options import Parsed, parse, split
from initlint.shell.probes import limit, probes
from initlint.shell.syntax import Literal, Pattern
from initlint.shell.table import Entry, Table, builtin
from initlint.shell.values import UNKNOWN, Argument, Value, resolve

_BOXES = ("busybox", "toybox")
_PRODUCTS = ("directory", "link", "linked", "into", "cloned", "account", "moved", "write")
_FILE_TEST = re.compile("-[bcdefghkprsuwxGLNOS]")
_NUMBER = re.compile(r"[\d-]*")
_MAX_VERBS = 3


def understand(arguments: Sequence[Argument], cwd: Value, table: Table | None = None) -> Meaning:
    """What is known of a command; `arguments[0]` is the program, wrappers left out."""
    table = table or builtin()
    words = list(split(arguments))
    while len(words) > 1 and _program(words[0]) in _BOXES:
        del words[0]
    name = _program(words[0]) if words else ""
    if not name or table.get(name) is None:
        return Meaning()
    entry, rest = _verb(name, words[1:], table)
    return _Reading(entry, words[0], rest, cwd).meaning()


def of_test(words: Sequence[Argument], cwd: Value) -> Meaning:
    """What a test looks at: the files of `-e file`, `-S file`, `a -nt b`; it asks for the one it tests alone."""
    names = [word for before, word in itertools.pairwise(words) if _FILE_TEST.fullmatch(_operator(before))]
    pairs = [index for index, word in enumerate(words) if _operator(word) in ("-nt", "-ot", "-ef")]
    names += [words[near] for index in pairs for near in (index - 1, index + 1) if 0 <= near < len(words)]
    found = tuple(Effect(Action.LOOK, word.start, word.end, resolve(word.value, cwd)) for word in names)
    asked = Probe(Kind.FILE, found[0].start, found[0].end, path=found[0].path) if len(found) == 1 else None
    return Meaning(found, (asked,) if asked else (), is_known=True)


def _operator(word: Argument) -> str:
    """The text of an operator; `-f` is a pattern to the parser."""
    return "".join(part.text for part in word.word.parts if isinstance(part, Literal | Pattern))


def _program(word: Argument) -> str:
    name = (word.text or "").rpartition("/")[2]
    return {":": "true", ".": "source"}.get(name, name)


def _verb(name: str, words: list[Argument], table: Table) -> tuple[Entry, list[Argument]]:
    """The entry of a command's verb, such as `git clone`, and the words without it."""
    for _ in range(_MAX_VERBS):
        entry = table.get(name) or Entry()
        slots = parse(words, entry, until_operand=True).slots if table.has_verbs(name) else ()
        verb = slots[0] if slots and slots[0].counts == (1,) else None
        if verb is None or table.get(f"{name} {verb.argument.text}") is None:
            return entry, words
        name = f"{name} {verb.argument.text}"
        words = [word for word in words if word is not verb.argument]
    return table.get(name) or Entry(), words


class _Reading:
    """The words of one command, read by its entry."""

    def __init__(self, entry: Entry, program: Argument, words: Sequence[Argument], cwd: Value) -> None:
        self.parsed: Parsed = parse(words, entry)
        self.entry = _of_case(entry, self.parsed)
        self.assigned: Assigned = assign(self.entry.operands, self.parsed.slots, _fits)
        self.is_open = self.parsed.is_open or self.assigned.may_hold_options
        self.program = program
        self.cwd = cwd
        self.named = sorted(self._named(), key=lambda one: one.argument.start)
        self.closed = _closed(entry, self.entry, self.parsed) if self.is_open else self.entry

    def _named(self) -> list[Named]:
        found = [
            Named(self.entry.options[one.name], one.value or one.place)
            for one in self.parsed.given
            if one.name in self.entry.options
        ]
        found += [
            Named(role, slot.argument, 2 in slot.counts)
            for slot, role in zip(self.parsed.slots, self.assigned.roles, strict=True)
            if role
        ]
        here = self.entry.facts.get("here")
        if here and not any(one.role == here for one in found):
            found.append(Named(here, self._here(found)))
        return found

    def _here(self, found: Sequence[Named]) -> Argument:
        """The working directory, as the option that changes it names it, or the program."""
        named = next((one.argument for one in reversed(found) if one.role == "work"), self.program)
        return replace(named, value=Value("./", True))

    def meaning(self) -> Meaning:
        traits = self.closed.traits
        found = effects(self.named, self.cwd, self.entry.traits)
        return self._waiting(
            Meaning(
                effects=found,
                probes=probes(self.named, self.entry.facts) or self._unknown_probe(),
                can_fail="cannot-fail" not in traits,
                is_significant="significant" in traits,
                is_known=True,
                downloads=tuple(one.argument for one in self.named if one.role in ("url", "fetched", "cloned")),
                stores_errors="stores-errors" in traits,
                produces="produces" in traits,
                checks_input="checks-input" in traits,
                rerun=Rerun(self.closed.facts.get("rerun") or "unknown"),
                rerun_at=self._product(),
                lasts=self.closed.facts.get("lasts", ""),
                needs_root="needs-root" in traits,
            )
        )

    def _unknown_probe(self) -> tuple[Probe, ...]:
        """What is asked for where no word tells."""
        kind = self.entry.facts.get("probe", "none")
        if kind == "none" or not self.parsed.slots:
            return ()
        first, last = self.parsed.slots[0].argument, self.parsed.slots[-1].argument
        return (Probe(Kind(kind), first.start, last.end, UNKNOWN),)

    def _waiting(self, meaning: Meaning) -> Meaning:
        if "waits" not in self.entry.traits:
            return replace(meaning, attempt=limit(self.named, "attempt"))
        said = [one for one in self.named if one.role in ("limit", "limit-ms")]
        known = limit(self.named, "limit") if said else _number(self.entry.facts.get("limit"))
        unknown = (known is None and bool(said)) or (not said and self.is_open)
        seconds = None if known == 0 and "zero-is-for-ever" in self.entry.traits else known
        return replace(
            meaning,
            waits=True,
            limit=None if seconds == math.inf else seconds,
            limit_is_unknown=unknown,
            attempt=limit(self.named, "attempt"),
        )

    def _product(self) -> Argument | None:
        """What is there already when the command runs again."""
        if self.closed.facts.get("rerun") not in ("fails", "doubles"):
            return None
        return next((one.argument for one in self.named if one.role in _PRODUCTS), None)


def _of_case(entry: Entry, parsed: Parsed) -> Entry:
    """The entry, as the options that are given change it."""
    changed = entry
    for case in entry.cases:
        if case.holds(parsed.names):
            changed = changed.changed(case.change)
    return changed


def _closed(whole: Entry, entry: Entry, parsed: Parsed) -> Entry:
    """The entry without what an option that is not seen may take away."""
    for case in whole.cases:
        if not case.holds(parsed.names):
            other = entry.changed(case.change)
            facts = {key: value for key, value in entry.facts.items() if other.facts.get(key) == value}
            entry = replace(entry, traits=entry.traits & other.traits, facts=facts)
    return entry


def _fits(role: str, value: Value) -> bool:
    """Whether a value can play a role: no URL begins with a slash, no port with a letter."""
    if role == "cloned":
        return not value.is_whole or ":" in value.known or "/" in value.known
    if role in ("url", "fetched", "host", "address"):
        plain_number = value.is_whole and value.known.isdecimal()
        return not value.known.startswith(("/", ".")) and not (plain_number and role in ("host", "address"))
    return _NUMBER.fullmatch(value.known) is not None if role in ("port", "number") else True


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)
