"""Variables that a script only ever sets to plain texts, and what tests of them come to: `ok=0`, `[ "$ok" = 1 ]`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Container, Mapping, Sequence
from functools import lru_cache

from initlint.regex import regex
from initlint.shell.language.syntax import Assignment, Part, Pattern, Quote, Variable, Word

_MOST = 4
"""Flags of a script: each doubles the ways through it."""

FAILED = "?"
"""What `$?` is behind a failure."""

_TESTED = regex(
    r"""(?:\[\[?\s+(?:!\s+)?(?:-[zn]\s+)?|(?:\bif|\bwhile|\buntil|\bexit|\breturn|&&|\|\||!)\s+)"?\$\{?([A-Za-z_]\w*)(?::?-[\w.-]*)?\}?"?(?=[\s;]|$)"""
)
_SET = regex(r"""(?<![\w$.?&-])([A-Za-z_]\w*)\+?=(?:(?<!\+=)(?:(["']?)[\w.-]*\2|\$\?)(?=[\s;&|)]|$)(\s*))?""")
# Whole words in quotes and comments, which set nothing: `echo "rc=$rc"`; what stands behind something is kept: `x="a"`.
_SAID = regex(r"""(?<!\S)(?:"(?:[^"\\]|\\.)*"|'[^']*'|\#[^\n]*)|("(?:[^"\\]|\\.)*"|'[^']*'|\\.)""", re.DOTALL)
_DEFAULT = regex(r":?-([\w.-]*)")
# `: "${n:=3}"`
_SET_BY_DEFAULT = regex(r"\$\{([A-Za-z_]\w*):=")
_KEPT = regex(r"(?<![\w$.?&-])([A-Za-z_]\w*)=\$\?(?=[\s;&|)]|$)")
_OTHERWISE = regex(r"\b(?:read|for|let|getopts|unset|mapfile|readarray|export|readonly|printf)\b([^\n;]*)|\(\(([^)]*)")
_NAME = regex(r"[A-Za-z_]\w*")
_LOCAL = regex(r"\b(?:local|declare|typeset)\b[^\n;]*")
_PLAIN_LOCAL = regex(r"local\s+([A-Za-z_]\w*)=[\w.-]*")
# `. file`; not the last word of `cp -r a .`.
_DOT = r"(?:^|[\n;&|({!]|\b(?:if|then|elif|else|do|while|until|command|builtin))[ \t]*\.[ \t]+\S"
# After these any variable may have any value.
_ANY = regex(rf"(?:^|[\s;&|(])(?:eval|source|trap)\s|{_DOT}")
# A file that is read in may look at any of them, and so may programs that get them all.
_READ_ELSEWHERE = regex(rf"\blastpipe\b|(?:^|[\s;&|(])(?:eval|source)\s|{_DOT}|\bset\s+-(?:a\b|o\s+allexport)")
_MARKED = regex(
    r"""(?<![\w$.?&{-])([A-Za-z_]\w*)\+?=(?:(["']?)(?:\d+|true|false|yes|no)\2|\$\?|"?\$\(\([^()]*\)\)"?)(?=[\s;&|)}]|$)"""
)
_COMPARED: Mapping[str, Callable[[str, str], bool]] = {"=": operator.eq, "==": operator.eq, "!=": operator.ne}
_COUNTED: Mapping[str, Callable[[int, int], bool]] = {
    "-eq": operator.eq, "-ne": operator.ne, "-lt": operator.lt, "-le": operator.le, "-gt": operator.gt,
    "-ge": operator.ge,
}  # fmt: skip

Flags = frozenset[tuple[str, str]]
STATUS_WORDS = ((Variable("?"),), (Variable("?", Quote.DOUBLE),))


@lru_cache(maxsize=64)  # a script is followed for each of its commands
def flags_of(text: str) -> frozenset[str]:
    """The names of the variables that are tested or keep `$?`, and are only set to plain texts; none of too many."""
    names = {match[1] for one in (_TESTED, _KEPT) for match in one.finditer(text)}
    if not names or _ANY.search(text):
        return frozenset()
    sets = [*_SET.finditer(_SAID.sub(lambda one: one[1] or " ", text))]
    plain = {match[1]: match[3] is not None for match in sets if match[1] in names}
    others = {match[1] for match in sets if match[3] is None} | {one[1] for one in _SET_BY_DEFAULT.finditer(text)}
    elsewhere = " ".join(one[1] or one[2] or "" for one in _OTHERWISE.finditer(text))
    elsewhere += " ".join(one[0].replace("=", " ") for one in _LOCAL.finditer(text) if not _is_own(one, text))
    found = {name for name in plain.keys() - others if not re.search(rf"\b{name}\b(?!=)", elsewhere)}
    return frozenset(found) if len(found) <= _MOST else frozenset()


def unset_of(text: str, given: Container[str] | None, *, is_all: bool) -> frozenset[str]:
    """The flags of a script that are empty where it begins: those that its environment does not give it.

    `given` are the variables of the manifest, None where not all of them are seen; `is_all`: those of the image are
    among them, which are hardly ever written in small letters.
    """
    if given is None:
        return frozenset()
    return frozenset(name for name in flags_of(text) if name not in given and (is_all or not name.isupper()))


@lru_cache(maxsize=64)
def reads_elsewhere(text: str) -> bool:
    """Whether variables of a script may be read by what is not in it."""
    return bool(_READ_ELSEWHERE.search(text))


@lru_cache(maxsize=256)
def unread_of(text: str) -> frozenset[str]:
    """The names of the variables that are set as marks, to numbers or to `true`, and that nothing in the text reads."""
    if reads_elsewhere(text):
        return frozenset()
    rest = _MARKED.sub(" ", text)
    return frozenset(name for name in {one[1] for one in _MARKED.finditer(text)} if not re.search(rf"\b{name}\b", rest))


def _is_own(local: re.Match[str], text: str) -> bool:
    """Whether a variable of a function is named nowhere but behind its declaration there: `local failed=1`."""
    match = _PLAIN_LOCAL.fullmatch(local[0].strip())
    end = text.find("\n}", local.end())
    places = [one.start() for one in re.finditer(rf"\b{match[1]}\b", text)] if match else []
    return bool(places) and local.start() < places[0] and places[-1] < end


def raised(flags: Flags, assignments: Sequence[Assignment], names: frozenset[str], *, succeeded: bool) -> Flags:
    """The flags behind some assignments; `succeeded` says what `$?` is."""
    status = "0" if succeeded else FAILED
    new = {
        one.name: (status if one.value.parts in STATUS_WORDS else one.value.text) if one.value else ""
        for one in assignments
        if one.name in names
    }
    kept = {name: value for name, value in flags if name not in new}
    return frozenset((kept | {name: value for name, value in new.items() if value is not None}).items())


def of_flags(words: Sequence[Word], flags: Flags) -> bool | None:
    """What a test of a flag comes to; None of any other."""
    texts = [value_of(word, flags) for word in words] if flags else [None]
    match texts:
        case [str(one), str(how), str(other)] if FAILED in (one, other):
            return how in ("-ne", "!=", "-gt") if (one, other) == (FAILED, "0") else None
        case [str(text)] | ["-n", str(text)]:
            return bool(text)
        case ["-z", str(text)]:
            return not text
        case [str(one), str(how), str(other)] if how in _COMPARED:
            return _COMPARED[how](one, other)
        case [str(one), str(how), str(other)] if how in _COUNTED and one.isdecimal() and other.isdecimal():
            return _COUNTED[how](int(one), int(other))
    return None


def has_failed(words: Sequence[Word], flags: Flags) -> bool:
    """Whether a flag is looked at that keeps the status of what has failed: `[ "$rc" -ne 0 ]` behind `rc=$?`."""
    kept = {name for name, value in flags if value == FAILED}
    return bool(kept) and any(not kept.isdisjoint(_names(part)) for one in words for part in one.parts)


def _names(part: Part) -> Sequence[str]:
    """The variables that a part of a word may be made of."""
    match part:
        case Variable(name=name):
            return [name]
        case Pattern(text=text):
            return _NAME.findall(text)
    return []


def value_of(word: Word, flags: Flags) -> str | None:
    """What a word is where the flags are these; `FAILED` is any number but zero."""
    known = dict(flags)
    match word.parts:
        case (Variable(name=name, operation="", quote=Quote.NONE | Quote.DOUBLE),) if known.get(name):
            return known[name]
        case (Variable(name=name, operation="", quote=Quote.DOUBLE),):
            return known.get(name)
        case (Variable(name=name, operation=operation),) if name in known and (one := _DEFAULT.fullmatch(operation)):
            return known[name] or (one[1] if operation.startswith(":") else None)
    return word.text
