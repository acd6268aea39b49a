"""The few shapes of shell scripts of which it is plain what they run in the end. Any other script is unknown."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from typing import NamedTuple

_SHELL = re.compile(r"(?:.*/)?(?:ba|da|a|z|k|mk)?sh")
_LONGEST = 4_000
_TAKES = ("--rcfile", "--init-file")
_CONTINUED = re.compile(r"\\\n")
_COMMENT = re.compile(r"""^[ \t]*#.*|(?<=\s)#[^'"\n]*$""", re.MULTILINE)
_REDIRECTION = re.compile(r"(?<!\S)(?:[\d&]?>{1,2}[ \t]*(?:&\d|[\w./-]+)|<[ \t]*[\w./-]+)(?=[\s;]|$)")
_WORD = r"""(?:'[^']*'|"[^"`(]*"|[^\s'"`;&|<>()]+)"""
# What cannot end a script before the command that counts, but for a failure.
_PREPARATION = re.compile(
    rf"(?:(?:set|trap|echo|printf|date|umask|ulimit|export|cd|true|:)(?:[ \t]+{_WORD})*|[A-Za-z_]\w*={_WORD}?)"
    r"[ \t]*(?:;|\n|&&)\s*"
)
_STRICT = re.compile(r"(?:^|\s)-[A-Za-z]*[eu]|errexit|nounset")
_AND_WAIT = re.compile(r"""\s*&\s*wait(?:[ \t]+"?\$(?:!|\{!\})"?)?[\s;]*\Z""")
_LOOP = re.compile(
    r"(while\s+(?:true|/bin/true|:|\[ (?:1|true) \]|\[\[ (?:1|true) \]\]|sleep \d+[smhd]?)|until\s+false"
    r"|for\s*\(\(\s*;\s*;\s*\)\))\s*[;\n]\s*do\s(.*)[;\n]\s*done",
    re.DOTALL,
)
_MAY_LEAVE = re.compile(
    r"\b(?:break|exit|return|exec|eval|source|set|trap|\w*kill\w*|do|done|function|halt|poweroff|reboot|shutdown)\b"
    r"|(?:^|[\s;&|])\.\s|<<|\$\{[^}]*\?|\(\)"
)
_CANNOT_FAIL = re.compile(r"(?:(?:sleep|echo|date|true|wait|:)(?:\s[^|]*)?)?")


class Script(NamedTuple):
    """What a shell script runs in the end: the head of an endless loop, or the words of one plain command, or neither.

    `prepared` says that something stands before it, which may have changed the environment.
    """

    loop: str | None
    words: Sequence[str]
    prepared: bool


def is_shell(word: str | None) -> bool:
    """Tell whether a program is a shell, by its name."""
    return bool(_SHELL.fullmatch(word or ""))


def find(argv: Sequence[str | None], shell: int) -> int | None:
    """Index of the text that a shell, which is called here, is given with `-c`.

    Behind a script's file, `-c` is an option of that script.
    """
    if shell >= len(argv) or not is_shell(argv[shell]):
        return None
    index, letters = shell + 1, ""
    while index < len(argv) and re.match("[-+].", word := argv[index] or ""):
        bundle = "" if word.startswith("--") else word[1:]
        letters += bundle
        index += 1 + bundle.count("o") + (word in _TAKES)
        if word == "--":
            break
    return index if "c" in letters and "n" not in letters and index < len(argv) else None


def read(text: str, options: str) -> Script:
    """What a script runs in the end, in a shell with these options. A long one is not read."""
    if len(text) > _LONGEST:
        return Script(None, [], True)
    text = _REDIRECTION.sub(" ", _COMMENT.sub("", _CONTINUED.sub(" ", text))).strip()
    start = 0
    while preparation := _PREPARATION.match(text, start):
        start = preparation.end()
    is_strict = bool(_STRICT.search(f"{options}\n{text[:start]}"))
    last = _without_wait(text[start:])
    return Script(_loop(last, is_strict), _words(last), start > 0)


def _without_wait(text: str) -> str:
    wait = _AND_WAIT.search(text)
    return text[: wait.start()] if wait else text.rstrip("; \n")


def _loop(text: str, is_strict: bool) -> str | None:
    found = _LOOP.fullmatch(text)
    if not found or _MAY_LEAVE.search(found[2]):
        return None
    is_safe = all(_CANNOT_FAIL.fullmatch(part.strip()) for part in re.split(r"[;&\n]", found[2]))
    return " ".join(found[1].split()) if is_safe or not is_strict else None


def _words(text: str) -> Sequence[str]:
    lexer = shlex.shlex(text, posix=True, punctuation_chars="();<>|&`\n")
    lexer.whitespace, lexer.commenters, lexer.whitespace_split = " \t\r", "", True
    try:
        found = list(lexer)
    except ValueError:  # a quotation without an end
        return []
    if any(set(word) <= set(lexer.punctuation_chars) for word in found if word):
        return []
    return ["env", *found] if found and re.match(r"\w+=", found[0]) else found
