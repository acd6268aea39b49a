"""What one file tells of the start-up of others: its workloads with what they wait for, and its Services.

The facts are small, picklable and complete: whoever has them needs no tree any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple

from initlint.finding import ObjectRef
from initlint.graph.needs import ObjectFacts, ObjectNeed, needs, objects
from initlint.graph.turns import Turn, turn_of
from initlint.graph.waits import Wanted, wanted
from initlint.kube.inventory.services import alias_of, asks_cluster
from initlint.kube.kustomize.applied import Labels
from initlint.kube.kustomize.kustomization import is_kustomization
from initlint.kube.kustomize.named import Written
from initlint.kube.kustomize.patches import SERVICE
from initlint.kube.kustomize.reach import Reach
from initlint.kube.pods.container import Container, Role
from initlint.kube.pods.pod import Workload
from initlint.text.source import Span
from initlint.text.tree import Node

# Of numbers that have 32 bits.
_MOST_DIGITS = 10
# Whose hooks are deleted, and how they say that of those which have succeeded.
_HOOKS = {"helm.sh": "hook-succeeded", "argocd.argoproj.io": "HookSucceeded"}
_SCALED = ("Deployment", "ReplicaSet", "ReplicationController", "StatefulSet")


class Exposure(Enum):
    """What the name of a Service resolves to."""

    VIRTUAL = "one address, at once"
    HEADLESS = "the addresses of its Pods that are ready"
    PUBLISHED = "the addresses of its Pods, ready or not"
    ELSEWHERE = "something that the selector does not say"


class ServiceFacts(NamedTuple):
    """A Service; `span` is its name, `ports` are those that it exposes, each with that of the Pods behind it.

    `alias` is the full name of the other one that it stands for, if it does. `is_patched`: a kustomization makes it so.
    """

    path: str
    span: Span
    namespace: str | None
    name: str
    selector: Labels
    exposure: Exposure
    ports: tuple[tuple[str, str], ...]
    alias: str = ""
    is_patched: bool = False

    def selecting(self, ref: ObjectRef) -> str:
        """That it selects the Pods of a workload, as messages say it."""
        why = ", as a kustomization patches it" if self.is_patched else ""
        return f"Service `{self.name}` selects the Pods of {ref}{why}"


class Peers(NamedTuple):
    """What the Pods of a StatefulSet are called: under which Service, from which ordinal on, how many.

    `in_order`: each is made only when the one before it is ready.
    """

    service: str
    first: int
    size: int
    in_order: bool


class Removal(NamedTuple):
    """That a Job does not stay once it is done: where that stands, and when it is deleted, as messages say it."""

    span: Span
    when: str


@dataclass(frozen=True, eq=False, slots=True)
class WorkloadFacts:
    """A workload; `span` is its name. `labels` are those of its Pods.

    `sidecars` are the ports of its native sidecars, by number and by name, for each that has said so. `is_idle`: it has
    no Pods until somebody changes it. `removal` is when a Job is deleted by itself,
    `turn` when an installer makes the object, which `needs` others. `asks_cluster`: names are those of the cluster.
    `roots` are the kustomizations whose patches make it so, None if it is as its file has it; then those of which that
    is not so are `elsewhere`. `patched_at` is where kustomizations name the patches that make it so.
    """

    path: str
    span: Span
    ref: ObjectRef
    labels: Labels
    peers: Peers | None
    waits: tuple[Wanted, ...]
    sidecars: tuple[frozenset[str], ...] = ()
    is_idle: bool = False
    removal: Removal | None = None
    turn: Turn | None = None
    needs: tuple[ObjectNeed, ...] = ()
    asks_cluster: bool = True
    roots: frozenset[str] | None = None
    elsewhere: frozenset[str] = frozenset()
    patched_at: tuple[tuple[str, Span], ...] = ()

    def is_of(self, root: str) -> bool:
        """Whether it comes so through a kustomization."""
        return root not in self.elsewhere if self.roots is None else root in self.roots

    @property
    def title(self) -> str:
        """As messages name it."""
        return str(self.ref)


Facts = ServiceFacts | WorkloadFacts


def facts(nodes: Iterable[Node], workloads: Iterable[Workload]) -> Iterator[Facts | ObjectFacts]:
    """What the objects of a document tell, each of which may be a workload, too."""
    for node in nodes:
        yield from objects(node)
        if node["kind"].value == "Service" and node["apiVersion"].value == "v1" and not is_kustomization(node):
            yield _service(node)
    yield from map(_workload, workloads)


def scaled(one: Facts, reach: Reach) -> Facts:
    """What an object tells, with the number of Pods that the kustomizations give a workload which take it."""
    if not isinstance(one, WorkloadFacts) or one.ref.kind not in _SCALED:
        return one
    counts = {applied.scaled(one.ref.name) for root, applied in reach.applied(one.path).items() if one.is_of(root)}
    workload = (one.ref.kind, one.ref.name, one.path)
    is_patched, is_started = reach.may_be_idle(*workload), reach.is_started(*workload)
    if one.roots is not None:
        is_patched = is_started = False
    if not any(counts) and not is_patched and not is_started:
        return one
    is_idle = counts == {"0"} or is_patched or (one.is_idle and "" in counts and not is_started)
    size = max((int(count) for count in counts if is_ordinal(count)), default=1)
    peers = one.peers and one.peers._replace(size=max(size, one.peers.size if "" in counts else 0))
    return replace(one, is_idle=is_idle, peers=peers)


def patched(one: ServiceFacts, reach: Reach, root: str) -> ServiceFacts | None:
    """A Service as the patches make it that come before a kustomization is done; None if that is not known."""
    if not reach.touches(SERVICE, "Service", one.name, one.path):
        return one
    node = reach.made(SERVICE, Written("Service", one.name, one.namespace or "", one.path), root)
    return _service(node)._replace(path=one.path, span=one.span, is_patched=True) if node else None


def _service(node: Node) -> ServiceFacts:
    metadata, spec = node["metadata"], node["spec"]
    selector = _labels(spec["selector"])
    namespace = metadata["namespace"].value or None
    span = (metadata["name"] or node).span
    ports = tuple((one["port"].value, (one["targetPort"] or one["port"]).value) for one in spec["ports"])
    return ServiceFacts(
        node.source.path, span, namespace, metadata["name"].value, selector, _exposure(spec), ports, alias_of(node)
    )


def _exposure(spec: Node) -> Exposure:
    """Headless names have addresses only of ready Pods, or of all (types.go PublishNotReadyAddresses)."""
    # An empty selector is none: others manage the endpoints (types.go ServiceSpec.Selector).
    if not _labels(spec["selector"]) or spec["type"].value == "ExternalName":
        return Exposure.ELSEWHERE
    if spec["publishNotReadyAddresses"].truth is True:
        return Exposure.PUBLISHED
    return Exposure.HEADLESS if spec["clusterIP"].value == "None" else Exposure.VIRTUAL


def _workload(workload: Workload) -> WorkloadFacts:
    node = workload.node
    waits = tuple(one for pod in workload.pods for one in wanted(pod))
    sidecars = tuple(_ports(one) for pod in workload.pods for one in pod.init_containers if one.role is Role.SIDECAR)
    span = (node["metadata"]["name"] or node["kind"] or node).span
    labels, peers, is_idle = _labels(workload.pod_metadata["labels"]), _peers(node), _is_idle(node["spec"])
    removal = _removal(node) if node["kind"].value == "Job" else None
    turn = turn_of(node)
    return WorkloadFacts(
        node.source.path, span, workload.ref, labels, peers, waits, sidecars, is_idle, removal, turn,
        needs(workload, turn), all(map(asks_cluster, workload.pods)),
    )  # fmt: skip


def _removal(job: Node) -> Removal | None:
    """When a Job is deleted: some time after it is done, or once it has succeeded as a hook."""
    after = job["spec"]["ttlSecondsAfterFinished"]
    if after.value.isdecimal():
        seconds = int(after.value[:_MOST_DIGITS])
        return Removal(after.span, f"{seconds} seconds after it is done" if seconds else "once it is done")
    annotations = job["metadata"]["annotations"]
    for prefix, succeeded in _HOOKS.items():
        policy = annotations[f"{prefix}/hook-delete-policy"]
        if annotations[f"{prefix}/hook"] and succeeded in [one.strip() for one in policy.value.split(",")]:
            return Removal(policy.span, "once it has succeeded")
    return None


def _ports(container: Container) -> frozenset[str]:
    return frozenset(port[key].value for port in container.node["ports"] for key in ("containerPort", "name"))


def _is_idle(spec: Node) -> bool:
    """Whether it is scaled to nothing, or suspended."""
    return spec["replicas"].value == "0" or spec["suspend"].value == "true"


def _labels(node: Node) -> Labels:
    return frozenset((key.value, value.value) for key, value in node.items())


def _peers(node: Node) -> Peers | None:
    spec = node["spec"]
    numbers = [one.value or default for one, default in ((spec["ordinals"]["start"], "0"), (spec["replicas"], "1"))]
    if node["kind"].value != "StatefulSet" or not all(map(is_ordinal, numbers)):
        return None
    first, size = map(int, numbers)
    return Peers(spec["serviceName"].value, first, size, spec["podManagementPolicy"].value != "Parallel")


def is_ordinal(text: str) -> bool:
    """Whether this can count the Pods of a StatefulSet: `replicas` and `ordinals.start` have 32 bits."""
    return text.isdecimal() and len(text) <= _MOST_DIGITS
