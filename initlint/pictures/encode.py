"""Objects and places as the JSON of all pictures says them."""

from __future__ import annotations

from collections.abc import Mapping

from initlint.finding import ObjectRef
from initlint.text.source import Position


def encode_object(ref: ObjectRef) -> Mapping[str, object]:
    """An object by its names."""
    return {"kind": ref.kind, "name": ref.name, "namespace": ref.namespace}


def encode_place(path: str, start: Position) -> Mapping[str, object]:
    """Where something begins, 1-based."""
    return {"path": path, "line": start.line, "column": start.column}
