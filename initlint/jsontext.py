"""JSON to trees with spans: RFC 8259, several values one after another as kubectl accepts them, no recursion."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NoReturn

from initlint.scalars import Style
from initlint.source import Source, Span
from initlint.tree import Breach, Document, Mapping, Node, Scalar, Sequence, SyntaxProblem, TextError
from initlint.yamltext import MAX_DEPTH, MAX_NODES

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"')
_LITERAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\w.])|(?:true|false|null)\b")
_WORD = re.compile(r"[\w.+-]+|\S|\Z")


def read(source: Source) -> Iterator[Document]:
    """Compose each value of the source; raises TextError where the text is no JSON or goes beyond a budget."""
    reader = _Reader(source)
    while not reader.at_end():
        yield Document(reader.value())


class _Reader:
    """A position in the text, and the open collections, innermost last."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.position = self.token_end = 0
        self.count = 0
        self.open: list[tuple[int, str, list[Node]]] = []
        self.skip_space()

    def at_end(self) -> bool:
        return self.position == len(self.text)

    def value(self) -> Node:
        """Read one value and the space behind it."""
        while True:
            opener = self.text[self.position : self.position + 1]
            node = self.enter(opener) if opener in ("{", "[") else self.scalar()
            while node is not None:
                if not self.open:
                    return node
                self.open[-1][2].append(node)
                node = self.after_value()

    def enter(self, opener: str) -> Node | None:
        """Open a collection; an empty one is a node at once."""
        if len(self.open) == MAX_DEPTH:
            self.breach(f"the document nests deeper than {MAX_DEPTH} levels")
        self.open.append((self.position, opener, []))
        self.advance(1)
        if self.take("}" if opener == "{" else "]"):
            return self.leave()
        self.before_value()
        return None

    def after_value(self) -> Node | None:
        """Read `,` and, in an object, the next key; or the closing bracket, which makes a node."""
        closer = "}" if self.open[-1][1] == "{" else "]"
        if self.take(closer):
            return self.leave()
        if not self.take(","):
            self.fail(f"expected `,` or `{closer}`")
        self.before_value()
        return None

    def before_value(self) -> None:
        """In an object, read the key and its colon."""
        if self.open[-1][1] == "{":
            self.open[-1][2].append(self.string("expected a key in double quotes"))
            if not self.take(":"):
                self.fail("expected `:` after the key")

    def leave(self) -> Node:
        start, opener, children = self.open.pop()
        end = self.token_end
        if opener == "[":
            return Sequence(self.source, start, end, children)
        entries = list(zip(children[::2], children[1::2], strict=True))
        return Mapping(self.source, start, end, entries, flow=True)

    def scalar(self) -> Node:
        if self.text.startswith('"', self.position):
            return self.string("expected a string")
        match = _LITERAL.match(self.text, self.position)
        if not match:
            self.fail("expected a value")
        return self.node(match.end(), match.group(), Style.PLAIN)

    def string(self, expected: str) -> Scalar:
        match = _STRING.match(self.text, self.position)
        if not match:
            self.fail(expected)
        raw = match.group()
        return self.node(match.end(), json.loads(raw) if "\\" in raw else raw[1:-1], Style.JSON)

    def node(self, end: int, value: str, style: Style) -> Scalar:
        self.count += 1
        if self.count > MAX_NODES:
            self.breach(f"the document has more than {MAX_NODES:,} nodes")
        node = Scalar(self.source, self.position, end, value, style, "")
        self.advance(end - self.position)
        return node

    def take(self, mark: str) -> bool:
        found = self.text.startswith(mark, self.position)
        if found:
            self.advance(len(mark))
        return found

    def advance(self, count: int) -> None:
        self.token_end = self.position = self.position + count
        self.skip_space()

    def skip_space(self) -> None:
        match = _SPACE.match(self.text, self.position)
        self.position = match.end() if match else self.position

    def fail(self, expected: str) -> NoReturn:
        """Say what was expected, and what stands there."""
        word = _WORD.match(self.text, self.position)
        found = word.group() if word else ""
        shown = f"found `{found}`" if found else "found the end of the file"
        span = Span(self.position, self.position + len(found))
        raise TextError(SyntaxProblem(span, f"{expected}, {shown}"))

    def breach(self, message: str) -> NoReturn:
        raise TextError(Breach(Span(self.position, self.position + 1), message))
