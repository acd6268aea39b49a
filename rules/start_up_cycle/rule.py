"""Workloads whose init containers wait for each other: none of them ever starts."""

from collections.abc import Iterator
from itertools import chain, islice, pairwise

from initlint.api import ERROR, Finding, Findings, Graph, Related, WaitEdge, WayRound, rule

# Steps of the way that a message shows, and those whose places it shows: of thousands, nobody reads more.
_MOST = 8
_MOST_PLACES = 32


@rule("INIT504", "workloads that wait for each other", severity=ERROR, supersedes=("unbounded-wait",))
def check(graph: Graph) -> Findings:
    for way in graph.cycles:
        first = way.first
        yield Finding(
            graph.where(first),
            f"{first.wait.title} of {first.workload.ref} waits for {_chain(way)}: none of them ever starts",
            related=tuple(_related(way, graph)),
            defect=first.wait.defect,
            help="let one of them start without the others, and try again until they are there",
        )


def _chain(way: WayRound) -> str:
    """Who waits for whom, round to the one that begins."""
    if len(way) <= _MOST:
        shown = [_step(*pair) for pair in _pairs(way, _MOST)]
    else:
        shown = [*(_step(*pair) for pair in _pairs(way, _MOST - 1)), "…", _step(way.last, way.first)]
    return ", which waits for ".join(shown)


def _step(edge: WaitEdge, after: WaitEdge) -> str:
    return f"`{edge.wait.text or edge.target.name}` ({after.workload.ref})"


def _pairs(way: WayRound, most: int) -> list[tuple[WaitEdge, WaitEdge]]:
    """The first waits, each with the next one; behind the last one comes the first."""
    edges = list(islice(chain(way, (way.first,)), most + 1))
    return list(pairwise(edges))


def _related(way: WayRound, graph: Graph) -> Iterator[Related]:
    for edge, after in _pairs(way, _MOST_PLACES):
        if edge is not way.first:
            said = f"{edge.wait.title} of {edge.workload.ref} waits for {after.workload.ref} here"
            yield Related(graph.where(edge), said)
        if service := edge.behind.service:
            yield Related(graph.place(service.path, service.span), service.selecting(after.workload.ref))
