"""What is known of each command, as `commands.yaml` has it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from initlint.shipped import data

_FILE = Path(__file__).with_name("commands.yaml")

Raw = Mapping[str, Any]
"""An entry as it is written; the top of `commands.yaml` explains its keys."""


class OptionCase(NamedTuple):
    """What is different if one option of each group is given."""

    groups: tuple[frozenset[str], ...]
    change: Raw

    def holds(self, given: frozenset[str]) -> bool:
        """Whether it does with these options."""
        return all(group & given for group in self.groups)


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """One command, or one verb of it: its options, what its operands are, and what is so of it at all."""

    style: str = "gnu"
    flags: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()
    glued: frozenset[str] = frozenset()
    double: frozenset[str] = frozenset()
    options: Mapping[str, str] = field(default_factory=dict)
    operands: str = ""
    traits: frozenset[str] = frozenset()
    cases: tuple[OptionCase, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    def takes_value(self, option: str) -> bool | None:
        """Whether the word behind an option is its value; None if the option is not known."""
        if option in self.flags or option in self.glued:
            return False
        return True if option in self.options or option in self.values or option in self.double else None

    def changed(self, raw: Raw) -> CommandEntry:
        """The entry with what is written laid over it."""
        options = {name: role for names, role in raw.get("options", {}).items() for name in names.split()}
        flags, values, glued = (_words(raw, key) for key in ("flags", "values", "glued"))
        cases = tuple(OptionCase(_groups(names), case) for names, case in raw.get("with", {}).items())
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

    def inherited(self) -> CommandEntry:
        """What a verb has from the command before it: how its options are written."""
        return CommandEntry(self.style, self.flags, self.values, self.glued, self.double, self.options)


_FACTS = ("probe", "host", "port", "resource", "verbs", "variables", "limit", "backoff", "rerun", "lasts", "here",
          "shape", "runs", "fills", "beside", "needs", "by",
          "capability")  # fmt: skip


class CommandTable:
    """Entries by the names of commands; a verb's stands under `command verb`."""

    def __init__(self, more: Mapping[str, Raw] | None = None) -> None:
        self._written = {name: entry or {} for name, entry in data(_FILE).items()}
        self._raw = _by_name(self._written) | _by_name(more or {})
        self._entries: dict[str, CommandEntry | None] = {}

    @cached_property
    def _first_names(self) -> dict[str, str]:
        """Of a command with several names the one under which its verbs stand."""
        return {one: name for name, entry in self._written.items() for one in _names(name, entry) if " " not in one}

    def first_name(self, name: str) -> str:
        """The name under which the verbs of a command stand."""
        return self._first_names.get(name, name)

    @property
    def names(self) -> Iterator[str]:
        """Every name that it knows."""
        return iter(self._raw)

    @cached_property
    def _parents(self) -> frozenset[str]:
        steps = (name.split(" ")[:-1] for name in self.names if " " in name)
        return frozenset(" ".join(words[:count]) for words in steps for count in range(1, len(words) + 1))

    def has_verbs(self, name: str) -> bool:
        """Whether the first operand says what the command does."""
        return name in self._parents

    def get(self, name: str) -> CommandEntry | None:
        """What is known of a command; None if nothing is."""
        if name not in self._entries:
            self._entries[name] = self._read(name)
        return self._entries[name]

    def _read(self, name: str) -> CommandEntry | None:
        raw = self._raw.get(name)
        parent = self.get(name.rpartition(" ")[0]) if " " in name else None
        if raw is None:
            return (parent.inherited() if parent else CommandEntry()) if name in self._parents else None
        like = self.get(raw["like"]) if "like" in raw else None
        return (like or (parent.inherited() if parent else CommandEntry())).changed(raw)


@cache
def builtin() -> CommandTable:
    """The table that comes with initlint."""
    return CommandTable()


@cache
def of_user(entries: str) -> CommandTable:
    """The table with the entries that a configuration holds, as JSON."""
    return extended(json.loads(entries)) if entries else builtin()


def extended(entries: Mapping[str, Raw]) -> CommandTable:
    """The table with entries of one's own, which count before it."""
    return CommandTable(entries)


def _words(raw: Raw, key: str) -> frozenset[str]:
    return frozenset(raw.get(key, "").split())


def _groups(names: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(group.split()) for group in names.split(" + "))


def _by_name(entries: Mapping[str, Raw]) -> dict[str, Raw]:
    return {one: entry for name, entry in entries.items() for one in _names(name, entry)}


def _names(name: str, entry: Raw) -> list[str]:
    before, space, _ = name.rpartition(" ")
    return [name, *(before + space + other for other in entry.get("also", "").split())]
