"""What speaks against fixes in the findings before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from initlint.finding import Diagnostic
from initlint.report import Report

Made = Mapping[str, Sequence[Diagnostic]]


def worsened(before: Report, after: Report, made: Made) -> dict[str, str]:
    """Why fixes must not be written, by the path that they were made in: some findings stay, or others have come."""
    worse = {path: "it would still be found" for path, found in made.items() if _stay(before, after, found)}
    for found in _appeared(before.diagnostics, after.diagnostics):
        if found.rule not in _revealed(made.get(found.path, ())):
            worse |= _because_of(found, made)
    for found in _appeared(_rejected(before), _rejected(after), by_rule=False):
        worse |= _because_of(found, made)
    return worse


def _because_of(found: Diagnostic, made: Made) -> dict[str, str]:
    """What is found in another file may come of any of the fixes."""
    affected = [found.path] if found.path in made else list(made)
    return dict.fromkeys(affected, f"`{found.rule}` would be found then")


def _revealed(made: Sequence[Diagnostic]) -> set[str]:
    return {name for one in made if one.fix for name in one.fix.reveals}


def _stay(before: Report, after: Report, mended: Sequence[Diagnostic]) -> bool:
    was, became, gone = (Counter(map(_said, found)) for found in (before.diagnostics, after.diagnostics, mended))
    return any(became[key] > max(was[key] - count, 0) for key, count in gone.items())


def _said(found: Diagnostic) -> tuple[object, ...]:
    return found.path, found.code, found.object, found.container, found.message


def _rejected(report: Report) -> list[Diagnostic]:
    return [one for one in report.diagnostics if one.rejected]


def _appeared(before: Iterable[Diagnostic], after: Iterable[Diagnostic], *, by_rule: bool = True) -> list[Diagnostic]:
    """Findings about a container or an object, of a rule or of any, beyond as many as there were before."""
    counts = Counter(_about(one, by_rule=by_rule) for one in before)
    found = []
    for one in after:
        counts[_about(one, by_rule=by_rule)] -= 1
        if counts[_about(one, by_rule=by_rule)] < 0:
            found.append(one)
    return found


def _about(found: Diagnostic, *, by_rule: bool) -> tuple[object, ...]:
    return found.path, found.object, found.container, found.code if by_rule else ""
