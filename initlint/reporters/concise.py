"""One line per finding, as compilers print them: for editors, `grep`, and people in a hurry."""

from __future__ import annotations

from typing import TextIO

from initlint.finding import Diagnostic
from initlint.report import Problem, Report
from initlint.reporters.display import BOLD, SEVERITY, Display
from initlint.reporters.summary import footer, left_alone, vanished


def write(report: Report, stream: TextIO, display: Display) -> None:
    """Write findings, then problems, then a footer that no pattern takes for either."""
    display = display.on(stream)
    lines = [line(found, display) for found in report.active]
    lines += [_problem(problem, display) for problem in report.problems]
    lines += left_alone(report, display)
    if display.verbosity >= 0:
        lines += [*vanished(report, display), *footer(report, display)]
    stream.writelines(f"{text}\n" for text in lines)


def line(found: Diagnostic, display: Display) -> str:
    """A finding on one line, with its place in front."""
    start = found.place.start
    place = display.paint(f"{display.name(found.path)}:{start.line}:{start.column}:", BOLD)
    rule = display.paint(display.name(f"{found.code} {found.rule}"), SEVERITY[found.severity])
    return f"{place} {rule}: {display.prose(found.message)}"


def _problem(problem: Problem, display: Display) -> str:
    return f"{display.name(problem.path)}: error: {display.prose(problem.message)}"
