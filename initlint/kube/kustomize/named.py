"""Which objects patches mean, by kind and name, and the objects as their files have them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from initlint.kube.kustomize.applied import PREFIX, SUFFIX
from initlint.kube.kustomize.kustomization import ANY
from initlint.kube.terms.homes import manifests
from initlint.regex import regex
from initlint.text.documents import documents
from initlint.text.source import Source
from initlint.text.tree import Document, Node

LITERAL = regex(r"[\w.-]*")
# What takes long to match, and what Python may understand otherwise.
_COSTLY = regex(r".{200}|[\\\[]|\)[*+?{]|(?:[*+?{].*){3}", re.DOTALL)


class Written(NamedTuple):
    """An object, as its file calls it."""

    kind: str
    name: str
    namespace: str
    path: str


class Called(NamedTuple):
    """What an object is called where a patch is applied: as its file has it, and as kustomizations call it by then."""

    kind: str
    names: frozenset[str]
    namespaces: frozenset[str]

    def is_meant_by(self, patch: Node) -> bool:
        """Whether a patch without a target is for it."""
        kind, name, namespace = title(patch)
        return kind == self.kind and name in self.names and namespace in {"", *self.namespaces}


def written_in(source: Source) -> Mapping[tuple[str, ...], list[Node]]:
    """The objects of a file, by kind, name and namespace."""
    found: dict[tuple[str, ...], list[Node]] = {}
    for document in documents(source):
        for node in manifests(document.root) if isinstance(document, Document) else ():
            found.setdefault(title(node), []).append(node)
    return found


def is_still(node: Node, one: Written) -> bool:
    """Whether an object has the kind, name and namespace of one that is known."""
    return title(node) == one[:3]


def title(node: Node) -> tuple[str, str, str]:
    """Kind, name and namespace of an object."""
    metadata = node["metadata"]
    return node["kind"].value, metadata["name"].value, metadata["namespace"].value


def is_sure(pattern: str, name: str) -> bool:
    """Whether a target's name is surely this one, and not only may be."""
    is_known = bool(LITERAL.fullmatch(pattern)) or not _COSTLY.search(pattern)
    return is_known and matches(pattern, name)


def is_made_of(name: str, other: str, affixes: set[str]) -> bool:
    """Whether one name is another one with what is added before it, behind it, or both."""
    if affixes == {PREFIX, SUFFIX}:
        return name in other
    return other.endswith(name) if PREFIX in affixes else other.startswith(name)


def matches(pattern: str, text: str) -> bool:
    """Whether a target's kind or name, a regular expression for all of it, is or may be for this one."""
    return pattern in (ANY, text) or bool(_compiled(pattern).fullmatch(text))


@lru_cache
def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(".*" if _COSTLY.search(pattern) else pattern)
    except (re.error, RecursionError, OverflowError):
        return re.compile(".*")
