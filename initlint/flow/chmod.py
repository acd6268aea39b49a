"""What `chmod` makes of a mode."""

from __future__ import annotations

import re

from initlint.regex import regex
from initlint.shell.commands.facts import Step

_CLAUSE = regex(r"([ugoa]*)([-+=])([rwxX]*)")
_BITS = {"r": 4, "w": 2, "x": 1, "X": 0}


def mode_after(step: Step, mode: int, *, is_directory: bool = False) -> int | None:
    """What `chmod` makes of a mode; None if that is not known."""
    text = next((word for word in step.command.words[1:] if word and _is_mode(word)), "")
    return int(text, 8) if re.fullmatch("[0-7]+", text) else _apply(text, mode, is_directory)


def _is_mode(word: str) -> bool:
    return not word.startswith("-") or bool(_CLAUSE.fullmatch(word) and word not in ("-R", "-v", "-f", "-c"))


def _apply(text: str, mode: int, is_directory: bool) -> int | None:
    """A mode as chmod is told it in letters, applied to what there is."""
    for clause in text.split(","):
        match = _CLAUSE.fullmatch(clause)
        if match is None:
            return None
        who = "ugo" if match[1] in ("", "a") else match[1].replace("a", "ugo")
        bits = sum({_BITS[letter] for letter in match[3]})
        if "X" in match[3] and is_directory:
            bits |= 1
        for shift in ({"u": 6, "g": 3, "o": 0}[letter] for letter in who):
            kept = mode & ~(7 << shift) if match[2] == "=" else mode
            mode = kept & ~(bits << shift) if match[2] == "-" else kept | (bits << shift)
    return mode
