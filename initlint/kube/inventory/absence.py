"""What a Pod asks for in vain, where the input is complete: Services, other objects, and keys of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from initlint.finding import Place
from initlint.kube.inventory.services import Exposed, asks_cluster, exposed
from initlint.kube.pods.pod import Pod
from initlint.kube.pods.required import Required, required
from initlint.kube.terms.cluster import ABSENT, EXISTING, LACKING, ONLY_SHOWN, Offer, source_of
from initlint.kube.terms.placeholder import is_placeholder
from initlint.regex import regex
from initlint.text.source import Source, Span
from initlint.text.tree import Missing

_NAME = regex(r"[a-z0-9](?:[-.a-z0-9]*[a-z0-9])?")
_KEY = regex(r"[-.\w]+")
# What no input holds, and what is no name of a Service.
_SYSTEM = "kube-"
_NO_SERVICES = ("kubernetes", "kube-dns", "localhost", "ip6-localhost")


def absent(pod: Pod, kind: str, name: str, namespace: str | None = None) -> Offer | None:
    """That an object is not there for a Pod, where the input is complete; without a namespace it is the Pod's."""
    own = pod.workload.ref.namespace
    if not pod.cluster.is_complete or not _NAME.fullmatch(name) or (namespace or own or "").startswith(_SYSTEM):
        return None
    wanted = f"{kind}/{name}/{namespace}" if namespace else f"{kind}/{name}"
    found = pod.cluster.ask(ABSENT, own, wanted, pod.node.source.path)
    return found[0] if found else None


def lacking(pod: Pod, kind: str, name: str, key: str) -> Sequence[Offer]:
    """The objects of that name in a Pod's namespace, where none of them has the key."""
    if not pod.cluster.is_complete or not _NAME.fullmatch(name) or not _KEY.fullmatch(key):
        return []
    return pod.cluster.ask(LACKING, pod.workload.ref.namespace, f"{kind}/{name}/{key}", pod.node.source.path)


def absent_service(pod: Pod, host: str) -> Offer | None:
    """That there is no Service of the name that a host has; nothing of hosts that may be outside of the cluster."""
    if is_placeholder(host) or not asks_cluster(pod) or host in (*_NO_SERVICES, pod.hostname):
        return None
    match host.removesuffix(".").split("."):
        case [service]:
            return absent(pod, "Service", service)
        case [one, service, *namespace] if len(namespace) < 2 and _is_of_set(pod, one, "".join(namespace)):
            return absent(pod, "Service", service, "".join(namespace) or None)
        case [service, namespace]:
            # It may be a Pod under its Service, too.
            is_plain = service not in _NO_SERVICES and absent(pod, "Service", namespace)
            return absent(pod, "Service", service, namespace) if is_plain else None
        case [service, namespace, "svc", *_] | [_, service, namespace, "svc", *_] if service not in _NO_SERVICES:
            return absent(pod, "Service", service, namespace)
    return None


def empty_service(pod: Pod, host: str) -> Exposed | None:
    """The Service of the input that a host is the name of, where no Pod that it selects is ever made."""
    if not pod.cluster.is_complete:
        return None
    first, _, rest = host.partition(".")
    namespace = rest.partition(".")[2].partition(".")[0]
    service = exposed(pod, rest if rest and _is_of_set(pod, first, namespace) else host)
    if service is None or not service.is_empty:
        return None
    asked = pod.cluster.ask(ONLY_SHOWN, pod.workload.ref.namespace, service.namespace, pod.node.source.path)
    return service if asked else None


def _is_of_set(pod: Pod, name: str, namespace: str) -> bool:
    """Whether a Pod of a StatefulSet of the input is called so; its Service makes it a host (getPodName)."""
    owner, _, ordinal = name.rpartition("-")
    wanted = namespace or pod.workload.ref.namespace
    is_complete = pod.cluster.is_complete and ordinal.isdecimal()
    return is_complete and bool(pod.cluster.ask(EXISTING, wanted, f"StatefulSet/{owner}"))


class Unmet(NamedTuple):
    """What a Pod needs and the input does not hold: where it is needed, first things first, and what may be meant.

    `places` are the objects of that name which do not have the key.
    """

    needs: tuple[Required, ...]
    meant: str
    places: tuple[Place, ...] = ()


def unmet(pod: Pod) -> Iterator[Unmet]:
    """The objects, and keys of objects, that a Pod cannot start without, and that are not there."""
    needs: dict[tuple[str, str, str], list[Required]] = {}
    for one in required(pod):
        needs.setdefault((one.kind, one.name.value, ""), []).append(one)
        if one.key:
            needs.setdefault((one.kind, one.name.value, one.key.value), []).append(one)
    for (kind, name, key), needed in needs.items():
        if not key and (found := absent(pod, kind, name)):
            yield Unmet(tuple(one._replace(key=Missing(one.name)) for one in needed), "".join(found.facts[:1]))
        elif key and (holding := lacking(pod, kind, name, key)):
            yield Unmet(tuple(needed), "".join(holding[0].facts[1:2]), tuple(_places(holding, pod.node.source)))


def _places(holding: Iterable[Offer], own: Source) -> Iterator[Place]:
    """Where the objects are named."""
    for one in holding:
        start, _, end = one.facts[0].partition("-")
        if source := source_of(one, own):
            yield Place(source, Span(int(start), int(end)))
