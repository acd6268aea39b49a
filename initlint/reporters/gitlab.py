"""The code quality report of GitLab: a flat list of findings, each with a fingerprint of its own."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import TextIO

from initlint.finding import Diagnostic, Severity
from initlint.report import Problem, Report
from initlint.reporters.display import Display
from initlint.reporters.encode import encode

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def write(report: Report, stream: TextIO, display: Display) -> None:
    """Write one JSON array, a finding a line; what could not be read stands in it, too."""
    encoding = display.on(stream).encoding
    rows = ",\n".join(encode(row, encoding=encoding) for row in _rows(report, display.for_json()))
    stream.write(f"[\n{rows}\n]\n" if rows else "[]\n")


def _rows(report: Report, display: Display) -> Iterator[dict[str, object]]:
    seen = Counter[str]()
    for problem in sorted(set(report.problems)):
        yield _problem(problem, display)
    for found in report.active:
        # GitLab drops findings whose fingerprint it has met; two files may well hold the same object.
        seen[found.fingerprint] += 1
        yield _finding(found, seen[found.fingerprint], display)


def _finding(found: Diagnostic, nth: int, display: Display) -> dict[str, object]:
    return {
        "description": display.prose(found.message),
        "check_name": display.name(found.rule),
        "fingerprint": _hash(found.fingerprint, str(nth)),
        "severity": _SEVERITIES[found.severity],
        "location": _location(found.path, found.place.start.line, found.place.end.line, display),
    }


def _problem(problem: Problem, display: Display) -> dict[str, object]:
    return {
        "description": display.prose(f"{problem.title}: {problem.message}"),
        "check_name": "unreadable-input",
        "fingerprint": _hash("unreadable-input", problem.path, problem.message),
        "severity": "blocker",
        "location": _location(problem.path, 1, 1, display),
    }


def _location(path: str, begin: int, end: int, display: Display) -> dict[str, object]:
    return {"path": display.name(display.viewpoint.path(path)), "lines": {"begin": begin, "end": end}}


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
