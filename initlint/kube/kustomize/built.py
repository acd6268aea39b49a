"""Workloads as kustomizations build them, where it is known what their patches say.

All that such an object is made of stands in one text, so that rules run on it as on any other; whatever they point at
there stands in one of the files of the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from initlint.finding import Place
from initlint.kube.kustomize.kustomization import is_kustomization, is_patch_text, listed_at
from initlint.kube.kustomize.made import after
from initlint.kube.kustomize.merge import with_entries
from initlint.kube.kustomize.named import Written, is_still, is_sure, title
from initlint.kube.kustomize.patches import AT_TURN, DATA, QUOTA, RBAC, SERVICE
from initlint.kube.kustomize.paths import path_of
from initlint.kube.kustomize.reach import Reach
from initlint.kube.terms.build import Build, Piece
from initlint.kube.terms.cluster import BUILT, PATCHED, Offer, Question
from initlint.kube.terms.homes import manifests
from initlint.text.documents import documents
from initlint.text.scalars import Style
from initlint.text.source import ComposedSource, Source, Span
from initlint.text.tree import Document, Node, Scalar
from initlint.text.tree import Mapping as MappingNode

_APART = "\n---\n"
_UNCLEAR = (0, "")
_OF_OTHERS = frozenset({SERVICE, DATA, RBAC, QUOTA})
_MOST = 8
"""Kustomizations of which it is looked at how they build a workload."""


class _Patched(NamedTuple):
    """What the patches of a workload say that goes through a kustomization last, each with where it is named."""

    root: str
    listed: tuple[Node, ...]
    said: tuple[Piece, ...]


class Builds:
    """The workloads of a run as its kustomizations build them."""

    def __init__(self, reach: Reach, sources: Mapping[str, Source]) -> None:
        self._reach = reach
        self._sources = sources
        self._known: dict[Written, tuple[_Patched, ...]] = {}
        self._kustomizations: dict[str, list[Node]] = {}

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
        # Without patches, others may be told apart for it: what its init containers ask for, and what they are given.
        is_told_apart = node.holds("initContainers") or any(one.listed for one in known)
        for one in known if is_told_apart else ():
            pieces = tuple(_apart((_piece(node.source, span), *one.said)))
            if built := _built(node, pieces, written, [bool(it["target"]) for it in one.listed]):
                listed = tuple(Place(it.source, it.span) for it in one.listed)
                yield Build(built, pieces, one.root, listed, len(self._reach.applied(written.path)))

    def _patched(self, one: Written) -> tuple[_Patched, ...]:
        if one not in self._known:
            applying = list(self._applying(one))[:_MOST] if one.name else ()
            found = (self._read(root, patches) for root, patches in applying)
            self._known[one] = tuple(filter(None, found))
        return self._known[one]

    def _applying(self, one: Written) -> Iterator[tuple[str, list[Offer]]]:
        """For each kustomization that a workload goes through last, its patches in their turn.

        Those are left out of which it is not clear; none where there is nothing to tell apart.
        """
        asked = Question(PATCHED, None, f"{one.kind}/{one.name}", one.path)
        patches = [patch for patch in self._reach.meaning(asked) if not _OF_OTHERS.issuperset(patch.facts[2:])]
        roots = self._reach.applied(one.path)
        for root in roots if patches or len(roots) > 1 else ():
            of_root = [patch for patch in patches if not patch.through or root in self._reach.way(patch.through)]
            turns = {self._turn(patch, one): patch for patch in of_root}
            if len(turns) == len(of_root) and _UNCLEAR not in turns:
                yield root, [turns[turn] for turn in sorted(turns)]

    def _turn(self, patch: Offer, one: Written) -> tuple[int, str]:
        """When a patch is applied to an object: those of inner kustomizations come first."""
        turn = next((fact.removeprefix(AT_TURN) for fact in patch.facts if fact.startswith(AT_TURN)), "")
        is_clear = patch.through and turn and is_sure(patch.facts[0], one.kind) and is_sure(patch.facts[1], one.name)
        return (-len(self._reach.way(patch.through or "")), turn) if is_clear else _UNCLEAR

    def _read(self, root: str, patches: Iterable[Offer]) -> _Patched | None:
        """What patches say; None where one of them cannot be read."""
        listed = [self._listed(patch) for patch in patches]
        said = [self._said(it) if it else None for it in listed]
        found = _Patched(root, tuple(filter(None, listed)), tuple(filter(None, said)))
        return found if len(found.said) == len(listed) else None

    def _listed(self, patch: Offer) -> Node | None:
        """Where a kustomization names a patch."""
        turn = next(fact.removeprefix(AT_TURN) for fact in patch.facts if fact.startswith(AT_TURN))
        if patch.by not in self._kustomizations:
            source = self._sources.get(patch.by)
            read = [one.root for one in (documents(source) if source else ()) if isinstance(one, Document)]
            self._kustomizations[patch.by] = [one for one in read if is_kustomization(one)]
        roots = self._kustomizations[patch.by]
        return listed_at(roots[0], turn) if len(roots) == 1 else None

    def _said(self, listed: Node) -> Piece | None:
        """What a patch says: in a file, or in a text of the kustomization."""
        text = listed["patch"] or listed
        if isinstance(text, Scalar) and (listed["patch"] or is_patch_text(text.value)):
            return _inline(text)
        source = self._sources.get(path_of(listed, (listed["path"] or listed).value))
        return _piece(source, Span(0, len(source.text))) if source and source.is_manifest else None


def _piece(source: Source, span: Span) -> Piece:
    return Piece(0, source.text[span.start : span.end], source, span)


def _inline(text: Scalar) -> Piece:
    """A text in a kustomization; only of a literal one each part stands for itself."""
    if text.style is not Style.LITERAL:
        return Piece(0, text.value, text.source, text.span, is_whole=True)
    where = text.at(0, len(text.value))
    # From the beginning of its first line, so that all of them are indented alike.
    return _piece(text.source, Span(text.source.text.rfind("\n", 0, where.start) + 1, where.end))


def _apart(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces of one text, one behind the other."""
    at = 0
    for piece in pieces:
        yield piece._replace(at=at)
        at += len(piece.text) + len(_APART)


def _built(node: Node, pieces: tuple[Piece, ...], one: Written, aimed: Iterable[bool]) -> Node | None:
    """An object with all its patches, in one source; None if one of them is not understood."""
    source = ComposedSource(one.path, _APART.join(piece.text for piece in pieces))
    read = [outcome.root for outcome in documents(source) if isinstance(outcome, Document)]
    bounds = [*(piece.at for piece in pieces), len(source.text)]
    parts = [[it for it in read if first <= it.start < end] for first, end in pairwise(bounds)]
    at = node.start - pieces[0].span.start
    found: Node | None = next((it for root in parts[0] for it in manifests(root) if it.start == at), None)
    for roots, is_aimed in zip(parts[1:], aimed, strict=True):
        for patch in _meant(roots, one, is_aimed=is_aimed):
            found = after(found, patch) if found and patch else None
    return found if found and is_still(found, one) else None


def _meant(roots: Iterable[Node], one: Written, *, is_aimed: bool) -> Sequence[Node | None]:
    """The patches of a text that are for an object: with a target, whatever they call it."""
    patches = [it for root in roots for it in (list(manifests(root)) or [root])]
    if not is_aimed:
        return [it for it in patches if title(it)[:2] == one[:2]] or [None]
    return [_nameless(it) for it in patches] if len(patches) == 1 else [None]


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
