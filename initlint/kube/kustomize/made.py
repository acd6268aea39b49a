"""Objects as patches make them, where these say it in words: strategic merge patches, and JSON 6902 operations."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from initlint.kube.terms.homes import group_of
from initlint.text import jsontext
from initlint.text.scalarkind import ScalarKind
from initlint.text.source import Source, Span
from initlint.text.tree import Document, Mapping, Missing, Node, Scalar, walk
from initlint.text.tree import Sequence as Items

_Json = str | bool | None | list["_Json"] | dict[str, "_Json"]

# The lists that are merged item by item, by what names an item (types.go, patchMergeKey); others are replaced.
_BY_KEY: dict[tuple[str, ...], str] = {("", "Service", "spec", "ports"): "port"}


def words(patch: Node) -> str:
    """What a patch says, as one text."""
    return json.dumps(_plain(patch), ensure_ascii=False)


def made(root: Node, patches: Iterable[str]) -> Node | None:
    """An object after these patches, in the words of `words`; None where one of them is not understood."""
    found: Node | None = root
    for text in patches:
        found = _after(found, _read(text)) if found else None
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


def _after(root: Node, patch: Node) -> Node | None:
    if isinstance(patch, Items):
        found: Node | None = root
        for operation in patch:
            found = _operated(found, operation) if found else None
        return found
    if any(node.key("$patch") for node in walk(patch)):
        return None
    told = [patch["metadata"]["namespace"].value, root["metadata"]["namespace"].value]
    if all(told) and told[0] != told[1]:
        return None
    return _merged(root, patch, (group_of(root), root["kind"].value))


def _merged(root: Node, patch: Node, place: tuple[str, ...]) -> Node:
    """A strategic merge: mappings by their keys, a null takes a key away, and lists are replaced but for a few."""
    if not isinstance(root, Mapping) or not isinstance(patch, Mapping):
        by = _BY_KEY.get(place)
        is_listed = by and isinstance(root, Items) and isinstance(patch, Items)
        return _joined(root, patch, by or "", place) if is_listed else root if _is_same(root, patch) else patch
    entries: dict[str, tuple[Node, Node]] = {key.value: (key, value) for key, value in root.items()}
    for key, value in patch.items():
        old = entries.get(key.value)
        if not value and not isinstance(value, Mapping | Items):
            entries.pop(key.value, None)
        else:
            entries[key.value] = (key, _merged(old[1], value, (*place, key.value)) if old else value)
    return _mapping(root, entries.values())


def _joined(root: Node, patch: Node, by: str, place: tuple[str, ...]) -> Node:
    """Lists of mappings: what has the name of an item is merged into it, the rest comes behind."""
    found = list(root)
    for item in patch:
        index = next((at for at, one in enumerate(found) if _name(one, by) == _name(item, by)), None)
        if index is None:
            found.append(item)
        else:
            found[index] = _merged(found[index], item, (*place, ""))
    return Items(root.source, root.start, root.end, found)


def _name(item: Node, by: str) -> tuple[str, str]:
    return item[by].value, item["protocol"].value or "TCP"


def _is_same(one: Node, other: Node) -> bool:
    return isinstance(one, Scalar) and isinstance(other, Scalar) and one.value == other.value


def _mapping(root: Mapping, entries: Iterable[tuple[Node, Node]]) -> Mapping:
    return Mapping(root.source, root.start, root.end, list(entries), root.flow)


def _operated(root: Node, operation: Node) -> Node | None:
    """An operation of JSON 6902 that adds, replaces or removes one thing, or tests for it."""
    name, pointer = operation["op"].value, operation["path"].value
    if name == "test":
        return root
    if name not in ("add", "replace", "remove") or not pointer.startswith("/"):
        return None
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/")]
    return _changed(root, steps, name, operation["value"])


def _changed(root: Node, steps: Sequence[str], name: str, value: Node) -> Node | None:
    """A node with something done to what lies at the end of some steps; None where these lead nowhere."""
    step, *rest = steps
    if isinstance(root, Mapping):
        entries: dict[str, tuple[Node, Node]] = {key.value: (key, one) for key, one in root.items()}
        old = entries[step][1] if step in entries else Missing(root)
        new = _changed(old, rest, name, value) if rest else _of_last(old, name, value)
        if new is None:
            return None
        if isinstance(new, Missing):
            entries.pop(step)
        else:
            key = entries[step][0] if step in entries else _key(step)
            entries[step] = (key, new)
        return _mapping(root, entries.values())
    return _in_list(root, step, rest, name, value) if isinstance(root, Items) else None


def _key(name: str) -> Node:
    text = json.dumps({name: None})
    return next(key for key, _ in _read(text).items())


def _of_last(old: Node, name: str, value: Node) -> Node | None:
    """What stands in the place that is meant; Missing where it is removed."""
    is_there = not isinstance(old, Missing)
    if name == "add" or (name == "replace" and is_there):
        return value
    return Missing(old) if is_there else None


def _in_list(root: Items, step: str, rest: Sequence[str], name: str, value: Node) -> Node | None:
    items = list(root)
    if step == "-" and name == "add" and not rest:
        return Items(root.source, root.start, root.end, [*items, value])
    if not step.isdecimal() or int(step) >= len(items) + (name == "add" and not rest):
        return None
    at = int(step)
    if name == "add" and not rest:
        items.insert(at, value)
    else:
        new = _changed(items[at], rest, name, value) if rest else _of_last(items[at], name, value)
        if new is None:
            return None
        items[at : at + 1] = [] if isinstance(new, Missing) else [new]
    return Items(root.source, root.start, root.end, items)
