"""Services of the input, and which of them the name of a host stands for in a Pod."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from initlint.finding import Place
from initlint.kube.inventory.selected import Templates, connects, pairs
from initlint.kube.kustomize.applied import Applied
from initlint.kube.kustomize.named import Written
from initlint.kube.kustomize.patches import SERVICE
from initlint.kube.kustomize.reach import Reach
from initlint.kube.pods.pod import Pod
from initlint.kube.terms.cluster import SERVICES, Offer, Question, is_in, may_be, source_of
from initlint.kube.terms.expansion import OWN_NAMESPACE
from initlint.kube.terms.placeholder import is_placeholder
from initlint.text.source import Source, Span
from initlint.text.tree import Node

_PORT, _DATAGRAM, _TARGET, _ALIAS, _HEADLESS = "port ", "datagram ", "target ", "alias ", "headless"
_SELECTS, _NAMED, _UNSERVED, _EMPTY = "selects ", "named ", "unserved ", "selects nothing"
_AT, _PATCHED = "at ", "patched"
"""How facts begin. `named 80 http` is a port that leads to one of a name; `unserved`, if no Pod behind it has it.

A `datagram` is a port for UDP alone: nothing connects to it.
"""

_LACKING = (_UNSERVED, _EMPTY)
_MOST_ALIASES = 4


class Exposed(NamedTuple):
    """The ports that Services of one name expose, and those of the Pods behind them.

    `namespace` is the one that the host says, if it does. `unserved` are those that lead to a port of a name which no
    container of these Pods has. `datagrams` are ports for UDP alone. `is_empty`: there are no such Pods in the input.
    `is_headless`: any port of the Pods answers, and none of the Service. `places` are where their ports stand, which a
    kustomization patches if the ports are not known from there alone (`is_patched`).
    """

    service: str
    namespace: str
    ports: tuple[str, ...]
    datagrams: tuple[str, ...]
    targets: frozenset[str]
    unserved: Mapping[str, str]
    is_empty: bool
    is_headless: bool
    places: tuple[Place, ...] = ()
    is_patched: bool = False


def offer(root: Node) -> Offer:
    """What a Service does with its ports, and which Pods it selects; nothing where that is not known.

    What kustomizations change in it, the Bundle knows.
    """
    metadata = root["metadata"]
    namespace, name = metadata["namespace"].value or None, metadata["name"].value
    facts, where = _facts_of_object(root), root["spec"]["ports"] or metadata["name"] or root
    at = (f"{_AT}{where.start}-{where.end}",) if facts else ()
    return Offer(SERVICES, namespace, name, (*facts, *at), by=root.source.path)


def _facts_of_object(root: Node) -> tuple[str, ...]:
    spec = root["spec"]
    if alias := alias_of(root):
        return (f"{_ALIAS}{alias}",)
    return tuple(_facts(spec)) if spec["type"].value != "ExternalName" and (spec["selector"] or spec["ports"]) else ()


def _facts(spec: Node) -> Iterator[str]:
    ports = list(spec["ports"])
    if not all(port["port"].value.isdecimal() for port in ports):
        return
    selector = [f"{key.value}={value.value}" for key, value in spec["selector"].items()]
    yield from () if any(map(is_placeholder, selector)) else (f"{_SELECTS}{one}" for one in selector)
    yield from (_HEADLESS,) if spec["clusterIP"].value == "None" else ()
    told = [(port["port"].value, port["targetPort"].value, connects(port)) for port in ports]
    for port in dict.fromkeys(port for port, _, _ in told):
        targets = [target for other, target, is_connected in told if other == port and is_connected]
        yield f"{_PORT if targets else _DATAGRAM}{port}"
        yield from (f"{_TARGET}{target}" for target in targets if selector)
        if targets and not any(not one or one.isdecimal() or is_placeholder(one) for one in targets):
            yield f"{_NAMED}{port} {' '.join(targets)}"


def alias_of(root: Node) -> str:
    """The full name of the other Service of the cluster that one of type ExternalName stands for."""
    spec = root["spec"]
    parts = spec["externalName"].value.removesuffix(".").split(".") if spec["type"].value == "ExternalName" else []
    return ".".join(parts) if parts[2:3] == ["svc"] else ""


class Services:
    """The Services of a run, as kustomizations call them in the end."""

    def __init__(self, offers: Iterable[Offer], reach: Reach, templates: Templates) -> None:
        self._reach, self._templates = reach, templates
        self._named: dict[str, list[Offer]] = {}
        for one in offers:
            if not reach.is_patch(one.by):
                for name in {applied.name(one.name) for applied in reach.applied(one.by).values()}:
                    self._named.setdefault(name, []).append(one)

    def answer(self, question: Question) -> Iterator[Offer]:
        """Those that a name such as `db` or `db.shop` stands for; without facts if it is not clear which or how.

        What scripts and variables say, kustomizations do not change.
        """
        ways = {
            root: frozenset(self._seen(question, root, own)) for root, own in self._reach.asked_in(question).items()
        }
        is_clear = len({*ways.values()}) == 1
        for one in frozenset().union(*ways.values()):
            yield one._replace(
                name=question.name or "", namespace=question.namespace, facts=one.facts if is_clear else ()
            )

    def _seen(self, question: Question, root: str, own: Applied) -> Iterator[Offer]:
        name, _, namespace = (question.name or "").partition(".")
        wanted = namespace or own.place(question.namespace)
        for one in self._named.get(name, ()):
            seen = self._reach.seen(one.by, root)
            if seen and seen.name(one.name) == name and may_be(seen.place(one.namespace), wanted):
                is_same = is_in(seen.place(one.namespace), wanted) and seen.is_known and own.is_known
                known = self._patched(one, root) if is_same else one._replace(facts=())
                yield self._selecting(known, seen, root) if known.facts else known

    def _patched(self, one: Offer, root: str) -> Offer:
        """A Service as patches make it; without facts where that is not known."""
        if not self._reach.touches(SERVICE, "Service", one.name, one.by):
            return one
        node = self._reach.made(SERVICE, Written("Service", one.name, one.namespace or "", one.by), root)
        facts, at = _facts_of_object(node) if node else (), [fact for fact in one.facts if fact.startswith(_AT)]
        return one._replace(facts=(*facts, *at, _PATCHED) if facts else ())

    def _selecting(self, one: Offer, seen: Applied, root: str) -> Offer:
        """A Service, with what is known of the Pods behind it."""
        selector = seen.selecting(pairs(_saying(_SELECTS, one.facts)))
        found = self._templates.behind(selector, seen.place(one.namespace), root) if selector else None
        if found is None:
            return one
        if not found:
            return one._replace(facts=(*one.facts, _EMPTY))
        named = (fact.split(" ") for fact in _saying(_NAMED, one.facts))
        unserved = (
            f"{_UNSERVED}{port} {names[0]}" for port, *names in named if not self._templates.names_port(found, names)
        )
        return one._replace(facts=(*one.facts, *unserved))


def exposed(pod: Pod, host: str) -> Exposed | None:
    """What the Service exposes that a host's name stands for; None unless all of that is known."""
    if is_placeholder(host.replace(OWN_NAMESPACE, "")) or not asks_cluster(pod):
        return None
    for _ in range(_MOST_ALIASES):
        offers = _offers_of(pod, host)
        facts = _common(offers)
        aliases = _saying(_ALIAS, facts)
        if not aliases:
            return _exposed(host, facts, tuple(_places(offers, pod.node.source))) if facts else None
        if len(aliases) > 1:
            break
        host = aliases[0]
    return None


def _exposed(host: str, facts: Collection[str], places: tuple[Place, ...]) -> Exposed:
    name, namespace, _ = _parts(host)
    ports, datagrams = (tuple(sorted({*_saying(kind, facts)}, key=int)) for kind in (_PORT, _DATAGRAM))
    unserved = dict(one.split(" ") for one in _saying(_UNSERVED, facts))
    targets = frozenset(_saying(_TARGET, facts))
    is_empty, is_headless, is_patched = (fact in facts for fact in (_EMPTY, _HEADLESS, _PATCHED))
    return Exposed(name, namespace, ports, datagrams, targets, unserved, is_empty, is_headless, places, is_patched)


def _places(offers: Iterable[Offer], own: Source) -> Iterator[Place]:
    for one in offers:
        for start, _, end in (fact.partition("-") for fact in _saying(_AT, one.facts)):
            if source := source_of(one, own):
                yield Place(source, Span(int(start), int(end)))


def _parts(host: str) -> tuple[str, str, str]:
    """The Service that a host's name stands for, the namespace that it says, and what comes behind."""
    name, _, rest = host.removesuffix(".").partition(".")
    namespace, _, domain = rest.partition(".")
    return name, "" if namespace == OWN_NAMESPACE else namespace, domain


def _offers_of(pod: Pod, host: str) -> Sequence[Offer]:
    """The Services that a host's name stands for; none where that is not known."""
    name, namespace, domain = _parts(host)
    if not _is_of_cluster(domain):
        return ()
    wanted = f"{name}.{namespace}" if namespace else name
    return pod.cluster.ask(SERVICES, pod.workload.ref.namespace, wanted, pod.node.source.path)


def _common(offers: Sequence[Offer]) -> Collection[str]:
    """What Services of one name say; nothing where that is not known of all."""
    if not offers or not all(one.facts for one in offers):
        return ()
    common = frozenset.intersection(*(frozenset(one.facts) for one in offers))
    return {fact for one in offers for fact in one.facts if fact in common or not fact.startswith(_LACKING)}


def _saying(prefix: str, facts: Iterable[str]) -> list[str]:
    return [fact.removeprefix(prefix) for fact in facts if fact.startswith(prefix)]


def _is_of_cluster(domain: str) -> bool:
    return domain in ("", "svc") or domain.startswith("svc.")


def asks_cluster(pod: Pod) -> bool:
    """Whether names are resolved by the cluster's DNS, and by nothing else (GetPodDNS)."""
    node, policy = pod.node, pod.node["dnsPolicy"].value
    if node["hostAliases"] or node["dnsConfig"]:
        return False
    if pod.is_in_host_network:
        return policy == "ClusterFirstWithHostNet"
    return policy in ("", "ClusterFirst", "ClusterFirstWithHostNet")
