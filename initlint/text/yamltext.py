"""YAML to trees from libyaml's event stream: no recursion, so that no text can exhaust the stack, and no expansion."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NamedTuple, NoReturn

import yaml
from yaml import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)
from yaml._yaml import CParser, Mark

from initlint.regex import regex
from initlint.text.scalars import BREAKS, Style, block_end
from initlint.text.source import Source, Span
from initlint.text.tree import Alias, Breach, Document, Mapping, Node, Scalar, Sequence, SyntaxProblem, TextError
from initlint.text.yamlproblem import explain

MAX_DEPTH = 200
MAX_NODES = 1_000_000
MAX_TAG_DIRECTIVES = 100
# libyaml looks at every open bracket for each token: so many steps take it about a second.
_MAX_STEPS = 1_000_000_000
# Since 0.2.6 it has a limit of its own, which a row of brackets reaches before its first event.
_MAX_BRACKETS = 1_000
_TOO_DEEP = "exceeded maximum nesting depth"

_TAG_DIRECTIVE = regex("^%TAG", re.MULTILINE)
_PROPERTIES = regex(rf"(?:[&!][^ \t{BREAKS}]*+(?:[ \t{BREAKS}]++|(?<=[ \t{BREAKS}])#[^{BREAKS}]*+)*+)++")
_INDICATOR = regex(rf"[ \t{BREAKS}]*[:?-]")
_STYLES = {
    None: Style.PLAIN,
    "": Style.PLAIN,
    "'": Style.SINGLE,
    '"': Style.DOUBLE,
    "|": Style.LITERAL,
    ">": Style.FOLDED,
}


def check(source: Source, start: int, text: str) -> None:
    """Raise what is wrong with the syntax of `text`, which stands at `start` in the source."""
    parser = _parser(start, text)
    try:
        brackets = text.count("[") + text.count("{")
        if brackets <= _MAX_BRACKETS and brackets * len(text) < _MAX_STEPS:
            parser.raw_parse()
        else:
            _count(parser, start)
    except yaml.MarkedYAMLError as error:
        raise _refusal(source, start, text, error) from None


def read(source: Source, start: int, text: str) -> Iterator[Document]:
    """Compose the documents of `text`, which stands at `start` in the source.

    Raises TextError where the text is no YAML or goes beyond a budget.
    """
    parser = _parser(start, text)
    try:
        while event := parser.get_event():
            if isinstance(event, yaml.DocumentStartEvent):
                yield _Composer(source, start, parser.get_event).document()
    except yaml.MarkedYAMLError as error:
        raise _refusal(source, start, text, error) from None


def is_template(text: str) -> bool:
    """Tell whether a text with `{{` in it has to be rendered first.

    It is no YAML as it is, or it is and holds a `{{` outside quoted and block scalars and comments.
    """
    parser = CParser(text)
    try:
        while event := parser.get_event():
            if isinstance(event, ScalarEvent):
                if not event.style and "{{" in event.value:
                    return True
            elif isinstance(event, MappingStartEvent) and text.startswith("{{", _index(event.start_mark)):
                return True
    except yaml.MarkedYAMLError as error:
        return error.problem != _TOO_DEEP
    return False


def _refusal(source: Source, start: int, text: str, error: yaml.MarkedYAMLError) -> TextError:
    if error.problem != _TOO_DEEP:
        return TextError(explain(source, Span(start, start + len(text)), error))
    until = _index(error.problem_mark)
    with suppress(yaml.MarkedYAMLError):
        _count(CParser(text[:until]), start)
    return TextError(_too_deep(start + until))


def _parser(start: int, text: str) -> CParser:
    if text.count("%TAG") > MAX_TAG_DIRECTIVES and len(_TAG_DIRECTIVE.findall(text)) > MAX_TAG_DIRECTIVES:
        _breach(Span(start, start + 1), f"the document has more than {MAX_TAG_DIRECTIVES} %TAG directives")
    return CParser(text)


def _count(parser: CParser, start: int) -> None:
    """Keep to the budgets without a tree."""
    depth = nodes = 0
    while event := parser.get_event():
        if isinstance(event, yaml.NodeEvent):
            nodes += 1
            depth += isinstance(event, CollectionStartEvent)
            _limit(nodes, depth, start + _index(event.start_mark))
        elif isinstance(event, CollectionEndEvent):
            depth -= 1


def _limit(nodes: int, depth: int, place: int) -> None:
    if nodes > MAX_NODES:
        _breach(Span(place, place), f"the document has more than {MAX_NODES:,} nodes")
    if depth > MAX_DEPTH:
        raise TextError(_too_deep(place))


def _too_deep(place: int) -> Breach:
    return Breach(Span(place, place + 1), f"the document nests deeper than {MAX_DEPTH} levels")


def _breach(span: Span, message: str) -> NoReturn:
    raise TextError(Breach(span, message))


def _index(mark: yaml.Mark | Mark | None) -> int:
    return mark.index  # type: ignore[union-attr]  # the C parser marks every event


class _Open:
    """A collection that is being read: its nodes so far, how deep they nest, and how many nodes came before it."""

    __slots__ = ("before", "children", "event", "height")

    def __init__(self, event: CollectionStartEvent, before: int) -> None:
        self.event = event
        self.before = before
        self.children: list[Node] = []
        self.height = 0


class _Anchored(NamedTuple):
    """What an alias stands for: a node, how many nodes it is with its own aliases expanded, and how deep they nest."""

    node: Node
    size: int = 1
    height: int = 0


class _Composer:
    """The state of one document: the open collections, innermost last, and the counters that are its budgets."""

    def __init__(self, source: Source, base: int, next_event: Callable[[], Event | None]) -> None:
        self.source = source
        self.base = base
        self.next_event = next_event
        self.anchors: dict[str, _Anchored] = {}
        self.aliases: list[Alias] = []
        # The document as a list of its only node.
        self.outer = _Open(SequenceStartEvent(None, None, implicit=True), 0)
        self.open = [self.outer]
        self.count = 0
        self.expanded = 0
        self.last_end = base

    def document(self) -> Document:
        """Compose one document; a document without content is a null scalar."""
        current, next_event, scalar = self.outer.children, self.next_event, self.scalar
        # Nearly every event is a scalar or an end; comparing types is quicker than looking through their bases.
        while not self.outer.children:
            event = next_event()
            kind = type(event)
            if kind is ScalarEvent:
                current.append(scalar(event))  # type: ignore[arg-type]  # told by its type
            elif isinstance(event, CollectionStartEvent):
                current = self.enter(event)
            elif isinstance(event, AliasEvent):
                current.append(self.alias(event))
            else:
                assert isinstance(event, CollectionEndEvent)
                current = self.leave(event)
        return Document(self.outer.children[0], tuple(self.aliases))

    def scalar(self, event: ScalarEvent) -> Scalar:
        # The C parser marks every event; two function calls saved here are a tenth of all the time.
        start = self.base + event.start_mark.index  # type: ignore[union-attr]
        end = self.base + event.end_mark.index  # type: ignore[union-attr]
        written, tag, anchor = event.style, event.tag, event.anchor
        node = Scalar(self.source, start, end, event.value, _STYLES[written], tag or "")
        if start == end:
            node.start = node.end = self.empty(start)
        elif tag or anchor:
            node.start = self.content(start, end)
        if written == "|" or written == ">":
            node.end = node.start + block_end(self.source.text[node.start : end], event.value)
        if anchor:
            self.anchors[anchor] = _Anchored(node)
        self.last_end = node.end
        self.count += 1
        if self.count > MAX_NODES:
            _limit(self.count, 0, start)
        return node

    def empty(self, place: int) -> int:
        """Where nothing is written: behind its indicator, or else before the blank lines that libyaml passes over."""
        if self.last_end == self.base or self.source.text[place - 1] in ":-?":
            return place
        match = _INDICATOR.match(self.source.text, self.last_end, place)
        return match.end() if match else self.last_end

    def content(self, start: int, end: int) -> int:
        """Where a scalar begins behind its anchor and tag."""
        match = _PROPERTIES.match(self.source.text, start, end)
        return match.end() if match else start

    def alias(self, event: AliasEvent) -> Node:
        span = Span(self.base + _index(event.start_mark), self.base + _index(event.end_mark))
        anchored = self.anchors.get(event.anchor or "")
        if anchored is None:
            inside = any(opened.event.anchor == event.anchor for opened in self.open)
            why = "contains itself" if inside else "is not defined before"
            raise TextError(SyntaxProblem(span, f"found the alias `*{event.anchor}`, whose anchor {why}"))
        self.aliases.append(Alias(span, anchored.node))
        self.last_end = span.end
        self.expanded += anchored.size
        if self.count + self.expanded > MAX_NODES:
            _breach(self.aliases[0].span, f"the aliases of the document expand to more than {MAX_NODES:,} nodes")
        _limit(self.count, len(self.open) - 1 + anchored.height, span.start)
        self.open[-1].height = max(self.open[-1].height, anchored.height)
        return anchored.node

    def enter(self, event: CollectionStartEvent) -> list[Node]:
        self.count += 1
        if self.count > MAX_NODES or len(self.open) > MAX_DEPTH:
            _limit(self.count, len(self.open), self.base + _index(event.start_mark))
        if event.anchor:
            # From here on the name stands for this node, which must not contain itself.
            self.anchors.pop(event.anchor, None)
        opened = _Open(event, self.count + self.expanded)
        self.open.append(opened)
        return opened.children

    def leave(self, end: CollectionEndEvent) -> list[Node]:
        """Close the innermost collection, and go on with the nodes of the one around it."""
        closed, outer = self.open.pop(), self.open[-1]
        node = self.collection(closed.event, end, closed.children)
        outer.children.append(node)
        height = closed.height + 1
        if height > outer.height:
            outer.height = height
        if closed.event.anchor:
            size = 1 + self.count + self.expanded - closed.before
            self.anchors[closed.event.anchor] = _Anchored(node, size, height)
        return outer.children

    def collection(self, event: CollectionStartEvent, end: CollectionEndEvent, children: list[Node]) -> Node:
        """A collection ends with its closing bracket, or else with what was written last in it."""
        start = self.first(event) if event.anchor or event.tag else self.base + _index(event.start_mark)
        if event.flow_style and _index(end.start_mark) < _index(end.end_mark):
            self.last_end = self.base + _index(end.end_mark)
        if isinstance(event, SequenceStartEvent):
            return Sequence(self.source, start, self.last_end, children)
        nodes = iter(children)
        entries = list(zip(nodes, nodes, strict=True))
        return Mapping(self.source, start, self.last_end, entries, bool(event.flow_style))

    def first(self, event: CollectionStartEvent) -> int:
        """Where a collection begins behind its anchor and tag: at its bracket, its first `-` or its first key."""
        place = self.base + _index(event.end_mark)
        if event.flow_style or (isinstance(event, SequenceStartEvent) and self.source.text[place] != "-"):
            return place - 1
        return place
