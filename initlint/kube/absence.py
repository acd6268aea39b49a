"""What a Pod asks for in vain, where the input is complete: Services, other objects, and keys of them."""

from __future__ import annotations

import re

from initlint.kube.cluster import ABSENT, LACKING, Offer
from initlint.kube.placeholder import is_placeholder
from initlint.kube.pod import Pod
from initlint.kube.services import asks_cluster

_NAME = re.compile(r"[a-z0-9](?:[-.a-z0-9]*[a-z0-9])?")
_KEY = re.compile(r"[-.\w]+")
# What no input holds, and what is no name of a Service.
_NO_SERVICES = ("kubernetes", "kube-dns", "localhost", "ip6-localhost")
_SYSTEM = "kube-"


def absent(pod: Pod, kind: str, name: str, namespace: str | None = None) -> Offer | None:
    """That an object is not there for a Pod, where the input is complete; without a namespace it is the Pod's."""
    wanted = namespace or pod.workload.ref.namespace
    if not pod.cluster.is_complete or not _NAME.fullmatch(name) or (wanted or "").startswith(_SYSTEM):
        return None
    found = pod.cluster.ask(ABSENT, wanted, f"{kind}/{name}", pod.node.source.path)
    return found[0] if found else None


def lacking(pod: Pod, kind: str, name: str, key: str) -> list[Offer]:
    """The objects of that name in a Pod's namespace, where none of them has the key."""
    if not pod.cluster.is_complete or not _NAME.fullmatch(name) or not _KEY.fullmatch(key):
        return []
    return pod.cluster.ask(LACKING, pod.workload.ref.namespace, f"{kind}/{name}/{key}", pod.node.source.path)


def absent_service(pod: Pod, host: str) -> Offer | None:
    """That there is no Service of the name that a host has; nothing of hosts that may be outside of the cluster."""
    own = (pod.workload.ref.name, pod.node["hostname"].value)
    if is_placeholder(host) or not asks_cluster(pod) or host in (*_NO_SERVICES, *own):
        return None
    match host.removesuffix(".").split("."):
        case [service]:
            return absent(pod, "Service", service)
        case [service, namespace]:
            # It may be a Pod under its Service, too.
            is_plain = service not in _NO_SERVICES and absent(pod, "Service", namespace)
            return absent(pod, "Service", service, namespace) if is_plain else None
        case [service, namespace, "svc", *_] | [_, service, namespace, "svc", *_] if service not in _NO_SERVICES:
            return absent(pod, "Service", service, namespace)
    return None
