"""Findings that are known and accepted for now: new ones fail, and those that are gone are named."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from initlint import atomic
from initlint.errors import InitlintError, bounded, unread, unwritten
from initlint.finding import Diagnostic, Status
from initlint.report import AcceptedFinding, Report
from initlint.settings import ALWAYS, Settings, selected_codes
from initlint.viewpoint import Viewpoint

NAME = ".initlint-baseline.json"
VERSION = 1


class Baseline(NamedTuple):
    """The findings that a file holds; their paths are relative to it."""

    file: Path
    entries: tuple[AcceptedFinding, ...] = ()

    @classmethod
    def load(cls, file: Path) -> Baseline:
        """Read a file; raises InitlintError for what is no baseline."""
        try:
            told = json.loads(bounded(file).decode("utf-8"))
            if told["version"] != VERSION:
                raise InitlintError(f"`{file}` has version {told['version']}, where {VERSION} is known: write it anew")
            return cls(file, tuple(AcceptedFinding(**entry) for entry in told["findings"]))
        except OSError as error:
            raise unread(file, error, "`initlint baseline write` writes one") from error
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise InitlintError(f"`{file}` is no baseline: `initlint baseline write` writes one") from error

    def of(self, report: Report) -> Baseline:
        """All findings that a report shows; that something could not be checked is never accepted."""
        seen = self._viewpoint()
        found = (_known(one, seen) for one in report.active if one.code != ALWAYS)
        return self._replace(entries=tuple(sorted(found, key=_order)))

    def without(self, vanished: Iterable[AcceptedFinding]) -> Baseline:
        """The baseline without some entries, each taken out as often as it is given."""
        left = Counter(self.entries) - Counter(vanished)
        return self._replace(entries=tuple(sorted(left.elements(), key=_order)))

    def save(self) -> None:
        """Write the file, an entry a line, so that changes to it can be merged; raises InitlintError."""
        rows = ",\n".join("    " + json.dumps(one._asdict(), ensure_ascii=False) for one in self.entries)
        listed = f"[\n{rows}\n  ]" if rows else "[]"
        text = f'{{\n  "version": {VERSION},\n  "findings": {listed}\n}}\n'
        try:
            atomic.replace(self.file, text.encode("utf-8", "replace"))
        except OSError as error:
            raise unwritten(self.file, error) from error

    def applied(self, report: Report, settings: Settings, checked: Iterable[str]) -> Report:
        """The report in which only what is new is active; `checked` are the paths that it is about.

        An entry stands for one finding: of two that are alike the second is new. Those of the same path go first, so
        that an object that moved into another file is still known.
        """
        seen, left = self._viewpoint(), dict(enumerate(self.entries))
        taken: set[int] = set()
        for exact in (True, False):
            taken |= set(_matches(report.diagnostics, left, seen, frozenset(taken), exact))
        judged = tuple(
            replace(one, status=Status.KNOWN) if index in taken and one.status is Status.ACTIVE else one
            for index, one in enumerate(report.diagnostics)
        )
        about = {seen.path(path): path for path in checked}
        gone = [one for one in left.values() if self._is_gone(one, about, settings)]
        return replace(report, diagnostics=judged, vanished=tuple(sorted(gone, key=_order)))

    def _is_gone(self, entry: AcceptedFinding, about: dict[str, str], settings: Settings) -> bool:
        """Whether it would have been found if it were still there."""
        if entry.path in about:
            return entry.code in selected_codes(settings.for_path(about[entry.path]))
        return not entry.path.startswith("<") and not (self.file.parent / entry.path).exists()

    def _viewpoint(self) -> Viewpoint:
        return Viewpoint(str(self.file.resolve().parent), str(Path.cwd()))


def _matches(
    diagnostics: tuple[Diagnostic, ...],
    left: dict[int, AcceptedFinding],
    seen: Viewpoint,
    taken: frozenset[int],
    exact: bool,
) -> Iterator[int]:
    """Indices of diagnostics that an entry stands for; it is taken out of those that are left."""
    numbers: dict[tuple[str, ...], list[int]] = {}
    for number, entry in left.items():
        numbers.setdefault((entry.fingerprint, entry.path) if exact else (entry.fingerprint,), []).append(number)
    for index, one in enumerate(diagnostics):
        key = (one.fingerprint, seen.path(one.home)) if exact else (one.fingerprint,)
        may_be = one.code != ALWAYS and one.status is not Status.SUPPRESSED and index not in taken
        if may_be and numbers.get(key):
            del left[numbers[key].pop()]
            yield index


def _known(found: Diagnostic, seen: Viewpoint) -> AcceptedFinding:
    where = str(found.object) if found.object else None
    return AcceptedFinding(
        found.fingerprint, found.code, found.rule, seen.path(found.home), where, found.container, found.message
    )


def _order(entry: AcceptedFinding) -> tuple[str, ...]:
    return entry.path, entry.code, *(part or "" for part in entry)
