"""What parameter and arithmetic expansion make of texts that are known."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from fnmatch import translate

from initlint.regex import regex

_MOST = 80
"""Characters of an arithmetic expression that is worked out."""

_LONGEST = 1_000
"""Characters of a text that is changed: a pattern is tried at each of them, and they may double line by line."""

_PLAIN_PATTERN = regex(r"[\w.:/,@=+*? -]+")
# One that Python understands as bash does, and in which nothing is repeated that repeats something.
_PLAIN_EXPRESSION = regex(
    r"\^?(?:[\w.:/@=-]|\((?:[\w.-]|\[[\w-]{1,20}\][*+]?|\.[*+])*\)|\[[\w-]{1,20}\][*+]?){1,20}\$?"
)
_MOST_REPEATS = 2
_REPLACING = regex(r"(//?)([\w.:/,@=+;| -]+?)/([\w.:,@=+;| -]*)")
_BRACES = regex(r"([\w.:/@=+%-]*)\{([\w.:/@=+%-]*(?:,[\w.:/@=+%-]*)+)\}([\w.:/@=+%-]*)")
_NAME = regex(r"\$\{(\w+)\}|\$?\b([A-Za-z_]\w*)\b")
_CHANGES = regex(r"\+\+|--|=")
_OPERATIONS: Mapping[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: int.__add__,
    ast.Sub: int.__sub__,
    ast.Mult: int.__mul__,
    ast.Mod: int.__mod__,
}


def listed(word: str) -> list[str]:
    """The words of which bash makes a plain one with one pair of braces: `a{,.bak}`; none of any other."""
    match = _BRACES.fullmatch(word)
    return [f"{match[1]}{one}{match[3]}" for one in match[2].split(",")] if match else []


def removed(text: str, operator: str, pattern: str) -> str | None:
    """`${x%pattern}` and its like; None for a pattern that is not understood, and for a long text."""
    if len(text) > _LONGEST or not _PLAIN_PATTERN.fullmatch(pattern):
        return None
    matches = re.compile(translate(pattern)).match
    ends = range(len(text) + 1)
    if operator[0] == "#":
        found = [end for end in ends if matches(text[:end])]
        return text[(found[-1] if len(operator) > 1 else found[0]) :] if found else text
    found = [start for start in ends if matches(text[start:])]
    return text[: (found[0] if len(operator) > 1 else found[-1])] if found else text


def replaced(text: str, operation: str) -> str | None:
    """`${x//,/ }` and `${x/,/ }`, of plain texts that are not long; None of anything else."""
    match = _REPLACING.fullmatch(operation) if len(text) <= _LONGEST else None
    return text.replace(match[2], match[3], -1 if match[1] == "//" else 1) if match else None


def captured(text: str, pattern: str) -> dict[str, str]:
    """What `[[ text =~ pattern ]]` keeps in BASH_REMATCH, of plain patterns; nothing if they do not match."""
    repeats = pattern.count("+") + pattern.count("*")
    if not _PLAIN_EXPRESSION.fullmatch(pattern) or len(text) > _LONGEST or repeats > _MOST_REPEATS:
        return {}
    found = re.search(pattern, text)
    return {str(index): group for index, group in enumerate((found[0], *found.groups("")))} if found else {}


def is_behind(pattern: str, known: str) -> bool:
    """Whether what a pattern takes off an end surely begins behind what is known: there is no such character in it."""
    return re.match(r"[\w.:,@=+-]", pattern) is not None and pattern[0] not in known


def operator_of(operation: str) -> tuple[str, str]:
    """`%%` and `:*` of `${x%%:*}`."""
    match = re.match(r":?[-=?+]|%%?|##?", operation)
    return (match.group(), operation[match.end() :]) if match else ("", operation)


def calculated(text: str, look_up: Callable[[str], str | None]) -> int | None:
    """`$((REPLICAS - 1))`: sums, differences, products and rests of numbers that are known."""
    inside = text.removeprefix("$((").removesuffix("))").strip()
    if len(text) > _MOST or _CHANGES.search(inside):
        return None
    known = {name: look_up(name) for match in _NAME.finditer(inside) for name in match.groups() if name}
    if not all(value and re.fullmatch(r"0|[1-9]\d{0,8}", value) for value in known.values()):
        return None
    try:
        return _worked_out(ast.parse(_NAME.sub(lambda one: known[one[1] or one[2]] or "", inside), mode="eval").body)
    except (SyntaxError, ValueError):
        return None


def _worked_out(node: ast.expr) -> int | None:
    match node:
        case ast.Constant(value=int() as value):
            return value
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _OPERATIONS:
            both = (_worked_out(left), _worked_out(right))
            if isinstance(operator, ast.Mod) and ((both[0] or 0) < 0 or (both[1] or 0) <= 0):
                return None  # there Python and shells differ
            return None if both[0] is None or both[1] is None else _OPERATIONS[type(operator)](both[0], both[1])
    return None
