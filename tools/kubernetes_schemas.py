"""Make `schemas/kubernetes.json` of the strict JSON Schemas that the package kubernetes-validate holds.

Run `python -m tools.kubernetes_schemas` after a new version of it; `tests/test_schemas.py` tells when that is due.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from initlint.kube.terms.homes import BUILT_IN
from initlint.kube.terms.versions import NEWEST, OLDEST

TARGET = Path(__file__).parent.parent / "schemas" / "kubernetes.json"
MINORS = range(OLDEST.minor, NEWEST.minor + 1)

_SCALARS = {"Quantity": "quantity", "IntOrString": "int-or-string", "Time": "string", "MicroTime": "string"}
_NAMES = {"string": "string", "boolean": "boolean", "number": "number"}

Types = dict[str, dict[str, str]]
"""The fields of each type: a notation such as `[Container]!`, with `!` for what is required."""


def load(minor: int) -> dict[str, Any]:
    """The definitions of a Kubernetes version by their full names."""
    package = find_spec("kubernetes_validate")
    assert package is not None
    assert package.origin is not None
    folder = Path(package.origin).parent / "kubernetes-json-schema" / f"v1.{minor}.0-local-strict"
    definitions: dict[str, Any] = json.loads((folder / "_definitions.json").read_text("utf-8"))["$defs"]
    return definitions


def types(definitions: Mapping[str, Any]) -> Types:
    """The types that the workload kinds consist of, without what only the cluster writes."""
    found: Types = {}
    pending = [name for name in definitions if _is_workload(definitions[name])]
    while pending:
        name = pending.pop()
        if _short(name) not in found:
            required = definitions[name].get("required", ())
            properties = definitions[name].get("properties", {}).items()
            fields = {field: _notation(schema) + "!" * (field in required) for field, schema in properties}
            found[_short(name)] = fields
            pending += [ref for _, schema in properties for ref in _references(schema) if _is_type(_short(ref))]
    return found


def _is_workload(definition: Mapping[str, Any]) -> bool:
    kinds = definition.get("x-kubernetes-group-version-kind", ())
    return any(one["version"] == "v1" and (one["group"], one["kind"]) in BUILT_IN for one in kinds)


def _short(name: str) -> str:
    return name.rpartition(".")[2]


def _is_type(name: str) -> bool:
    return name not in _SCALARS and name != "FieldsV1" and not name.endswith("Status")


def _references(schema: Mapping[str, Any]) -> Iterator[str]:
    for part in (schema, schema.get("items", {}), schema.get("additionalProperties", {})):
        if isinstance(part, Mapping) and "$ref" in part:
            yield part["$ref"].rpartition("/")[2]


def _notation(schema: Mapping[str, Any]) -> str:
    """A field's type: `string`, `int32`, `Probe`, a list `[Container]`, a mapping `{quantity}`, or `any`."""
    if "$ref" in schema:
        name = _short(schema["$ref"])
        return _SCALARS.get(name) or (name if _is_type(name) else "any")
    kinds = schema.get("type", ())
    kind = next((one for one in ([kinds] if isinstance(kinds, str) else kinds) if one != "null"), "any")
    if kind == "array":
        return f"[{_notation(schema['items'])}]"
    if kind == "object":
        return f"{{{_notation(schema.get('additionalProperties', {}))}}}"
    return str(schema.get("format", "int64")) if kind == "integer" else _NAMES.get(kind, "any")


def merged(by_version: Mapping[int, Types]) -> Types:
    """One table of all versions: a notation is followed by where it holds, as `@28`, `@25-32`, if not everywhere."""
    table: Types = {}
    for name in sorted({name for found in by_version.values() for name in found}):
        fields = sorted({field for found in by_version.values() for field in found.get(name, ())})
        table[name] = {field: _history(by_version, name, field) for field in fields}
    return table


def _history(by_version: Mapping[int, Types], name: str, field: str) -> str:
    """Its notations, each with the versions in which it is that."""
    spans: list[tuple[str, int, int]] = []
    for minor, found in by_version.items():
        notation = found.get(name, {}).get(field)
        if notation and spans and spans[-1][0] == notation and spans[-1][2] == minor - 1:
            spans[-1] = (notation, spans[-1][1], minor)
        elif notation:
            spans.append((notation, minor, minor))
    return "|".join(notation + _versions(first, last) for notation, first, last in spans)


def _versions(first: int, last: int) -> str:
    if last < MINORS[-1]:
        return f"@{first}-{last}"
    return f"@{first}" if first > MINORS[0] else ""


def text() -> str:
    """What the file has to be: a type per line, so that a difference between versions reads well."""
    table = merged({minor: types(load(minor)) for minor in MINORS})
    lines = [f"{json.dumps(name)}: {json.dumps(fields, separators=(',', ':'))}" for name, fields in table.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    TARGET.write_text(text(), "utf-8", newline="\n")
