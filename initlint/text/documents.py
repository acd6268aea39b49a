"""From a source to its documents: each a tree, a syntax problem, a breach of a budget, or a template; none raises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from initlint.regex import regex
from initlint.text import jsontext, yamltext
from initlint.text.deferred import Deferred, header
from initlint.text.part import WholeText
from initlint.text.scalars import BREAKS
from initlint.text.source import Source, Span
from initlint.text.tree import Breach, Document, Node, SyntaxProblem, TextError

# Budgets: the largest files that projects have are a few megabytes, with some thousand documents.
MAX_CHARACTERS = 16 * 1024 * 1024
MAX_DOCUMENTS = 50_000

_WHITE = " \t" + BREAKS
_REST = rf"[^{BREAKS}]*+(?:\r\n|[{BREAKS}]|\Z)"
# That they begin a line is looked at last: so the search is one for a fixed string, six times as fast.
_START = rf"---(?<![^{BREAKS}]---)(?=[{_WHITE}]|\Z)"
_END = rf"\.\.\.(?<![^{BREAKS}]\.\.\.)(?=[{_WHITE}]|\Z){_REST}"
_STARTS = regex(_START)
_BOUNDARIES = regex(f"{_START}|{_END}")
_MARK = regex(r"---[ \t]*+(?:#[^\r\n]*+)?\r?\n\ufeff")
_COMMENTS = regex(rf"(?:[{_WHITE}]++|#{_REST})*+")
_DIRECTIVES = regex(rf"(?:%{_REST}|[ \t]*+(?:#{_REST}|\r\n|[{BREAKS}]))*+")
_COLLECTION = regex(r"\s*+(?:\[|\{(?!\{))")
_SCHEMAS = ("CustomResourceDefinition", "HelmRelease")
_SCHEMA = regex(rf"^kind:[ \t]*['\"]?(?:{'|'.join(_SCHEMAS)})\b", re.MULTILINE)
_PRINTABLE = bytes((*b"\t\n\r", *range(0x20, 0x7F)))
# What YAML does not allow; to say what it allows takes ten times as long to compile.
_UNPRINTABLE = regex(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


class Template(NamedTuple):
    """A document that something has to render first, or that is about something else; `span` begins where it does."""

    span: Span
    reason: str


Outcome = Document | SyntaxProblem | Breach | Template


def documents(source: Source) -> Iterator[Outcome]:
    """Read every document of a source; what is wrong with one says nothing about the others.

    Those that say no kind are read for their syntax alone, at the speed of the C parser; those that hold no containers
    are composed when something is asked of them.
    """
    if not source.is_manifest:
        yield Document(WholeText(source), span=Span(0, len(source.text)))
    elif len(source.text) > MAX_CHARACTERS:
        yield _too_large(source)
    elif source.path.lower().endswith(".json") and _COLLECTION.match(source.text):
        yield from _json(source, Span(0, len(source.text)))
    else:
        yield from _stream(source)


def _stream(source: Source) -> Iterator[Outcome]:
    for count, chunk in enumerate(_behind_marks(source.text, _chunks(source.text))):
        if count == MAX_DOCUMENTS:
            yield _too_many(chunk.start)
            return
        if _COLLECTION.match(source.text, *chunk):
            yield from _json_or_yaml(source, chunk)
        else:
            yield from _yaml(source, chunk)


def _chunks(text: str) -> Iterator[Span]:
    """Split where a line begins with `---` or behind one with `...`, which end a document wherever they stand.

    Directives stay with the document that follows them.
    """
    start = 0
    has_ends = "\n..." in text or text.startswith("...")
    for boundary in (_BOUNDARIES if has_ends else _STARTS).finditer(text):
        before = text[start : boundary.start()]
        if boundary.group() != "---":
            if not _COMMENTS.fullmatch(before):
                yield Span(start, boundary.end())
            start = boundary.end()
        elif before.strip(_WHITE) and not ("%" in before and _DIRECTIVES.fullmatch(before)):
            yield Span(start, boundary.start())
            start = boundary.start()
    yield Span(start, len(text))


def _behind_marks(text: str, chunks: Iterable[Span]) -> Iterable[Span]:
    """The chunks without a byte order mark in front: kubectl decodes each document that it has split off by itself.

    https://github.com/kubernetes/apimachinery/blob/v0.36.0/pkg/util/yaml/decoder.go
    """
    if "\ufeff" not in text:
        return chunks
    marks = ((_MARK.match(text, *chunk), chunk) for chunk in chunks)
    return (Span(mark.end(), chunk.end) if mark else chunk for mark, chunk in marks)


def _json_or_yaml(source: Source, chunk: Span) -> list[Outcome]:
    """What is no JSON may be YAML in brackets; what is neither is YAML that is broken, unless it began as JSON."""
    as_json = list(_json(source, chunk))
    if as_json and not isinstance(as_json[-1], SyntaxProblem | Template):
        return as_json
    as_yaml = list(_yaml(source, chunk))
    is_broken = bool(as_yaml) and isinstance(as_yaml[-1], SyntaxProblem)
    return as_json if is_broken and len(as_json) > 1 else as_yaml


def _json(source: Source, chunk: Span) -> Iterator[Outcome]:
    try:
        _refuse(_undecodable(source, chunk))
        for count, document in enumerate(jsontext.read(source, chunk)):
            _refuse(_too_many(document.root.start) if count == MAX_DOCUMENTS else None)
            yield document
    except TextError as error:
        yield from _judge(source, chunk, error.problem)


def _yaml(source: Source, chunk: Span) -> Iterator[Outcome]:
    text = source.text[chunk.start : chunk.end]
    try:
        _refuse(_undecodable(source, chunk) or _unprintable(source, chunk))
        if not _may_matter(source, text):
            yamltext.check(source, chunk.start, text)
        elif "{{" in text and yamltext.is_template(text):
            yield Template(chunk, "Go template")
        else:
            yield from (document._replace(span=chunk) for document in _documents(source, chunk, text))
    except TextError as error:
        yield from _judge(source, chunk, error.problem)


def _may_matter(source: Source, text: str) -> bool:
    """Whether a document may be an object, a kustomization or a list of operations on an object."""
    is_kustomization = "atches" in text or "ustomization" in source.path
    is_patch = ("op:" in text and "path:" in text) or ('"op"' in text and '"path"' in text)
    return "kind" in text or is_kustomization or is_patch


def _documents(source: Source, chunk: Span, text: str) -> Iterable[Document]:
    if ("ontainers" in text and not _is_schema(text)) or not (known := header(source, chunk.start, text)):
        return yamltext.read(source, chunk.start, text)
    yamltext.check(source, chunk.start, text)
    return (Document(Deferred(source, chunk, known, lambda: _root(source, chunk, text))),)


def _is_schema(text: str) -> bool:
    """Whether it describes containers of others; that one of the words stands in it is found much faster."""
    return any(kind in text for kind in _SCHEMAS) and bool(_SCHEMA.search(text))


def _root(source: Source, chunk: Span, text: str) -> Node:
    (document,) = yamltext.read(source, chunk.start, text)
    return document.root


def _too_large(source: Source) -> Outcome:
    if _may_matter(source, source.text):
        return Breach(Span(0, 0), f"the file is larger than {MAX_CHARACTERS:,} characters")
    return Template(Span(0, 0), "large, and no `kind` in it")


def _too_many(place: int) -> Breach:
    return Breach(Span(place, place), f"the file has more than {MAX_DOCUMENTS:,} documents")


def _refuse(problem: SyntaxProblem | Breach | None) -> None:
    if problem:
        raise TextError(problem)


def _undecodable(source: Source, chunk: Span) -> SyntaxProblem | None:
    """The first character that is not of the encoding: only the first one of the source is known for certain."""
    if source.undecodable is None:
        return None
    place = source.text.find("\ufffd", max(source.undecodable, chunk.start), chunk.end)
    return (
        SyntaxProblem(Span(place, place + 1), f"found a byte that is not {source.encoding.upper()}")
        if place >= 0
        else None
    )


def _unprintable(source: Source, chunk: Span) -> SyntaxProblem | None:
    """The first character that YAML does not allow."""
    text = source.text[chunk.start : chunk.end]
    # That there is none in plain text is seen in a tenth of the time.
    if text.isascii() and not text.encode().translate(None, _PRINTABLE):
        return None
    match = _UNPRINTABLE.search(source.text, chunk.start, chunk.end)
    if not match:
        return None
    what = "a byte order mark within the text" if match.group() == "\ufeff" else "a control character"
    return SyntaxProblem(Span(*match.span()), f"found {what} (U+{ord(match.group()):04X})")


def _judge(source: Source, chunk: Span, problem: SyntaxProblem | Breach) -> Iterator[Outcome]:
    """Text that does not parse and holds template markers is not broken: it is not yet YAML.

    Nor is a `.json` that is no object: editors and compilers allow comments there. As with YAML that says no kind,
    there is nothing to be told of it.
    """
    if isinstance(problem, SyntaxProblem):
        for marker, reason in (("{{", "Go template"), ("{%", "Jinja template")):
            if source.text.find(marker, chunk.start, chunk.end) >= 0:
                yield Template(chunk, reason)
                return
        if source.path.lower().endswith(".json") and not _says_what_it_is(source, chunk):
            return
    yield problem


def _says_what_it_is(source: Source, chunk: Span) -> bool:
    return any(source.text.find(key, *chunk) >= 0 for key in ("kind", "apiVersion"))
