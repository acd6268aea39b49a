"""The Pods that Services select: by the labels of their templates, and with which names of ports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from initlint.kube.kustomize.applied import Labels
from initlint.kube.kustomize.patches import ANY_KEY
from initlint.kube.kustomize.reach import Reach
from initlint.kube.pods.injection import wants_injection
from initlint.kube.terms.cluster import TEMPLATES, Offer, may_be
from initlint.kube.terms.homes import BUILT_IN, HOMES, group_of
from initlint.kube.terms.placeholder import is_placeholder
from initlint.regex import regex
from initlint.text.tree import Node

_LABEL, _PORT, _CONTAINER = "label ", "port ", "container "
_UNKNOWN, _MORE = "other labels", "other containers"
_LISTS = ("containers", "initContainers")
# What controllers add to the Pods that they make, and what programs that elect a leader write on their own Pod.
_AT_RUN_TIME = regex(
    r"(?:statefulset|apps|batch)\.kubernetes\.io/.*|pod-template-hash|controller-(?:uid|revision-hash)|job-name"
    r"|.*(?:role|leader|primary|master|active|healthy).*",
    re.IGNORECASE,
)


def offers(root: Node) -> Iterator[Offer]:
    """What Services see of the Pods that an object makes."""
    key = (group_of(root), root["kind"].value)
    if home := HOMES.get(key):
        namespace, name = (root["metadata"][one].value for one in ("namespace", "name"))
        is_whole = key in BUILT_IN or not home.filled_in
        facts = tuple(_facts(root)) if is_whole else (_UNKNOWN,)
        yield Offer(TEMPLATES, namespace or None, f"{key[1]}/{name}", facts, by=root.source.path)


def _facts(root: Node) -> Iterator[str]:
    spec = root["spec"]
    template = root if root["kind"].value == "Pod" else (spec["jobTemplate"]["spec"] or spec)["template"]
    told = [f"{_LABEL}{key.value}={value.value}" for key, value in template["metadata"]["labels"].items()]
    yield from told
    if any(map(is_placeholder, told)):
        yield _UNKNOWN
    containers = [one for key in _LISTS for one in template["spec"][key]]
    if wants_injection(template["metadata"]) or not containers or not all(one["image"] for one in containers):
        yield _MORE
    for one in containers:
        yield f"{_CONTAINER}{one['name'].value}"
        yield from (f"{_PORT}{port['name'].value}" for port in one["ports"] if port["name"] and connects(port))


def connects(port: Node) -> bool:
    """Whether what is said of a port of a Service or a container is not for UDP: each finds its own (FindPort)."""
    return port["protocol"].value.upper() != "UDP"


class _Seen(NamedTuple):
    """A template as kustomizations make it; `changing` are the keys of labels that patches change."""

    offer: Offer
    namespace: str | None
    labels: Labels
    changing: frozenset[str]


class Templates:
    """The Pod templates of a run."""

    def __init__(self, offers: Iterable[Offer], reach: Reach) -> None:
        self._reach = reach
        self._offers = [one for one in offers if not reach.is_patch(one.by)]
        self._by_label: dict[str, dict[tuple[str, str], list[_Seen]]] = {}
        self._vague: dict[str, list[_Seen]] = {}

    def behind(self, selector: Labels, namespace: str | None, root: str) -> Sequence[Offer] | None:
        """The templates that are selected of what comes through one kustomization; None if that is not known."""
        if root not in self._vague:
            self._read(root)
        keys = {ANY_KEY, *(key for key, _ in selector)}
        if any(map(_AT_RUN_TIME.fullmatch, keys)) or any(
            may_be(one.namespace, namespace) and keys & one.changing for one in self._vague[root]
        ):
            return None
        listed = min((self._by_label[root].get(label, []) for label in selector), key=len, default=[])
        return [one.offer for one in listed if selector <= one.labels and may_be(one.namespace, namespace)]

    def names_port(self, found: Sequence[Offer], names: Iterable[str]) -> bool:
        """Whether a container of one of these templates calls a port by one of the names, or may do so."""
        wanted = {f"{_PORT}{name}" for name in names}
        return any(not _is_told(one) or not wanted.isdisjoint(one.facts) or self._changes_ports(one) for one in found)

    def _changes_ports(self, one: Offer) -> bool:
        """Whether patches, or an object that is a patch for it, may add ports."""
        kind, _, name = one.name.partition("/")
        containers = {fact.removeprefix(_CONTAINER) for fact in one.facts if fact.startswith(_CONTAINER)}
        return self._reach.changes_ports(kind, name, one.by, containers) or any(
            other.name == one.name and not _is_told(other) for other in self._offers
        )

    def _read(self, root: str) -> None:
        by_label = self._by_label.setdefault(root, {})
        vague = self._vague.setdefault(root, [])
        for one in self._seen(root):
            if one.changing:
                vague.append(one)
            for label in one.labels:
                by_label.setdefault(label, []).append(one)

    def _seen(self, root: str) -> Iterator[_Seen]:
        for one in self._offers:
            if seen := self._reach.seen(one.by, root):
                kind, _, name = one.name.partition("/")
                is_known = seen.is_known and _UNKNOWN not in one.facts
                changing = self._reach.changed_labels(kind, name, one.by) if is_known else {ANY_KEY}
                labels = seen.labelled(
                    pairs(fact.removeprefix(_LABEL) for fact in one.facts if fact.startswith(_LABEL))
                )
                yield _Seen(one, seen.place(one.namespace), labels, frozenset(changing))


def pairs(texts: Iterable[str]) -> Labels:
    """Labels, each of which is given as `key=value`."""
    return frozenset((key, value) for key, _, value in (one.partition("=") for one in texts))


def _is_told(one: Offer) -> bool:
    return not {_UNKNOWN, _MORE} & {*one.facts}
