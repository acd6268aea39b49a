"""What the data of a document must be after its fixes: what an independent reader sees, with what the fixes declare."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any

from initlint.finding import Edit, Effect, Fix, ItemChange, KeyChange, Replaced, Splice
from initlint.fixing.trees import Tree, canonical, of_value
from initlint.text.scalars import offsets
from initlint.text.source import Span
from initlint.text.tree import Mapping, Node, Scalar, Sequence, walk


class MismatchError(ValueError):
    """Raised where the readers do not see the same document, so that nothing can be verified."""


def expected(root: Node, tree: Tree, fixes: Iterable[Fix]) -> Tree:
    """The tree that a document must have once the fixes are made, in canonical form."""
    effects = [effect for fix in fixes for effect in fix.effects or _implied(root, fix.edits)]
    return canonical(_Expectation(root, tree, dict.fromkeys(effects)).of(root, tree))


def _implied(root: Node, edits: Iterable[Edit]) -> Iterator[Effect]:
    """What edits mean that do not say it: they may change the text of scalars, as it is written."""
    scalars = [node for node in walk(root) if isinstance(node, Scalar) and node.start < node.end]
    for edit in edits:
        for scalar in scalars:
            places = offsets(scalar.source.text[scalar.start : scalar.end], scalar.value, scalar.style)
            if places is not None and scalar.span.contains(edit.span):
                start, end = (bisect_left(places, offset - scalar.start) for offset in edit.span)
                yield Splice(scalar.span, start, end, edit.text)


class _Expectation:
    """The effects of fixes, by the node that each is about."""

    def __init__(self, root: Node, tree: Tree, effects: Iterable[Effect]) -> None:
        self.effects: dict[Span, list[Effect]] = {}
        for effect in effects:
            self.effects.setdefault(effect.node, []).append(effect)
        wanted = {effect.moved for effect in effects if isinstance(effect, KeyChange | ItemChange) and effect.moved}
        pairs = _pairs(root, tree) if wanted else ()
        self.moved = {ours.span: (ours, theirs) for ours, theirs in pairs if ours.span in wanted}

    def of(self, node: Node, tree: Tree) -> Tree:
        """What a node must become."""
        if isinstance(node, Mapping):
            return self.of_mapping(node, tree)
        return self.of_sequence(node, tree) if isinstance(node, Sequence) else self.of_scalar(node, tree)

    def of_mapping(self, node: Mapping, tree: Tree) -> Tree:
        about = [effect for effect in self.effects.get(node.span, ()) if isinstance(effect, KeyChange)]
        changed = {effect.key for effect in about}
        content = [
            (key, self.of(value, theirs))
            for (name, value), (key, theirs) in zip(node.entries, _content(tree, "map", node.entries), strict=True)
            if name.value not in changed
        ]
        return "map", content + [(of_value(one.key), self.new(one)) for one in about if one.value or one.moved]

    def of_sequence(self, node: Sequence, tree: Tree) -> Tree:
        about = [effect for effect in self.effects.get(node.span, ()) if isinstance(effect, ItemChange)]
        items = [self.of(ours, theirs) for ours, theirs in zip(node, _content(tree, "seq", list(node)), strict=True)]
        removed = {effect.at for effect in about if not (effect.value or effect.moved)}
        content: list[Tree] = []
        for index in range(len(items) + 1):
            content += [self.new(one) for one in about if one.at == index and index not in removed]
            content += items[index : index + 1] if index not in removed else []
        return "seq", content

    def of_scalar(self, node: Node, tree: Tree) -> Tree:
        kind, text = tree
        for effect in sorted(self.effects.get(node.span, ()), key=_from_the_end):
            if isinstance(effect, Replaced):
                return of_value(json.loads(effect.value))
            if isinstance(effect, Splice):
                text = text[: effect.start] + effect.text + text[effect.end :]
        return kind, text

    def new(self, effect: KeyChange | ItemChange) -> Tree:
        """What comes to a place."""
        if effect.moved is None:
            return of_value(json.loads(effect.value or "null"))
        if effect.moved not in self.moved:
            raise MismatchError("what moves is not there")
        item = self.of(*self.moved[effect.moved])
        return ("seq", [item]) if isinstance(effect, KeyChange) else item


def _from_the_end(effect: Effect) -> int:
    return -effect.start if isinstance(effect, Splice) else 0


def _content(tree: Tree, kind: str, ours: list[Any]) -> list[Any]:
    if tree[0] != kind or len(tree[1]) != len(ours):
        raise MismatchError("the readers do not see the same document")
    return list(tree[1])


def _pairs(node: Node, tree: Tree) -> Iterator[tuple[Node, Tree]]:
    """Every node with its tree, as both readers see it."""
    yield node, tree
    if isinstance(node, Mapping):
        for (_, value), (_, theirs) in zip(node.entries, _content(tree, "map", node.entries), strict=True):
            yield from _pairs(value, theirs)
    elif isinstance(node, Sequence):
        for ours, theirs in zip(node, _content(tree, "seq", list(node)), strict=True):
            yield from _pairs(ours, theirs)
