"""A wait for a Job that is deleted once it is done: Pods that start later wait for what is not there any more."""

from collections.abc import Iterator

from initlint.api import WARNING, Finding, Findings, Graph, Related, WaitEdge, rule


@rule("INIT510", "wait for a Job that does not stay", severity=WARNING, supersedes=("unbounded-wait",))
def check(graph: Graph) -> Findings:
    for edge in graph.vanishing:
        yield from _finding(edge, graph)


def _finding(edge: WaitEdge, graph: Graph) -> Iterator[Finding]:
    wait = edge.wait
    for job in edge.behind.workloads:
        if job.removal:
            yield Finding(
                graph.where(edge),
                f"{wait.title} waits for {job.ref}, which is deleted {job.removal.when}: "
                "a Pod that starts later finds no such Job, and does not start",
                related=(Related(graph.place(job.path, job.removal.span), f"{job.ref} is deleted {job.removal.when}"),),
                defect=wait.defect,
                help="let the Job stay, or wait for what it leaves, such as the version of the schema",
            )
