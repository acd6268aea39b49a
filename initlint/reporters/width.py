"""Makes any text harmless and measurable: what a terminal would act on or hide is spelled out, the rest has a width."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from initlint.regex import regex

TAB = "    "

# Printable for Python, yet nothing to see: fillers, joiners, and the selectors that can carry a hidden text.
_INVISIBLE = regex(r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\U000e0100-\U000e01ef]")
# They make an emoji of a character that is one column wide; whether it then takes two is up to the terminal.
_PRESENTATION = regex(r"[\ufe00-\ufe0f]")
_TRAILING_JAMO = regex(r"[\u1160-\u11ff\ud7b0-\ud7ff]")


def escape(text: str, encoding: str = "utf-8") -> str:
    """One line of text in which everything is visible, harmless, and known to the encoding."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(char, encoding) for char in text)


def cell(char: str, encoding: str = "utf-8") -> str:
    """A character of a source line as a frame shows it, so that `width` is what every terminal makes of it."""
    if char == "\t":
        return TAB
    return "" if _PRESENTATION.match(char) else escape(char, encoding)


def width(text: str) -> int:
    """Number of columns that an escaped text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@lru_cache(maxsize=4096)
def _visible(char: str, encoding: str) -> str:
    if char.isprintable() and not _INVISIBLE.match(char) and encodable(char, encoding):
        return char
    return ascii(char)[1:-1]


def encodable(text: str, encoding: str) -> bool:
    """Tell whether an encoding has every character of a text."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=4096)
def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me") or _TRAILING_JAMO.match(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
