"""What ResourceQuotas and LimitRanges of the input demand of the Pods of their namespace, and which of it they break.

ResourceQuota (`pkg/quota/v1/evaluator/core/pods.go`) demands of every container what it counts of cpu and memory, and
charges the effective amounts. LimitRange (`plugin/pkg/admission/limitranger`) looks at every container, and at the
effective amounts of the Pod. Both see the defaults that LimitRanges set first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from initlint.finding import Place
from initlint.kube.pods.container import Container, Role
from initlint.kube.pods.defaults import amount_fact, place_of
from initlint.kube.pods.pod import Pod
from initlint.kube.pods.startup import Term, effective_term, limited, requested
from initlint.kube.terms.cluster import BOUNDS, QUOTAS, Offer, titled
from initlint.kube.terms.quantity import ZERO, Quantity, parse
from initlint.text.tree import Node

QUOTA, RANGE = "ResourceQuota", "LimitRange"
_ENDS = ("min", "max", "default", "maxLimitRequestRatio")
_SCOPE = "scope "
_COUNTED = ("cpu", "memory")
_KEYS = {resource: f"requests.{resource}" for resource in _COUNTED} | {
    f"{part}.{resource}": f"{part}.{resource}" for part in ("requests", "limits") for resource in _COUNTED
}


class QuotaDemand(NamedTuple):
    """What an object of the cluster allows: of what (`requests.cpu`), at most or at least how much.

    `end` is which bound of a LimitRange it is: `min`, `max`, `default` or `maxLimitRequestRatio`. `place` is where it
    stands, if its source is at hand.
    """

    kind: str
    name: str
    what: str
    amount: Quantity
    end: str = "max"
    place: Place | None = None

    @property
    def owner(self) -> str:
        """The object that allows it, as messages name it."""
        return titled(self.kind, self.name)

    @property
    def resource(self) -> str:
        """The resource itself."""
        return self.what.partition(".")[2]

    @property
    def part(self) -> str:
        """Requests or limits."""
        return self.what.partition(".")[0]


class QuotaBreach(NamedTuple):
    """What an init container breaks: by its own `amount`, None if it says none, or by the `term` of the Pod.

    Then `rest` is what the Pod needs without it.
    """

    container: Container
    demand: QuotaDemand
    amount: Quantity | None = None
    term: Term | None = None
    rest: Quantity = ZERO


def offers(root: Node) -> Iterator[Offer]:
    """What a ResourceQuota, or a LimitRange, offers: its kind, for which Pods it is, and each amount with its place."""
    spec, kind = root["spec"], root["kind"].value
    if kind == QUOTA:
        # `cpu` and `requests.cpu` are the same.
        hard = {_KEYS[key.value]: amount for key, amount in spec["hard"].items() if key.value in _KEYS}
        yield _offer(QUOTAS, root, [*_scopes(spec), *(amount_fact(what, amount) for what, amount in hard.items())])
    elif kind == RANGE:
        bounds = (
            amount_fact(f"{item['type'].value}.{end}.{resource.value}", amount)
            for item in spec["limits"]
            for end in _ENDS
            for resource, amount in item[end].items()
        )
        yield _offer(BOUNDS, root, bounds)


def _offer(kind: str, root: Node, facts: Iterable[str]) -> Offer:
    metadata = root["metadata"]
    namespace, name = metadata["namespace"].value or None, metadata["name"].value
    return Offer(kind, namespace, name, (root["kind"].value, *facts), by=root.source.path)


def _scopes(spec: Node) -> Iterator[str]:
    """For which Pods a quota is: each scope with its operator and its values; all of them have to hold."""
    yield from (f"{_SCOPE}{one.value} Exists " for one in spec["scopes"])
    for one in spec["scopeSelector"]["matchExpressions"]:
        values = ",".join(value.value for value in one["values"])
        yield f"{_SCOPE}{one['scopeName'].value} {one['operator'].value} {values}"


def _is_for(pod: Pod, quota: Offer) -> bool:
    """Whether a Pod surely is in all scopes of a quota (podMatchesScopeFunc); what breaks one is not BestEffort."""
    scopes = (fact.removeprefix(_SCOPE).split(" ") for fact in quota.facts if fact.startswith(_SCOPE))
    return all(_is_in(pod, *scope) for scope in scopes)


def _is_in(pod: Pod, scope: str, operator: str, values: str) -> bool:
    # That a class which nobody names is a default of the cluster is not known.
    priority, has_deadline = pod.node["priorityClassName"].value, bool(pod.node["activeDeadlineSeconds"])
    match scope, operator:
        case "Terminating", "Exists":
            return has_deadline
        case "NotTerminating", "Exists":
            return not has_deadline
        case "PriorityClass", "NotIn":
            return bool(priority) and priority not in values.split(",")
        case "PriorityClass", "In":
            return priority in values.split(",")
        case "PriorityClass", "Exists":
            return bool(priority)
    return (scope, operator) == ("NotBestEffort", "Exists")


def breaches(pod: Pod) -> Iterator[QuotaBreach]:
    """What init containers and sidecars break that app containers alone would not, first what each lacks."""
    if not pod.init_containers or any(pod.resources.items()):
        return
    quotas, bounds = list(_demands(pod)), list(_bounds(pod))
    for demand in quotas:
        yield from _lacking(pod, demand)
    for kind, demand in bounds:
        if kind == "Container":
            yield from _out_of_range(pod, demand)
    limits = [*quotas, *(one for kind, one in bounds if (kind, one.end) == ("Pod", "max"))]
    if limits:
        yield from _beyond(pod, limits)


def _asked(pod: Pod, kind: str) -> Sequence[Offer]:
    return pod.cluster.ask(kind, pod.workload.ref.namespace, None, pod.node.source.path)


def _demands(pod: Pod) -> Iterator[QuotaDemand]:
    """What the quotas that are for a Pod allow it."""
    for quota in _asked(pod, QUOTAS):
        for fact in quota.facts[1:] if _is_for(pod, quota) else ():
            what, *written = fact.split("=")
            if written and (amount := parse(written[0])):
                yield QuotaDemand(QUOTA, quota.name, what, amount, place=place_of(pod, quota, written[1:]))


def _bounds(pod: Pod) -> Iterator[tuple[str, QuotaDemand]]:
    """The bounds of LimitRanges, each with what it is for: a container, or the Pod."""
    for one in _asked(pod, BOUNDS):
        for fact in one.facts[1:]:
            what, text, *span = fact.split("=")
            of, end, resource = what.split(".", 2)
            if resource in _COUNTED and (amount := parse(text)):
                part = "requests" if end == "min" else "limits"
                yield of, QuotaDemand(RANGE, one.name, f"{part}.{resource}", amount, end, place_of(pod, one, span))


def _lacking(pod: Pod, demand: QuotaDemand) -> Iterator[QuotaBreach]:
    """Init containers that do not say what a quota demands of each; nothing if app containers do not, either."""
    if all(_says(one, demand) for one in pod.containers):
        yield from (QuotaBreach(one, demand) for one in pod.init_containers if not _says(one, demand))


def _says(container: Container, demand: QuotaDemand) -> bool:
    return demand.resource in _of(container, demand) or demand.what in container.pod.defaults


def _of(container: Container, demand: QuotaDemand) -> Mapping[str, Quantity | None]:
    return requested(container) if demand.part == "requests" else limited(container)


def _out_of_range(pod: Pod, demand: QuotaDemand) -> Iterator[QuotaBreach]:
    """Amounts that are too small or too large; a request above the limit that it is given; a limit too far above."""
    for container in pod.init_containers:
        request, limit = (part(container).get(demand.resource) for part in (requested, limited))
        is_limited, is_requested = (
            bool(container.node["resources"][part][demand.resource]) for part in ("limits", "requests")
        )
        if not (is_limited or is_requested):
            continue  # what is given to it is given to app containers, too
        most = limit if is_limited else request
        match demand.end:
            case "min" if request and request < demand.amount:
                yield QuotaBreach(container, demand, request)
            # `max` is the default limit, too (SetDefaults_LimitRangeItem).
            case "max" if most and most > demand.amount:
                yield QuotaBreach(container, demand, most)
            case "default" if request and request > demand.amount and not is_limited:
                yield QuotaBreach(container, demand, request)
            case "maxLimitRequestRatio" if request and limit and limit.is_above(request, demand.amount):
                yield QuotaBreach(container, demand, limit)


def _beyond(pod: Pod, demands: list[QuotaDemand]) -> Iterator[QuotaBreach]:
    """What the Pod needs for its start-up and not for what runs afterwards; raises Unknown if that is not known."""
    for demand in demands:
        term = effective_term(pod, demand.part, demand.resource)
        if term and term.peak and term.init_decides and term.running + term.overhead <= demand.amount < term.total:
            yield QuotaBreach(term.peak.container, demand, term.peak.own, term, term.running)
        elif term and term.pod_level is None and not term.init_decides and demand.amount < term.total:
            yield from _too_many(pod, demand, term)


def _too_many(pod: Pod, demand: QuotaDemand, term: Term) -> Iterator[QuotaBreach]:
    """The sidecar without which all that runs would not be too much, the largest if there are several."""
    sidecars = (one for one in pod.init_containers if one.role is Role.SIDECAR)
    own = {one: _of(one, demand).get(demand.resource) or ZERO for one in sidecars}
    for sidecar in sorted(own, key=lambda one: own[one], reverse=True)[:1]:
        rest = sum((amount for one, amount in own.items() if one is not sidecar), term.containers + term.overhead)
        if rest <= demand.amount:
            yield QuotaBreach(sidecar, demand, own[sidecar], term, rest)
