"""Which programs are shells, and which of their words is the text of a script."""

from __future__ import annotations

import re
from collections.abc import Sequence

from initlint.regex import regex

READING_IN = (".", "source")
"""What makes a shell read a file in, whose commands run as if they stood there."""

RUNNING_TEXT = (*READING_IN, "eval")
"""Built-ins that run a text as if it stood there, which the script need not hold."""

AS_USER = ("su", "runuser")
"""What runs a text with the shell of another user."""

_SHELL = regex(r"(?:.*/)?(?:ba|da|a|z|k|mk)?sh")
_TAKES = ("--rcfile", "--init-file", "-O", "+O")


def is_shell(word: str | None) -> bool:
    """Tell whether a program is a shell, by its name."""
    return bool(_SHELL.fullmatch(word or ""))


def file_index(argv: Sequence[str | None]) -> int | None:
    """Index of the file that a shell, the first of these words, is told to run."""
    if not argv or not is_shell(argv[0]):
        return None
    index, letters = _behind_options(argv)
    return index if not {"c", "s", "n"} & set(letters) and index < len(argv) else None


def text_index(argv: Sequence[str | None]) -> int | None:
    """Index of the text that a shell, the first of these words, is given with `-c`, be it that of another user.

    Behind a script's file, `-c` is an option of that script.
    """
    if argv and (argv[0] or "").rpartition("/")[2] in AS_USER and "-c" in argv[:-1]:
        return argv.index("-c") + 1
    if not argv or not is_shell(argv[0]):
        return None
    index, letters = _behind_options(argv)
    return index if "c" in letters and "n" not in letters and index < len(argv) else None


def sets_errexit(options: Sequence[str]) -> bool:
    """Whether the options of a shell make it end at the first failure."""
    return "errexit" in options or any("e" in word[1:] for word in options if re.match("-[^-]", word))


def sets_pipefail(options: Sequence[str]) -> bool:
    """Whether the options of a shell make a pipeline fail with any of its commands."""
    return "pipefail" in options


def _behind_options(argv: Sequence[str | None]) -> tuple[int, str]:
    """Index of the first word that is no option, and the letters of the options."""
    index, letters = 1, ""
    while index < len(argv) and re.match("[-+].", word := argv[index] or ""):
        bundle = "" if word.startswith("--") else word[1:]
        letters += bundle
        index += 1 + bundle.count("o") + (word in _TAKES)
        if word == "--":
            break
    return index, letters
