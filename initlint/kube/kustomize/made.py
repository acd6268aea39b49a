"""Objects as patches make them, where these say it in words: strategic merge patches, and JSON 6902 operations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from initlint.kube.kustomize.merge import merged, with_entries, with_items
from initlint.text import jsontext
from initlint.text.scalarkind import ScalarKind
from initlint.text.scalars import Style
from initlint.text.source import Source, Span
from initlint.text.tree import Document, Mapping, Missing, Node, Scalar
from initlint.text.tree import Sequence as Items

_Json = str | bool | None | list["_Json"] | dict[str, "_Json"]


def words(patch: Node) -> str:
    """What a patch says, as one text."""
    return json.dumps(_plain(patch), ensure_ascii=False)


def made(root: Node, patches: Iterable[str]) -> Node | None:
    """An object after these patches, in the words of `words`; None where one of them is not understood."""
    found: Node | None = root
    for text in patches:
        found = after(found, _read(text)) if found else None
    return found


def _plain(node: Node) -> _Json:
    match node:
        case Mapping():
            return {key.value: _plain(value) for key, value in node.items()}
        case Items():
            return [_plain(item) for item in node]
    if not node:
        return None
    return node.truth if isinstance(node, Scalar) and node.kind is ScalarKind.BOOLEAN else node.value


def _read(text: str) -> Node:
    documents = jsontext.read(Source("patch.json", text), Span(0, len(text)))
    return next(one.root for one in documents if isinstance(one, Document))


def after(root: Node, patch: Node) -> Node | None:
    """An object with a patch in it, either kind of one; None where it is not understood."""
    if not isinstance(patch, Items):
        return merged(root, patch)
    found: Node | None = root
    for operation in patch:
        found = _operated(found, operation) if found else None
    return found


def _operated(root: Node, operation: Node) -> Node | None:
    """An operation of JSON 6902 that adds, replaces or removes one thing, or tests for it."""
    name, pointer = operation["op"].value, operation["path"].value
    if name == "test":
        return root
    if name not in ("add", "replace", "remove") or not pointer.startswith("/"):
        return None
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/")]
    return _changed(root, steps, operation)


def _changed(root: Node, steps: Sequence[str], operation: Node) -> Node | None:
    """A node with something done to what lies at the end of some steps; None where these lead nowhere."""
    step, *rest = steps
    if isinstance(root, Mapping):
        entries: dict[str, tuple[Node, Node]] = {key.value: (key, one) for key, one in root.items()}
        old = entries[step][1] if step in entries else Missing(root)
        new = _changed(old, rest, operation) if rest else _of_last(old, operation)
        if new is None:
            return None
        if isinstance(new, Missing):
            entries.pop(step)
        else:
            key = entries[step][0] if step in entries else _key(step, operation["path"])
            entries[step] = (key, new)
        return with_entries(root, entries.values())
    return _in_list(root, step, rest, operation) if isinstance(root, Items) else None


def _key(name: str, path: Node) -> Node:
    """A new key, which stands where the operation says its place."""
    return Scalar(path.source, path.start, path.end, name, Style.DOUBLE, "")


def _of_last(old: Node, operation: Node) -> Node | None:
    """What stands in the place that is meant; Missing where it is removed."""
    name, value = operation["op"].value, operation["value"]
    is_there = not isinstance(old, Missing)
    if name == "add" or (name == "replace" and is_there):
        return value
    return Missing(old) if is_there else None


def _in_list(root: Items, step: str, rest: Sequence[str], operation: Node) -> Node | None:
    items, is_new = list(root), operation["op"].value == "add" and not rest
    if step == "-" and is_new:
        return with_items(root, [*items, operation["value"]])
    if not step.isdecimal() or int(step) >= len(items) + is_new:
        return None
    at = int(step)
    if is_new:
        items.insert(at, operation["value"])
    else:
        new = _changed(items[at], rest, operation) if rest else _of_last(items[at], operation)
        if new is None:
            return None
        items[at : at + 1] = [] if isinstance(new, Missing) else [new]
    return with_items(root, items)
