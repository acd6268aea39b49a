"""From a source to its documents: each a tree, a syntax problem, a breach of a budget, or a template; none raises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from initlint import jsontext, yamltext
from initlint.scalars import BREAKS, Style
from initlint.source import Source, Span
from initlint.tree import Breach, Document, Mapping, Node, Scalar, SyntaxProblem, TextError, walk

MAX_CHARACTERS = 16 * 1024 * 1024
MAX_DOCUMENTS = 50_000

_WHITE = " \t" + BREAKS
_REST = rf"[^{BREAKS}]*+(?:\r\n|[{BREAKS}]|\Z)"
# That they begin a line is looked at last: so the search is one for a fixed string, six times as fast.
_START = rf"---(?<![^{BREAKS}]---)(?=[{_WHITE}]|\Z)"
_END = rf"\.\.\.(?<![^{BREAKS}]\.\.\.)(?=[{_WHITE}]|\Z){_REST}"
_STARTS = re.compile(_START)
_BOUNDARIES = re.compile(f"{_START}|{_END}")
_COMMENTS = re.compile(rf"(?:[{_WHITE}]++|#{_REST})*+")
_DIRECTIVES = re.compile(rf"(?:%{_REST}|[ \t]*+(?:#{_REST}|\r\n|[{BREAKS}]))*+")
_COLLECTION = re.compile(r"\s*+(?:\[|\{(?!\{))")
_SCHEMA = re.compile(r"^kind:[ \t]*['\"]?(?:CustomResourceDefinition|HelmRelease)\b", re.MULTILINE)
# As kinds of other groups these may hold Pods, such as the Services of Knative: then they hold containers.
_WITHOUT_PODS = re.compile(
    r"^kind:[ \t]*['\"]?(?:ConfigMap|Secret|Service|ServiceAccount|(?:Cluster)?Role(?:Binding)?|Ingress|NetworkPolicy"
    r"|PersistentVolume(?:Claim)?|StorageClass|Namespace|PodDisruptionBudget|HorizontalPodAutoscaler)['\"]?[ \t\r]*$",
    re.MULTILINE,
)
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


class Template(NamedTuple):
    """A document that something has to render first; `span` begins where the document does."""

    span: Span
    reason: str


Outcome = Document | SyntaxProblem | Breach | Template


def documents(source: Source) -> Iterator[Outcome]:
    """Read every document of a source; what is wrong with one says nothing about the others.

    Documents that can neither hold a Pod nor say anything of one, by their kind or for want of one, are read for their
    syntax alone, at the speed of the C parser.
    """
    if len(source.text) > MAX_CHARACTERS:
        yield Breach(Span(0, 0), f"the file is larger than {MAX_CHARACTERS:,} characters")
    elif source.path.lower().endswith(".json") and _COLLECTION.match(source.text):
        yield from _json(source, Span(0, len(source.text)))
    else:
        yield from _stream(source)


def _stream(source: Source) -> Iterator[Outcome]:
    for count, chunk in enumerate(_chunks(source.text)):
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


def _json_or_yaml(source: Source, chunk: Span) -> list[Outcome]:
    """What is no JSON may be YAML in brackets; what is neither is YAML that is broken, unless it began as JSON."""
    as_json = list(_json(source, chunk))
    if not isinstance(as_json[-1], SyntaxProblem | Template):
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
        yield _judge(source, chunk, error.problem)


def _yaml(source: Source, chunk: Span) -> Iterator[Outcome]:
    try:
        for document in _compose(source, chunk):
            templated = _templated(source, chunk, document.root)
            yield Template(chunk, "Go template") if templated else document._replace(span=chunk)
    except TextError as error:
        yield _judge(source, chunk, error.problem)


def _compose(source: Source, chunk: Span) -> Iterator[Document]:
    _refuse(_undecodable(source, chunk) or _unprintable(source, chunk))
    text = source.text[chunk.start : chunk.end]
    is_kustomization = "atches" in text or "ustomization" in source.path
    is_patch = "op:" in text and "path:" in text
    if not ("kind" in text or is_kustomization or is_patch) or _cannot_hold_pods(text):
        yamltext.check(source, chunk.start, text)
    else:
        yield from yamltext.read(source, chunk.start, text)


def _too_many(place: int) -> Breach:
    return Breach(Span(place, place), f"the file has more than {MAX_DOCUMENTS:,} documents")


def _cannot_hold_pods(text: str) -> bool:
    """Whether the kind of a document says that no Pod is in it, and that it offers nothing that a Pod asks for."""
    if _SCHEMA.search(text):
        return True
    return "ontainers" not in text and "{{" not in text and bool(_WITHOUT_PODS.search(text))


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
    match = _UNPRINTABLE.search(source.text, chunk.start, chunk.end)
    if not match:
        return None
    what = "a byte order mark within the text" if match.group() == "\ufeff" else "a control character"
    return SyntaxProblem(Span(*match.span()), f"found {what} (U+{ord(match.group()):04X})")


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
