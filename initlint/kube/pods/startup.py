"""What a Pod's start-up takes: the order of its containers, its effective requests and limits, its QoS class."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import Enum
from typing import NamedTuple

from initlint.kube.pods.container import Container, Role
from initlint.kube.pods.pod import Pod
from initlint.kube.terms.quantity import ZERO, Quantity, read_quantity
from initlint.kube.terms.resourcenames import is_for_pods, is_huge_pages
from initlint.kube.terms.unknown import Part, Unknown
from initlint.text.tree import Node

_CLASSED = ("cpu", "memory")

Amounts = Mapping[str, Quantity]
"""How much of each resource; what is absent is not there, which is not the same as zero."""


class QoS(Enum):
    """Quality of service: who is evicted first when a node runs short, and which cgroup the Pod gets."""

    GUARANTEED = "Guaranteed"
    BURSTABLE = "Burstable"
    BEST_EFFORT = "BestEffort"

    def __str__(self) -> str:
        return self.value


class ContainerStart(NamedTuple):
    """A container, and the one that it starts after; None where it waits for nothing."""

    container: Container
    after: Container | None


class StartMoment(NamedTuple):
    """What runs while one init container or sidecar starts: itself, and the sidecars before it."""

    container: Container
    own: Quantity
    sidecars: Quantity

    @property
    def total(self) -> Quantity:
        """What the Pod uses at that moment."""
        return self.own + self.sidecars


class Term(NamedTuple):
    """Where the effective amount of one resource comes from."""

    resource: str
    containers: Quantity = ZERO
    sidecars: Quantity = ZERO
    peak: StartMoment | None = None
    pod_level: Quantity | None = None
    overhead: Quantity = ZERO

    @property
    def running(self) -> Quantity:
        """What runs once start-up is over: app containers and sidecars."""
        return self.containers + self.sidecars

    @property
    def init_decides(self) -> bool:
        """Whether start-up needs more than what runs afterwards, and nothing is set for the Pod itself."""
        return self.pod_level is None and self.peak is not None and self.peak.total > self.running

    @property
    def base(self) -> Quantity:
        """The amount without the overhead."""
        if self.pod_level is not None:
            return self.pod_level
        return max(self.running, self.peak.total) if self.peak else self.running

    @property
    def total(self) -> Quantity:
        """The effective amount."""
        return self.base + self.overhead

    def __str__(self) -> str:
        summands = [(name, amount) for name, amount in self._summands() if amount != ZERO]
        shown = " + ".join(f"{name} {amount.canonical(self.resource)}" for name, amount in summands)
        return f"{self.resource} {self.total.canonical(self.resource)}" + (f" ({shown})" if shown else "")

    def _summands(self) -> Iterator[tuple[str, Quantity]]:
        if self.pod_level is not None:
            yield "the Pod's own", self.pod_level
        elif self.peak and self.init_decides:
            yield str(self.peak.container), self.peak.own
            yield "sidecars before it", self.peak.sidecars
        else:
            yield "containers", self.containers
            yield "sidecars", self.sidecars
        yield "overhead", self.overhead


class Effective(NamedTuple):
    """What the scheduler and the kubelet count for the whole Pod.

    `qos` is None where the target version's verdict is not known. Without `overhead_is_known`, the RuntimeClass may
    add to every number.
    """

    requests: Mapping[str, Term]
    limits: Mapping[str, Term]
    qos: QoS | None
    overhead_is_known: bool = True


class _Resources(NamedTuple):
    """Requests and limits of a container, or of the Pod itself."""

    requests: Amounts
    limits: Amounts


def start_order(pod: Pod) -> list[ContainerStart]:
    """Which container starts after which: init containers one by one, all app containers after the last of them.

    App containers start in the order of their list, and wait for each other's postStart hooks at most.
    """
    before = [None, *pod.init_containers]
    return [
        *map(ContainerStart, pod.init_containers, before),
        *(ContainerStart(container, before[-1]) for container in pod.containers),
    ]


def requested(container: Container) -> Mapping[str, Quantity | None]:
    """A container's requests, with its limits where it has none (SetDefaults_Pod does so for app and init containers).

    None stands for what is requested and not known: a malformed quantity, or what a LimitRange may set. What it surely
    sets is set last.
    """
    return {**_given(container, "requests"), **_written(container, "limits"), **_written(container, "requests")}


def limited(container: Container) -> Mapping[str, Quantity | None]:
    """A container's limits; None stands for one that is not known."""
    return {**_given(container, "limits"), **_written(container, "limits")}


def container_qos(container: Container) -> QoS:
    """The class that a container would give its Pod; where they differ, the Pod is Burstable. May raise Unknown."""
    return _class(_resources(container, _CLASSED))


def costs_class(container: Container) -> list[str]:
    """For which of cpu and memory an init container or sidecar costs the Pod its class Guaranteed.

    For none, unless the app containers alone would make it Guaranteed. What is requested above its limit is refused,
    which is another defect. Raises Unknown where a class is not known.
    """
    pod = container.pod
    if not container.is_init or pod.resources:
        return []
    pod.require(Part.CONTAINERS, Part.RESOURCES)
    would_be = pod.containers and all(container_qos(app) is QoS.GUARANTEED for app in pod.containers)
    pairs = _pairs(_resources(container, _CLASSED)) if would_be else {}
    return [name for name, (request, limit) in pairs.items() if limit == ZERO or request < limit]


def effective(pod: Pod) -> Effective:
    """Add up a Pod's resources (PodRequests and PodLimits of component-helpers/resource).

    Raises Unknown where a number would be wrong because something is not known.
    """
    pod.require(Part.CONTAINERS, Part.RESOURCES)
    used = {container: _resources(container) for container in (*pod.init_containers, *pod.containers)}
    own = _pod_level(pod, used.values())
    requests = _terms({container: one.requests for container, one in used.items()}, own.requests)
    limits = _terms({container: one.limits for container, one in used.items()}, own.limits)
    return Effective(
        _plus(requests, pod, is_of_limits=False),
        _plus(limits, pod, is_of_limits=True),
        _pod_level_qos(pod, own, requests) if pod.resources else _combined(map(_class, used.values())),
        overhead_is_known=bool(pod.node["overhead"] or not pod.node["runtimeClassName"]),
    )


def effective_term(pod: Pod, part: str, resource: str) -> Term | None:
    """Of `requests` or `limits` that of one resource alone, so that only this has to be known; else as `effective`."""
    if pod.resources:
        counted = effective(pod)
        return (counted.requests if part == "requests" else counted.limits).get(resource)
    pod.require(Part.CONTAINERS, Part.RESOURCES)
    containers, said = (*pod.init_containers, *pod.containers), requested if part == "requests" else limited
    terms = _terms({one: _of(one, said(one), (resource,)) for one in containers}, {})
    return _plus(terms, pod, is_of_limits=part == "limits").get(resource)


def _amounts(node: Node) -> dict[str, Quantity | None]:
    amounts = {name.value: read_quantity(value) for name, value in node.items()}
    return {name: amount and amount.rounded() for name, amount in amounts.items()}


def _written(container: Container, part: str) -> dict[str, Quantity | None]:
    return _amounts(container.node["resources"][part])


def _given(container: Container, part: str) -> dict[str, Quantity | None]:
    """What LimitRanges of the input set where the container does not."""
    prefix = f"{part}."
    given = container.pod.defaults.items()
    return {what.removeprefix(prefix): one.amount for what, one in given if what.startswith(prefix)}


def _known(owner: str, amounts: Mapping[str, Quantity | None]) -> Amounts:
    """The amounts, if each is one that the API server accepts."""
    known = {name: amount for name, amount in amounts.items() if amount is not None and amount >= ZERO}
    for name in amounts:
        if name not in known:
            raise Unknown(f"{owner}: how much {name} is not known")
    return known


def _resources(container: Container, only: Collection[str] = ()) -> _Resources:
    """All that a container sets, or `only` that of some resources."""
    return _Resources(_of(container, requested(container), only), _of(container, limited(container), only))


def _of(owner: Container, amounts: Mapping[str, Quantity | None], only: Collection[str]) -> Amounts:
    return _known(str(owner), {name: amount for name, amount in amounts.items() if not only or name in only})


def _pod_level(pod: Pod, used: Iterable[_Resources]) -> _Resources:
    """The Pod's own requests and limits, of the resources that may have them.

    A limit is also the request if there is none and, except for huge pages, no container has one (defaultPodRequests).
    """
    requests, limits = (_supported(pod.resources[part]) for part in ("requests", "limits"))
    asked = {name for one in used for name in one.requests}
    defaults = {name: limit for name, limit in limits.items() if name not in asked or is_huge_pages(name)}
    return _Resources({**defaults, **requests}, limits)


def _supported(node: Node) -> Amounts:
    known = _known("the Pod's resources", _amounts(node))
    return {name: amount for name, amount in known.items() if is_for_pods(name)}


def _terms(used: Mapping[Container, Amounts], pod_level: Amounts) -> dict[str, Term]:
    names = dict.fromkeys(name for amounts in (*used.values(), pod_level) for name in amounts)
    return {name: _term(name, used)._replace(pod_level=pod_level.get(name)) for name in names}


def _term(resource: str, used: Mapping[Container, Amounts]) -> Term:
    """The sum of what runs, or the most that start-up needs at a time (aggregateContainerResourcesByFn, KEP-753)."""
    containers, sidecars, steps = ZERO, ZERO, list[StartMoment]()
    for container, amounts in used.items():
        own = amounts.get(resource, ZERO)
        if container.role is Role.MAIN:
            containers += own
        else:
            steps.append(StartMoment(container, own, sidecars))
        if container.role is Role.SIDECAR:
            sidecars += own
    return Term(resource, containers, sidecars, max(steps, key=lambda step: step.total, default=None))


def _plus(terms: Mapping[str, Term], pod: Pod, *, is_of_limits: bool) -> dict[str, Term]:
    """PodRequests adds all of the overhead, PodLimits only to limits that are not zero."""
    overhead = _known("the Pod's overhead", _amounts(pod.node["overhead"])).items()
    found = {name: terms.get(name, Term(name))._replace(overhead=more) for name, more in overhead}
    return {**terms, **{name: one for name, one in found.items() if one.base != ZERO or not is_of_limits}}


def _pod_level_qos(pod: Pod, own: _Resources, requests: Mapping[str, Term]) -> QoS | None:
    """ComputePodQOS looks at no container if the Pod has resources; if it has limits, each request has a default.

    From 1.37, limits have defaults, too (kubernetes/kubernetes#140514); what becomes of the class is not recorded.
    """
    if not pod.cluster.version.is_recorded and not {"cpu", "memory"} <= own.limits.keys():
        return None
    defaulted = {name: term.base for name, term in requests.items()}
    return _class(_Resources(defaulted if own.limits else own.requests, own.limits))


def _class(resources: _Resources) -> QoS:
    """Only cpu and memory count, and zero is as good as absent (resourceQOS)."""
    pairs = _pairs(resources).values()
    if all(pair == (ZERO, ZERO) for pair in pairs):
        return QoS.BEST_EFFORT
    return QoS.GUARANTEED if all(request == limit != ZERO for request, limit in pairs) else QoS.BURSTABLE


def _pairs(resources: _Resources) -> dict[str, tuple[Quantity, Quantity]]:
    """Request and limit of each resource that the class depends on."""
    return {name: (resources.requests.get(name, ZERO), resources.limits.get(name, ZERO)) for name in _CLASSED}


def _combined(classes: Iterable[QoS]) -> QoS:
    different = set(classes)
    return QoS.BURSTABLE if len(different) > 1 else next(iter(different), QoS.BEST_EFFORT)
