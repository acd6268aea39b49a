"""Workloads whose init containers wait for each other: none of them ever starts."""

from collections.abc import Iterator, Sequence

from initlint.api import ERROR, Finding, Findings, Graph, Related, WaitEdge, rule

# Steps of the way that a message shows, and those whose places it shows: of thousands, nobody reads more.
_MOST = 8
_MOST_PLACES = 32


@rule("INIT504", "workloads that wait for each other", severity=ERROR, supersedes=("unbounded-wait",))
def check(graph: Graph) -> Findings:
    for edges in graph.cycles:
        first = edges[0]
        yield Finding(
            graph.where(first),
            f"{first.wait.title} of {first.workload.ref} waits for {_chain(edges)}: none of them ever starts",
            related=tuple(_related(edges, graph)),
            defect=first.wait.defect,
            help="let one of them start without the others, and try again until they are there",
        )


def _chain(edges: Sequence[WaitEdge]) -> str:
    """Who waits for whom, round to the one that begins."""
    pairs = _pairs(edges)
    if len(pairs) <= _MOST:
        shown = [_step(*pair) for pair in pairs]
    else:
        shown = [*(_step(*pair) for pair in pairs[: _MOST - 1]), "…", _step(*pairs[-1])]
    return ", which waits for ".join(shown)


def _step(edge: WaitEdge, after: WaitEdge) -> str:
    return f"`{edge.wait.text or edge.target.name}` ({after.workload.ref})"


def _pairs(edges: Sequence[WaitEdge]) -> list[tuple[WaitEdge, WaitEdge]]:
    return list(zip(edges, [*edges[1:], edges[0]], strict=True))


def _related(edges: Sequence[WaitEdge], graph: Graph) -> Iterator[Related]:
    for edge, after in _pairs(edges)[:_MOST_PLACES]:
        if edge is not edges[0]:
            said = f"{edge.wait.title} of {edge.workload.ref} waits for {after.workload.ref} here"
            yield Related(graph.where(edge), said)
        if service := edge.behind.service:
            said = f"Service `{service.name}` selects the Pods of {after.workload.ref}"
            yield Related(graph.place(service.path, service.span), said)
