"""Documents whose kind is known from one line: most need no tree, which is composed if it is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from initlint.regex import regex
from initlint.text.scalars import Style
from initlint.text.source import Source, Span
from initlint.text.tree import Mapping, Node, Scalar, TextError

# Nothing that goes on in the next line: that one is a key, a comment or the end.
_LINE = regex(
    r"(?P<key>kind|apiVersion):[ \t]+(?P<quote>['\"]?)(?P<value>[A-Za-z][\w./-]*)(?P<end>(?P=quote))[ \t]*"
    r"(?:(?<=[ \t])#.*)?(?=\s*(?:^[\w#]|\Z))",
    re.MULTILINE,
)
# Each begins with a fixed character, for which the search is ten times as fast as for a choice.
_ANCHORS = (regex(r"&(?<![^\s\[{,:]&)\w"), regex(r"\*(?<![^\s\[{,:]\*)\w"))
# Half of the depth that is allowed: from here on the tree has to tell.
_DEPTH = 100
_DEEP = (" " * _DEPTH, "- " * (_DEPTH // 2))
_STYLES = {"": Style.PLAIN, "'": Style.SINGLE, '"': Style.DOUBLE}


class Deferred(Mapping):
    """The root of a document of sound syntax: composed as soon as more is asked for than its kind.

    What is not set in a slot goes by way of `__getattr__`: once the document is composed, nothing does any more.
    """

    __slots__ = ("_chunk", "_compose", "_header")

    def __init__(self, source: Source, chunk: Span, header: dict[str, Scalar], compose: Callable[[], Node]) -> None:
        self.source = source
        self._chunk = chunk
        self._header = header
        self._compose = compose

    def __getitem__(self, name: str) -> Node:
        return self._header.get(name) or super().__getitem__(name)

    def holds(self, word: str) -> bool:
        """Whether a word stands in the document, its comments included."""
        return self.source.text.find(word, *self._chunk) >= 0

    def __getattr__(self, name: str) -> Any:
        if name not in ("start", "end", "entries", "flow", "_index"):
            raise AttributeError(name)
        try:
            root = self._compose()
        except TextError:
            # Beyond a budget, in a document that no rule looks at.
            root = Mapping(self.source, *self._chunk, [], flow=False)
        self.start, self.end, self._index = root.start, root.end, None
        self.entries, self.flow = (root.entries, root.flow) if isinstance(root, Mapping) else ([], False)
        return getattr(self, name)


def header(source: Source, start: int, text: str) -> dict[str, Scalar]:
    """Kind and version of the document that `text` is, as far as each is one line that says all.

    Nothing of a document that may go beyond a budget, or has an anchor: then it is more than its tree.
    """
    may_be_deep = text.count("[") + text.count("{") > _DEPTH or any(row in text for row in _DEEP)
    if may_be_deep or any(anchor.search(text) for anchor in _ANCHORS):
        return {}
    lines = {key: _LINE.match(text, text.rfind(f"\n{key}:") + 1) for key in ("kind", "apiVersion")}
    return {key: _scalar(source, start, line) for key, line in lines.items() if line and line["key"] == key}


def _scalar(source: Source, start: int, line: re.Match[str]) -> Scalar:
    at, style = start + line.start("quote"), _STYLES[line["quote"]]
    return Scalar(source, at, start + line.end("end"), line["value"], style, "")
