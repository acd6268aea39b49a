"""The patches that kustomizations list for an object: in which turn they come, where they are named, what they say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from initlint.kube.kustomize.kustomization import is_kustomization, is_patch_text, lines_of, listed_at
from initlint.kube.kustomize.named import Called, Written, is_sure
from initlint.kube.kustomize.patches import AT_TURN
from initlint.kube.kustomize.paths import path_of
from initlint.kube.kustomize.reach import Reach
from initlint.kube.terms.build import Piece
from initlint.kube.terms.cluster import Offer
from initlint.kube.terms.homes import manifests
from initlint.text.documents import documents
from initlint.text.scalars import Style
from initlint.text.source import Source, Span
from initlint.text.tree import Document, Node, Scalar

_UNCLEAR = (-1, "")


class _Said(NamedTuple):
    """A document of a file of patches: where it is, and the objects that it speaks of."""

    span: Span
    objects: tuple[Node, ...]


class Listed:
    """What the kustomizations of a run list."""

    def __init__(self, reach: Reach, sources: Mapping[str, Source]) -> None:
        self._reach = reach
        self._sources = sources
        self._kustomizations: dict[str, list[Node]] = {}
        self._read: dict[str, list[_Said]] = {}

    def in_turn(self, patches: Collection[Offer], one: Written, root: str) -> list[Offer] | None:
        """Those of some patches that come to an object on its way to a kustomization; None where that is not clear."""
        of_root = [patch for patch in patches if not patch.through or root in self._reach.way(patch.through)]
        turns = {self._turn(patch, one, root): patch for patch in of_root}
        is_clear = len(turns) == len(of_root) and _UNCLEAR not in turns
        return [turns[turn] for turn in sorted(turns)] if is_clear else None

    def _turn(self, patch: Offer, one: Written, root: str) -> tuple[int, str]:
        """When a patch is applied to an object: those of inner kustomizations come first."""
        turn, step = turn_of(patch), self._reach.step(one.path, patch.through, root)
        if not turn or step < 0 or not is_sure(patch.facts[0], one.kind):
            return _UNCLEAR
        called = self._reach.called(one, patch.through or "", root)
        return (step, turn) if any(is_sure(patch.facts[1], name) for name in called.names) else _UNCLEAR

    def kustomization(self, path: str) -> Node | None:
        """The only one of a file."""
        if path not in self._kustomizations:
            source = self._sources.get(path)
            read = [one.root for one in (documents(source) if source else ()) if isinstance(one, Document)]
            self._kustomizations[path] = [one for one in read if is_kustomization(one)]
        roots = self._kustomizations[path]
        return roots[0] if len(roots) == 1 else None

    def named(self, patch: Offer) -> Node | None:
        """Where a kustomization names a patch."""
        root = self.kustomization(patch.by)
        return listed_at(root, turn_of(patch)) if root else None

    def said(self, named: Node, called: Called) -> Piece | None:
        """What a patch says of an object: in the one document of a file for it, or in a text of the kustomization."""
        text = named["patch"] or named
        if isinstance(text, Scalar) and (named["patch"] or is_patch_text(text.value)):
            return _inline(text)
        source = self._sources.get(path_of(named, (named["path"] or named).value))
        read = self._documents(source) if source and source.is_manifest else ()
        meant = read if named["target"] else [one for one in read if any(map(called.is_meant_by, one.objects))]
        return part_of(source, meant[0].span) if source and len(meant) == 1 else None

    def _documents(self, source: Source) -> list[_Said]:
        if source.path not in self._read:
            read = [one for one in documents(source) if isinstance(one, Document)]
            self._read[source.path] = [_said(one) for one in read]
        return self._read[source.path]


def _said(document: Document) -> _Said:
    objects = list(manifests(document.root)) or [document.root]
    span = document.span if any(document.span) else document.root.span
    return _Said(span, tuple(objects))


def turn_of(patch: Offer) -> str:
    """Where it stands in the lists of its kustomization; empty if it does not say whom it is for."""
    return next((fact.removeprefix(AT_TURN) for fact in patch.facts if fact.startswith(AT_TURN)), "")


def part_of(source: Source, span: Span) -> Piece:
    """A part of a source."""
    return Piece(0, source.text[span.start : span.end], source, span)


def _inline(text: Scalar) -> Piece:
    """A text in a kustomization; only of a literal one each part stands for itself."""
    if text.style is not Style.LITERAL:
        return Piece(0, text.value, text.source, text.span, is_whole=True)
    return part_of(text.source, lines_of(text))
