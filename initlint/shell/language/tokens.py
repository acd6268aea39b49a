"""The words and operators of a shell script, without a tree: what a shell looks at before it runs anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from initlint.regex import regex

_OPERATOR = regex(r";;&|;;|;&|&&|\|\||\|&|&>>|&>|<<<|<<-|<<|>>|<&|>&|<>|>\||[;&|()<>\n]")
_CASE = regex(r"\b(?:case|esac)\b")
_PLAIN = regex(r"[^\s;&|()<>'\"\\$`#]+")


class Kind(Enum):
    """What a token is."""

    WORD = "word"
    OPERATOR = "operator"
    ENDLESS = "endless"


class Token(NamedTuple):
    """A word or an operator, or the end of a here-document that never comes as spaces stand around it.

    `is_plain`: it may be a reserved word, as nothing of it is quoted or replaced.
    """

    kind: Kind
    start: int
    end: int
    text: str
    is_plain: bool = False


class Obscure(Exception):  # noqa: N818 - it is no failure
    """The script holds what is not understood here."""


class Unclosed(Exception):  # noqa: N818
    """A quote or a substitution that never ends."""

    def __init__(self, start: int, mark: str, lacks: str) -> None:
        super().__init__(mark)
        self.start, self.mark, self.lacks = start, mark, lacks


def tokens(text: str) -> Iterator[Token]:
    """Every token of a script but redirections, of which only the words are there, and the texts of here-documents."""
    at, documents, is_target = 0, list[tuple[Token, bool]](), ""
    while at < len(text):
        if text[at] in " \t\r" or text.startswith("\\\n", at):
            at += 2 if text[at] == "\\" else 1
        elif text[at] == "#":
            at = _line_end(text, at)
        elif match := _OPERATOR.match(text, at):
            mark = match[0]
            if mark in "<>" and text.startswith("(", match.end()):
                end = _substitution(text, match.end())
                yield Token(Kind.WORD, at, end, text[at:end])
                at = end
                continue
            at = match.end()
            if mark == "\n":
                at, endless = _documents(text, at, documents)
                yield from endless
                documents = []
            is_target = mark if mark[0] in "<>" or mark in ("&>", "&>>") else ""
            if not is_target:
                yield Token(Kind.OPERATOR, match.start(), at, mark)
        else:
            end = _word(text, at)
            word = text[at:end]
            if is_target in ("<<", "<<-"):
                documents.append((_document(text, at, end), is_target == "<<-"))
            is_descriptor = word.isdecimal() and text[end : end + 1] in ("<", ">")
            if not is_descriptor:
                yield Token(Kind.WORD, at, end, word, not is_target and _PLAIN.fullmatch(word) is not None)
            is_target = ""
            at = end


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _document(text: str, start: int, end: int) -> Token:
    """The word that will end a here-document."""
    if "((" in text[text.rfind("\n", 0, start) + 1 : start]:
        raise Obscure  # bits may be shifted there
    return Token(Kind.ENDLESS, start, end, re.sub(r"['\"\\]", "", text[start:end]))


def _documents(text: str, at: int, documents: list[tuple[Token, bool]]) -> tuple[int, list[Token]]:
    """Where the script goes on behind the texts that the line before has announced, and which of them never end."""
    endless = []
    for document, strips in documents:
        begin, at = at, _document_end(text, at, document.text, strips)
        if at < 0:
            at = len(text)
            endless += [document] if any(line.strip() == document.text for line in text[begin:].splitlines()) else []
    return at, endless


def _document_end(text: str, at: int, name: str, strips: bool) -> int:
    """Where the script goes on behind a text that the line before has announced; -1 if the text never ends."""
    while at < len(text):
        end = _line_end(text, at)
        line = text[at:end].removesuffix("\r")
        at = min(end + 1, len(text))
        if (line.lstrip("\t") if strips else line) == name:
            return at
    return -1


def _word(text: str, at: int) -> int:
    start = at
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 2
        elif char == "'":
            at = _closed(text, at, "'") + 1
        elif char == '"':
            at = _quoted(text, at)
        elif char == "`":
            at = _backquoted(text, at)
        elif char == "$" and text[at + 1 : at + 2] in ("(", "{", "'"):
            at = _dollar(text, at)
        elif char == "(" and text[at - 1] == "=" and at > start:
            raise Obscure  # an array
        elif char in " \t\r\n;&|()<>":
            break
        else:
            at += 1
    return at


def _closed(text: str, at: int, mark: str) -> int:
    end = text.find(mark, at + 1)
    if end < 0:
        raise Unclosed(at, mark, mark)
    return end


def _quoted(text: str, start: int) -> int:
    at = start + 1
    while at < len(text):
        char = text[at]
        if char == '"':
            return at + 1
        if char == "\\":
            at += 2
        elif char == "`":
            at = _backquoted(text, at)
        elif char == "$" and text[at + 1 : at + 2] in ("(", "{"):
            at = _dollar(text, at)
        else:
            at += 1
    raise Unclosed(start, '"', '"')


def _backquoted(text: str, start: int) -> int:
    at = start + 1
    while at < len(text):
        if text[at] == "`":
            return at + 1
        at += 2 if text[at] == "\\" else 1
    raise Unclosed(start, "`", "`")


def _dollar(text: str, at: int) -> int:
    """Behind a substitution: `$(…)`, `$((…))`, `${…}` or `$'…'`."""
    if text.startswith("$(", at):
        return _substitution(text, at + 1)
    if text.startswith("$'", at):
        raise Obscure
    end = at + 2
    while end < len(text) and text[end] not in "}'\"`\\$":
        end += 1
    if text[end : end + 1] != "}":
        raise Obscure
    return end + 1


def _substitution(text: str, start: int) -> int:
    """Behind a command in parentheses; what begins in it must end in it."""
    depth = 0
    at = start
    while at < len(text):
        char = text[at]
        if char in "'\"`\\$":
            at = _word_part(text, at)
            continue
        if char == "#" and text[at - 1] in " \t\n;(":
            raise Obscure
        if text.startswith("<<", at) or _CASE.match(text, at):
            raise Obscure
        depth += {"(": 1, ")": -1}.get(char, 0)
        at += 1
        if depth == 0:
            return at
    raise Unclosed(start, "(", ")")


def _word_part(text: str, at: int) -> int:
    if text[at] == "$" and text[at + 1 : at + 2] not in ("(", "{", "'"):
        return at + 1
    if text[at] == "\\":
        return at + 2
    if text[at] == "'":
        return _closed(text, at, "'") + 1
    if text[at] == '"':
        return _quoted(text, at)
    return _backquoted(text, at) if text[at] == "`" else _dollar(text, at)


def is_endless(text: str) -> bool:
    """Whether what follows a here-document is part of it."""
    try:
        return "<<" in text and any(token.kind is Kind.ENDLESS for token in tokens(text))
    except (Obscure, Unclosed, RecursionError):
        return False
