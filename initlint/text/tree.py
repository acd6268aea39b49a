"""The tree of a document: every node knows its characters, and every read is total (what is absent is `Missing`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from initlint.text.scalarkind import BOOLEANS, NULL_WORDS, ScalarKind, resolve
from initlint.text.scalars import Style, offsets
from initlint.text.source import ComposedSource, Source, Span

NON_SPECIFIC = "!"
"""The tag `!`: the scalar is resolved as a plain one even if it is quoted."""

_MERGE = "tag:yaml.org,2002:merge"
_KINDS = {
    "tag:yaml.org,2002:int": "integer",
    "tag:yaml.org,2002:float": "number",
    "tag:yaml.org,2002:bool": "boolean",
    "tag:yaml.org,2002:null": "null",
}


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

    @property
    def truth(self) -> bool | None:
        """The value of a boolean; None of everything else."""
        return None

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

    def holds(self, word: str) -> bool:
        """Whether a word stands anywhere in its characters."""
        return self.source.text.find(word, self.start, self.end) >= 0


class Missing(Node):
    """What is not there; it stands where its nearest present ancestor does."""

    __slots__ = ()

    def __init__(self, ancestor: Node) -> None:
        self.source = ancestor.source
        self.start = ancestor.start
        self.end = ancestor.end

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
        # Most scalars are answered without their kind.
        return (not self.tag and self.value not in NULL_WORDS) or self.kind is not ScalarKind.NULL

    @property
    def kind(self) -> ScalarKind:
        """The JSON type, as go-yaml resolves plain scalars: YAML 1.1 booleans, no sexagesimals, no dates."""
        if self.tag and self.tag != NON_SPECIFIC:
            return ScalarKind(_KINDS.get(self.tag, "string"))
        found = resolve(self.value) if self.tag or self.style is Style.PLAIN else ScalarKind.STRING
        # kustomize reads YAML 1.2, and writes the other words as the strings that they are there.
        is_old = found is ScalarKind.BOOLEAN and isinstance(self.source, ComposedSource)
        return ScalarKind.STRING if is_old and self.value.lower() not in ("true", "false") else found

    @property
    def truth(self) -> bool | None:
        """The value of a boolean; None of everything else."""
        return BOOLEANS.get(self.value) if self.kind is ScalarKind.BOOLEAN else None

    def at(self, start: int, end: int) -> Span:
        """Source characters of a slice of the decoded text; the whole scalar if they cannot be told."""
        raw = self.source.text[self.start : self.end]
        places = offsets(raw, self.value, self.style)
        if places is None:
            return self.span
        if start == end:
            return Span(self.start + places[start], self.start + places[start])
        # What is written as it is ends behind itself, not behind the folded break that may follow.
        last = places[end - 1]
        as_it_is = raw[last : last + 1] == self.value[end - 1] and self.value[end - 1] not in "\\'"
        return Span(self.start + places[start], self.start + (last + 1 if as_it_is else places[end]))

    @property
    def content(self) -> Span:
        """The decoded text's characters: a quoted scalar without its quotes."""
        quoted = self.style in (Style.SINGLE, Style.DOUBLE, Style.JSON)
        return Span(self.start + 1, self.end - 1) if quoted else self.span


class Sequence(Node):
    """A list of nodes."""

    __slots__ = ("entries",)

    def __init__(self, source: Source, start: int, end: int, items: list[Node]) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.entries = items

    def __iter__(self) -> Iterator[Node]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __bool__(self) -> bool:
        return True


class Mapping(Node):
    """Pairs of nodes; `entries` are those written, `items()` and `[]` those in force."""

    __slots__ = ("_index", "_is_plain", "entries", "flow")

    def __init__(self, source: Source, start: int, end: int, entries: list[tuple[Node, Node]], flow: bool) -> None:
        self.source = source
        self.start = start
        self.end = end
        self.entries = entries
        self.flow = flow
        self._index: dict[str, tuple[Scalar, Node]] | None = None

    def __getitem__(self, name: str) -> Node:
        entry = (self._index or self._effective()).get(name)
        return entry[1] if entry else Missing(self)

    def key(self, name: str) -> Node:
        """The key itself, to point at; `Missing` if there is none."""
        entry = self._effective().get(name)
        return entry[0] if entry else Missing(self)

    def items(self) -> Iterator[tuple[Scalar, Node]]:
        """Pairs of key and value that are in force: own keys first, then those of merge keys."""
        return iter(self._effective().values())

    @property
    def is_plain(self) -> bool:
        """Whether each entry is in force: no name is given twice, and nothing is merged."""
        self._effective()
        return self._is_plain

    def _effective(self) -> dict[str, tuple[Scalar, Node]]:
        if self._index is None:
            self._index = _own(self)
            self._is_plain = len(self._index) == len(self.entries)
            if not self._is_plain:
                for mapping in self._layers():
                    for name, entry in _own(mapping).items():
                        self._index.setdefault(name, entry)
        return self._index

    def _layers(self) -> Iterator[Mapping]:
        """The mapping and those merged into it, the decisive first; without recursion, for chains of merge keys."""
        stack: list[Node] = [self]
        seen = set[int]()
        while stack:
            node = stack.pop()
            if isinstance(node, Sequence):
                stack.extend(reversed(list(node)))
            elif isinstance(node, Mapping) and id(node) not in seen:
                seen.add(id(node))
                yield node
                stack.extend(value for key, value in node.entries if is_merge(key))


def _own(mapping: Mapping) -> dict[str, tuple[Scalar, Node]]:
    """What a mapping itself says, by name; of a name that is given twice the last counts."""
    # Nearly every key is one whose value alone tells that it is no merge key.
    return {
        key.value: (key, value)
        for key, value in mapping.entries
        if isinstance(key, Scalar) and (key.value != "<<" or not is_merge(key))
    }


def is_merge(key: Node) -> bool:
    """Tell whether a key is the merge key `<<`, as go-yaml's isMerge does."""
    if key.value != "<<" or not isinstance(key, Scalar):
        return False
    return key.tag in (_MERGE, NON_SPECIFIC) or (key.style is Style.PLAIN and not key.tag)


class Alias(NamedTuple):
    """A use of an anchor: where it stands, and the node it stands for."""

    span: Span
    target: Node


class Document(NamedTuple):
    """One document of a source: its root, the aliases used in it, and its text with the comments around it."""

    root: Node
    aliases: tuple[Alias, ...] = ()
    span: Span = Span(0, 0)


class SyntaxProblem(NamedTuple):
    """Text that is no YAML or JSON: the place, what was expected there, and how to mend it where that is known."""

    span: Span
    fact: str
    remedy: str = ""

    @property
    def message(self) -> str:
        """All there is to say."""
        return f"{self.fact}: {self.remedy}" if self.remedy else self.fact


class Breach(NamedTuple):
    """Input beyond a budget (size, depth, nodes, expansions), or a rule that failed on it: it was not fully checked.

    `is_bug`: the input is not to blame.
    """

    span: Span
    message: str
    is_bug: bool = False


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


def mappings(root: Node) -> Iterator[Mapping]:
    """The mappings that `walk` finds, but for those in keys; scalars, nine nodes in ten, are not looked at."""
    stack, seen = [root], set[int]()
    while stack:
        node = stack.pop()
        if id(node) not in seen:
            seen.add(id(node))
            if isinstance(node, Mapping):
                yield node
                stack.extend([value for _, value in reversed(node.entries) if not isinstance(value, Scalar)])
            else:
                stack.extend([item for item in reversed(list(node)) if not isinstance(item, Scalar)])
