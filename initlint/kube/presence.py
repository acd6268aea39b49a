"""What is surely not there: objects that an input does not hold which is said to be complete."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from initlint.kube.cluster import ABSENT, EXISTING, UNREAD, Offer, Question
from initlint.kube.homes import BUILT_IN, group_of
from initlint.kube.kustomize import MOVES, RENAMES, is_kustomization
from initlint.kube.placeholder import is_placeholder
from initlint.kube.pod import Pod
from initlint.kube.reach import Reach
from initlint.kube.services import asks_cluster
from initlint.tree import Node

_CUSTOM, _CHART = "custom resource", "chart"
_NAME = re.compile(r"[a-z0-9](?:[-.a-z0-9]*[a-z0-9])?")
# Groups of Kubernetes have no dot, or belong to it; what else there is, an operator may make objects of.
_OWN_GROUP = re.compile(r"[a-z]*|(?!gateway\.)[a-z.]+\.k8s\.io")
# What stands for objects that somebody else renders.
_CHARTS = ("HelmRelease", "HelmChart", "Application", "ApplicationSet", "Kustomization")
# Objects whose controllers name what they make by their own name.
_MAKERS = {
    "Pod": tuple(kind for _, kind in BUILT_IN if kind not in ("Pod", "PodTemplate")),
    "Job": ("CronJob",),
    "ReplicaSet": ("Deployment",),
    "PersistentVolumeClaim": ("StatefulSet",),
    "Endpoints": ("Service",),
}
# What no input holds, and what is no name of a Service.
_NO_SERVICES = ("kubernetes", "kube-dns", "localhost", "ip6-localhost")
_SYSTEM = "kube-"


def offer(root: Node) -> Offer | None:
    """That an object is there, by its kind and name."""
    group, kind, metadata = group_of(root), root["kind"].value, root["metadata"]
    name = metadata["name"].value or metadata["generateName"].value
    if is_kustomization(root) and not root["spec"]:
        return Offer(EXISTING, None, f"{_CHART}/", by=root.source.path) if root["helmCharts"] else None
    if kind in _CHARTS:
        return Offer(EXISTING, None, f"{_CHART}/{name}", by=root.source.path)
    said = kind if _OWN_GROUP.fullmatch(group) else _CUSTOM
    return Offer(EXISTING, metadata["namespace"].value or None, f"{said}/{name}", by=root.source.path) if kind else None


class Presence:
    """The objects of a run, by kind and name."""

    def __init__(self, offers: Mapping[str, Iterable[Offer]], reach: Reach) -> None:
        self._reach = reach
        self._known: dict[str, dict[str, list[Offer]]] = {}
        for one in offers.get(EXISTING, ()):
            kind, _, name = one.name.partition("/")
            if not reach.is_patch(one.by):
                self._known.setdefault(kind, {}).setdefault(name, []).append(one)
        self._namespaces = {one.namespace for one in offers.get(EXISTING, ())}
        self._is_partial = bool(offers.get(UNREAD)) or _CHART in self._known
        self._changes_names = bool(offers.get(RENAMES) or offers.get(MOVES))

    def answer(self, question: Question) -> Iterator[Offer]:
        """That an object is not there, with the name of one that may be meant; nothing if it is, or may be."""
        kind, _, name = (question.name or "").partition("/")
        namespace = question.namespace
        if self._is_partial or (namespace is not None and namespace not in self._namespaces):
            return
        if self._reach.renames(question.path or "") or self._may_exist(kind, name, namespace):
            return
        yield Offer(ABSENT, namespace, question.name or "", tuple(self._meant(kind, name, namespace)))

    def _meant(self, kind: str, name: str, namespace: str | None) -> Iterator[str]:
        """What may be meant: the same name in another namespace, or a name that is close."""
        known = self._known.get(kind, {})
        yield from sorted(f"{name}.{one.namespace}" for one in known.get(name, ()) if one.namespace)[:1]
        here = sorted(one for one, listed in known.items() if _reaches(listed, namespace))
        yield from get_close_matches(name, here, 1)

    def _may_exist(self, kind: str, name: str, namespace: str | None) -> bool:
        for known, listed in self._known.get(kind, {}).items():
            is_meant = known == name or is_placeholder(known) or (self._changes_names and known in name)
            if is_meant and (self._changes_names or _reaches(listed, namespace)):
                return True
        makers = (_CUSTOM, *_MAKERS.get(kind, ()))
        made_of = [(known, listed) for maker in makers for known, listed in self._known.get(maker, {}).items()]
        return any(known in name and _reaches(listed, namespace) for known, listed in made_of)


def _reaches(listed: Iterable[Offer], namespace: str | None) -> bool:
    """Whether one of the objects is, or may be, in a namespace."""
    return any(one.namespace == namespace or None in (one.namespace, namespace) for one in listed)


def absent(pod: Pod, kind: str, name: str, namespace: str | None = None) -> Offer | None:
    """That an object is not there for a Pod, where the input is complete; without a namespace it is the Pod's."""
    if not pod.cluster.is_complete or not _NAME.fullmatch(name) or (namespace or "").startswith(_SYSTEM):
        return None
    wanted = namespace or pod.workload.ref.namespace
    found = pod.cluster.ask(ABSENT, wanted, f"{kind}/{name}", pod.node.source.path)
    return found[0] if found else None


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
