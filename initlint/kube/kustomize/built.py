"""Workloads as kustomizations build them, where it is known what their patches say.

All that such an object is made of stands in one text, so that rules run on it as on any other; whatever they point at
there stands in one of the files of the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from initlint.finding import Place
from initlint.kube.kustomize.applied import ALONE
from initlint.kube.kustomize.listed import Listed, part_of
from initlint.kube.kustomize.made import after
from initlint.kube.kustomize.merge import with_entries
from initlint.kube.kustomize.named import Called, Written, is_still, title
from initlint.kube.kustomize.patches import DATA, QUOTA, RBAC, SERVICE
from initlint.kube.kustomize.reach import Reach
from initlint.kube.terms.build import Build, Piece
from initlint.kube.terms.cluster import BUILT, PATCHED, Offer, Question
from initlint.kube.terms.homes import manifests
from initlint.text.documents import documents
from initlint.text.source import ComposedSource, Span
from initlint.text.tree import Document, Node
from initlint.text.tree import Mapping as MappingNode

_APART = "\n---\n"
_OF_OTHERS = frozenset({SERVICE, DATA, RBAC, QUOTA})
_MOST = 16
"""Kustomizations of which it is looked at how they build a workload."""


class _Patched(NamedTuple):
    """What the patches of a workload say that goes through a kustomization last, each with where it is named."""

    root: str
    listed: tuple[Node, ...]
    said: tuple[Piece, ...]
    called: tuple[Called, ...]

    @property
    def meant(self) -> Iterator[Called | None]:
        """What the object is called for each patch; None where a target says which it is."""
        return (None if named["target"] else called for named, called in zip(self.listed, self.called, strict=True))


class Builds:
    """The workloads of a run as its kustomizations build them."""

    def __init__(self, reach: Reach, listed: Listed) -> None:
        self._reach = reach
        self._listed = listed
        self._known: dict[Written, tuple[_Patched, ...]] = {}

    def offers(self, question: Question) -> Iterator[Offer]:
        """All that decides what is built of an object."""
        kind, _, name = (question.name or "").partition("/")
        for one in self._patched(Written(kind, name, question.namespace or "", question.path or "")):
            facts = (one.root, *(part for piece in one.said for part in (piece.source.path, piece.text)))
            yield Offer(BUILT, question.namespace, question.name or "", facts)

    def of(self, node: Node, span: Span) -> Iterator[Build]:
        """A workload as they build it; `span` is that of the document that it stands in."""
        written = Written(*title(node), node.source.path)
        known = self._patched(written)
        # What init containers ask for, and what they are given, may be something else in each of them.
        said = (piece for one in known for piece in one.said)
        has_init = node.holds("initContainers") or any("initContainers" in piece.text for piece in said)
        alike = [(one, [one.root]) for one in known] if has_init else _alike(known)
        for one, roots in alike:
            pieces = tuple(_apart((part_of(node.source, span), *one.said)))
            if built := _built(node, pieces, written, one.meant):
                listed = tuple(Place(it.source, it.span) for it in one.listed)
                yield Build(built, pieces, frozenset(roots), listed, len(self._reach.applied(written.path)))

    def _patched(self, one: Written) -> tuple[_Patched, ...]:
        if one not in self._known:
            is_object = one.name and not self._reach.holds_patches(one.path)
            applying = list(self._applying(one))[:_MOST] if is_object else ()
            found = (self._read(root, patches, one) for root, patches in applying)
            self._known[one] = tuple(filter(None, found))
        return self._known[one]

    def _applying(self, one: Written) -> Iterator[tuple[str, list[Offer]]]:
        """For each kustomization that a workload goes through last, its patches in their turn.

        Those are left out of which it is not clear; none where there is nothing to tell apart.
        """
        asked = Question(PATCHED, None, f"{one.kind}/{one.name}", one.path)
        patches = [patch for patch in self._reach.meaning(asked) if not _OF_OTHERS.issuperset(patch.facts[2:])]
        roots = sorted(self._reach.applied(one.path))
        is_told_apart = patches or len(roots) > 1 or (ALONE not in roots and self._reach.changes_data)
        for root in roots if is_told_apart else ():
            of_root = self._listed.in_turn(patches, one, root)
            if of_root is not None:
                yield root, of_root

    def _read(self, root: str, patches: Sequence[Offer], one: Written) -> _Patched | None:
        """What patches say; None where one of them cannot be read."""
        named = [self._listed.named(patch) for patch in patches]
        called = tuple(self._reach.called(one, patch.through or "", root) for patch in patches)
        said = [self._listed.said(it, by) if it else None for it, by in zip(named, called, strict=True)]
        found = _Patched(root, tuple(filter(None, named)), tuple(filter(None, said)), called)
        return found if len(found.said) == len(named) else None


def _alike(known: Sequence[_Patched]) -> list[tuple[_Patched, list[str]]]:
    """What is built alike by several kustomizations, once, with their folders; nothing where none has a patch."""
    found: dict[tuple[Piece, ...], tuple[_Patched, list[str]]] = {}
    for one in known if any(one.listed for one in known) else ():
        found.setdefault(one.said, (one, []))[1].append(one.root)
    return list(found.values())


def _apart(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces of one text, one behind the other."""
    at = 0
    for piece in pieces:
        yield piece._replace(at=at)
        at += len(piece.text) + len(_APART)


def _built(node: Node, pieces: tuple[Piece, ...], one: Written, called: Iterable[Called | None]) -> Node | None:
    """An object with all its patches, in one source; None if one of them is not understood."""
    source = ComposedSource(one.path, _APART.join(piece.text for piece in pieces))
    read = [outcome.root for outcome in documents(source) if isinstance(outcome, Document)]
    bounds = [*(piece.at for piece in pieces), len(source.text)]
    parts = [[it for it in read if first <= it.start < end] for first, end in pairwise(bounds)]
    at = node.start - pieces[0].span.start
    found: Node | None = next((it for root in parts[0] for it in manifests(root) if it.start == at), None)
    for roots, by in zip(parts[1:], called, strict=True):
        for patch in _meant(roots, by):
            found = after(found, patch) if found and patch else None
    return found if found and is_still(found, one) else None


def _meant(roots: Iterable[Node], called: Called | None) -> Sequence[Node | None]:
    """The patches of a text that are for an object: with a target, whatever they call it."""
    patches = [it for root in roots for it in (list(manifests(root)) or [root])]
    meant = [it for it in patches if called is None or called.is_meant_by(it)]
    return [_nameless(it) for it in meant] if len(meant) == 1 or (meant and called) else [None]


def _nameless(patch: Node) -> Node:
    """A patch without what it calls its object."""
    if not isinstance(patch, MappingNode):
        return patch
    metadata = patch["metadata"]
    named = [(key, value) for key, value in metadata.items() if key.value not in ("name", "namespace")]
    said: list[tuple[Node, Node]] = [
        (key, value) for key, value in patch.items() if key.value not in ("apiVersion", "kind", "metadata")
    ]
    if isinstance(metadata, MappingNode):
        said.append((patch.key("metadata"), with_entries(metadata, named)))
    return with_entries(patch, said)
