"""What workloads cannot start without, beside each other: the ConfigMaps, Secrets, claims and accounts of a run."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from initlint.graph.turns import INSTALLERS, Turn, turn_of
from initlint.kube.pods.pod import Workload
from initlint.kube.pods.required import ACCOUNT, CLAIM, CONFIG_MAP, SECRET, Required, required
from initlint.kube.terms.cluster import titled
from initlint.kube.terms.homes import group_of
from initlint.kube.terms.unknown import Unknown
from initlint.text.source import Span
from initlint.text.tree import Node

_KINDS = (ACCOUNT, CLAIM, CONFIG_MAP, SECRET)


class ObjectFacts(NamedTuple):
    """An object that Pods refer to, and when an installer makes it; `span` is its name."""

    path: str
    span: Span
    kind: str
    namespace: str | None
    name: str
    turn: Turn | None

    @property
    def title(self) -> str:
        """As messages name it."""
        return titled(self.kind, self.name)


class ObjectNeed(NamedTuple):
    """An object that a workload does not start without; `span` is where it says so."""

    kind: str
    name: str
    span: Span


@lru_cache(maxsize=8)
def _says_turns(text: str) -> bool:
    """Whether anything in a file says when it is made; what others hold need not be read."""
    return any(f"{one}/" in text for one in INSTALLERS)


def objects(node: Node) -> Iterator[ObjectFacts]:
    """What an object is to the Pods that refer to it, in a file of which some things are made before others."""
    kind = node["kind"].value if _says_turns(node.source.text) else ""
    if kind in _KINDS and group_of(node) == "" and (name := node["metadata"]["name"]):
        namespace = node["metadata"]["namespace"].value or None
        yield ObjectFacts(node.source.path, name.span, kind, namespace, name.value, turn_of(node))


def needs(workload: Workload, turn: Turn | None) -> tuple[ObjectNeed, ...]:
    """What a workload needs that is not made whenever its installer comes to it."""
    return tuple(_needs(workload)) if turn and turn.by else ()


def _needs(workload: Workload) -> Iterator[ObjectNeed]:
    told = set[tuple[str, str]]()
    for one in (one for pod in workload.pods for one in required(pod)):
        if (one.kind, one.name.value) not in told and _is_told(one):
            told.add((one.kind, one.name.value))
            yield ObjectNeed(one.kind, one.name.value, one.name.span)


def _is_told(one: Required) -> bool:
    try:
        one.require()
    except Unknown:
        return False
    return True
