"""JUnit XML: a test suite per file, a test case per workload, so that what is fine can be seen, too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from initlint.finding import Diagnostic, ObjectRef, Severity
from initlint.report import Problem, Report
from initlint.reporters.concise import line
from initlint.reporters.display import Display
from initlint.reporters.encode import worst_first


@dataclass(slots=True)
class _Case:
    """A test case: of a workload, or of what stands outside of any."""

    path: str
    name: str
    line: int = 1
    found: list[Diagnostic] = field(default_factory=list)
    problem: Problem | None = None
    skipped: str = ""

    @property
    def failures(self) -> list[Diagnostic]:
        """What makes it red, the worst first: as for the exit code, a smell alone does not."""
        return worst_first(one for one in self.found if one.severity > Severity.INFO)


def write(report: Report, stream: TextIO, display: Display) -> None:
    """Write one XML document; in a stream that has no UTF-8, with references for all other characters."""
    display = display.for_programs(stream)
    cases = _cases(report)
    suites = [
        part for path, group in groupby(cases, key=lambda case: case.path) for part in _suite(path, [*group], display)
    ]
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    lines = [head, f'<testsuites name="initlint" {_counts(cases)}>', *suites, "</testsuites>"]
    stream.writelines(f"{text}\n" for text in lines)


def _cases(report: Report) -> list[_Case]:
    cases: dict[tuple[str, ObjectRef | None], list[_Case]] = {}
    for one in (each for each in report.checked if not each.is_part):
        cases.setdefault((one.path, one.object), []).append(_Case(one.path, _name(one.object), one.line))
    for found in report.active:
        same = cases.setdefault((found.home, found.object), [_Case(found.home, _name(found.object))])
        # A file may hold an object twice: a finding is of the one that begins last before it.
        line = (found.caller or found.place).start.line
        before = [case for case in same if case.line <= line]
        (before or same)[-1].found.append(found)
    skipped = [_Case(path, f"from line {at}", skipped=reason) for path, reason, at in report.skipped]
    unread = [_Case(problem.path, _name(None), problem=problem) for problem in report.problems]
    return sorted([*unread, *(case for same in cases.values() for case in same), *skipped], key=lambda case: case.path)


def _name(ref: ObjectRef | None) -> str:
    return ref.qualified if ref else "the file itself"


def _suite(path: str, cases: list[_Case], display: Display) -> list[str]:
    name = quoteattr(display.name(display.viewpoint.path(path)))
    inner = [text for case in cases for text in _case(case, name, display)]
    return [f"  <testsuite name={name} {_counts(cases)}>", *inner, "  </testsuite>"]


def _counts(cases: list[_Case]) -> str:
    failures = sum(bool(case.failures) for case in cases)
    errors = sum(bool(case.problem) for case in cases)
    return f'tests="{len(cases)}" failures="{failures}" errors="{errors}"'


def _case(case: _Case, suite: str, display: Display) -> list[str]:
    head = f"    <testcase name={quoteattr(display.name(case.name))} classname={suite}"
    inner = [f"      {text}" for text in _outcome(case, display)]
    return [f"{head}>", *inner, "    </testcase>"] if inner else [f"{head}/>"]


def _outcome(case: _Case, display: Display) -> Iterable[str]:
    if problem := case.problem:
        yield f'<error type="{problem.title}" message={quoteattr(display.prose(problem.message))}/>'
    if case.skipped:
        yield f"<skipped message={quoteattr(display.prose(case.skipped))}/>"
    if failures := case.failures:
        # Readers show the first failure of a case only, so that there is one, which holds them all.
        more = f" (and {len(failures) - 1:,} more)" if len(failures) > 1 else ""
        message = quoteattr(display.prose(failures[0].message) + more)
        text = escape("\n".join(line(one, display) for one in failures))
        kind = quoteattr(display.name(f"{failures[0].code} {failures[0].rule}"))
        yield f"<failure type={kind} message={message}>{text}</failure>"
    if smells := [one for one in case.found if one.severity is Severity.INFO]:
        text = "\n".join(line(one, display) for one in smells)
        yield f"<system-out>{escape(text)}</system-out>"
