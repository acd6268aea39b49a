"""JSON to trees with spans: RFC 8259, several values one after another as kubectl accepts them, no recursion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

from initlint.regex import regex
from initlint.text.scalars import Style, decode_json
from initlint.text.source import Source, Span
from initlint.text.tree import Breach, Document, Mapping, Node, Scalar, Sequence, SyntaxProblem, TextError
from initlint.text.yamltext import MAX_DEPTH, MAX_NODES

_SPACE = regex(r"[ \t\r\n]*+")
_BEGUN = regex(r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+')
_STRING = regex(_BEGUN.pattern + '"')
_ESCAPE = regex(r"\\(?:u\w{,4}|.?)")
_LITERAL = regex(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+(?![\w.])|(?:true|false|null)\b")
_WORD = regex(r"[\w.+-]+|.")
_CLOSERS = {"[": "]", "{": "}"}
_DOUBLE = "double the backslash"
_NO_COMMENT = "leave the comment out, JSON has none"
_PYTHON = {"True": "write `true`", "False": "write `false`", "None": "write `null`"}
_REMEDIES = {**_PYTHON, "/": _NO_COMMENT, "#": _NO_COMMENT, "'": "write double quotes, JSON has no others"}


def read(source: Source, chunk: Span) -> Iterator[Document]:
    """Compose each value of a part of the source; raises TextError where it is no JSON or goes beyond a budget."""
    reader = _JsonReader(source, chunk)
    while not reader.at_end():
        yield Document(reader.value())


class _JsonReader:
    """A position in the text, and the open collections, innermost last."""

    def __init__(self, source: Source, chunk: Span) -> None:
        self.source = source
        self.text = source.text
        self.position = self.token_end = chunk.start
        self.end = chunk.end
        self.count = 0
        self.open: list[tuple[int, str, list[Node]]] = []
        self.skip_space()

    def at_end(self) -> bool:
        return self.position == self.end

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
        self.add()
        self.open.append((self.position, opener, []))
        self.advance(1)
        if self.take(_CLOSERS[opener]):
            return self.leave()
        self.before_value()
        return None

    def after_value(self) -> Node | None:
        """Read `,` and, in an object, the next key; or the closing bracket, which makes a node."""
        closer = _CLOSERS[self.open[-1][1]]
        if self.take(closer):
            return self.leave()
        if not self.take(","):
            self.fail(f"expected `,` or `{closer}`")
        self.before_value()
        return None

    def before_value(self) -> None:
        """In an object, read the key and its colon."""
        if self.open[-1][1] == "{":
            if not self.text.startswith('"', self.position):
                self.fail("expected a key in double quotes")
            self.open[-1][2].append(self.string())
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
            return self.string()
        match = _LITERAL.match(self.text, self.position, self.end)
        if not match:
            self.fail("expected a value" if self.open or not self.count else "expected the end of the file")
        return self.node(match.end(), match.group(), Style.PLAIN)

    def string(self) -> Scalar:
        match = _STRING.match(self.text, self.position, self.end)
        if not match:
            self.fail_string()
        return self.node(match.end(), decode_json(match.group()), Style.JSON)

    def node(self, end: int, value: str, style: Style) -> Scalar:
        self.add()
        node = Scalar(self.source, self.position, end, value, style, "")
        self.advance(end - self.position)
        return node

    def add(self) -> None:
        """Count a node; the values of one text share a budget."""
        self.count += 1
        if self.count > MAX_NODES:
            self.breach(f"the document has more than {MAX_NODES:,} nodes")

    def take(self, mark: str) -> bool:
        found = self.text.startswith(mark, self.position, self.end)
        if found:
            self.advance(len(mark))
        return found

    def advance(self, count: int) -> None:
        self.token_end = self.position = self.position + count
        self.skip_space()

    def skip_space(self) -> None:
        match = _SPACE.match(self.text, self.position, self.end)
        self.position = match.end() if match else self.position

    def fail(self, expected: str) -> NoReturn:
        """Say what was expected, and what stands there."""
        word = _WORD.match(self.text, self.position, self.end)
        if not word:
            opener = self.open[-1]
            _refuse(opener[0], opener[0] + 1, f"found no closing `{_CLOSERS[opener[1]]}` before the end of the file")
        after_comma = word.group() in ("}", "]") and self.text[self.token_end - 1] == ","
        remedy = "leave out the comma behind the last entry" if after_comma else _REMEDIES.get(word.group(), "")
        _refuse(*word.span(), f"{expected}, found {_show(word.group())}", remedy)

    def fail_string(self) -> NoReturn:
        """Say what ends a string before its closing quote."""
        begun = _BEGUN.match(self.text, self.position, self.end)
        place = begun.end() if begun else self.position
        escape = _ESCAPE.match(self.text, place, self.end)
        if escape:
            _refuse(*escape.span(), f"found the escape `{escape.group()}`, which does not exist", _DOUBLE)
        if self.text[place : place + 1] in ("", "\r", "\n"):
            _refuse(self.position, self.position + 1, "found no closing quote before the end of the line")
        _refuse(place, place + 1, f"found {_show(self.text[place])} in a string", "write it as an escape")

    def breach(self, message: str) -> NoReturn:
        raise TextError(Breach(Span(self.position, self.position + 1), message))


def _refuse(start: int, end: int, fact: str, remedy: str = "") -> NoReturn:
    raise TextError(SyntaxProblem(Span(start, end), fact, remedy))


def _show(found: str) -> str:
    """Name what was found; long texts are cut."""
    if not found.isprintable():
        return f"the control character U+{ord(found[0]):04X}"
    return f"`{found}`" if len(found) <= 40 else f"`{found[:40]}…`"
