"""Which workloads stand behind what is waited for; where something of that is not known, none do.

A name stands for the Service of the same namespace. Objects that never come into one cluster together are told apart:
those that other kustomizations take, and of several with one name those in the nearest folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, TypeVar

from initlint.graph.facts import Exposure, Facts, ServiceFacts, WorkloadFacts, is_ordinal
from initlint.graph.index import Index, Indices, Seen
from initlint.graph.targets import OWN_POD, Target
from initlint.kube.kustomize.applied import Labels
from initlint.kube.kustomize.patches import ANY_KEY
from initlint.kube.kustomize.reach import Reach
from initlint.kube.terms.cluster import is_in, may_be
from initlint.kube.terms.expansion import OWN_NAMESPACE
from initlint.text.source import Span

Named = TypeVar("Named", ServiceFacts, WorkloadFacts)

_MOST_ALIASES = 4


class Behind(NamedTuple):
    """What a target comes to: the Service, if it is one, and the workloads of which a Pod must have started.

    `pod` is the ordinal of the one Pod of a StatefulSet that is meant. `at_once`: it is there before any Pod is ready.
    """

    service: ServiceFacts | None = None
    workloads: tuple[WorkloadFacts, ...] = ()
    pod: int | None = None
    at_once: bool = False


NOTHING = Behind()


class Resolver:
    """Looks up what targets stand for, among all facts of a run, wherever kustomizations take these."""

    def __init__(self, facts: Iterable[Facts], reach: Reach) -> None:
        self._reach = reach
        self._indices = Indices(facts, reach)
        self._clusters: dict[str, _Cluster] = {}

    def behind(self, target: Target, asking: WorkloadFacts) -> Behind:
        """What a target of a workload's wait comes to; `NOTHING` if that is not known, or not everywhere the same."""
        roots = (root for root in self._reach.applied(asking.path) if asking.is_of(root))
        found = {self._cluster(root).behind(target, asking) for root in roots}
        return found.pop() if len(found) == 1 else NOTHING

    def _cluster(self, root: str) -> _Cluster:
        if root not in self._clusters:
            self._clusters[root] = _Cluster(self._reach, self._indices.of(root))
        return self._clusters[root]


class _Cluster:
    """What comes into one cluster together."""

    def __init__(self, reach: Reach, indices: Sequence[Index]) -> None:
        self._reach = reach
        self._indices = indices
        self._behind: dict[tuple[str, Span], tuple[WorkloadFacts, ...] | None] = {}

    def behind(self, target: Target, asking: WorkloadFacts) -> Behind:
        """What a target of a workload's wait comes to; `NOTHING` if that is not known."""
        if not self._seen(asking).is_known:
            return NOTHING
        if not target.is_host:
            return self._object(target, asking)
        return self._of_host(target.name, target, asking)

    def _of_host(self, name: str, target: Target, asking: WorkloadFacts, aliases: int = 0) -> Behind:
        for host in _readings(name):
            service = self._service(host, asking)
            if service and service.alias and aliases < _MOST_ALIASES:
                return self._of_host(service.alias, target, asking, aliases + 1)
            if service:
                return self._of_service(service, host.pod, target, asking)
        return NOTHING

    def _seen(self, one: Facts) -> Seen:
        return next(index.seen[one] for index in self._indices if one in index.seen)

    def _service(self, host: _Host, asking: WorkloadFacts) -> ServiceFacts | None:
        namespace = self._seen(asking).namespace if host.namespace in ("", OWN_NAMESPACE) else host.namespace
        places = {namespace, None if is_in(None, namespace) else namespace}
        keys = [(index, (place, host.service)) for index in self._indices for place in places]
        service = self._one([one for index, key in keys for one in index.services.get(key, ())], asking)
        return service if service and self._seen(service).is_known else None

    def _of_service(self, service: ServiceFacts, pod: str, target: Target, asking: WorkloadFacts) -> Behind:
        if service.exposure is Exposure.ELSEWHERE:
            return NOTHING
        known = self._selected(service)
        if known is None:
            return NOTHING
        is_there = service.exposure in (Exposure.VIRTUAL, Exposure.PUBLISHED)
        at_once = is_there if target.only_name else _is_answered(service, known, target.port)
        if not pod:
            return Behind(service, known, at_once=at_once)
        behind = Behind(service, known, at_once=at_once)
        return _of_own_pod(behind, asking) if pod == OWN_POD else self._of_pod(behind, pod)

    def _object(self, target: Target, asking: WorkloadFacts) -> Behind:
        namespace = target.namespace or self._seen(asking).namespace
        if target.labels is not None:
            return Behind(None, self._pods(target.labels, namespace, asking))
        found = self._workload(target.kind, target.name, namespace, asking)
        if found or target.kind != "pod":
            return Behind(None, (found,)) if found else NOTHING
        owner, _, ordinal = target.name.rpartition("-")
        found = self._workload("statefulset", owner, namespace, asking) if is_ordinal(ordinal) else None
        is_made = found and found.peers and 0 <= int(ordinal) - found.peers.first < found.peers.size
        return Behind(None, (found,), int(ordinal)) if found and is_made else NOTHING

    def _workload(self, kind: str, name: str, namespace: str | None, asking: WorkloadFacts) -> WorkloadFacts | None:
        named = (one for index in self._indices for one in index.objects.get((kind, name), ()))
        found = self._one([one for one in named if is_in(self._seen(one).namespace, namespace)], asking)
        return found if found and self._seen(found).is_known else None

    def _selected(self, service: ServiceFacts) -> tuple[WorkloadFacts, ...] | None:
        """The workloads whose Pods a Service selects; None where several have one name, and it is not clear which."""
        key, seen = (service.path, service.span), self._seen(service)
        if key not in self._behind:
            self._behind[key] = self._with(seen.labels, seen.namespace, service)
        return self._behind[key]

    def _pods(self, labels: Labels, namespace: str | None, asking: WorkloadFacts) -> tuple[WorkloadFacts, ...]:
        """Whose Pods kubectl waits for that have these labels; all must be ready, so that the own are enough."""
        own = self._seen(asking)
        if labels <= own.labels and namespace == own.namespace:
            return (asking,)
        return (self._with(labels, namespace, asking) if labels else None) or ()

    def _with(
        self, labels: Labels, namespace: str | None, asking: WorkloadFacts | ServiceFacts
    ) -> tuple[WorkloadFacts, ...] | None:
        by_label = ([one for index in self._indices for one in index.labelled.get(label, ())] for label in labels)
        seen = {one: self._seen(one) for one in min(by_label, key=len)}
        found = [one for one in seen if labels <= seen[one].labels and may_be(seen[one].namespace, namespace)]
        named = groupby(sorted(found, key=_identity), _identity)
        meant = [self._one(list(copies), asking) for _, copies in named]
        known = tuple(
            one for one in meant if one and seen[one].namespace == namespace and self._is_selected(one, labels)
        )
        return known if len(known) == len(meant) else None

    def _is_selected(self, one: WorkloadFacts, labels: Labels) -> bool:
        """Whether what a manifest says of the labels of its Pods holds in the end."""
        is_built = one.roots is not None
        changed = () if is_built else self._reach.changed_labels(one.ref.kind, one.ref.name, one.path)
        return self._seen(one).is_known and {ANY_KEY, *(key for key, _ in labels)}.isdisjoint(changed)

    def _one(self, found: Sequence[Named], asking: WorkloadFacts | ServiceFacts) -> Named | None:
        """The one of several with the same name that is meant, if that is clear."""
        meeting = {one: one.path for one in found if self._reach.may_meet(one.path, asking.path)}
        near = self._reach.nearest(asking.path, meeting)
        return near[0] if len(near) == 1 else None

    def _of_pod(self, behind: Behind, pod: str) -> Behind:
        """The one Pod of a StatefulSet that a name means."""
        for one in behind.workloads:
            name, _, ordinal = pod.rpartition("-")
            is_of_service = one.peers and behind.service and one.peers.service == behind.service.name
            is_named = is_of_service and name == self._seen(one).name and is_ordinal(ordinal)
            if is_named and one.peers and 0 <= int(ordinal) - one.peers.first < one.peers.size:
                is_late = one.peers.in_order and int(ordinal) > one.peers.first
                return behind._replace(workloads=(one,), pod=int(ordinal), at_once=behind.at_once and not is_late)
        return NOTHING


def _of_own_pod(behind: Behind, asking: WorkloadFacts) -> Behind:
    """The Pod that asks, by its name under the Service of its StatefulSet."""
    service, peers = behind.service, asking.peers
    is_own = service and peers and peers.service == service.name and asking in behind.workloads
    return behind._replace(workloads=(asking,)) if is_own else NOTHING


class _Host(NamedTuple):
    """A way to read a host name: as a Service, of another namespace, or as a Pod under its Service."""

    service: str
    namespace: str = ""
    pod: str = ""


def _readings(name: str) -> Iterator[_Host]:
    """Each way to read a name, in the order in which the search domains try them (GetPodDNS)."""
    match name.removesuffix(".").split("."):
        case [service]:
            yield _Host(service)
        case [first, second]:
            yield _Host(second, pod=first)
            yield _Host(first, second)
        case [service, namespace, "svc", *_]:
            yield _Host(service, namespace)
        case [pod, service, namespace, "svc", *_]:
            yield _Host(service, namespace, pod)
        case [pod, service, namespace]:
            yield _Host(service, namespace, pod)


def _is_answered(service: ServiceFacts, known: Iterable[WorkloadFacts], port: str) -> bool:
    """Whether a sidecar may answer, which runs before its Pod is ready: one that serves the port, or says none."""
    if service.exposure is not Exposure.PUBLISHED:
        return False
    asked = {port, *(target for exposed, target in service.ports if port in ("", exposed))}
    return any(not ports or not port or ports & asked for one in known for ports in one.sidecars)


def _identity(one: WorkloadFacts) -> tuple[str, str, str]:
    return one.ref.kind, one.ref.namespace or "", one.ref.name
