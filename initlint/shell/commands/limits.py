"""How long a command that waits by itself goes on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from initlint.duration import in_seconds
from initlint.shell.commands.effects import WordInRole

_LONGEST_BACKOFF = {"doubling": 600, "linear": 10}
_MANY = 10_000


class Limit(NamedTuple):
    """The most seconds that it goes on; None is for ever, unless it is not known."""

    seconds: float | None = None
    is_unknown: bool = False


def limit(named: Sequence[WordInRole], facts: Mapping[str, str], traits: frozenset[str], is_open: bool) -> Limit:
    """What the words say, or what the command assumes; with an option that is not seen it is not known."""
    said = _said(named, "limit")
    tries = _said(named, "tries")
    if said is None and tries is not None:
        return _of_tries(tries, _said(named, "delay"), facts.get("backoff", ""))
    if said is None and is_open:
        return Limit(None, True)
    known = said if said is not None else float(facts["limit"]) if "limit" in facts else None
    if known is not None and math.isnan(known):
        return Limit(None, True)
    is_for_ever = known == math.inf or (known == 0 and "zero-is-for-ever" in traits)
    return Limit(None if is_for_ever else known)


def attempt(named: Sequence[WordInRole]) -> float | None:
    """The seconds of one try."""
    found = _said(named, "attempt")
    return None if found is None or math.isnan(found) else found


def _said(named: Sequence[WordInRole], role: str) -> float | None:
    """The seconds, or number, that the last word with this role says; not a number if it is not known."""
    words = [one for one in named if one.role in (role, f"{role}-ms")]
    if not words:
        return None
    text = words[-1].argument.text or ""
    found = in_seconds(text.removeprefix("-"), "ms" if words[-1].role.endswith("-ms") else "s")
    if found is not None and text.startswith("-"):
        return math.inf  # a negative timeout is a week to `kubectl wait`
    return math.nan if found is None else found


def _of_tries(tries: float, delay: float | None, backoff: str) -> Limit:
    """So many tries with a delay between them, which grows unless it is said."""
    if math.isnan(tries) or (delay is not None and math.isnan(delay)):
        return Limit(None, True)
    if tries == math.inf or tries > _MANY or (tries == 0 and backoff == "linear"):
        return Limit()
    if delay is not None:
        return Limit(tries * delay)
    return Limit(sum(_pause(turn, backoff) for turn in range(int(tries))))


def _pause(turn: int, backoff: str) -> float:
    """Between two tries: curl waits 1, 2, 4 … 600 seconds, wget 1, 2, 3 … 10."""
    growing = 2.0 ** min(turn, 20) if backoff == "doubling" else turn + 1.0
    return min(growing, _LONGEST_BACKOFF.get(backoff, 0))
