"""What a program in JavaScript, Ruby, PHP or Perl waits for that stands in a text: the one address that it asks again.

The text is not parsed: a program is understood that asks for one address, and whose failure leads to nothing but
another try, or to its end with a failure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import NamedTuple

from initlint.regex import regex
from initlint.shell.commands.code import addresses

_LONGEST = 2_000
# What stands before what is asked in the head of a loop, or behind which it is the end of one: `sleep 1 until …`.
_HEAD = regex(r"(?:\buntil\b|\bwhile\b[\s(]*(?:!|not\b))[\s(!@]*(?:\$?\w+\s*=[\s(@]*)?(?:new\s+(?:\w+\.)*)?$")
_FAILING = regex(r"(?:\.(?:on|once)\(\s*['\"](?:error|timeout)['\"]\s*,|\.catch\s*\(|\bcatch\b\s*(?:\([^)]*\)\s*)?\{)")
_RESCUING = regex(r"\brescue\b")
_FOR_EVER = regex(r"\bwhile\s*\(\s*(?:true|1)\s*\)|\bfor\s*\(\s*;\s*;\s*\)|\bloop\s+do\b|\bloop\s*\{|\bwhile\s+true\b")
_AGAIN = regex(r"\bsetTimeout\s*\(|\bretry\b")
_MAY_STOP = regex(r"\bretry\s+(?:if|unless)\b")
_PAUSE = regex(r"\bu?sleep\b|\bsetTimeout\s*\(")
_FAILS = regex(r"\b(?:process\.)?exit\s*\(?\s*[1-9]\d*\s*\)?|\b(?:throw|raise|abort|die|reject)\b")
# What ends it with success, or is not understood.
_ENDS = regex(r"\b(?:process\.)?exit\b|\b(?:break|return|next|last|resolve|done)\b|\bsetInterval\b|process\.exitCode")
_RETURNED = regex(r"\breturn\s+(?=(?:void\s+)?setTimeout\b|process\.exit\(\s*[1-9])")
_OTHER = regex(r"\bsetInterval\b|\b(?:environ|getenv|argv|ENV)\b|process\.env")
_OPENING, _CLOSING = "({[", ")}]"
# A variable of the environment, with what makes a number of it, and what is taken where it is not set.
_READING = (
    r"(?:process\.env\.(\w+)|process\.env\[\s*['\"](\w+)['\"]\s*\]|ENV(?:\.fetch\(|\[)\s*['\"](\w+)['\"]"
    r"(?:\s*,\s*['\"]?[\w.-]*['\"]?)?\s*[\])]|getenv\(\s*['\"](\w+)['\"]\s*\)|\$ENV\{\s*['\"]?(\w+)['\"]?\s*\})"
    r"(?:\s*(?:\|\||\?\?|\?:)\s*['\"]?[\w.-]+['\"]?)?"
)
_VARIABLE = regex(
    rf"(?:Number|parseInt|String|Integer|intval)\(\s*{_READING}\s*(?:,\s*10\s*)?\)|\+?{_READING}(?:\.to_i)?"
)


class AskedAgain(NamedTuple):
    """What is asked again and again, where that stands, and whether the program gives up some time."""

    start: int
    end: int
    address: str
    is_bounded: bool


@lru_cache(maxsize=256)
def asked_again(text: str, env: tuple[tuple[str, str], ...] = ()) -> AskedAgain | None:
    """The one address that a program surely waits for, where these variables are set; None if it is not understood."""
    text = _VARIABLE.sub(partial(_value, dict(env)), text) if env else text
    if len(text) > _LONGEST or _OTHER.search(text):
        return None
    found = list(addresses(text))
    if len(found) != 1:
        return None
    ((start, end, address),) = found
    bounded = _is_bounded(text, start)
    return None if bounded is None else AskedAgain(start, end, address, bounded)


def _value(env: Mapping[str, str], match: re.Match[str]) -> str:
    """The value of a variable in its place, which keeps its length; as it is where it is not known, or too long."""
    value = env.get(next(filter(None, match.groups())))
    literal = f"'{value}'"
    return match[0] if value is None or "'" in value or len(literal) > len(match[0]) else literal.ljust(len(match[0]))


def _is_bounded(text: str, start: int) -> bool | None:
    """Whether it gives up; None where it may go on without an answer."""
    if _HEAD.search(text, 0, start):
        return _of_failure(text[start:], _PAUSE)
    bodies = list(_failing(text))
    again = [one for one in bodies if _AGAIN.search(one)]
    wanted = _AGAIN if again else _PAUSE if _FOR_EVER.search(text, 0, start) else None
    if not bodies or wanted is None:
        return None
    told = [_of_failure(one, wanted) for one in again or bodies]
    return None if None in told else any(told)


def _of_failure(body: str, wanted: re.Pattern[str]) -> bool | None:
    """Whether what is done where nothing answers may be to fail; None if it may be anything but that, or to go on."""
    rest = _FAILS.sub("", _RETURNED.sub("", body))
    fails = bool(_FAILS.search(body))
    if not wanted.search(body) or _ENDS.search(rest) or (_MAY_STOP.search(body) and not fails):
        return None
    return fails


def _failing(text: str) -> Iterator[str]:
    """What is done where nothing answers: what handles an error, up to the bracket that closes it."""
    for match in _FAILING.finditer(text):
        opened = max(text.rfind(one, 0, match.end()) for one in _OPENING)
        yield text[match.end() : _closing(text, text.index("(", match.start()) if match[0][0] == "." else opened)]
    for match in _RESCUING.finditer(text):
        yield text[match.end() :]


def _closing(text: str, opened: int) -> int:
    depth = 0
    for index in range(opened, len(text)):
        depth += (text[index] in _OPENING) - (text[index] in _CLOSING)
        if depth == 0:
            return index
    return len(text)
