"""The tree of a document: every node knows its characters, and every read is total (what is absent is `Missing`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from initlint.scalars import Style, offsets
from initlint.source import Source, Span

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {
    word: truth
    for truth, words in (
        (True, "y Y yes Yes YES true True TRUE on On ON"),
        (False, "n N no No NO false False FALSE off Off OFF"),
    )
    for word in words.split()
}
_INT = re.compile(r"[-+]?(?:0[bB][01_]+|0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|[0-9][0-9_]*)$")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$|[-+]?\.(?:inf|Inf|INF)$|\.(?:nan|NaN|NAN)$"
)


class Kind(Enum):
    """What sigs.k8s.io/yaml makes of a scalar on the way to JSON."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    NULL = "null"


class Node:
    """Anything in a document. Falsy if there is nothing: absent, or null.

    Indexing and iterating never fail: `node["spec"]["image"]` of a scalar is `Missing`, iterating it yields nothing.
    """

    __slots__ = ("end", "source", "start")
    value = ""

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source = source
        self.start = start
        self.end = end

    @property
    def span(self) -> Span:
        """The node's characters; of what is absent, those of its nearest present ancestor."""
        return Span(self.start, self.end)

    def __getitem__(self, name: str) -> Node:
        return Missing(self)

    def __iter__(self) -> Iterator[Node]:
        return iter(())

    def __str__(self) -> str:
        return self.value

    def key(self, name: str) -> Node:  # noqa: ARG002
        """The key itself, to point at; `Missing` if there is none."""
        return Missing(self)

    def items(self) -> Iterator[tuple[Scalar, Node]]:
        """Pairs of key and value that are in force: own keys first, then those of merge keys."""
        return iter(())


class Missing(Node):
    """What is not there; it stands where its nearest present ancestor does."""

    __slots__ = ()

    def __init__(self, ancestor: Node) -> None:
        super().__init__(ancestor.source, ancestor.start, ancestor.end)

    def __bool__(self) -> bool:
        return False


class Scalar(Node):
    """A decoded text; `style` says how it is written, `tag` is explicit or empty."""

    __slots__ = ("style", "tag", "value")

    def __init__(self, source: Source, start: int, end: int, value: str, style: Style, tag: str) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.value = value
        self.style = style
        self.tag = tag

    def __bool__(self) -> bool:
        return self.kind is not Kind.NULL

    @property
    def kind(self) -> Kind:
        """The JSON type, as go-yaml resolves plain scalars: YAML 1.1 booleans, no sexagesimals, no dates."""
        if self.tag:
            return _tagged(self.tag)
        return resolve(self.value) if self.style is Style.PLAIN else Kind.STRING

    @property
    def truth(self) -> bool | None:
        """The value of a boolean; None of everything else."""
        return _BOOL.get(self.value) if self.kind is Kind.BOOLEAN else None

    def at(self, start: int, end: int) -> Span:
        """Source characters of a slice of the decoded text; the whole scalar if they cannot be told."""
        places = offsets(self.source.text[self.start : self.end], self.value, self.style)
        if places is None:
            return self.span
        return Span(self.start + places[start], self.start + places[end])

    @property
    def content(self) -> Span:
        """The decoded text's characters: a quoted scalar without its quotes."""
        quoted = self.style in (Style.SINGLE, Style.DOUBLE, Style.JSON)
        return Span(self.start + 1, self.end - 1) if quoted else self.span


class Sequence(Node):
    """A list of nodes."""

    __slots__ = ("_items",)

    def __init__(self, source: Source, start: int, end: int, items: list[Node]) -> None:
        super().__init__(source, start, end)
        self._items = items

    def __iter__(self) -> Iterator[Node]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __bool__(self) -> bool:
        return True


class Mapping(Node):
    """Pairs of nodes; `entries` are those written, `items()` and `[]` those in force."""

    __slots__ = ("_index", "entries", "flow")

    def __init__(self, source: Source, start: int, end: int, entries: list[tuple[Node, Node]], flow: bool) -> None:
        super().__init__(source, start, end)
        self.entries = entries
        self.flow = flow
        self._index: dict[str, tuple[Scalar, Node]] | None = None

    def __getitem__(self, name: str) -> Node:
        entry = self._effective().get(name)
        return entry[1] if entry else Missing(self)

    def key(self, name: str) -> Node:
        """The key itself, to point at; `Missing` if there is none."""
        entry = self._effective().get(name)
        return entry[0] if entry else Missing(self)

    def items(self) -> Iterator[tuple[Scalar, Node]]:
        """Pairs of key and value that are in force: own keys first, then those of merge keys."""
        return iter(self._effective().values())

    def _effective(self) -> dict[str, tuple[Scalar, Node]]:
        if self._index is None:
            self._index = {}
            merged = [value for key, value in self.entries if is_merge(key)]
            for key, value in self.entries:
                if isinstance(key, Scalar) and not is_merge(key):
                    self._index[key.value] = (key, value)
            for base in merged:
                self._merge(base)
        return self._index

    def _merge(self, base: Node) -> None:
        index = self._effective()
        for mapping in base if isinstance(base, Sequence) else (base,):
            for key, value in mapping.items():
                index.setdefault(key.value, (key, value))


def is_merge(key: Node) -> bool:
    """Tell whether a key is the merge key `<<`."""
    return isinstance(key, Scalar) and key.value == "<<" and key.style is Style.PLAIN


def resolve(text: str) -> Kind:
    """The JSON type of a plain scalar, as go-yaml's resolver has it."""
    if text in _NULL:
        return Kind.NULL
    if text in _BOOL:
        return Kind.BOOLEAN
    if _INT.match(text):
        return Kind.INTEGER
    return Kind.NUMBER if _FLOAT.match(text) else Kind.STRING


def _tagged(tag: str) -> Kind:
    return {
        "tag:yaml.org,2002:int": Kind.INTEGER,
        "tag:yaml.org,2002:float": Kind.NUMBER,
        "tag:yaml.org,2002:bool": Kind.BOOLEAN,
        "tag:yaml.org,2002:null": Kind.NULL,
    }.get(tag, Kind.STRING)


class Alias(NamedTuple):
    """A use of an anchor: where it stands, and the node it stands for."""

    span: Span
    target: Node


class Document(NamedTuple):
    """One document of a source: its root, and the aliases used in it."""

    root: Node
    aliases: tuple[Alias, ...] = ()


class SyntaxProblem(NamedTuple):
    """Text that is no YAML or JSON: the place, and what was expected there."""

    span: Span
    message: str


class Breach(NamedTuple):
    """Input beyond a budget (size, depth, nodes, expansions), or a rule that failed on it: it was not fully checked."""

    span: Span
    message: str


class TextError(Exception):
    """Raised by the readers where a document cannot be composed."""

    def __init__(self, problem: SyntaxProblem | Breach) -> None:
        super().__init__(problem.message)
        self.problem = problem


def walk(root: Node) -> Iterator[Node]:
    """Every node under `root`, keys included, each once however often it is aliased, in source order of first use."""
    stack, seen = [root], set[int]()
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if isinstance(node, Mapping):
            stack.extend(part for entry in reversed(node.entries) for part in reversed(entry))
        elif isinstance(node, Sequence):
            stack.extend(reversed(list(node)))
