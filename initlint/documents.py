"""From a source to its documents: each a tree, a syntax problem, a breach of a budget, or a template; none raises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from initlint import jsontext, yamltext
from initlint.scalars import Style
from initlint.source import Source, Span
from initlint.tree import Breach, Document, Mapping, Node, Scalar, SyntaxProblem, TextError, walk

MAX_CHARACTERS = 16 * 1024 * 1024

_BOUNDARY = re.compile(r"^---(?=[ \t\r\n]|\Z)", re.MULTILINE)
_DIRECTIVES = re.compile(r"(?:[ \t]*(?:#.*)?(?:\r\n|[\r\n])|%.*(?:\r\n|[\r\n]))*\Z")
_SCHEMA = re.compile(r"^kind:[ \t]*['\"]?CustomResourceDefinition\b", re.MULTILINE)
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


class Template(NamedTuple):
    """A document that something has to render first; `span` begins where the document does."""

    span: Span
    reason: str


Outcome = Document | SyntaxProblem | Breach | Template


def documents(source: Source) -> Iterator[Outcome]:
    """Read every document of a source; what is wrong with one says nothing about the others.

    Documents that can neither hold a Pod nor name a patch (no `kind`, or a CustomResourceDefinition) are read for their
    syntax alone, at the speed of the C parser.
    """
    if len(source.text) > MAX_CHARACTERS:
        yield Breach(Span(0, 0), f"the file is larger than {MAX_CHARACTERS:,} characters")
    elif source.text.lstrip()[:1] in ("{", "[") and not source.text.lstrip().startswith("{{"):
        yield from _json(source)
    else:
        yield from _yaml(source)


def _json(source: Source) -> Iterator[Outcome]:
    """Text that begins like JSON and is none may still be YAML in flow style, unless its name says JSON."""
    outcomes = list(_read_json(source))
    is_json = source.path.lower().endswith(".json") or isinstance(outcomes[-1], Document | Breach)
    yield from outcomes if is_json else _yaml(source)


def _read_json(source: Source) -> Iterator[Outcome]:
    try:
        yield from jsontext.read(source)
    except TextError as error:
        yield _judge(source, Span(0, len(source.text)), error.problem)


def _yaml(source: Source) -> Iterator[Outcome]:
    for chunk in _chunks(source.text):
        try:
            for document in _compose(source, chunk):
                templated = _templated(source, chunk, document.root)
                yield Template(chunk, "Go template") if templated else document
        except TextError as error:
            yield _judge(source, chunk, error.problem)


def _compose(source: Source, chunk: Span) -> Iterator[Document]:
    text = source.text[chunk.start : chunk.end]
    unprintable = _unprintable(source, chunk)
    if unprintable:
        raise TextError(unprintable)
    if not ("kind" in text or "atches" in text) or _SCHEMA.search(text):
        yamltext.check(source, chunk.start, text)
    else:
        yield from yamltext.read(source, chunk.start, text)


def _unprintable(source: Source, chunk: Span) -> SyntaxProblem | None:
    """The first character that neither YAML nor, unescaped, JSON allows."""
    match = _UNPRINTABLE.search(source.text, chunk.start, chunk.end)
    undecodable = source.undecodable
    if undecodable is not None and chunk.start <= undecodable < chunk.end:
        return SyntaxProblem(Span(undecodable, undecodable + 1), f"found a byte that is not {source.encoding.upper()}")
    if match:
        return SyntaxProblem(Span(*match.span()), f"found the control character U+{ord(match.group()):04X}")
    return None


def _chunks(text: str) -> Iterator[Span]:
    """Split at `---` in column 1, which ends a document wherever it stands; directives stay with what follows them."""
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        before = text[start : boundary.start()]
        if before.strip() and not ("%" in before and _DIRECTIVES.match(before)):
            yield Span(start, boundary.start())
            start = boundary.start()
    yield Span(start, len(text))


def _judge(source: Source, chunk: Span, problem: SyntaxProblem | Breach) -> Outcome:
    """Text that does not parse and holds template markers is not broken: it is not yet YAML."""
    if isinstance(problem, SyntaxProblem):
        for marker, reason in (("{{", "Go template"), ("{%", "Jinja template")):
            if source.text.find(marker, chunk.start, chunk.end) >= 0:
                return Template(chunk, reason)
    return problem


def _templated(source: Source, chunk: Span, root: Node) -> bool:
    """Tell whether a document that parses holds `{{` outside quoted and block scalars and comments."""
    if source.text.find("{{", chunk.start, chunk.end) < 0:
        return False
    return any(_holds_action(source.text, node) for node in walk(root))


def _holds_action(text: str, node: Node) -> bool:
    if isinstance(node, Scalar):
        return node.style is Style.PLAIN and "{{" in node.value
    return isinstance(node, Mapping) and node.flow and text.startswith("{{", node.start)
