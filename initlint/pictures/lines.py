"""Lines of a picture for the terminal, in 80 columns or what it has."""

from __future__ import annotations

from textwrap import wrap

from initlint.reporters import Display

WIDTH = 80
_NARROWEST = 40


def lines(text: str, first: str, others: str, display: Display, *, breaks_words: bool = True) -> list[str]:
    """The text in lines that fit; names are not broken at their hyphens, longer words only where they may be."""
    return wrap(
        text,
        max(_NARROWEST, min(WIDTH, display.width)),
        initial_indent=first,
        subsequent_indent=others,
        break_on_hyphens=False,
        break_long_words=breaks_words,
    )
