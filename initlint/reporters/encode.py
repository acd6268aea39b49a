"""JSON that every reader takes and no terminal acts on, and the order in which the worst comes first."""

from __future__ import annotations

import json
from collections.abc import Iterable

from initlint.finding import Diagnostic
from initlint.regex import regex

# JSON may hold them as they are, but a terminal would act on them.
_ACTIVE = regex(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_SURROGATES = regex(r"[\ud800-\udfff]")


def encode(value: object, *, indent: int | None = None, encoding: str = "utf-8") -> str:
    """A JSON text; where the encoding is no form of Unicode, in ASCII."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    # Half a surrogate pair has no UTF-8, and as an escape many readers refuse the whole document for it.
    text = _SURROGATES.sub("\ufffd", text)
    text = _ACTIVE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
    return text if encoding.lower().startswith("utf") else json.dumps(json.loads(text), indent=indent)


def worst_first(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """What readers with room for some only should see: the most severe and certain, each in its usual order."""
    return sorted(found, key=lambda one: (-one.severity, -one.confidence))


def whole(number: float | None) -> float | None:
    """A number as it is written by people: a whole one without a fraction."""
    return int(number) if number is not None and number % 1 == 0 else number
