"""What users silence and where: comments, shell comments in literal scripts, and annotations.

A suppression knows the characters or the object that it speaks of; whether it silences anything is decided once
everything is found.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from initlint.edit.removal import delete
from initlint.finding import Change, Diagnostic, Edit, ObjectRef, Place
from initlint.kube.pods.manifest import Manifest
from initlint.kube.pods.pod import Workload
from initlint.kube.terms.unknown import Part
from initlint.regex import regex
from initlint.text.scalars import Style
from initlint.text.source import Source, Span
from initlint.text.tree import Document, Mapping, Node, Scalar, Sequence, walk

ANNOTATION = "ignore.initlint.dev/"

_DIRECTIVE = regex(r"#[ \t]*initlint:[ \t]*ignore(?:\[([^\]\n]*)\])?[ \t]*([^\r\n]*)")
# What begins as if it were one, whatever follows: `# initlint: disable=…`, `# initlint ignore[…]`.
_BEGUN = regex(r"#[ \t]*initlint(?:[ \t]*:|[ \t-]+(?:ignore|disable|skip|allow)\b)[^\r\n]*")
_MISTAKEN = "nothing that is understood stands there: write `# initlint: ignore[name]`"
_CONTAINERS = regex(r"\[([^\]]*)\][ \t]*(.*)", re.DOTALL)


class Suppression(NamedTuple):
    """A statement that some rules may stay silent about some place or object.

    `region` is what a comment covers: with `is_line`, findings that touch its line, else those that begin in its node.
    `is_for_callers`: it stands in what containers of other objects run, of which not all may be known.
    `problem` says why it can silence nothing at all, `removal` what to delete to be rid of it.
    """

    place: Place
    rules: tuple[str, ...]
    reason: str
    region: Span | None = None
    is_line: bool = False
    object: ObjectRef | None = None
    containers: tuple[str, ...] = ()
    problem: str = ""
    removal: Change | None = None
    is_for_callers: bool = False

    def covers(self, found: Diagnostic) -> bool:
        """Whether a diagnostic is where, or about what, the suppression speaks of."""
        if self.place.source.path != (found.home if self.region is None else found.path):
            return False
        if self.region is not None:
            span = found.place.span
            touches = span.start < self.region.end and self.region.start <= span.end
            return touches if self.is_line else self.region.start <= span.start < max(self.region.end, 1)
        return found.object == self.object and (not self.containers or found.container in self.containers)


class Stale(NamedTuple):
    """A suppression that something is wrong with: where it stands, what, and what to delete if all of it can go.

    `is_used`: it silences something, and lacks the reason that the configuration requires; others are of no use.
    """

    span: Span
    why: str
    removal: Change | None
    is_used: bool = False


def for_callers(source: Source, document: Document) -> Iterator[Suppression]:
    """What silences something in the scripts of a ConfigMap."""
    if _is_named(source, document):
        yield from (one._replace(is_for_callers=True) for one in _comments(source, document))


def _is_named(source: Source, document: Document) -> bool:
    """Whether a document, with the comments around it, may say anything to initlint."""
    return source.text.find("initlint", *document.span) >= 0 or document.root.holds("initlint")


def suppressions(source: Source, manifest: Manifest) -> Iterator[Suppression]:
    """All that silences something in a document."""
    if _is_named(source, manifest.document):
        yield from _comments(source, manifest.document)
        yield from _annotations(manifest)


def _comments(source: Source, document: Document) -> Iterator[Suppression]:
    """The suppressions in the comments of a document, also in those of scripts in literal scalars."""
    parts = _DocumentParts(source, document.root)
    for begun in _BEGUN.finditer(source.text, *document.span):
        if match := _DIRECTIVE.match(source.text, *begun.span()):
            yield from _comment(parts, match)
        elif (scalar := parts.scalar_at(begun.start())) is None or scalar.style is Style.LITERAL:
            place = Place(source, Span(begun.start(), begun.start() + len(begun.group().rstrip())))
            yield Suppression(place, (), "", problem=_MISTAKEN)


def _comment(parts: _DocumentParts, match: re.Match[str]) -> Iterator[Suppression]:
    source, scalar = parts.source, parts.scalar_at(match.start())
    place = Place(source, Span(match.start(), match.start() + len(match.group().rstrip())))
    rules, reason = _listed(match[1]), match[2].strip()
    if scalar and scalar.style is Style.FOLDED:
        why = "a comment in a folded scalar swallows the rest of the script: put it above the key"
        yield Suppression(place, rules, reason, problem=why, removal=None)
    elif not scalar or scalar.style is Style.LITERAL:
        region, is_line = _region(parts, match.start(), scalar)
        problem = "" if rules else "it names no rule: `ignore[name]` silences one"
        removal = Change((Edit(_with_its_space(source, place.span), ""),), ())
        yield Suppression(place, rules, reason, region, is_line, problem=problem, removal=removal)


def without(suppression: Suppression, name: str) -> Change | None:
    """What to delete so that a rule is no longer silenced; all of it for the only one."""
    if len(suppression.rules) < 2:
        return suppression.removal
    source, (start, end) = suppression.place
    match = re.search(rf"(?<=[\[,])[ \t]*{re.escape(name)}[ \t]*(?:,[ \t]*|(?=\]))", source.text[start:end])
    if not match:
        return None
    is_last = match.group().rstrip(" \t")[-1:] != ","
    first = source.text.rindex(",", start, start + match.start()) if is_last else start + match.start()
    return Change((Edit(Span(first, start + match.end()), ""),), ())


def _with_its_space(source: Source, comment: Span) -> Span:
    """A comment with the space before it; one that is alone on its line, with the line."""
    line = _line(source, source.position(comment.start).line)
    before = source.text[line.start : comment.start]
    if before.strip():
        return Span(line.start + len(before.rstrip()), comment.end)
    following = source.line_starts[source.position(comment.start).line :][:1] or [line.end]
    return Span(line.start, following[0])


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


class _DocumentParts:
    """What of a document stands where; looked through once, when the first comment asks."""

    def __init__(self, source: Source, root: Node) -> None:
        self.source = source
        self.root = root
        self._below: dict[int, int | None] = {}

    @cached_property
    def _nodes(self) -> list[Node]:
        return list(walk(self.root))

    @cached_property
    def _scalars(self) -> list[Scalar]:
        return sorted((one for one in self._nodes if isinstance(one, Scalar)), key=lambda one: (one.start, one.end))

    @cached_property
    def _outermost(self) -> dict[int, Span]:
        begun = sorted(
            (span for node in self._nodes for span in _parts(node)), key=lambda span: (-span.start, span.end)
        )
        return {self.source.position(span.start).line: span for span in (*begun, self.root.span)}

    def scalar_at(self, offset: int) -> Scalar | None:
        """The scalar whose text holds an offset: what looks like a comment there is none of YAML's."""
        at = bisect_right(self._scalars, offset, key=_start)
        return next((one for one in self._scalars[at - 1 : at] if offset < one.end), None) if at else None

    def below(self, line: int) -> int:
        """The first line below that holds more than a comment; the line itself if there is none."""
        if line not in self._below:
            lines = range(line + 1, len(self.source.line_starts) + 1)
            found = next((one for one in lines if self.source.line(one).strip()[:1] not in ("", "#")), None)
            self._below |= dict.fromkeys(range(line, found or lines.stop), found)
        return self._below[line] or line

    def node_on(self, line: int) -> Span | None:
        """The outermost of what begins on a line: the document, an item of a list, or a pair of key and value."""
        return self._outermost.get(line)


def _start(node: Node) -> int:
    return node.start


def _region(parts: _DocumentParts, offset: int, script: Scalar | None) -> tuple[Span, bool]:
    """What a comment covers: its line; alone on its line, the next one in a script, else the node below it."""
    source = parts.source
    line = source.position(offset).line
    if source.line(line)[: source.position(offset).column - 1].strip():
        return _line(source, line), True
    below = parts.below(line)
    if script:
        return _line(source, below), True
    return parts.node_on(below) or _line(source, below), False


def _line(source: Source, number: int) -> Span:
    start = source.line_starts[number - 1]
    return Span(start, start + len(source.line(number)))


def _parts(node: Node) -> Iterator[Span]:
    if isinstance(node, Mapping):
        yield from (Span(key.start, max(key.end, value.end)) for key, value in node.entries)
    elif isinstance(node, Sequence):
        yield from (item.span for item in node)


def _annotations(manifest: Manifest) -> Iterator[Suppression]:
    """The suppressions in the annotations of workloads and of their Pods' templates."""
    for workload in manifest.workloads:
        for metadata in _metadata(workload):
            annotations = metadata["annotations"]
            for key, value in annotations.items():
                if key.value.startswith(ANNOTATION):
                    said = _annotation(workload, key, value, delete(annotations, key.value))
                    yield said
                    yield from _of_nobody(said, workload)


def _metadata(workload: Workload) -> Iterator[Node]:
    yield workload.node["metadata"]
    for pod in workload.pods:
        template = next((node for node in walk(workload.node) if node["spec"] is pod.node), None)
        if template is not None and template is not workload.node:
            yield template["metadata"]


def _annotation(workload: Workload, key: Scalar, value: Node, removal: Change | None) -> Suppression:
    listed = _CONTAINERS.fullmatch(value.value)
    return Suppression(
        Place(key.source, key.span),
        (key.value.removeprefix(ANNOTATION),),
        (listed[2] if listed else value.value).strip(),
        object=workload.ref,
        containers=_listed(listed[1]) if listed else (),
        removal=removal,
    )


def _of_nobody(said: Suppression, workload: Workload) -> Iterator[Suppression]:
    """For each name that no container has, that it silences nothing."""
    from difflib import get_close_matches

    names = {one.name.value for pod in workload.pods for one in pod.all_containers()}
    is_told = not any(Part.CONTAINERS in pod.unknown for pod in workload.pods)
    for name in said.containers if is_told else ():
        if name not in names:
            close = get_close_matches(name, names, 1)
            meant = f"did you mean `{close[0]}`?" if close else "name one, or leave it out"
            yield Suppression(said.place, (), "", problem=f"no container is called `{name}`: {meant}")
