"""How `--help` is set, and how what the user can mend is said."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any

import typer
from typer.core import TyperCommand

from initlint.errors import InitlintError
from initlint.regex import regex

UsageError: type[Exception] = typer.BadParameter.__bases__[0]
"""What Typer raises for words that it cannot read: of Click, or of its own copy of that."""

_OTHER_WORDS = {"help": "--help", "version": "--version"}
_QUOTED = regex(r"'([^']*)'")
_OWN_WORDS = (
    (regex(r"No such option: (\S+)"), r"no option is called `\1`"),
    (regex(r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)"), r"nothing more is expected: leave out `\1`"),
    (regex(r" is not a valid boolean.*"), " is neither `true` nor `false`"),
    (regex(r" is not a valid int.*"), " is no whole number"),
    (regex(r"\. Choose from: .*| \(Possible options: .*\)"), ""),
    (regex(r"No such command (\S+)"), r"nothing more is expected: leave out \1"),
)
"""What Click says for itself, and how all other errors would say it."""
_SEPARATOR = regex(r"[\s,]+")


class SectionedCommand(TyperCommand):
    """A verb whose options stand in sections."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write each section in the order of its first option."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            if record := param.get_help_record(ctx):
                default = "Arguments" if param.param_type_name == "argument" else "Options"
                section = getattr(param, "rich_help_panel", None) or default
                sections.setdefault(section, []).append(record)
        for section, records in sections.items():
            with formatter.section(section):
                formatter.write_dl(records)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Name the variables once, not at each flag."""
        for param in self.get_params(ctx):
            if variable := getattr(param, "envvar", None):
                formatter.write_paragraph()
                formatter.write_text(f"Flags have variables, over which they win: {variable} for {param.opts[0]}.")
                break


def meant(word: str, verbs: Iterable[str]) -> str | None:
    """The verb that a word is a slip of; None for options and for what is there."""
    if word.startswith("-") or os.path.lexists(word):
        return None
    close = get_close_matches(word, list(verbs), 1, 0.7)
    return _OTHER_WORDS.get(word) or next(iter(close), None)


def misplaced(words: Sequence[str], verbs: Iterable[str]) -> Iterator[str]:
    """A line for a verb behind options or paths, which is taken for a path that there is not."""
    if words[0] not in verbs:
        yield from (
            f"note: a verb comes first, before all options and paths: `initlint {word} …`"
            for word in words
            if word in verbs and not os.path.lexists(word)
        )


def misuse(error: Any, verb: str, having: Callable[[str], Sequence[str]]) -> str:
    """What is wrong with the words of the command line, in the form of all other errors.

    `having`: which verbs have an option.
    """
    message = (
        _elsewhere(error, having)
        or _suggestion(error)
        or _QUOTED.sub(r"`\1`", " ".join(error.format_message().split())).rstrip(".")
    )
    for pattern, words in _OWN_WORDS:
        message = pattern.sub(words, message)
    of = "" if verb.startswith("-") else f" {verb}"
    return complaint(InitlintError(f"{message[:1].lower()}{message[1:]}"), f"help: initlint{of} --help")


def _elsewhere(error: Any, having: Callable[[str], Sequence[str]]) -> str:
    """For an option of another verb, that one."""
    name = getattr(error, "option_name", "") if hasattr(error, "possibilities") else ""
    verbs = having(name) if name.startswith("--") else ()
    return f"no option is called `{name}` here: `initlint {verbs[0]}` has it" if verbs else ""


def _suggestion(error: Any) -> str:
    """For an option that does not exist, the nearest that does."""
    name = getattr(error, "option_name", "")
    close = get_close_matches(name, getattr(error, "possibilities", None) or (), 1, 0.7)
    return f"no option is called `{name}`: did you mean `{close[0]}`?" if close else ""


def unheard() -> Iterator[str]:
    """A line for each variable that is nearly one of a flag: nobody reads it."""
    ours = [name for name in os.environ if name.startswith("INITLINT_")]
    if not ours:
        return
    from initlint.cli.options import VARIABLES

    for name in sorted(set(ours) - VARIABLES):
        if close := get_close_matches(name, VARIABLES, 1, 0.9):
            yield f"note: no flag has the variable `{name}`: did you mean `{close[0]}`?"


def complaint(error: InitlintError, *footnotes: str) -> str:
    """What the user can mend, with the variable that says it, where it is one."""
    from initlint.reporters import Display
    from initlint.reporters.frame import error_frame

    named = [name for name, value in sorted(os.environ.items()) if _tells(name, value, str(error))]
    notes = [f"note: the environment sets {', '.join(named)}"] if named and error.source is None else []
    text = error_frame(error, Display().on(sys.stderr))
    return "\n".join([text, *(f"  = {note}" for note in (*notes, *footnotes))])


def _tells(name: str, value: str, message: str) -> bool:
    """Whether a message quotes what a variable holds."""
    return name.startswith("INITLINT_") and any(f"`{word}`" in message for word in _SEPARATOR.split(value) if word)
