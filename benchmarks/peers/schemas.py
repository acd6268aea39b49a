"""Schemas as kubeconform wants them, from those of the `kubernetes-validate` package: each file on its own.

The package's files refer to one file of definitions under an address that is only valid inside the package. Here each
kind gets the definitions it needs, unexpanded, because kubeconform reads that form fastest.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_PREFIX = "#/$defs/"

Definitions = Mapping[str, Any]


def location(folder: Path) -> str:
    """The folder as an argument of `-schema-location`."""
    return f"{folder}/{{{{ .ResourceKind }}}}{{{{ .KindSuffix }}}}.json"


def write(source: Path, target: Path) -> int:
    """Write a schema for every kind that a manifest can be of, and return their number."""
    definitions = json.loads((source / "_definitions.json").read_text("utf-8"))["$defs"]
    written = 0
    for file in sorted(source.glob("*-*.json")):
        schema = json.loads(file.read_text("utf-8"))
        if "x-kubernetes-group-version-kind" in schema:
            (target / file.name).write_text(json.dumps(_alone(schema, definitions)), "utf-8")
            written += 1
    return written


def _alone(schema: Definitions, definitions: Definitions) -> Any:
    """The schema with the definitions that it needs, directly or through others."""
    needed: dict[str, Any] = {}
    waiting = list(_references(schema))
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = definitions[name]
            waiting.extend(_references(definitions[name]))
    return _local({**schema, "$defs": needed})


def _references(node: object) -> Iterator[str]:
    """Names of the definitions that a part of a schema refers to."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield _name(node["$ref"])
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _local(node: Any) -> Any:
    """The same with every reference within the file."""
    if isinstance(node, dict):
        return {
            key: _PREFIX + _name(value) if key == "$ref" and isinstance(value, str) else _local(value)
            for key, value in node.items()
        }
    return [_local(value) for value in node] if isinstance(node, list) else node


def _name(reference: str) -> str:
    return reference.rpartition(_PREFIX)[2]
