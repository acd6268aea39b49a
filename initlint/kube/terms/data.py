"""What ConfigMaps and Secrets hold: keys and texts, each where it stands."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator

from initlint.text.part import DecodedText
from initlint.text.tree import Node, Scalar


def pairs(root: Node) -> Iterator[tuple[str, Node]]:
    """The keys of an object with their values; those of a Secret are read, and `stringData` goes before `data`."""
    given = {key.value: value for key, value in root["stringData"].items()}
    yield from given.items()
    others = ((key.value, value) for key, value in root["data"].items() if key.value not in given)
    yield from _decoded(others) if root["kind"].value == "Secret" else others


def _decoded(pairs: Iterable[tuple[str, Node]]) -> Iterator[tuple[str, Node]]:
    """What a Secret holds, which is written in base64."""
    for key, value in pairs:
        try:
            text = base64.b64decode(value.value, validate=True).decode()
        except ValueError:
            continue
        if isinstance(value, Scalar):
            yield key, DecodedText(value, text)
