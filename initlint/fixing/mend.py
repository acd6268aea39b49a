"""Mend sources: fixes that can be applied together, verified as a whole, until nothing is left to be mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from initlint.finding import Diagnostic
from initlint.fixing.apply import apply, compatible, edits_of, fixes_of
from initlint.fixing.compare import worsened
from initlint.fixing.memory import Memory
from initlint.fixing.verify import objection
from initlint.report import Report
from initlint.run import run_sources
from initlint.settings import Settings
from initlint.text.source import Source

MAX_ROUNDS = 100
"""A budget: fixes that undo each other must not go on for ever."""


class Mended(NamedTuple):
    """A source before and after, and what was found in it and is mended."""

    before: Source
    after: Source
    fixed: tuple[Diagnostic, ...]


class RefusedFix(NamedTuple):
    """A finding whose fix was not made, and why."""

    found: Diagnostic
    reason: str


class MendedRun(NamedTuple):
    """What became of the sources, and what is found in them now."""

    mended: tuple[Mended, ...]
    refused: tuple[RefusedFix, ...]
    report: Report

    def without(self, unwritten: Mapping[str, str]) -> MendedRun:
        """What became of them where files, by their paths, could not be written for some reason."""
        lost = [one for one in self.mended if one.before.path in unwritten]
        refused = [RefusedFix(found, unwritten[one.before.path]) for one in lost for found in one.fixed]
        left = (*self.report.diagnostics, *(one.found for one in refused))
        return MendedRun(
            tuple(one for one in self.mended if one not in lost),
            (*self.refused, *refused),
            replace(self.report, diagnostics=left),
        )


def mend(
    sources: Sequence[Source],
    settings: Settings,
    *,
    unsafe: bool,
    context: Sequence[Source] = (),
    only: str | None = None,
) -> MendedRun:
    """Make every fix that stands the test; `unsafe` are those that change more than what is wrong, too.

    `only` is the name of the rule whose findings are to be mended, if not all are.
    Raises InitlintError where the settings cannot be followed.
    """
    mending = _Mending({source.path: source for source in sources}, settings, unsafe, context, only)
    for _ in range(MAX_ROUNDS):
        if not mending.step():
            break
    return mending.outcome(sources)


@dataclass
class _Mending:
    """Sources on their way. `most` is how many fixes of a path are tried at once, after one of them did not do."""

    sources: dict[str, Source]
    settings: Settings
    unsafe: bool
    context: Sequence[Source]
    only: str | None
    fixed: dict[str, list[Diagnostic]] = field(default_factory=dict)
    refused: dict[tuple[str, ...], RefusedFix] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)
    report: Report | None = None
    full: Report | None = None
    memory: Memory = field(default_factory=Memory)

    def step(self) -> bool:
        """Mend what can be mended together; tell whether there was anything to be tried."""
        self.report = self.report or self.check(self.sources, self.settings)
        chosen = self.chosen(self.report)
        self.full = (self.full or self.check(self.sources, whatever(self.settings))) if chosen else None
        if self.full:
            self.take(chosen, *self.verified(chosen, self.full))
        return bool(chosen)

    def check(self, sources: dict[str, Source], settings: Settings) -> Report:
        analyse = self.memory.analyse
        return run_sources(list(sources.values()), settings, context=self.context, analyse=analyse).report

    def chosen(self, report: Report) -> dict[str, list[Diagnostic]]:
        """The findings to be mended next, by path."""
        by_path: dict[str, list[Diagnostic]] = {}
        for found in report.active:
            if self.is_wanted(found):
                by_path.setdefault(found.path, []).append(found)
        return {path: compatible(found)[: self.most.get(path)] for path, found in by_path.items()}

    def is_wanted(self, found: Diagnostic) -> bool:
        is_allowed = found.fix is not None and (found.fix.safe or self.unsafe) and found.path in self.sources
        return is_allowed and self.only in (None, found.rule) and _key(found) not in self.refused

    def verified(self, chosen: dict[str, list[Diagnostic]], before: Report) -> tuple[dict[str, Source], dict[str, str]]:
        """The sources with the fixes made that stand the test, and why the others do not."""
        tried = {path: _apply(self.sources[path], found) for path, found in chosen.items()}
        problems = {path: _objection(self.sources[path], tried[path], chosen[path]) for path in chosen}
        bad = {path: reason for path, reason in problems.items() if reason}
        while good := {path: source for path, source in tried.items() if path not in bad}:
            after = self.check(self.sources | good, whatever(self.settings))
            worse = worsened(before, after, {path: chosen[path] for path in good})
            if not worse:
                self.full = after
                break
            bad |= worse
        return good, bad

    def take(self, chosen: dict[str, list[Diagnostic]], good: dict[str, Source], bad: dict[str, str]) -> None:
        """Go on with what is mended; of what did not do, try half next time, or give it up."""
        for path, source in good.items():
            self.sources[path] = source
            self.fixed.setdefault(path, []).extend(chosen[path])
            if path in self.most:
                self.most[path] *= 2
        for path, reason in bad.items():
            self.most[path] = max(len(chosen[path]) // 2, 1)
            if len(chosen[path]) == 1:
                self.refused[_key(chosen[path][0])] = RefusedFix(chosen[path][0], reason)
        self.report = None if good else self.report

    def outcome(self, sources: Sequence[Source]) -> MendedRun:
        mended = (
            Mended(source, self.sources[source.path], tuple(self.fixed[source.path]))
            for source in sources
            if source.path in self.fixed
        )
        report = self.report or self.check(self.sources, self.settings)
        return MendedRun(tuple(mended), tuple(self.refused.values()), report)


def whatever(settings: Settings) -> Settings:
    """The settings with every rule selected: a fix must not bring what was not asked for, either."""
    special = tuple(one._replace(ignore=(), extend_select=()) for one in settings.special)
    return replace(settings, select=("ALL",), extend_select=(), ignore=(), special=special)


def _key(found: Diagnostic) -> tuple[str, ...]:
    return found.path, found.code, found.fingerprint, found.message


def _apply(source: Source, found: Sequence[Diagnostic]) -> Source:
    return replace(source, text=apply(source.text, edits_of(found)))


def _objection(before: Source, after: Source, found: Sequence[Diagnostic]) -> str | None:
    if before.undecodable is not None:
        return "the file holds what is no text of its encoding"
    return objection(before, after, fixes_of(found))
