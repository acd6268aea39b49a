"""A wait for what an installer makes only once the one that waits is done: a hook of Helm, a wave of Argo CD."""

from collections.abc import Iterator

from initlint.api import ERROR, Finding, Findings, Graph, Related, WaitEdge, rule


@rule("INIT511", "wait for what is installed only afterwards", severity=ERROR, supersedes=("unbounded-wait",))
def check(graph: Graph) -> Findings:
    for edge in graph.late:
        wait, others = edge.wait, edge.behind.workloads
        names = " and ".join(str(one.ref) for one in others)
        yield Finding(
            graph.where(edge),
            f"{wait.title} of {edge.workload.ref} waits for `{wait.text or edge.target.name}` ({names}), which "
            f"{_when(edge)}: the first installation never comes further",
            related=tuple(_related(edge, graph)),
            defect=wait.defect,
            help="let what waits be made together with what it waits for, or later: `post-install`, a later wave",
        )


def _when(edge: WaitEdge) -> str:
    own = edge.workload.turn
    if own and own.by == "Helm":
        return "Helm installs only once this hook is done"
    return f"Argo CD applies only once {edge.workload.ref} is {'done' if own and own.order[0] == 0 else 'healthy'}"


def _related(edge: WaitEdge, graph: Graph) -> Iterator[Related]:
    for one in (edge.workload, *edge.behind.workloads):
        if one.turn and one.turn.by:
            yield Related(graph.place(one.path, one.turn.span), f"this says when {one.ref} is made")
