"""Services of the input, and which of them the name of a host stands for in a Pod."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from initlint.kube.cluster import PATCHED_SERVICES, SERVICES, Offer
from initlint.kube.kustomize import RENAMES
from initlint.kube.placeholder import is_placeholder
from initlint.kube.pod import Pod
from initlint.tree import Node

_TARGET = "target "


class Exposed(NamedTuple):
    """The ports that Services of one name expose, and those of the Pods behind them."""

    service: str
    ports: tuple[str, ...]
    targets: frozenset[str]


def offer(root: Node) -> Offer:
    """The ports of a Service; none where they are not known, or do not matter as in a headless one."""
    metadata, spec = root["metadata"], root["spec"]
    ports = [port["port"].value for port in spec["ports"]]
    is_plain = spec["clusterIP"].value != "None" and spec["type"].value != "ExternalName" and bool(spec["selector"])
    is_known = is_plain and all(port.isdecimal() for port in ports)
    targets = [f"{_TARGET}{port['targetPort'].value}" for port in spec["ports"]]
    facts = (*ports, *targets) if is_known else ()
    return Offer(SERVICES, metadata["namespace"].value or None, metadata["name"].value, facts)


def patches(root: Node) -> Iterator[Offer]:
    """Says that a kustomization may patch Services; a patch in a file of its own is a Service, too."""
    for key in ("patches", "patchesJson6902", "patchesStrategicMerge"):
        for listed in (*root[key], *root["spec"][key]):
            is_aimed = listed["target"] and listed["target"]["kind"].value in ("", "Service")
            if is_aimed or "Service" in (listed["patch"].value + listed.value):
                yield Offer(PATCHED_SERVICES, None, "")


def exposed(pod: Pod, host: str) -> Exposed | None:
    """What the Service exposes that a host's name stands for; None unless all of that is known."""
    name, _, rest = host.removesuffix(".").partition(".")
    namespace, _, domain = rest.partition(".")
    if is_placeholder(host) or not _is_of_cluster(domain) or not _asks_cluster(pod):
        return None
    wanted = namespace or pod.workload.ref.namespace
    offers = pod.cluster.ask(SERVICES, wanted, name)
    is_changed = pod.cluster.ask(RENAMES, None) or pod.cluster.ask(PATCHED_SERVICES, None)
    if not offers or is_changed or not all(one.facts and one.namespace == wanted for one in offers):
        return None
    facts = {fact for one in offers for fact in one.facts}
    targets = {fact for fact in facts if fact.startswith(_TARGET)}
    return Exposed(
        name, tuple(sorted(facts - targets, key=int)), frozenset(one.removeprefix(_TARGET) for one in targets)
    )


def _is_of_cluster(domain: str) -> bool:
    return domain in ("", "svc") or domain.startswith("svc.")


def _asks_cluster(pod: Pod) -> bool:
    """Whether names are resolved by the cluster's DNS, and by nothing else (GetPodDNS)."""
    node, policy = pod.node, pod.node["dnsPolicy"].value
    if node["hostAliases"] or node["dnsConfig"]:
        return False
    if node["hostNetwork"].value == "true":
        return policy == "ClusterFirstWithHostNet"
    return policy in ("", "ClusterFirst", "ClusterFirstWithHostNet")
