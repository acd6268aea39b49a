"""YAML to trees from libyaml's event stream: no recursion, so that no text can exhaust the stack, and no expansion."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NoReturn

import yaml
from yaml import AliasEvent, DocumentStartEvent, Event, ScalarEvent, StreamEndEvent
from yaml._yaml import CParser

from initlint.scalars import Style
from initlint.source import Source, Span
from initlint.tree import Alias, Breach, Document, Mapping, Node, Scalar, Sequence, SyntaxProblem, TextError

MAX_DEPTH = 200
MAX_NODES = 1_000_000

_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)+")
_REST = re.compile(r"[ \t]*")
_WORD = re.compile(r"\S+")
_QUOTE = re.compile("[\"']")
_STYLES = {"'": Style.SINGLE, '"': Style.DOUBLE, "|": Style.LITERAL, ">": Style.FOLDED}
_OF_BLOCK = ("did not find expected key", "did not find expected '-' indicator")
_EXPECTED = {
    "did not find expected key": "expected a `key:` at the indentation of the mapping",
    "did not find expected '-' indicator": "expected `- ` at the indentation of the list",
    "did not find expected ',' or ']'": "expected `,` or `]`",
    "did not find expected ',' or '}'": "expected `,` or `}`",
    "did not find expected node content": "expected a value",
    "did not find expected <document start>": "expected `---` or the end of the document",
    "could not find expected ':'": "expected `:` after the key",
    "mapping values are not allowed in this context": "found a `key:` where no mapping can begin",
    "block sequence entries are not allowed in this context": "found `- ` where no list can begin",
    "found character that cannot start any token": "found a character that no value can begin with",
    "found unexpected end of stream": "found no closing quote before the end of the document",
    "found a tab character that violates indentation": "found a tab in the indentation",
    "found a tab character where an indentation space is expected": "found a tab in the indentation",
    "found unknown escape character": "found an unknown escape sequence",
}  # fmt: skip


def check(source: Source, start: int, text: str) -> None:
    """Raise what is wrong with the syntax of `text`, which stands at `start` in the source."""
    try:
        CParser(text).raw_parse()
    except yaml.MarkedYAMLError as error:
        _reject(source, start, error)


def read(source: Source, start: int, text: str) -> Iterator[Document]:
    """Compose the documents of `text`, which stands at `start` in the source.

    Raises TextError where the text is no YAML or goes beyond a budget.
    """
    parser = CParser(text)
    try:
        while not isinstance(event := parser.get_event(), StreamEndEvent):
            if isinstance(event, DocumentStartEvent):
                yield _Composer(source, start, parser.get_event).document()
    except yaml.MarkedYAMLError as error:
        _reject(source, start, error)


class _Composer:
    """The open collections of one document, innermost last, each with the nodes it has so far."""

    def __init__(self, source: Source, base: int, next_event: Callable[[], Event | None]) -> None:
        self.source = source
        self.base = base
        self.next_event = next_event
        self.anchors: dict[str, Node] = {}
        self.aliases: list[Alias] = []
        self.open: list[tuple[Event, list[Node]]] = []
        self.count = 0

    def document(self) -> Document:
        """Compose one document; a document without content is a null scalar."""
        top: list[Node] = []
        children = top
        while not top:
            event = self.next_event()
            assert event
            if type(event) is ScalarEvent:
                children.append(self.scalar(event))
            elif isinstance(event, yaml.CollectionStartEvent):
                children = []
                self.enter(event, children)
            elif type(event) is AliasEvent:
                children.append(self.alias(event))
            else:
                node = self.leave(event)
                children = self.open[-1][1] if self.open else top
                children.append(node)
        if self.aliases:
            self.limit_expansion(top[0])
        return Document(top[0], tuple(self.aliases))

    def scalar(self, event: ScalarEvent) -> Scalar:
        start, end = self.place(event)
        tag = event.tag if event.tag and not event.implicit[1] else ""
        if event.tag or event.anchor:
            start = self.content(start, end)
        node = Scalar(self.source, start, end, event.value, _STYLES.get(event.style or "", Style.PLAIN), tag)
        if node.style in (Style.LITERAL, Style.FOLDED):
            node.end = self.last_line(start, end)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def place(self, event: Event) -> tuple[int, int]:
        """Offsets in the source; the C parser marks every event."""
        start, end = event.start_mark, event.end_mark
        return self.base + start.index, self.base + end.index  # type: ignore[union-attr]

    def last_line(self, start: int, end: int) -> int:
        """Where the text of a block scalar ends: libyaml's mark runs on over the blank lines behind it."""
        stop = start + len(self.source.text[start:end].rstrip())
        rest = _REST.match(self.source.text, stop, end)
        return rest.end() if rest else stop

    def enter(self, event: Event, children: list[Node]) -> None:
        self.open.append((event, children))
        if len(self.open) > MAX_DEPTH:
            here = self.place(event)[0]
            raise TextError(Breach(Span(here, here + 1), f"the document nests deeper than {MAX_DEPTH} levels"))

    def leave(self, end: Event) -> Node:
        event, children = self.open.pop()
        assert isinstance(event, yaml.CollectionStartEvent)
        self.count += len(children)
        if self.count > MAX_NODES:
            raise TextError(Breach(Span(self.base, self.base + 1), f"the document has more than {MAX_NODES:,} nodes"))
        node = self.collection(event, end, children)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def collection(self, event: yaml.CollectionStartEvent, end: Event, children: list[Node]) -> Node:
        """A flow collection ends with its bracket, a block collection with its last child."""
        start, stop = self.place(event)[0], self.place(end)[1]
        if event.tag or event.anchor:
            start = self.content(start, stop)
        if not event.flow_style:
            stop = max(self.written_end(child) for child in children[-2:]) if children else start
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(self.source, start, max(start, stop), children)
        entries = list(zip(children[::2], children[1::2], strict=True))
        return Mapping(self.source, start, max(start, stop), entries, bool(event.flow_style))

    def written_end(self, child: Node) -> int:
        """Where a child ends that was composed last: an alias ends where it is used, not where it is defined."""
        used = self.aliases[-1] if self.aliases else None
        return used.span.end if used and used.target is child and used.span.start > child.start else child.end

    def alias(self, event: AliasEvent) -> Node:
        span = Span(*self.place(event))
        target = self.anchors.get(event.anchor or "")
        if target is None:
            inside = any(opened.anchor == event.anchor for opened, _ in self.open)  # type: ignore[attr-defined]
            why = "contains itself" if inside else "is not defined before"
            raise TextError(SyntaxProblem(span, f"found the alias `*{event.anchor}`, whose anchor {why}"))
        self.aliases.append(Alias(span, target))
        return target

    def content(self, start: int, end: int) -> int:
        """Where a node begins behind its anchor and tag."""
        match = _PROPERTIES.match(self.source.text, start, end)
        return match.end() if match else start

    def limit_expansion(self, root: Node) -> None:
        """Refuse alias bombs as go-yaml does: by what the aliases would expand to, without expanding them."""
        sizes: dict[int, int] = {}
        stack = [root]
        while stack:
            node = stack[-1]
            children = _children(node)
            todo = [child for child in children if id(child) not in sizes]
            stack.extend(todo)
            if not todo:
                sizes[id(stack.pop())] = 1 + sum(sizes[id(child)] for child in children)
        if sizes[id(root)] > MAX_NODES:
            place = self.aliases[0].span
            raise TextError(Breach(place, f"the aliases of the document expand to more than {MAX_NODES:,} nodes"))


def _children(node: Node) -> list[Node]:
    if isinstance(node, Mapping):
        return [part for entry in node.entries for part in entry]
    return list(node)


def _reject(source: Source, base: int, error: yaml.MarkedYAMLError) -> NoReturn:
    unclosed = error.problem == "found unexpected end of stream"
    mark = error.context_mark if unclosed else error.problem_mark or error.context_mark
    here = base + (mark.index if mark else 0)
    word = _QUOTE.match(source.text, here) if unclosed else _WORD.match(source.text, here)
    span = Span(here, word.end() if word else here)
    message = _message(error, source.text[:here].rpartition("\n")[2], source.text[here : here + 1])
    if message.startswith("expected") and "found" not in message:
        message += f", found `{word.group()}`" if word else ", found the end of the line"
    raise TextError(SyntaxProblem(span, message)) from None


def _message(error: yaml.MarkedYAMLError, before: str, character: str) -> str:
    """What was expected, in the words of who writes manifests; `before` is what precedes it on its line."""
    problem = error.problem or "no YAML"
    if character == "\t" and not before.strip():
        return "found a tab in the indentation, which takes spaces only"
    if problem == "did not find expected key" and before.rstrip()[-1:] in ("}", "]", '"', "'"):
        return f"expected the end of the value behind `{before.rstrip()[-1]}`"
    began, mark = error.context_mark, error.problem_mark
    since = f" that begins in its line {began.line + 1}" if began and mark and began.line < mark.line else ""
    return _EXPECTED.get(problem, problem) + (since if problem in _OF_BLOCK else "")
