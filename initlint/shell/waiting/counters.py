"""What a loop counts by: where its counter starts, how it changes, and with which number a test compares it."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from initlint.regex import regex
from initlint.shell.language import syntax
from initlint.shell.language.syntax import Statement, Word
from initlint.shell.waiting.loops import Loop
from initlint.shell.way.changes import VariableChange

_OPERATORS = {"-lt": "<", "-le": "<=", "-gt": ">", "-ge": ">=", "-eq": "==", "-ne": "!=", "=": "==", "==": "==",
              "!=": "!="}  # fmt: skip
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_HOLDS: Mapping[str, Callable[[int, int], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_COMPARED = regex(r"\(*\s*(.+?)\s*(<=|>=|==|!=|<|>)\s*(.+?)\s*\)*")
_COUNTER = regex(r"""["']?(?:\$?\(\(\s*)?(\+\+|--)?\s*\$?\{?([A-Za-z_]\w*)\}?\s*(\+\+|--)?(?:\s*\)\))?["']?""")
_NUMBER = regex(r"""["']?\$?\{?(\w+)(?::?[-=](\d+))?\}?["']?""")


class Comparison(NamedTuple):
    """A counter on the left, a number on the right. `change`: the test itself counts, `pre` or `post`."""

    counter: str
    change: str
    operator: str
    number: int


class Increment(NamedTuple):
    """By how much a counter changes in each round, and where."""

    by: int
    at: int


def comparison(loop: Loop, test: Statement | str) -> Comparison | None:
    """What a test of a loop compares, or the condition of `for ((…))`."""
    sides = _of_text(test) if isinstance(test, str) else _sides(loop, test)
    if sides is None:
        return None
    left, how, right = sides
    changed = {change.name for change in loop.changes}
    for counter, sign, other in ((left, how, right), (right, FLIPPED[how], left)):
        match = _COUNTER.fullmatch(counter)
        limit = number(loop, other)
        if match and match[2] in changed and limit is not None:
            return Comparison(match[2], "pre" if match[1] else "post" if match[3] else "", sign, limit)
    return None


def compared(loop: Loop, test: Statement, name: str, value: int) -> bool | None:
    """What a test behind a loop comes to where a variable has a value; None of any other."""
    found = _sides(loop, test)
    for left, sign, right in ((found[0], found[1], found[2]), (found[2], FLIPPED[found[1]], found[0])) if found else ():
        match, other = _COUNTER.fullmatch(left), number(loop, right)
        if match and match[2] == name and not (match[1] or match[3]) and other is not None:
            return _HOLDS[sign](value, other)
    return None


def _sides(loop: Loop, test: Statement) -> tuple[str, str, str] | None:
    if isinstance(test, syntax.Test) and test.bracket == "((":
        return _of_text(loop.text_of(test))
    words: tuple[Word, ...] = test.words if isinstance(test, syntax.Test) else ()
    how = _OPERATORS.get(words[1].text or "") if len(words) == 3 else None
    texts = [loop.round_text(word.start, word.end) for word in words]
    return (texts[0], how, texts[2]) if how else None


def _of_text(text: str) -> tuple[str, str, str] | None:
    match = _COMPARED.fullmatch(text)
    return (match[1], match[2], match[3]) if match else None


def number(loop: Loop, text: str) -> int | None:
    """A number, or a variable that holds one before the loop and is not set in it."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None or match[1].isdecimal():
        return int(match[1]) if match else None
    name, default, scope = match[1], match[2], loop.round.scope
    if any(change.name == name for change in loop.changes):
        return None
    known = scope.look_up(name).text
    is_unset = known == "" or (known is None and not _may_be_set(loop, name))
    known = default if default and is_unset else known
    return int(known) if known and known.isdecimal() else None


def _may_be_set(loop: Loop, name: str) -> bool:
    """Whether the script or the manifest sets it to something that is not known."""
    scope = loop.round.scope
    return name in scope.variables or name in scope.env or scope.is_tainted


def start(loop: Loop, name: str) -> int | None:
    """What a counter is before the loop; what nothing has set counts as 0."""
    if header := _header(loop):
        match = re.search(rf"\(\(\s*{name}\s*=\s*([^;]+?)\s*;", header)
        return number(loop, match[1]) if match else None
    text = loop.round.scope.look_up(name).text
    if text is None:
        return None if _may_be_set(loop, name) else 0
    return int(text) if re.fullmatch(r"-?\d+", text) else None


def step(loop: Loop, name: str) -> Increment | None:
    """How a counter changes; None if that is not known, or if it changes in several ways."""
    own = [change for change in loop.changes if change.name == name and not change.in_subshell]
    texts = [_text_of(loop, change) for change in own]
    first = loop.start + _header(loop).find(";")  # before it, `for ((…))` only sets the counter
    steps = [(_by(loop, name, text), at) for text, at in texts if at >= first]
    by, at = steps[0] if len(steps) == 1 else (None, 0)
    return Increment(by, at) if by else None


def _header(loop: Loop) -> str:
    return loop.statement.header if isinstance(loop.statement, syntax.For) else ""


def _text_of(loop: Loop, change: VariableChange) -> tuple[str, int]:
    """How a change is written, and where."""
    if change.value is not None:
        return loop.round_text(change.value.start, change.value.end), change.value.start
    at = loop.round_text(loop.start, loop.end).find(change.arithmetic)
    return change.arithmetic, loop.start + max(at, 0)


def _by(loop: Loop, name: str, text: str) -> int | None:
    """`i++`, `i+=2`, `i=i-1`, `$((i + 1))`, `$(expr $i + 1)`."""
    if match := re.match(rf"{name}\s*(?:\+\+|--)|(?:\+\+|--)\s*{name}\b", text):
        return 1 if "+" in match[0] else -1
    itself, operand = rf"""["']?\$?\{{?{name}\}}?["']?""", r"\s*([+-])\s*(\$?\{?\w+\}?)"
    forms = (
        rf"{name}\s*([+-])=\s*(\$?\{{?\w+\}}?)",
        rf"{name}\s*=\s*{itself}{operand}\s*(?:$|[;,)])",
        rf"""["']?(?:\$\(\(|\$\(\s*expr|`\s*expr|\$\[)\s*{itself}{operand}\s*(?:\)\)?|`|\])["']?$""",
    )
    match = next((found for form in forms if (found := re.match(form, text))), None)
    amount = number(loop, match[2]) if match else None
    return None if match is None or amount is None else amount if match[1] == "+" else -amount
