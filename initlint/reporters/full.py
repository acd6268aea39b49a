"""The report for people: a code frame per finding, and an honest footer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from initlint.finding import Confidence, Diagnostic, Severity
from initlint.report import Problem, Report
from initlint.reporters.display import Display
from initlint.reporters.frame import code_frame, headline
from initlint.reporters.summary import footer, notes, plural, skipped, vanished

# Places that can be taken in at a glance; the others are counted.
_MOST_RELATED = 10


def write(report: Report, stream: TextIO, display: Display) -> None:
    """Write a frame per finding, what could not be read, and unless the reader wants findings only, a footer."""
    if text := "\n\n".join(filter(None, _sections(report, display.on(stream)))):
        stream.write(f"{text}\n")


def _sections(report: Report, display: Display) -> Iterator[str]:
    for found in report.active:
        yield _finding(found, report.target_version, display)
    yield "\n".join(_problem(problem, display) for problem in report.problems)
    if display.verbosity > 0:
        yield "\n".join(skipped(report, display))
        yield "\n".join(notes(report, display))
    if display.verbosity >= 0:
        yield "\n".join(vanished(report, display))
        yield "\n".join(footer(report, display, reasons=True))


def _finding(found: Diagnostic, target_version: str, display: Display) -> str:
    frame = code_frame(
        found.place,
        found.related[:_MOST_RELATED],
        _footnotes(found, target_version, display),
        severity=found.severity,
        display=display,
    )
    return f"{headline(found.severity, found.message, found.rule, display)}\n{frame}"


def _footnotes(found: Diagnostic, target_version: str, display: Display) -> Iterator[tuple[str, str]]:
    if more := len(found.related[_MOST_RELATED:]):
        yield "note", f"and {plural(more, 'more place')}"
    yield "note", display.dot.join(_subject(found))
    if found.rejected:
        yield "note", f"the API server of {target_version} rejects this object"
    if found.fix:
        yield "fix", f"{found.fix.title} (initlint fix{'' if found.fix.safe else ' --unsafe'})"
    yield "help", display.dot.join(filter(None, (found.help, f"initlint explain {found.rule}")))


def _subject(found: Diagnostic) -> Iterator[str]:
    yield found.code
    if found.object:
        yield found.object.qualified
    if found.container:
        yield f"container {found.container}"
    if found.confidence is not Confidence.HIGH:
        yield f"{found.confidence} confidence"


def _problem(problem: Problem, display: Display) -> str:
    return headline(Severity.ERROR, f"{display.name(problem.path)}: {problem.message}", display=display)
