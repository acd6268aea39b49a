"""What is known of each command, as `commands.yaml` has it; only what a script calls is read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

import yaml

_FILE = Path(__file__).with_name("commands.yaml")
_NAMES = re.compile(r"^([^\s#][^:#]*):(?:\n  also:(.*\n(?:    .*\n)*))?", re.MULTILINE)

Raw = Mapping[str, Any]
"""An entry as it is written; the top of `commands.yaml` explains its keys."""


class Case(NamedTuple):
    """What is different if one option of each group is given."""

    groups: tuple[frozenset[str], ...]
    change: Raw

    def holds(self, given: frozenset[str]) -> bool:
        """Whether it does with these options."""
        return all(group & given for group in self.groups)


@dataclass(frozen=True, slots=True)
class Entry:
    """One command, or one verb of it: its options, what its operands are, and what is so of it at all."""

    style: str = "gnu"
    flags: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()
    glued: frozenset[str] = frozenset()
    double: frozenset[str] = frozenset()
    options: Mapping[str, str] = field(default_factory=dict)
    operands: str = ""
    traits: frozenset[str] = frozenset()
    cases: tuple[Case, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    def takes_value(self, option: str) -> bool | None:
        """Whether the word behind an option is its value; None if the option is not known."""
        if option in self.flags or option in self.glued:
            return False
        return True if option in self.options or option in self.values or option in self.double else None

    def changed(self, raw: Raw) -> Entry:
        """The entry with what is written laid over it."""
        options = {name: role for names, role in raw.get("options", {}).items() for name in names.split()}
        flags, values, glued = (_words(raw, key) for key in ("flags", "values", "glued"))
        cases = tuple(Case(_groups(names), case) for names, case in raw.get("with", {}).items())
        named = {name for case in cases for group in case.groups for name in group}
        flags |= named - self.flags - self.values - self.glued - {*self.options} - values - glued - {*options}
        written = flags | values | glued | {*options}
        return replace(
            self,
            style=raw.get("style", self.style),
            flags=self.flags - written | flags,
            values=self.values - written | values,
            glued=self.glued - written | glued,
            double=self.double | _words(raw, "double"),
            options={name: role for name, role in self.options.items() if name not in written} | options,
            operands=raw.get("operands", self.operands),
            traits=(self.traits | _words(raw, "is")) - _words(raw, "not"),
            cases=(*self.cases, *cases),
            facts={**self.facts, **{key: str(raw[key]) for key in _FACTS if key in raw}},
        )

    def inherited(self) -> Entry:
        """What a verb has from the command before it: how its options are written."""
        return Entry(self.style, self.flags, self.values, self.glued, self.double, self.options)


_FACTS = ("probe", "host", "port", "resource", "verbs", "variables", "limit", "backoff", "rerun", "lasts", "here",
          "shape", "runs", "fills")  # fmt: skip


class Table:
    """Entries by the names of commands; a verb's stands under `command verb`."""

    def __init__(self, text: str, more: Mapping[str, Raw] | None = None) -> None:
        self._text = text
        self._more = {one: entry for name, entry in (more or {}).items() for one in _names(name, entry.get("also", ""))}
        self._entries: dict[str, Entry | None] = {}

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        found = list(_NAMES.finditer(self._text))
        ends = [*(match.start() for match in found[1:]), len(self._text)]
        return {
            name: (match.end(1) + 1, end)
            for match, end in zip(found, ends, strict=True)
            for name in _names(match[1].strip("\"'"), match[2] or "")
        }

    @cached_property
    def _first_names(self) -> dict[str, str]:
        """Of a command with several names the one under which its verbs stand."""
        found: dict[str, str] = {}
        for match in _NAMES.finditer(self._text):
            first = match[1].strip("\"'")
            found |= {name: first for name in _names(first, match[2] or "") if " " not in name}
        return found

    def first_name(self, name: str) -> str:
        """The name under which the verbs of a command stand."""
        return self._first_names.get(name, name)

    @property
    def names(self) -> Iterator[str]:
        """Every name that it knows."""
        return iter({**self._places, **self._more})

    @cached_property
    def _parents(self) -> frozenset[str]:
        steps = (name.split(" ")[:-1] for name in self.names if " " in name)
        return frozenset(" ".join(words[:count]) for words in steps for count in range(1, len(words) + 1))

    def has_verbs(self, name: str) -> bool:
        """Whether the first operand says what the command does."""
        return name in self._parents

    def get(self, name: str) -> Entry | None:
        """What is known of a command; None if nothing is."""
        if name not in self._entries:
            self._entries[name] = self._read(name)
        return self._entries[name]

    def _read(self, name: str) -> Entry | None:
        raw = self._more.get(name) or self._builtin(name)
        parent = self.get(name.rpartition(" ")[0]) if " " in name else None
        if raw is None:
            return (parent.inherited() if parent else Entry()) if name in self._parents else None
        like = self.get(raw["like"]) if "like" in raw else None
        return (like or (parent.inherited() if parent else Entry())).changed(raw)

    def _builtin(self, name: str) -> Raw | None:
        if name not in self._places:
            return None
        start, end = self._places[name]
        entry: Raw | None = yaml.load("x:" + self._text[start:end], yaml.CSafeLoader)["x"]
        return entry or {}


@cache
def builtin() -> Table:
    """The table that comes with initlint."""
    return Table(_FILE.read_text(encoding="utf-8"))


@cache
def of_user(entries: str) -> Table:
    """The table with the entries that a configuration holds, as JSON."""
    return extended(json.loads(entries)) if entries else builtin()


def extended(entries: Mapping[str, Raw]) -> Table:
    """The table with entries of one's own, which count before it."""
    return Table(_FILE.read_text(encoding="utf-8"), entries)


def _words(raw: Raw, key: str) -> frozenset[str]:
    return frozenset(raw.get(key, "").split())


def _groups(names: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(group.split()) for group in names.split(" + "))


def _names(name: str, also: str) -> list[str]:
    before, space, _ = name.rpartition(" ")
    return [name, *(before + space + other for other in also.split())]
