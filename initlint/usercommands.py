"""Commands that a configuration adds to those that are known: checked against the schema of the table, with places."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from initlint.shipped import shipped
from initlint.text.tree import Mapping, Node, Scalar
from initlint.typed import refuse, suggestion


@cache
def command_schema() -> dict[str, Any]:
    """The JSON Schema of the table of commands, which ships with the package."""
    loaded: dict[str, Any] = json.loads((shipped("schemas") / "commands.schema.json").read_text("utf-8"))
    return loaded


def read_commands(table: Node | None) -> str:
    """The entries of a `commands:` mapping as JSON; raises InitlintError for what the table's schema does not have."""
    if table is None or not table:
        return ""
    if not isinstance(table, Mapping):
        refuse(table, "expected a mapping of commands")
    return json.dumps({name.value: _entry(value) for name, value in table.items()}, sort_keys=True)


def _entry(node: Node) -> dict[str, Any]:
    known = command_schema()["$defs"]["entry"]["properties"]
    if not isinstance(node, Mapping):
        refuse(node, "expected a mapping: what the command's options and operands are")
    for name, value in node.items():
        if name.value not in known:
            refuse(name, f"unknown key `{name}`{suggestion(name.value, known)}")
        if (known[name.value].get("type") == "object") is not isinstance(value, Mapping):
            refuse(value, f"expected `{name}` to be {'a mapping' if known[name.value].get('type') else 'words'}")
    for names, role in node["options"].items() if isinstance(node["options"], Mapping) else ():
        roles = command_schema()["$defs"]["role"]["enum"]
        if role.value not in roles:
            refuse(role, f"`{role}` is no role of `{names}`{suggestion(role.value, roles)}")
    return {name.value: _plain(value) for name, value in node.items()}


def _plain(node: Node) -> Any:
    if isinstance(node, Mapping):
        return {key.value: _plain(value) for key, value in node.items()}
    return node.value if isinstance(node, Scalar) else [_plain(item) for item in node]
