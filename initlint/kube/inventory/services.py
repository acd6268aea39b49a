"""Services of the input, and which of them the name of a host stands for in a Pod."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from initlint.kube.kustomize.applied import Applied
from initlint.kube.kustomize.reach import Reach
from initlint.kube.pods.pod import Pod
from initlint.kube.terms.cluster import SERVICES, Offer, Question, may_be
from initlint.kube.terms.expansion import OWN_NAMESPACE
from initlint.kube.terms.placeholder import is_placeholder
from initlint.text.tree import Node

_TARGET, _ALIAS = "target ", "alias "
_MOST_ALIASES = 4


class Exposed(NamedTuple):
    """The ports that Services of one name expose, and those of the Pods behind them."""

    service: str
    ports: tuple[str, ...]
    targets: frozenset[str]


def offer(root: Node) -> Offer:
    """The ports of a Service; none where they are not known, or do not matter as in a headless one.

    What kustomizations change in it, the Bundle knows.
    """
    metadata, spec = root["metadata"], root["spec"]
    ports = [port["port"].value for port in spec["ports"]]
    is_plain = spec["clusterIP"].value != "None" and spec["type"].value != "ExternalName" and bool(spec["selector"])
    is_known = is_plain and all(port.isdecimal() for port in ports)
    targets = [f"{_TARGET}{port['targetPort'].value}" for port in spec["ports"]]
    facts = (*ports, *targets) if is_known else ()
    if alias := alias_of(root):
        facts = (f"{_ALIAS}{alias}",)
    namespace, name = metadata["namespace"].value or None, metadata["name"].value
    return Offer(SERVICES, namespace, name, facts, by=root.source.path)


def alias_of(root: Node) -> str:
    """The full name of the other Service of the cluster that one of type ExternalName stands for."""
    spec = root["spec"]
    parts = spec["externalName"].value.removesuffix(".").split(".") if spec["type"].value == "ExternalName" else []
    return ".".join(parts) if parts[2:3] == ["svc"] else ""


class Services:
    """The Services of a run, as kustomizations call them in the end."""

    def __init__(self, offers: Iterable[Offer], reach: Reach) -> None:
        self._reach = reach
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
            root: frozenset(self._seen(question, root, own))
            for root, own in self._reach.applied(question.path or "").items()
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
                is_same = seen.place(one.namespace) == wanted and seen.is_known and own.is_known
                is_whole = is_same and not self._reach.changes_service(one.name, one.by)
                yield one if is_whole else one._replace(facts=())


def exposed(pod: Pod, host: str) -> Exposed | None:
    """What the Service exposes that a host's name stands for; None unless all of that is known."""
    if is_placeholder(host.replace(OWN_NAMESPACE, "")) or not asks_cluster(pod):
        return None
    for _ in range(_MOST_ALIASES):
        name, facts = _facts_of(pod, host)
        aliases = [fact.removeprefix(_ALIAS) for fact in facts if fact.startswith(_ALIAS)]
        if not aliases:
            targets = {fact for fact in facts if fact.startswith(_TARGET)}
            ports = tuple(sorted(facts - targets, key=int))
            return Exposed(name, ports, frozenset(one.removeprefix(_TARGET) for one in targets)) if facts else None
        if len(facts) > 1:
            break
        host = aliases[0]
    return None


def _facts_of(pod: Pod, host: str) -> tuple[str, set[str]]:
    """The Service that a host's name stands for, and what it says; nothing where that is not known of all."""
    name, _, rest = host.removesuffix(".").partition(".")
    namespace, _, domain = rest.partition(".")
    wanted = name if namespace in ("", OWN_NAMESPACE) else f"{name}.{namespace}"
    if not _is_of_cluster(domain):
        return name, set()
    offers = pod.cluster.ask(SERVICES, pod.workload.ref.namespace, wanted, pod.node.source.path)
    return name, {fact for one in offers for fact in one.facts} if all(one.facts for one in offers) else set()


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
