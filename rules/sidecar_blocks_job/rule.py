"""A container that never exits beside the work of a Job: the Job never completes."""

from initlint.api import ERROR, Container, Endless, Finding, Findings, Role, Workload, endless, rule

# How a worker ends its sidecars when it is done, whatever they are.
_FAREWELLS = ("linkerd-await", "pkill", "killall", "kill ")


@rule("INIT102", "long-running container in a Job", severity=ERROR)
def check(container: Container) -> Findings:
    workload = container.pod.workload
    if container.role is not Role.MAIN or not workload.is_job or workload.job_spec["successPolicy"]:
        return
    runs = endless(container)
    if runs and not _is_told_to_quit(container, runs):
        yield Finding(
            runs.where,
            f"{container} runs `{runs.program}`, {runs.description} that never exits: "
            f"{_consequence(workload)}{_even_when(container)}",
            help=_remedy(container),
        )


def _is_told_to_quit(container: Container, runs: Endless) -> bool:
    """Whether another container's script mentions what ends it."""
    others = (other for other in container.pod.containers if other is not container)
    texts = (word.value for other in others for part in (other.command, other.args) for word in part)
    return any(farewell in text for text in texts for farewell in (*_FAREWELLS, runs.quit) if farewell)


def _consequence(workload: Workload) -> str:
    return "its Jobs never complete" if workload.kind == "CronJob" else "the Job never completes"


def _even_when(container: Container) -> str:
    others = [f"`{other.name}`" for other in container.pod.containers if other is not container]
    return f", even when {' and '.join(others)} has finished" if len(others) == 1 else ""


def _remedy(container: Container) -> str:
    if len(container.pod.containers) == 1:
        return "give it a `command` that ends, or make it a Deployment"
    if container.pod.cluster.version.knows_sidecars:
        return "move it to `initContainers` with `restartPolicy: Always`: sidecars end with the work"
    return "let the work tell it to quit: native sidecars need Kubernetes 1.29"
