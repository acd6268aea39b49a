"""The graph for the terminal: each workload that waits, then what follows from all of them."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.finding import Severity
from initlint.graph.edge import WaitEdge
from initlint.graph.facts import WorkloadFacts
from initlint.graph.graph import Graph
from initlint.pictures.graph import words
from initlint.pictures.lines import lines
from initlint.reporters import Display
from initlint.reporters.display import BOLD, SEVERITY

# Names that are listed; more are counted.
_MOST = 10
_NEVER = SEVERITY[Severity.ERROR]


def render(graph: Graph, display: Display) -> str:
    """All that wait, who waits for nothing, the cycles, and the longest chain."""
    if not graph.workloads:
        return "no workloads"
    blocks = ["\n".join(_workload(one, edges, graph, display)) for one, edges in graph.edges.items()]
    return "\n\n".join([*blocks, "\n".join(_whole(graph, display))])


def _workload(one: WorkloadFacts, edges: tuple[WaitEdge, ...], graph: Graph, display: Display) -> Iterator[str]:
    line = graph.place(one.path, one.span).start.line
    title = display.name(f"{words.name(one)}  {one.path}:{line}")
    yield from (display.paint(row, BOLD) for row in lines(title, "", "  ", display, breaks_words=False))
    for edge in edges:
        yield from lines(display.prose(words.wait(edge)), "  ", "    ", display)
        yield from lines(display.prose(f"{_arrow(display)} {words.behind(edge)}"), "    ", "      ", display)
    if one in graph.never_starting:
        yield from (display.paint(row, _NEVER) for row in lines("never starts", "  ", "  ", display))


def _whole(graph: Graph, display: Display) -> Iterator[str]:
    others = [words.name(one) for one in graph.workloads if one not in graph.edges]
    listed = ", ".join(others) or "none" if len(others) <= _MOST else f"{len(others):,} workloads"
    yield from _fact("wait for nothing", listed, display)
    for way in words.cycles(graph):
        round_trip = [*(words.name(edge.workload) for edge in way), words.name(way[0].workload)]
        yield from (display.paint(row, _NEVER) for row in _fact("cycle", _chain(round_trip, display), display))
    if chain := graph.longest:
        told = _chain([words.name(one) for one in words.members(chain, graph)], display)
        took = words.longest(chain) or words.endless(chain)
        yield from _fact("longest chain", f"{told}, {took}", display)


def _chain(names: list[str], display: Display) -> str:
    return f" {_arrow(display)} ".join(names)


def _fact(label: str, text: str, display: Display) -> list[str]:
    return lines(display.prose(text), f"{label}: ", "  ", display)


def _arrow(display: Display) -> str:
    return display.either("→", "->")
