"""What ResourceQuotas and LimitRanges of the input demand of the Pods of their namespace, and which of it they break.

ResourceQuota (`pkg/quota/v1/evaluator/core/pods.go`) demands of every container what it counts of cpu and memory, and
charges the effective amounts. LimitRange (`plugin/pkg/admission/limitranger`) looks at every container, and at the
effective amounts of the Pod. Both see the defaults that LimitRanges set first.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from initlint.kube.cluster import BOUNDS, QUOTAS, Offer
from initlint.kube.container import Container
from initlint.kube.pod import Pod
from initlint.kube.quantity import Quantity, parse
from initlint.kube.startup import Term, effective, limited, requested
from initlint.tree import Node

_COUNTED = ("cpu", "memory")
_KEYS = {resource: f"requests.{resource}" for resource in _COUNTED} | {
    f"{part}.{resource}": f"{part}.{resource}" for part in ("requests", "limits") for resource in _COUNTED
}


class Demand(NamedTuple):
    """What an object of the cluster allows: of what (`requests.cpu`), at most or at least how much."""

    kind: str
    name: str
    what: str
    amount: Quantity

    @property
    def resource(self) -> str:
        """The resource itself."""
        return self.what.partition(".")[2]

    @property
    def part(self) -> str:
        """Requests or limits."""
        return self.what.partition(".")[0]


class Breach(NamedTuple):
    """What an init container breaks: by its own `amount`, None if it says none, or by the `term` of the Pod."""

    container: Container
    demand: Demand
    amount: Quantity | None = None
    term: Term | None = None
    at_least: bool = False


def offers(root: Node) -> Iterator[Offer]:
    """What a ResourceQuota, or a LimitRange beside its defaults, offers; one of a scope may not be meant for a Pod."""
    metadata, spec, kind = root["metadata"], root["spec"], root["kind"].value
    namespace, name, path = metadata["namespace"].value or None, metadata["name"].value, root.source.path
    if kind == "ResourceQuota" and not spec["scopes"] and not spec["scopeSelector"]:
        # `cpu` and `requests.cpu` are the same.
        hard = {_KEYS[key.value]: amount.value for key, amount in spec["hard"].items() if key.value in _KEYS}
        yield Offer(QUOTAS, namespace, name, tuple(f"{what}={amount}" for what, amount in hard.items()), by=path)
    elif kind == "LimitRange":
        bounds = (
            f"{item['type'].value}.{end}.{resource.value}={amount.value}"
            for item in spec["limits"]
            for end in ("min", "max")
            for resource, amount in item[end].items()
        )
        yield Offer(BOUNDS, namespace, name, tuple(bounds), by=path)


def breaches(pod: Pod) -> Iterator[Breach]:
    """What init containers and sidecars break that app containers alone would not, first what each lacks."""
    if not pod.init_containers or any(pod.resources.items()):
        return
    quotas, bounds = (_asked(pod, kind) for kind in (QUOTAS, BOUNDS))
    for demand in _demands(quotas):
        yield from _lacking(pod, demand)
    for end, demand in _ends(bounds, "Container"):
        yield from _out_of_range(pod, demand, at_least=end == "min")
    limits = [*_demands(quotas), *(one for end, one in _ends(bounds, "Pod") if end == "max")]
    if limits:
        yield from _beyond(pod, limits)


def _asked(pod: Pod, kind: str) -> list[Offer]:
    """Those of the same namespace; without one, of the same folder, as another folder may be for another namespace."""
    namespace, path = pod.workload.ref.namespace, pod.node.source.path
    found = (one for one in pod.cluster.ask(kind, namespace) if one.namespace == namespace)
    return [one for one in found if namespace or posixpath.dirname(one.by) == posixpath.dirname(path)]


def _demands(quotas: list[Offer]) -> Iterator[Demand]:
    for quota in quotas:
        for fact in quota.facts:
            what, _, text = fact.partition("=")
            if amount := parse(text):
                yield Demand("ResourceQuota", quota.name, what, amount)


def _ends(bounds: list[Offer], kind: str) -> Iterator[tuple[str, Demand]]:
    for one in bounds:
        for fact in one.facts:
            what, _, text = fact.partition("=")
            of, end, resource = what.split(".", 2)
            amount = parse(text)
            if of == kind and amount and resource in _COUNTED:
                part = "limits" if end == "max" else "requests"
                yield end, Demand("LimitRange", one.name, f"{part}.{resource}", amount)


def _lacking(pod: Pod, demand: Demand) -> Iterator[Breach]:
    """Init containers that do not say what a quota demands of each; nothing if app containers do not, either."""
    if all(_says(one, demand) for one in pod.containers):
        yield from (Breach(one, demand) for one in pod.init_containers if not _says(one, demand))


def _says(container: Container, demand: Demand) -> bool:
    return demand.resource in _of(container, demand) or demand.what in container.defaults


def _of(container: Container, demand: Demand) -> Mapping[str, Quantity | None]:
    return requested(container) if demand.part == "requests" else limited(container)


def _out_of_range(pod: Pod, demand: Demand, *, at_least: bool) -> Iterator[Breach]:
    for container in pod.init_containers:
        amount = _of(container, demand).get(demand.resource)
        if amount and (amount < demand.amount if at_least else amount > demand.amount):
            yield Breach(container, demand, amount, at_least=at_least)


def _beyond(pod: Pod, demands: list[Demand]) -> Iterator[Breach]:
    """What the Pod needs for its start-up and not for what runs afterwards; raises Unknown if that is not known."""
    counted = effective(pod)
    for demand in demands:
        term = (counted.requests if demand.part == "requests" else counted.limits).get(demand.resource)
        if term and term.peak and term.init_decides and term.running + term.overhead <= demand.amount < term.total:
            yield Breach(term.peak.container, demand, term.peak.own, term)
