"""A wait for what an installer makes only once the one that waits is done: a hook of Helm, a wave of Argo CD."""

from collections.abc import Iterable, Iterator

from initlint.api import ERROR, Finding, Findings, Graph, Place, Related, rule


@rule("INIT511", "wait for what is installed only afterwards", severity=ERROR, supersedes=("unbounded-wait",))
def check(graph: Graph) -> Findings:
    yield from _waits(graph)
    yield from _needs(graph)


def _waits(graph: Graph) -> Iterator[Finding]:
    for edge in graph.late:
        wait, one, others = edge.wait, edge.workload, edge.behind.workloads
        named = f"`{wait.text or edge.target.name}` ({' and '.join(other.title for other in others)})"
        when = one.turn.says(one.title) if one.turn else ""
        yield Finding(
            graph.where(edge),
            f"{wait.title} of {one.title} waits for {named}, which {when}: the first installation never comes further",
            related=_related(graph.turns(one, *others)),
            defect=wait.defect,
            help="let what waits be made together with what it waits for, or later: `post-install`, a later wave",
        )


def _needs(graph: Graph) -> Iterator[Finding]:
    for one, need, other in graph.lacking:
        when = one.turn.says(one.title) if one.turn else ""
        yield Finding(
            graph.place(one.path, need.span),
            f"{one.title} needs {other.title}, which {when}: its Pod does not start, and the first installation never "
            "comes further",
            related=_related(graph.turns(one, other)),
            help="let what is needed be made before: as a hook of a lower weight, in an earlier wave",
        )


def _related(turns: Iterable[tuple[Place, str]]) -> tuple[Related, ...]:
    return tuple(Related(place, f"this says when {title} is made") for place, title in turns)
