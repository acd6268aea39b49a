"""A wait for the own Pod's Service: no Pod behind it is ready before its init containers have completed."""

from collections.abc import Iterator

from initlint.api import ERROR, Finding, Findings, Graph, Related, WaitEdge, rule


@rule("INIT502", "wait for the own Service", severity=ERROR, supersedes=("unbounded-wait",))
def check(graph: Graph) -> Findings:
    for edge in graph.self_waits:
        wait = edge.wait
        asks = "asks" if wait.is_once else "waits for"
        yield Finding(
            graph.where(edge),
            f"{wait.title} {asks} `{wait.text or edge.target.name}`, {_who(edge)}, so that {_vain(edge)}",
            related=tuple(_related(edge, graph)),
            defect=wait.defect,
            help="wait for what the app needs, not for the app itself; peers are found once it runs",
        )


def _vain(edge: WaitEdge) -> str:
    wait = edge.wait
    if wait.is_once:
        return "it fails every time"
    return "each try of it runs out" if wait.ends else f"the Pod stays in `{wait.state}`"


def _who(edge: WaitEdge) -> str:
    """What stands behind what is waited for, and why it is never there."""
    workload, behind, kind = edge.workload, edge.behind, edge.workload.ref.kind
    if behind.service is None and edge.target.labels is not None:
        return "among them its own Pod, which is ready only after its init containers"
    if behind.service is None:
        return f"the {kind} that it belongs to, which is ready only after its init containers"
    if behind.pod is not None:
        is_later = workload.peers and workload.peers.in_order and behind.pod > workload.peers.first
        why = "that is made only when this one is ready" if is_later else "that begins with the same wait"
        return f"a Pod of its own {kind} {why}"
    if len(behind.workloads) > 1:
        return "a Service behind which all Pods begin with such a wait"
    if edge.target.only_name:
        return "the Service of its own Pods, whose name has no address before one of them is ready"
    return "the Service of its own Pods, which leads to none before one of them is ready"


def _related(edge: WaitEdge, graph: Graph) -> Iterator[Related]:
    if service := edge.behind.service:
        yield Related(graph.place(service.path, service.span), service.selecting(edge.workload.ref))
