"""Documents as readers see them that are none of ours: ruamel.yaml, and the JSON reader of the standard library."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from initlint.text.scalars import Style
from initlint.text.source import Span
from initlint.text.tree import Node, Scalar, walk

Tree: TypeAlias = tuple[str, Any]
"""A kind and a content: pairs of a `map`, items of a `seq`, or the text of a scalar, whose tag is its kind."""

_TAG = "tag:yaml.org,2002:"


def read(root: Node, span: Span) -> Tree:
    """A document of which this is the root, as ruamel.yaml reads it, or as JSON."""
    text = root.source.text[span.start : span.end]
    if is_json(root):
        return _of_json(text)
    from ruamel.yaml import YAML

    return _of_yaml(YAML(pure=True).compose(text), {})


def is_json(root: Node) -> bool:
    """Whether a document was read as JSON: its keys are JSON's strings."""
    return any(isinstance(node, Scalar) and node.style is Style.JSON for node in walk(root))


def _of_json(text: str) -> Tree:
    def pairs(entries: list[tuple[str, Any]]) -> Tree:
        return "map", [(_string(key), _value(value)) for key, value in entries]

    return _value(json.loads(text, object_pairs_hook=pairs, parse_int=_Number, parse_float=_Number))


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


def _value(value: Any) -> Tree:
    """A value as the JSON reader gives it; objects are trees already."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, list):
        return "seq", [_value(one) for one in value]
    if isinstance(value, _Number | int) and not isinstance(value, bool):
        return f"{_TAG}int", str(value)
    return _string(value) if isinstance(value, str) else (f"{_TAG}{type(value).__name__}", str(value).lower())


def _string(text: str) -> Tree:
    return f"{_TAG}str", text


def _of_yaml(node: Any, known: dict[int, Tree]) -> Tree:
    """A node as ruamel.yaml composes it; what aliases stand for is the same tree."""
    if id(node) not in known:
        if isinstance(node.value, str):
            known[id(node)] = _scalar(node.tag, node.value)
        elif all(isinstance(one, tuple) for one in node.value) and node.id == "mapping":
            pairs = [(_of_yaml(key, known), _of_yaml(value, known)) for key, value in node.value]
            known[id(node)] = "map", pairs
        else:
            known[id(node)] = "seq", [_of_yaml(one, known) for one in node.value]
    return known[id(node)]


def _scalar(tag: str, text: str) -> Tree:
    return tag, text.lower() if tag == f"{_TAG}bool" else text


def of_value(value: Any) -> Tree:
    """A value that a fix declares."""
    if isinstance(value, dict):
        return "map", [(_string(key), of_value(one)) for key, one in value.items()]
    if isinstance(value, list):
        return "seq", [of_value(one) for one in value]
    return _value(value)


def canonical(tree: Tree) -> Tree:
    """The same with the entries of mappings in a fixed order."""
    kind, content = tree
    if kind == "map":
        return kind, sorted((canonical(key), canonical(value)) for key, value in content)
    return (kind, [canonical(one) for one in content]) if kind == "seq" else tree
