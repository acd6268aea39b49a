"""Services of the input, and which of them the name of a host stands for in a Pod."""

from __future__ import annotations

from typing import NamedTuple

from initlint.kube.cluster import SERVICES, Offer
from initlint.kube.expansion import OWN_NAMESPACE
from initlint.kube.placeholder import is_placeholder
from initlint.kube.pod import Pod
from initlint.text.tree import Node

_TARGET = "target "


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
    namespace, name = metadata["namespace"].value or None, metadata["name"].value
    return Offer(SERVICES, namespace, name, facts, by=root.source.path)


def exposed(pod: Pod, host: str) -> Exposed | None:
    """What the Service exposes that a host's name stands for; None unless all of that is known."""
    name, _, rest = host.removesuffix(".").partition(".")
    namespace, _, domain = rest.partition(".")
    if is_placeholder(host.replace(OWN_NAMESPACE, "")) or not _is_of_cluster(domain) or not asks_cluster(pod):
        return None
    wanted = pod.workload.ref.namespace if namespace in ("", OWN_NAMESPACE) else namespace
    offers = pod.cluster.ask(SERVICES, wanted, name, pod.node.source.path)
    if not offers or not all(one.facts and one.namespace == wanted for one in offers):
        return None
    facts = {fact for one in offers for fact in one.facts}
    targets = {fact for fact in facts if fact.startswith(_TARGET)}
    return Exposed(
        name, tuple(sorted(facts - targets, key=int)), frozenset(one.removeprefix(_TARGET) for one in targets)
    )


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
