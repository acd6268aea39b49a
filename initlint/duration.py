"""Durations as programs are told them: `30`, `1m30s`, `500ms`, `.5`, `infinity`."""

from __future__ import annotations

import math

from initlint.regex import regex

_PART = regex(r"(\d+\.?\d*|\.\d+)(ns|us|µs|ms|[smhd])?")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600, "d": 86400}


def in_seconds(text: str, unit: str = "s") -> float | None:
    """How many seconds a duration is, a bare number in the given unit; None if it is none."""
    if text.lower() in ("inf", "infinity"):
        return math.inf
    if not text or _PART.sub("", text):
        return None
    return sum(float(number) * _SECONDS[named or unit] for number, named in _PART.findall(text))
