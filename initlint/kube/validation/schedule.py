"""Schedules of CronJobs, as robfig/cron's standard parser reads them."""

from __future__ import annotations

from initlint.regex import regex

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
# Minute, hour, day of the month, month, day of the week.
_FIELDS: tuple[tuple[int, int, tuple[str, ...]], ...] = (
    (0, 59, ()),
    (0, 23, ()),
    (1, 31, ()),
    (1, 12, _MONTHS),
    (0, 6, _DAYS),
)
_DESCRIPTORS = frozenset({"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
_DURATION = regex(r"[-+]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|ms|s|m|h))+|0")


def problem_of(text: str) -> str | None:
    """What is wrong with a schedule, or None."""
    if text.startswith("@"):
        is_known = text in _DESCRIPTORS or (text.startswith("@every ") and _DURATION.fullmatch(text[7:]))
        return None if is_known else f"`{text}` is not known"
    fields = text.split()
    if len(fields) != len(_FIELDS):
        return f"it has {len(fields)} fields, not 5"
    wrong = (
        part
        for field, known in zip(fields, _FIELDS, strict=True)
        for part in field.split(",")
        if not _is_part(part, *known)
    )
    part = next(wrong, None)
    return None if part is None else f"`{part}` is not understood"


def _is_part(part: str, low: int, high: int, names: tuple[str, ...]) -> bool:
    """One range of a field: `*`, `5`, `1-5`, each with a step behind `/`."""
    span, slash, step = part.partition("/")
    first, dash, last = span.partition("-")
    if "/" in step or "-" in last or (slash and not _positive(step)):
        return False
    if first in ("*", "?"):
        return not dash
    start = _number(first, low, names)
    end = _number(last, low, names) if dash else (start if not slash else high)
    return start is not None and end is not None and low <= start <= end <= high


def _positive(step: str) -> bool:
    return step.isascii() and step.isdigit() and int(step) > 0


def _number(text: str, low: int, names: tuple[str, ...]) -> int | None:
    if text.lower() in names:
        return names.index(text.lower()) + low
    return int(text) if text.isascii() and text.isdigit() else None
