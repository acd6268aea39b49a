"""Whether a program that runs for ever still does so with the arguments that it is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from initlint.duration import in_seconds
from initlint.programs.data import Program
from initlint.regex import regex

Words = Sequence[str | None]
TextOf = Callable[[str], str | None]
"""The text of a file by its path; None if it is not seen."""

# What ends anything: these, an option that begins so, these alone, and these words in the first place.
_ENDS = ("help", "version", "--check-config", "--dry-run", "--once", "--one-time", "--oneshot", "--run-once")
_ENDING_PREFIXES = ("-help", "-version")
_ENDS_ALONE = ("-v", "-V", "-?")
_TASKS = {"/bin/bash", "/bin/sh", "backup", "bash", "check", "completion", "config", "dump", "export", "import", "init",
          "install", "list", "migrate", "restore", "setup", "sh", "status", "test", "upgrade", "validate"}  # fmt: skip
_BETWEEN_TOKENS = regex(r"[\s=;,]+")
_BUNDLE = regex(r"-(\d*[A-Za-z]{1,4}\d*)")
_NEGATED = regex(r"--?\w[\w.-]*=(?:false|False|f|no|off)")
_VARIABLE = regex(r"-{0,2}\$(?:\([^)]*\)|\{[^}]*\}|\w+|[@*])")
_YEAR = 365 * 86400


def keep_running(program: Program, arguments: Words, text_of: TextOf) -> bool:
    """Whether the program runs for ever with these arguments; None in place of a word means that it is not known."""
    own = arguments if program.words is None else _own_options(program, arguments)
    words = [word for word in own if word is not None and not _VARIABLE.fullmatch(word)]
    if program.ends and len(words) < len(own):
        return False  # the unknown word may be the one that ends it
    meant = [word for word in words if not _NEGATED.fullmatch(word)]
    return (
        not _asks_for_help(program, words)
        and not _contains(_options(program, meant), [*program.ends, *_ENDS], guess=True)
        and (not program.needs or _contains(_options(program, _without_values(program, meant)), program.needs))
        and (not program.times or _are_endless(arguments))
        and (not program.runs or _begins_with(program, arguments, program.runs) or _told(program, arguments, text_of))
    )


def _are_endless(times: Words) -> bool:
    """Whether all words are times, and the first is one without end."""
    known = [word for word in times if word is not None and in_seconds(word) is not None]
    return bool(times) and len(known) == len(times) and _plain(known[0]) == "infinity"


def _after_options(program: Program, arguments: Words, index: int, until: str) -> int:
    """Index of the first word that is neither an option nor an option's value, or of the option `until`.

    The end, where it cannot be told: behind an option of which it is not known whether it takes a value.
    """
    while index < len(arguments) and (word := arguments[index]) and word.startswith("-") and _name(word) != until:
        width = _width(program, word)
        index = index + width if width else len(arguments)
    return index


def _own_options(program: Program, arguments: Words) -> Words:
    """Its options alone; one that is not known where there are more words than its own, which are a command's."""
    index, words, options = 0, 0, list[str | None]()
    while index < len(arguments) and (word := arguments[index]) is not None:
        if word.startswith("-"):
            options.append(word if (width := _width(program, word)) else None)
        else:
            words, width = words + 1, 1
        index += width or 1
    return options if index >= len(arguments) and words <= (program.words or 0) else [None]


def _name(option: str) -> str:
    return option.partition("=")[0]


def _width(program: Program, option: str) -> int:
    """How many words an option and its value are; 0 if that is not known."""
    if "=" in option or option == "--" or option in program.flags:
        return 1
    if option in program.takes:
        return 2
    return 0 if option.startswith("--") else _width_of_letters(program, option[1:])


def _width_of_letters(program: Program, letters: str) -> int:
    for index, letter in enumerate(letters, 1):
        if f"-{letter}" in program.takes:
            return 2 if index == len(letters) else 1
        if f"-{letter}" not in program.flags:
            return 0
    return 1


def _asks_for_help(program: Program, words: Sequence[str]) -> bool:
    """`-h` is help, unless the program takes a host or the like behind it."""
    helps = "-h" in words and ("-h" not in program.takes or words[-1] == "-h")
    alone = len(words) == 1 and words[0] in _ENDS_ALONE
    is_task = bool(words) and words[0] in _TASKS
    return helps or alone or is_task or any(token.startswith(_ENDING_PREFIXES) for token in _tokens(words))


def _without_values(program: Program, words: Sequence[str]) -> Sequence[str]:
    if program.words is not None:
        return words  # they are without already
    return [word for before, word in pairwise(["", *words]) if before not in program.takes]


def _options(program: Program, words: Sequence[str]) -> Sequence[str]:
    return [*_tokens(words), "", *_letters(program, words)]


def _tokens(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        yield from (_plain(token) for token in _BETWEEN_TOKENS.split(word) if token)


def _plain(token: str) -> str:
    """One dash is as good as two, no time is 0 in any unit, and a year or more is as good as infinity."""
    seconds = in_seconds(token)
    if seconds is None:
        return token.replace("--", "-", 1) if token.startswith("--") else token
    return "0" if seconds == 0 else "infinity" if seconds >= _YEAR else token


def _letters(program: Program, words: Sequence[str]) -> Iterator[str]:
    """The options of `-abc`, up to the one whose value is the rest."""
    for letters in (bundle[1] for bundle in map(_BUNDLE.fullmatch, words) if bundle):
        for letter in letters:
            yield f"-{letter}"
            if f"-{letter}" in program.takes:
                break


def _contains(tokens: Sequence[str], phrases: Sequence[str], *, guess: bool = False) -> bool:
    """Whether one of the phrases is there, or, as a guess, may be: with a value that a variable has."""
    wanted = map(_words_of, phrases)
    return any(_is(tokens[at : at + len(one)], one, guess) for one in wanted for at in range(len(tokens)))


@cache
def _words_of(phrase: str) -> tuple[str, ...]:
    return tuple(_tokens([phrase]))


def _is(tokens: Sequence[str], phrase: Sequence[str], guess: bool) -> bool:
    return len(tokens) == len(phrase) and all(
        token == word or (guess and at > 0 and "$" in token)
        for at, (token, word) in enumerate(zip(tokens, phrase, strict=True))
    )


def _told(program: Program, arguments: Words, text_of: TextOf) -> bool:
    """Whether it runs for ever by what its files say."""
    told = program.configured
    if told is None or not _begins_with(program, arguments, told.runs):
        return False
    words = [word or "" for word in arguments]
    joined = [f"{before}={word}" for before, word in pairwise(words) if "=" not in before]
    settings = (word.partition("=") for word in (*words, *joined))
    files = [text_of(value) for option, _, value in settings if value and _plain(option) in told.by]
    texts = [*words, *(text for text in files if text is not None)]
    is_seen = bool(files) and None not in files and None not in arguments
    return is_seen and not any(re.search(told.ends, text) for text in texts)


def _begins_with(program: Program, arguments: Words, runs: Sequence[str]) -> bool:
    return any(_begins(program, arguments, run.split()) for run in runs)


def _begins(program: Program, arguments: Words, first: Sequence[str]) -> bool:
    """Whether these are the first words, options left out. An unknown word is a word, but none of them."""
    index = 0
    for expected in first:
        index = _after_options(program, arguments, index, expected)
        if index >= len(arguments) or _name(arguments[index] or "") != expected:
            return False
        index += 1
    return bool(first) or not arguments or (arguments[0] or "").startswith("-")
