"""The nodes of tree-sitter-bash, which is shown other characters in place of what it does not know.

What is not ASCII is shown as a letter, which to a shell it is: its scanner hands every character to isalnum and its
like, which crash on those they do not know. So its bytes are characters, and a node stands where its text does.
"""

from __future__ import annotations

import re
from functools import cache, reduce
from typing import TYPE_CHECKING

from initlint.regex import regex
from initlint.shell.language.tokens import is_endless

if TYPE_CHECKING:
    from tree_sitter import Node, Parser, Query

MAX_CHARACTERS = 16 * 1024
"""Beyond it the parser's cost explodes on hostile text: nothing is known of the script."""

NEGATION = regex(r"(?<![^\s;&|(])!(?=\s+(?:\{|if|while|until|for|case)\s)")
"""`! {`, which it does not know."""

_MAX_OPERATORS = 2_000
_MAX_ROUNDS = 16
_NOT_ASCII = regex(r"[^\x01-\x7f]")
_OPERATOR = regex(r"[|&;(){}<>`]")
_ESCAPE = regex(r"\\.", re.DOTALL)
# `until (…) do`: a bracket that is closed needs no semicolon behind it, which the parser does not know.
_UNPARTED = regex(r"(\b(?:until|while|if|elif)\s*(?:!\s*)?[({][^\n]*?[)}])[ \t](?=[ \t]*(?:do|then)\b)")
# `[ -n "$(command -v x)" 2>/dev/null ]`: what a test says goes nowhere, which the parser knows behind the bracket only.
_SILENCED = regex(r"(?<=\s)[12]?>(?:&[12]|\s*/dev/null)(?=\s+\](?![^\s;&|)]))")
# `[ \( -f a -o -f b \) ]`, `[ a \> b ]`: no escapes are known in brackets. A negated group stays unknown.
_TESTED = regex(r"(?<![^\s;&|({])\[\s(?!(?:[^\n;]{0,200}\s)?!\s+\\\()(?:[^\n;]{0,200}?\s)?\](?![^\s;&|)}])")
_GROUPED = regex(r"(?<=\s)(?:\\[()]|\\(?=[<>]=?\s))(?=[\s<>])")
# `<REPO_URL>`, `https://<host>/`: what somebody has to fill in is a word, and no two redirections. Where the text reads
# as nothing else, `<a name>` is one anywhere.
_FILLED_IN = regex(r"(?:(?<![<\w])<(?=[A-Z][A-Z0-9_-]+>)|(?<=[/:@=.-])<)[A-Za-z][\w-]*>")
_ANY_FILLED_IN = regex(r"(?<![<\w])<[A-Za-z][\w-]*>")
# `grep name$; do`: a `$` that begins nothing ends a word.
_LONE = regex(r"(?<=[\w.*\]])\$(?=[;|&)\n]|$)")
# `$host:$port/`: behind another expansion it takes the name and what is behind it for a word of its own.
_SECOND = regex(r"[$}`)\]'\"][^\s$]*\$\w")
_BEGUN = regex(r"\$\w")
_NAME = regex(r"(\$(?:[0-9](?!\w)|[A-Za-z_]\w*))([^\s'\"<>{}()`$|&;\\]?)")
_DIGIT = regex(r"[0-9]")
# A line that goes on, at the end of a text, where there is nothing more.
_GOES_ON = regex(r"(?<!\\)\\(?=\n\s*\Z)")


def tree(text: str) -> Node | None:
    """The parser's own nodes, whose bytes are characters; None where it stumbles, should, or would take too long."""
    if len(text) > MAX_CHARACTERS or len(_OPERATOR.findall(text)) > _MAX_OPERATORS:
        return None
    # It does not know `<>` either: it is shown another redirection of the same length.
    shown = NEGATION.sub(" ", _NOT_ASCII.sub("z", text).replace("<>", "> "))
    if "\\ " in shown:  # which may end a word for it, and begins none
        shown = _ESCAPE.sub(lambda match: "zz" if match[0] == "\\ " else match[0], shown)
    if ">" in shown:
        shown = _lettered(_FILLED_IN, shown)
    root = _read(shown)
    if root.has_error and (mended := _mended(shown)) != shown:
        shown, root = mended, _read(mended)
    return None if root.has_error or is_endless(text) else _with_whole_words(root, shown)


def _mended(shown: str) -> str:
    """The text with other characters in place of what the parser stumbles over."""
    plain = _GOES_ON.sub(" ", _TESTED.sub(lambda test: _blanked(_GROUPED, test[0]), shown))
    plain = _lettered(_ANY_FILLED_IN, plain)
    return _LONE.sub("z", _blanked(_SILENCED, _UNPARTED.sub(r"\1;", plain)))


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: " " * len(match[0]), text)


def _lettered(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: "z" * len(match[0]), text)


def _with_whole_words(root: Node, shown: str) -> Node | None:
    """The nodes of a text in which no word is split at a `$`; None if that cannot be had."""
    if not _SECOND.search(shown):
        return root
    for _ in range(_MAX_ROUNDS):
        splits = [at for at in _ends(root) if _BEGUN.match(shown, at)]
        if not splits:
            return None if root.has_error else root
        whole = reduce(_with_name, splits, shown)
        if whole == shown:
            return None
        shown, root = whole, _read(whole)
    return None


def _ends(root: Node) -> list[int]:
    """Where a `$` stands at the end of a word."""
    from tree_sitter import QueryCursor

    return [node.start_byte for node in QueryCursor(_query()).captures(root).get("end", ())]


def _with_name(shown: str, at: int) -> str:
    """The text in which the name that begins at a `$` is seen as one: of letters, and with a colon behind it."""
    match = _NAME.match(shown, at)
    return f"{shown[:at]}{_DIGIT.sub('z', match[1])}{match[2] and ':'}{shown[match.end() :]}" if match else shown


def _read(shown: str) -> Node:
    return _parser().parse(shown.encode("ascii")).root_node


@cache
def _parser() -> Parser:
    import tree_sitter
    import tree_sitter_bash

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))


@cache
def _query() -> Query:
    from tree_sitter import Query

    language = _parser().language
    assert language is not None
    return Query(language, '(concatenation "$" @end)')
