"""What the API server objects to, how early it notices, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from initlint.text.tree import Node

_EMPTY = '""'


def one_of(values: Sequence[str]) -> str:
    """Values as messages list them: `a`, `b` or `c`."""
    *most, last = [f"`{value or _EMPTY}`" for value in values]
    return f"{', '.join(most)} or {last}" if most else last


def permitted(values: Sequence[str]) -> str:
    """The same behind "allows", where one alone is the only one."""
    return ("" if len(values) > 1 else "only ") + one_of(values)


class Noticed(Enum):
    """Where the API server notices that something is invalid; elsewhere only the Pods are refused, later."""

    ALWAYS = "in every object, since it cannot be decoded, or since the object itself is checked for it"
    IN_TEMPLATES = "in Pods and in the Pod templates that are validated"
    IN_PODS = "in Pods alone, since it comes from defaults that templates are not given"


class Objection(NamedTuple):
    """Something that the API server refuses, or, where it has an effect to be told, drops without a word.

    `field` is the path of the field below that of its container, Pod or object, `fact` and `remedy` are for messages,
    `related` is the value that it is compared with, `allowed` are the values that there can be, and `says` is what the
    API server says of the field.
    """

    where: Node
    field: str
    fact: str
    remedy: str
    dropped_so: str = ""
    noticed: Noticed = Noticed.IN_TEMPLATES
    related: Node | None = None
    allowed: tuple[str, ...] = ()
    says: str = ""
