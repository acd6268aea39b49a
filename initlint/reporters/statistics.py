"""How often each rule speaks: what to mend first, and whether a new rule is too much at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TextIO

from initlint.finding import Diagnostic, Severity
from initlint.report import Report
from initlint.reporters.display import SEVERITY, Display
from initlint.reporters.encode import encode
from initlint.reporters.summary import footer, left_alone


@dataclass(frozen=True, slots=True)
class _Count:
    """A rule with the number of its findings, how many of them a fix can mend, and the worst severity."""

    code: str
    name: str
    severity: Severity
    count: int
    fixable: int


def write(report: Report, stream: TextIO, display: Display) -> None:
    """Write a line per rule, the most frequent first."""
    display = display.on(stream)
    counts = _counts(report)
    width = len(str(counts[0].count)) if counts else 0
    for one in counts:
        rule = display.paint(f"{one.code} {display.name(one.name)}", SEVERITY[one.severity])
        stream.write(f"{one.count:>{width}}  {rule}\n")
    stream.writelines(f"{line}\n" for line in left_alone(report, display))
    if display.verbosity >= 0:
        stream.writelines(f"{line}\n" for line in footer(report, display))


def write_json(report: Report, stream: TextIO, display: Display) -> None:
    """Write a list with an object for each rule, the most frequent first."""
    rows = [asdict(one) | {"severity": str(one.severity)} for one in _counts(report)]
    stream.write(encode(rows, indent=2, encoding=display.on(stream).encoding) + "\n")


def _counts(report: Report) -> list[_Count]:
    return sorted(_counted(report), key=lambda one: (-one.count, one.code, one.name))


def _counted(report: Report) -> Iterator[_Count]:
    found: dict[tuple[str, str], list[Diagnostic]] = {}
    for one in report.active:
        found.setdefault((one.code, one.rule), []).append(one)
    for (code, name), several in found.items():
        fixable = sum(one.fix is not None for one in several)
        yield _Count(code, name, max(one.severity for one in several), len(several), fixable)
