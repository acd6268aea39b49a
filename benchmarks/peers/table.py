"""The figures as Markdown: a table for each input, and how far the goals are met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.peers.measure import Cost, Spread
from benchmarks.peers.tools import ONE, SCANNER, VALIDATOR

SMALL_FILE = 0.3
"""CPU seconds within which one small file should be linted."""


@dataclass(frozen=True, slots=True)
class Row:
    """A tool's cost, and what it says it looked at."""

    cost: Cost
    looked_at: str


Rows = Mapping[str, Row]


def table(rows: Rows) -> str:
    """One line for each tool."""
    return "\n".join(["| tool | CPU, s | wall, s | peak, MB | looked at |", "|---|--:|--:|--:|---|", *_lines(rows)])


def _lines(rows: Rows) -> Iterator[str]:
    for name, row in rows.items():
        cost = row.cost
        cells = [name, _spread(cost.cpu, 2), _spread(cost.wall, 2), _spread(cost.peak, 0, 1e6), row.looked_at]
        yield f"| {' | '.join(cells)} |"


def _spread(value: Spread, digits: int, unit: float = 1) -> str:
    median, least, most = (f"{one / unit:.{digits}f}" for one in (value.median, value.least, value.most))
    return f"**{median}** ({least} to {most})"


def goals(small: Rows, many: Rows) -> Sequence[str]:
    """What initlint in one process should reach, where both sides were measured."""
    return [*_at_most(many, VALIDATOR, 1), *_at_most(many, SCANNER, 0.1), *_small(small)]


def _at_most(rows: Rows, peer: str, share: float) -> Iterator[str]:
    if ONE in rows and peer in rows:
        ours, theirs = rows[ONE].cost.cpu.median, rows[peer].cost.cpu.median
        below = f"below {share:g} of {peer}'s" if share != 1 else f"below {peer}'s"
        yield _goal(ours < share * theirs, f"CPU time of {ONE}, {below}: {ours:.2f} s against {theirs:.2f} s")


def _small(rows: Rows) -> Iterator[str]:
    if ONE in rows:
        ours = rows[ONE].cost.cpu.median
        yield _goal(ours < SMALL_FILE, f"CPU time of one small file, below {SMALL_FILE:g} s: {ours:.2f} s")


def _goal(met: bool, what: str) -> str:
    return f"- {'met' if met else '**not met**'}: {what}"
