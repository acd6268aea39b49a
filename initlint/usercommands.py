"""Commands that a configuration adds to those that are known: checked against the schema of the table, with places."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from initlint.shipped import shipped
from initlint.text.scalarkind import ScalarKind
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
    entries = _entries(table)
    for name, entry in table.items():
        if entry["like"]:
            _must_be_known(name.value, entry["like"], entries)
    return json.dumps(entries, sort_keys=True)


def _entries(table: Mapping) -> dict[str, Any]:
    return {name.value: _entry(value) for name, value in table.items()}


def _must_be_known(name: str, like: Node, entries: dict[str, Any]) -> None:
    """Refuse an entry that begins as none that there is, or in the end as itself."""
    from initlint.shell.commands.table import builtin

    known, seen, other = {*builtin().names, *entries}, set[str](), like.value
    if other not in known:
        refuse(like, f"no command is known as `{like}`{suggestion(other, known)}")
    while other in entries and other not in seen:
        seen.add(other)
        other = entries[other].get("like", "")
    if other in seen:
        refuse(like, f"`{name}` is like itself in the end: name a command that initlint knows")


def _entry(node: Node) -> dict[str, Any]:
    known = command_schema()["$defs"]["entry"]["properties"]
    if not isinstance(node, Mapping):
        refuse(node, "expected a mapping: what the command's options and operands are")
    for name, value in node.items():
        if name.value not in known:
            refuse(name, f"unknown key `{name}`{suggestion(name.value, known)}")
        if (known[name.value].get("type") == "object") is not isinstance(value, Mapping):
            refuse(value, f"expected `{name}` to be {'a mapping' if known[name.value].get('type') else 'words'}")
        _check(name.value, value, known[name.value])
    return {name.value: _plain(value) for name, value in node.items()}


def _check(name: str, value: Node, said: dict[str, Any]) -> None:
    """Refuse what the schema does not have: of words each, of mappings each value."""
    if name == "options" and isinstance(value, Mapping):
        for option, role in value.items():
            _one_of(role, role.value, _roles(), f"role of `{option}`")
    elif name == "with" and isinstance(value, Mapping):
        _entries(value)
    elif not isinstance(value, Scalar):
        refuse(value, f"expected `{name}` to be words")
    elif said.get("type") in ("integer", "number"):
        if value.kind not in (ScalarKind.INTEGER, ScalarKind.NUMBER):
            refuse(value, f"expected `{name}` to be a number, found `{value}`")
    else:
        for word in value.value.split():
            _check_word(name, value, word, said)


def _check_word(name: str, value: Node, word: str, said: dict[str, Any]) -> None:
    if "enum" in said:
        _one_of(value, word, said["enum"], f"`{name}`")
    elif name == "operands":
        _one_of(value, word.removesuffix("?").removesuffix("..."), ["|", *_roles()], "role of an operand")
    elif name in ("is", "not"):
        _one_of(value, word, _traits(), f"word of `{name}`")


def _one_of(node: Node, word: str, known: list[str], what: str) -> None:
    if word not in known:
        refuse(node, f"`{word}` is no {what}{suggestion(word, known)}")


def _roles() -> list[str]:
    roles: list[str] = command_schema()["$defs"]["role"]["enum"]
    return roles


def _traits() -> list[str]:
    pattern: str = command_schema()["$defs"]["traits"]["pattern"]
    return pattern[pattern.index("(") + 1 : pattern.index(")")].split("|")


def _plain(node: Node) -> Any:
    if isinstance(node, Mapping):
        return {key.value: _plain(value) for key, value in node.items()}
    return node.value
