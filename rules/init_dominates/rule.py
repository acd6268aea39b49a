"""An init container that makes the Pod reserve far more than it needs once it runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from initlint.api import (
    WARNING,
    Container,
    Finding,
    Findings,
    Node,
    Pod,
    Quantity,
    Related,
    Term,
    amounts,
    effective_term,
    rule,
)


@dataclass(frozen=True)
class Options:
    """From which difference on it is reported."""

    factor: Annotated[int, "how many times as much as app containers and sidecars request"] = 2
    cpu: Annotated[int, "by how many thousandths of a core more, at the least"] = 500
    memory: Annotated[int, "by how many MiB more, at the least"] = 512


@rule("INIT402", "init container that decides what the Pod reserves", severity=WARNING)
def check(pod: Pod, options: Options) -> Findings:
    if not pod.init_containers:
        return
    least = {"cpu": Quantity.of(options.cpu).nano // 1000, "memory": Quantity.of(options.memory * 2**20).nano}
    for resource, nano in least.items():
        term = effective_term(pod, "requests", resource)
        if term and _dominates(term, options.factor, nano):
            yield from _finding(pod, term)


def _dominates(term: Term, factor: int, least: int) -> bool:
    """Whether it is far above what runs later; what requests nothing does not say what it needs."""
    if not term.init_decides or term.peak is None or not term.running.nano:
        return False
    total, running = term.peak.total.nano, term.running.nano
    return total >= factor * running and total - running >= least


def _finding(pod: Pod, term: Term) -> Iterator[Finding]:
    assert term.peak is not None
    container, resource = term.peak.container, term.resource
    beside = "" if term.peak.sidecars == Quantity(0) else f" beside sidecars with {_shown(term, term.peak.sidecars)}"
    own, running = _shown(term, term.peak.own), _shown(term, term.running)
    request = _request(container.node["resources"], resource)
    default = None if request else pod.defaults.get(f"requests.{resource}")
    given = f", as {default.owner} sets" if default else ""
    written = next((one.path for one in amounts(container.node["resources"]) if one.value is request), resource)
    yield Finding(
        request or container.where,
        f"{container} requests {resource} {own}{beside}{given}, where app containers and sidecars "
        f"request {running}: the Pod reserves {_shown(term, term.total)} for good, "
        "for one step of its start-up",
        related=tuple(_others(pod, resource)),
        defect=f"{container.path}.{written}",
        help="lower the request of the init container" + ("" if _fills(container) else ", or do its work in a Job"),
    )


def _fills(container: Container) -> bool:
    """Whether it may prepare a volume of the Pod itself, which no Job can."""
    volumes = (container.pod.volumes.get(mount.name.value) for mount in container.mounts)
    return any(volume is None or volume.kind in ("emptyDir", "ephemeral") for volume in volumes)


def _shown(term: Term, amount: Quantity) -> str:
    return amount.canonical(term.resource)


def _request(resources: Node, resource: str) -> Node:
    """The request, or the limit that is one by default (SetDefaults_Pod)."""
    return resources["requests"][resource] or resources["limits"][resource]


def _others(pod: Pod, resource: str) -> Iterator[Related]:
    for container in pod.containers:
        if request := _request(container.node["resources"], resource):
            yield Related(request, f"{container} requests this")
