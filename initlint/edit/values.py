"""New values as text: in lines, in brackets, and as JSON, in the manner of what stands around them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from initlint.regex import regex
from initlint.text.scalarkind import ScalarKind, resolve

Value: TypeAlias = "str | int | Mapping[str, Value] | Sequence[Value]"

# What is the same text in every place of a document, if it is no number, boolean or null.
_PLAIN = regex(r"(?!---|\.\.\.)(?:[\w/.$]|-(?=[\w-]))(?:[\w/.$@%+=~^()-]|:(?=[\w/]))*", re.ASCII)


class Manner(NamedTuple):
    """How a file is written: by how much mappings and lists are indented below their keys, items behind their dash.

    In brackets, `gap` stands behind colons and commas; `step` is by how much JSON is indented that has lines.
    """

    mapping: int = 2
    sequence: int = 2
    dash: int = 2
    is_json: bool = False
    gap: str = " "
    step: int = 0


def scalar(value: str | int, manner: Manner) -> str:
    """A string, a number or a truth value."""
    if not isinstance(value, str):
        return json.dumps(value)
    is_plain = _PLAIN.fullmatch(value) and resolve(value) is ScalarKind.STRING
    return value if is_plain and not manner.is_json else json.dumps(value, ensure_ascii=False)


def flow(value: Value, manner: Manner) -> str:
    """A value within brackets."""
    if manner.is_json:
        separators = (f",{manner.gap}", f":{manner.gap}") if not manner.step else None
        return json.dumps(value, ensure_ascii=False, separators=separators, indent=manner.step or None)
    if isinstance(value, Mapping):
        return "{" + f",{manner.gap}".join(pair(key, one, manner) for key, one in value.items()) + "}"
    if isinstance(value, str | int):
        return scalar(value, manner)
    return "[" + f",{manner.gap}".join(flow(one, manner) for one in value) + "]"


def pair(key: str, value: Value, manner: Manner) -> str:
    """A key with its value within brackets."""
    return f"{scalar(key, manner)}:{manner.gap if manner.is_json else ' '}{flow(value, manner)}"


def entries(values: Mapping[str, Value], manner: Manner) -> Iterator[str]:
    """The lines of keys and values, not indented."""
    for key, value in values.items():
        if isinstance(value, str | int) or not value:
            yield pair(key, value, manner)
        else:
            yield f"{scalar(key, manner)}:"
            is_mapping = isinstance(value, Mapping)
            yield from indented(lines(value, manner), manner.mapping if is_mapping else manner.sequence)


def lines(value: Value, manner: Manner) -> Iterator[str]:
    """The lines of a value, not indented."""
    if isinstance(value, str | int) or not value:
        yield flow(value, manner)
    elif isinstance(value, Mapping):
        yield from entries(value, manner)
    else:
        for one in value:
            yield from item(one, manner)


def item(value: Value, manner: Manner) -> Iterator[str]:
    """The lines of an item of a list, not indented."""
    first, *others = lines(value, manner)
    yield "-".ljust(manner.dash) + first
    yield from indented(others, manner.dash)


def indented(block: Iterator[str] | Sequence[str], by: int) -> Iterator[str]:
    """Lines moved to the right, or with less than nothing to the left; empty ones stay empty."""
    for line in block:
        if by < 0:
            spaces = len(line) - len(line.lstrip(" \t"))
            yield line[min(-by, spaces) :]
        else:
            yield " " * by + line if line else line
