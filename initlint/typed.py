"""Dataclasses as the one declaration of a YAML format: read with places for every mistake, and shown as JSON Schema."""

from __future__ import annotations

import types
from collections.abc import Iterable
from dataclasses import MISSING, Field, fields, is_dataclass
from difflib import get_close_matches
from enum import Enum
from typing import Annotated, Any, NamedTuple, NoReturn, TypeVar, Union, get_args, get_origin, get_type_hints

from initlint.errors import InitlintError
from initlint.text import yamltext
from initlint.text.scalarkind import ScalarKind
from initlint.text.source import Source
from initlint.text.tree import Mapping, Node, Scalar, Sequence

T = TypeVar("T")


def read(node: Node, kind: type[T]) -> T:
    """Make a dataclass of a mapping; keys have hyphens where fields have underscores.

    Raises InitlintError, with the place, for a key that no field has, a value of another type, a required key missing.
    """
    if not isinstance(node, Mapping):
        refuse(node, f"expected a mapping, found {_found(node)}")
    for written, _ in node.entries:
        if not isinstance(written, Scalar):
            refuse(written, f"expected a key, found {_found(written)}")
    known = {key(field): field for field in fields(kind)}  # type: ignore[arg-type]
    hints = get_type_hints(kind)
    values = {}
    for name, value in node.items():
        if name.value not in known:
            refuse(name, f"unknown key `{name}`{suggestion(name.value, known)}")
        values[known[name.value].name] = value_of(value, hints[known[name.value].name])
    for wanted, field in known.items():
        if field.name not in values and _is_required(field):
            refuse(node, f"expected the key `{wanted}`")
    return kind(**values)


def plain(value: Any) -> Any:
    """The value as YAML and JSON have it; what is not set is left out."""
    if is_dataclass(value):
        value = {key(one): getattr(value, one.name) for one in fields(value)}
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items() if one is not None}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value if isinstance(value.value, str) else value.name.lower()
    return value


def parse(text: str, kind: type[T]) -> T:
    """Make a dataclass of a mapping in YAML or JSON; raises InitlintError as `read` does."""
    (document,) = yamltext.read(Source("options", text), 0, text)
    return read(document.root, kind)


def value_of(node: Node, hint: Any) -> Any:
    """Make a value of the annotated type of a node; raises InitlintError with the place if it is of another type."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return value_of(node, next(one for one in get_args(hint) if one is not type(None)))
    if origin is tuple:
        return _list_of(node, get_args(hint)[0])
    if hint is Node:
        return node
    if is_dataclass(hint) and isinstance(hint, type):
        return read(node, hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _choice_of(node, hint)
    return _scalar_of(node, hint)


def refuse(node: Node, message: str) -> NoReturn:
    """Raise a mistake of the user, shown with the place."""
    raise InitlintError(message, node.source, node.span)


def suggestion(name: str, known: Iterable[str]) -> str:
    """What may have been meant, or what there is."""
    close = get_close_matches(name, list(known), 1)
    return f": did you mean `{close[0]}`?" if close else f": known are {', '.join(f'`{one}`' for one in sorted(known))}"


def key(field: Field[Any]) -> str:
    """The key that stands for a field."""
    return field.name.replace("_", "-")


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _list_of(node: Node, hint: Any) -> tuple[Any, ...]:
    if not isinstance(node, Sequence):
        remedy = f": write `[{node}]`" if isinstance(node, Scalar) and node else ""
        refuse(node, f"expected a list, found {_found(node)}{remedy}")
    return tuple(value_of(item, hint) for item in node)


def _choice_of(node: Node, hint: type[Enum]) -> Enum:
    names = {str(one.value) if isinstance(one.value, str) else one.name.lower(): one for one in hint}
    if node.value not in names:
        close = get_close_matches(node.value, names, 1)
        meant = f": did you mean `{close[0]}`?" if close else ""
        refuse(node, f"expected one of {', '.join(f'`{name}`' for name in names)}, found {_found(node)}{meant}")
    return names[node.value]


def _scalar_of(node: Node, hint: Any) -> Any:
    kind = node.kind if isinstance(node, Scalar) else None
    if hint is bool and isinstance(node, Scalar) and kind is ScalarKind.BOOLEAN:
        return node.truth
    if hint is int and kind is ScalarKind.INTEGER and node.value.isdecimal():
        return int(node.value)
    if hint is str and kind in (ScalarKind.STRING, ScalarKind.NUMBER, ScalarKind.INTEGER):
        return node.value
    refuse(node, f"expected {_scalar_type(hint).told}, found {_found(node)}")


class _ScalarType(NamedTuple):
    """What a type is called in JSON Schema, and in messages."""

    name: str
    told: str


_SCALARS = {
    bool: _ScalarType("boolean", "`true` or `false`"),
    int: _ScalarType("integer", "a whole number, not a negative one"),
    str: _ScalarType("string", "a text"),
}


def _scalar_type(hint: Any) -> _ScalarType:
    """Raises InitlintError where it is none; options of other people's rules are declared here, too."""
    if hint not in _SCALARS:
        name = getattr(hint, "__name__", hint) if isinstance(hint, type) else hint
        raise InitlintError(
            f"no option can be of type `{name}`: use bool, int, str, an Enum, a dataclass or a tuple of these"
        )
    return _SCALARS[hint]


def _found(node: Node) -> str:
    if isinstance(node, Scalar):
        return f"`{node}`" if node else "nothing"
    return "a mapping" if isinstance(node, Mapping) else "a list"


def schema(hint: Any) -> dict[str, Any]:
    """The JSON Schema of a type; what a dataclass and its annotations say of themselves are the descriptions."""
    origin = get_origin(hint)
    if origin is Annotated:
        return schema(get_args(hint)[0])
    if origin in (Union, types.UnionType):
        return schema(next(one for one in get_args(hint) if one is not type(None)))
    if origin is tuple:
        return {"type": "array", "items": schema(get_args(hint)[0])}
    if hint is Node:
        return {}
    if is_dataclass(hint) and isinstance(hint, type):
        return object_schema(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [str(one.value) if isinstance(one.value, str) else one.name.lower() for one in hint]}
    return {"type": _scalar_type(hint).name}


def object_schema(kind: type) -> dict[str, Any]:
    """The JSON Schema of a dataclass."""
    hints = get_type_hints(kind, include_extras=True)
    described = {key(one): _described(hints[one.name]) for one in fields(kind)}
    required = [key(one) for one in fields(kind) if _is_required(one)]
    doc = (kind.__doc__ or "").split("\n\n")[0]
    facts = {"type": "object", "description": " ".join(doc.split()), "additionalProperties": False}
    return facts | {"properties": described} | ({"required": required} if required else {})


def _described(hint: Any) -> dict[str, Any]:
    return schema(hint) | ({"description": hint.__metadata__[0]} if get_origin(hint) is Annotated else {})
