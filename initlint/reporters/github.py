"""Annotations of GitHub Actions: the ten of each kind that it shows are the worst, the rest are lines of the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TextIO

from initlint.finding import Diagnostic, Severity
from initlint.report import Problem, Report
from initlint.reporters.concise import line
from initlint.reporters.display import Display
from initlint.reporters.encode import worst_first
from initlint.reporters.summary import footer, left_alone, plural, vanished

MOST = 10
"""Annotations of a kind that GitHub keeps of one step: it drops those that come later."""

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def write(report: Report, stream: TextIO, display: Display) -> None:
    """Write the annotations, then what there is no room for, and a footer."""
    display = display.for_programs(stream)
    problems, found = report.problems, worst_first(report.active)
    room = Counter({Severity.ERROR: MOST - min(MOST, len(problems)), Severity.WARNING: MOST, Severity.INFO: MOST})
    annotated = [one for one in found if _takes(room, one.severity)]
    # By identity: two findings may well be equal.
    shown = set(map(id, annotated))
    lines = [_problem(problem, display) for problem in problems[:MOST]]
    lines += [_annotation(one, display) for one in annotated]
    lines += _rest([one for one in found if id(one) not in shown], display)
    lines += map(_inert, left_alone(report, display))
    if display.verbosity >= 0:
        lines += map(_inert, [*vanished(report, display), *footer(report, display)])
    stream.writelines(f"{text}\n" for text in lines)


def _takes(room: Counter[Severity], severity: Severity) -> bool:
    room[severity] -= 1
    return room[severity] >= 0


def _annotation(found: Diagnostic, display: Display) -> str:
    (line, column), (end_line, end_column) = found.place.start, found.place.end
    file = display.name(display.viewpoint.path(found.path))
    place: dict[str, str | int] = {"file": file, "line": line, "endLine": end_line}
    if line == end_line:
        # GitHub refuses columns of an annotation that goes over several lines.
        place |= {"col": column, "endColumn": max(column, end_column)}
    title = display.name(f"{found.code} {found.rule}")
    return _command(_COMMANDS[found.severity], {**place, "title": title}, display.prose(found.message))


def _problem(problem: Problem, display: Display) -> str:
    file = display.name(display.viewpoint.path(problem.path))
    return _command("error", {"file": file, "title": problem.title}, display.prose(problem.message))


def _command(name: str, properties: dict[str, str | int], message: str) -> str:
    told = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {told}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _rest(found: list[Diagnostic], display: Display) -> Iterator[str]:
    if found:
        yield f"::group::{plural(len(found), 'more finding')} than GitHub annotates"
        yield from (_inert(line(one, display)) for one in found)
        yield "::endgroup::"


def _inert(text: str) -> str:
    """A line of the log that the runner takes for no command: at the beginning `::` is one, `##[` anywhere."""
    text = text.replace("##[", "## [")
    return f"./{text}" if text.lstrip().startswith("::") else text
