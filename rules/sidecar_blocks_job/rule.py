"""A container that never exits beside the work of a Job: the Job never completes."""

from initlint.api import (
    ERROR,
    HIGH,
    MEDIUM,
    AppContainer,
    Container,
    Endless,
    Finding,
    Findings,
    Fix,
    Workload,
    edit,
    endless,
    rule,
)

# How a worker ends its sidecars when it is done, whatever they are.
_FAREWELLS = ("linkerd-await", "scuttle", "pkill", "killall", "kill ")


@rule("INIT102", "long-running container in a Job", severity=ERROR)
def check(container: AppContainer) -> Findings:
    workload = container.pod.workload
    if not workload.is_job or workload.job_spec["successPolicy"]:
        return
    runs = endless(container)
    if runs and not _is_told_to_quit(container, runs):
        yield Finding(
            runs.where,
            f"{container} runs `{runs.program}`, {runs.description} that never exits: "
            f"{_consequence(workload)}{_even_when(container)}",
            confidence=MEDIUM if _may_be_ended(container, runs) else HIGH,
            fix=Fix.of("make it a sidecar", edit.make_sidecar(container), reveals=edit.LOOKED_AT_NOW),
            help=_remedy(container),
        )


def _is_told_to_quit(container: Container, runs: Endless) -> bool:
    """Whether a container says that it can be ended from outside, or another one mentions what ends it."""
    texts = [(other, word.value) for other in container.pod.containers for word in (*other.command, *other.args)]
    ends = (*_FAREWELLS, runs.quit) if runs.quit else _FAREWELLS
    told = any(end in text for other, text in texts if other is not container for end in ends)
    return told or bool(runs.quit and any(runs.quit in text for other, text in texts if other is container))


def _may_be_ended(container: Container, runs: Endless) -> bool:
    """Whether a worker could end it by means that the manifest does not show."""
    shares = container.pod.node["shareProcessNamespace"]
    return len(container.pod.containers) > 1 and bool(runs.quit or shares.truth)


def _consequence(workload: Workload) -> str:
    return "no Job of the CronJob ever completes" if workload.kind == "CronJob" else "the Job never completes"


def _even_when(container: Container) -> str:
    others = [f"`{other.name}`" for other in container.pod.containers if other is not container]
    return f", even when {' and '.join(others)} has finished" if len(others) == 1 else ""


def _remedy(container: Container) -> str:
    if len(container.pod.containers) == 1:
        return "give it a `command` that ends, or make it a Deployment"
    if container.pod.cluster.version.knows_sidecars:
        return "move it to `initContainers` with `restartPolicy: Always`: sidecars end with the work"
    return "let the work tell it to quit: native sidecars need Kubernetes 1.29"
