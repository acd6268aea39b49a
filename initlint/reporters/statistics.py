"""How often each rule speaks: what to mend first, and whether a new rule is too much at once."""

from __future__ import annotations

from collections import Counter
from typing import TextIO

from initlint.report import Report
from initlint.reporters.display import SEVERITY, Display
from initlint.reporters.summary import footer


def write(report: Report, stream: TextIO, display: Display) -> None:
    """Write a line per rule, the most frequent first."""
    display = display.on(stream)
    counts = Counter((found.code, found.rule) for found in report.active)
    worst = {found.code: found.severity for found in sorted(report.active, key=lambda one: one.severity)}
    width = len(str(max(counts.values(), default=0)))
    for (code, name), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        stream.write(f"{count:>{width}}  {display.paint(f'{code} {display.name(name)}', SEVERITY[worst[code]])}\n")
    if display.verbosity >= 0:
        stream.writelines(f"{line}\n" for line in footer(report, display))
