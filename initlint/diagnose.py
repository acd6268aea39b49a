"""From a rule's finding to a diagnostic: whose it is, where exactly, and how to recognise it in the next run."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as Lookup
from dataclasses import replace
from itertools import chain
from typing import NamedTuple, TypeVar

from initlint.edit.anchors import is_for_all
from initlint.finding import Diagnostic, Finding, Mounted, ObjectRef, Place, RelatedPlace, Where, place_of
from initlint.kube.pods.container import Container
from initlint.kube.pods.manifest import Manifest
from initlint.kube.pods.pod import Pod, Workload
from initlint.regex import regex
from initlint.rule import Rule
from initlint.text.source import Source, Span
from initlint.text.tree import Alias, Document, Mapping, Node, Sequence

T = TypeVar("T")

_RUNS = " runs it here"
_LONGEST = 120
"""Characters of what a message quotes; the report shows all of it where it stands."""
_QUOTED = regex(rf"`[^`]*`|[^\s`]{{{_LONGEST},}}")


class RuleSubject(NamedTuple):
    """What a rule ran on: the source, and as far as there are any, the workload and the container.

    `target` is the view itself; what a rule finds in a Pod is narrowed to the container that it stands in.
    """

    source: Source
    workload: Workload | None = None
    container: Container | None = None
    target: object = None

    @classmethod
    def of(cls, target: object, source: Source) -> RuleSubject:
        """The subject of a view."""
        match target:
            case Container():
                return cls(source, target.pod.workload, target, target)
            case Pod():
                return cls(source, target.workload, target=target)
            case Workload():
                return cls(source, target, target=target)
        return cls(source, target=target)

    def holding(self, where: Where, manifest: Manifest) -> RuleSubject:
        """The subject narrowed to the workload and the container in whose text something stands."""
        if isinstance(where, Mounted) and where.container:
            return RuleSubject(self.source, where.container.pod.workload, where.container, self.target)
        place = place_of(where, self.source)
        if self.container or place.source is not self.source:
            return self
        candidates = [self.workload] if self.workload else manifest.workloads
        workload = next((one for one in candidates if one.node.span.contains(place.span)), self.workload)
        containers = (one for pod in workload.pods for one in pod.all_containers()) if workload else ()
        container = next((one for one in containers if one.node.span.contains(place.span)), None)
        return RuleSubject(self.source, workload, container, self.target)

    @property
    def ref(self) -> ObjectRef | None:
        """The object that it is or belongs to."""
        return self.workload.ref if self.workload else None

    @property
    def container_name(self) -> str | None:
        """The name of the container that it is."""
        return self.container.name.value if self.container else None

    def path(self, place: Place) -> str:
        """The way from the object to a place in it, for the fingerprint."""
        root = self.workload.node if self.workload else None
        return _path(root, place.span) if root is not None and root.source is place.source else ""

    @property
    def is_recorded(self) -> bool:
        """Whether it is known from the real API server's answers what the target version rejects."""
        return self.workload is not None and self.workload.cluster.version.is_recorded

    @property
    def node(self) -> Node | None:
        """The innermost node that is all of it."""
        if self.container:
            return self.container.node
        return self.workload.node if self.workload else None

    @property
    def span(self) -> Span:
        """Its characters, or the beginning of the source."""
        return self.node.span if self.node is not None else Span(0, 0)

    @property
    def label(self) -> str:
        """Its name for people."""
        return " ".join(str(part) for part in (self.ref or self.source.path, self.container) if part)


class NamedSubject(NamedTuple):
    """A subject of which only the names are left: its file, its object, its container."""

    source: Source
    ref: ObjectRef
    container_name: str
    is_recorded: bool = False

    def path(self, _: Place) -> str:
        """The way from the object to a place in it, as far as the names tell."""
        return self.container_name


def short(message: str) -> str:
    """A message that can be read, whatever it quotes: of long values the beginning and the end."""
    return _QUOTED.sub(lambda quoted: _shortened(quoted[0]), message) if len(message) > _LONGEST else message


def _shortened(quoted: str) -> str:
    end = _LONGEST // 4
    return quoted if len(quoted) <= _LONGEST else f"{quoted[: _LONGEST - end - 1]}…{quoted[-end:]}"


def diagnose(rule: Rule, finding: Finding, subject: RuleSubject | NamedSubject) -> Diagnostic:
    """Complete a finding with everything that its rule and its subject say."""
    place = place_of(finding.where, subject.source)
    related = tuple(RelatedPlace(place_of(where, subject.source), short(message)) for where, message in finding.related)
    caller = None
    if isinstance(finding.where, Mounted):
        caller = finding.where.caller
        related = (*related, RelatedPlace(caller, f"{finding.where.title}{_RUNS}"))
    return Diagnostic(
        code=rule.code,
        rule=rule.name,
        severity=rule.forced_severity or finding.severity or rule.severity,
        confidence=finding.confidence or rule.confidence,
        message=short(finding.message),
        place=place,
        object=subject.ref,
        container=subject.container_name,
        rejected=finding.rejected and subject.is_recorded,
        defect=finding.defect,
        help=short(finding.help) if finding.help else None,
        related=related,
        fix=None if caller else finding.fix,
        fingerprint=_fingerprint(rule, subject, finding.where),
        url=rule.url,
        caller=caller,
    )


def merge_uses(found: Iterable[tuple[RuleSubject, Diagnostic]], document: Document) -> list[Diagnostic]:
    """Make one diagnostic of those that several containers have in common through an alias; each use is related.

    It keeps its fix only where all the uses want it.
    """
    wanted: dict[tuple[object, ...], set[object]] = {}
    merged: dict[tuple[object, ...], tuple[RuleSubject, Diagnostic]] = {}
    for subject, diagnostic in found:
        key = (diagnostic.code, diagnostic.place)
        wanted.setdefault((*key, diagnostic.fix), set()).add(_user(subject, diagnostic))
        if key not in merged or not document.aliases:
            # Without aliases two findings at one place are two findings.
            merged[key if key not in merged else (*key, diagnostic.message, len(merged))] = (subject, diagnostic)
        elif (use := _use(subject, merged[key][1], document)) is not None:
            merged[key] = (merged[key][0], _with_use(merged[key][1], subject, use))
    diagnostics = [diagnostic for _, diagnostic in merged.values()]
    return [_with_fix_for_all(one, wanted, document) for one in diagnostics] if document.aliases else diagnostics


def merge_callers(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Make one diagnostic of those that several containers have at one place of a file that they run."""
    merged: dict[object, Diagnostic] = {}
    for one in found:
        is_run = one.caller and one.related[-1].message.endswith(_RUNS)
        key = (one.code, one.place, one.status) if is_run else id(one)
        first = merged.setdefault(key, one)
        if first is not one:
            merged[key] = replace(first, related=(*first.related, _as_another(one)))
    yield from merged.values()


def _as_another(found: Diagnostic) -> RelatedPlace:
    """Where it runs the file, as one of several that do."""
    place, message = found.related[-1]
    who = message.removesuffix(_RUNS)
    return RelatedPlace(place, f"{who} of {found.object}{_RUNS}, too")


def _user(subject: RuleSubject, diagnostic: Diagnostic) -> object:
    """Who has the finding: the container; in what is found of a whole Pod, whom the message names."""
    is_of_container = isinstance(subject.target, Container)
    return id(subject.target) if is_of_container else (id(subject.target), diagnostic.message)


def _with_fix_for_all(
    diagnostic: Diagnostic, wanted: Lookup[tuple[object, ...], set[object]], document: Document
) -> Diagnostic:
    fix, place = diagnostic.fix, diagnostic.place
    if fix is None or is_for_all(fix, len(wanted[diagnostic.code, place, fix]), document):
        return diagnostic
    return replace(diagnostic, fix=None)


def _use(subject: RuleSubject, diagnostic: Diagnostic, document: Document) -> Alias | None:
    """The alias through which a subject comes to what is wrong, unless it is already named."""
    named = {related.place.span for related in diagnostic.related}
    reaching = [alias for alias in document.aliases if alias.target.span.contains(diagnostic.place.span)]
    inside = [alias for alias in reaching if subject.span.contains(alias.span)]
    return next((alias for alias in inside or reaching if alias.span not in named), None)


def _with_use(diagnostic: Diagnostic, subject: RuleSubject, use: Alias) -> Diagnostic:
    who = f"{subject.container} of {subject.ref}" if subject.container else subject.label
    related = RelatedPlace(Place(diagnostic.place.source, use.span), f"{who} uses it here, too")
    return replace(diagnostic, related=(*diagnostic.related, related))


def _fingerprint(rule: Rule, subject: RuleSubject | NamedSubject, where: Where) -> str:
    """Recognises a finding when lines have moved or lists were re-ordered."""
    place = place_of(where, subject.source)
    path = where.name if isinstance(where, Mounted) else subject.path(place)
    text = " ".join(place.source.text[place.span.start : place.span.end].split())
    parts = [rule.name, *map(str, subject.ref or (place.source.path,)), path, text]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _path(root: Node, span: Span) -> str:
    """Keys from the root to the node that holds a span; items of lists go by their `name` where they have one."""
    steps: list[str] = []
    node: Node | None = root
    while node is not None:
        step, node = _step(node, span)
        steps += [step] if step else []
    return ".".join(steps)


def _step(node: Node, span: Span) -> tuple[str, Node | None]:
    if isinstance(node, Mapping):
        near = (pair for pair in _near(node.entries, span, _key_start) if node[pair[0].value] is pair[1])
        for key, value in chain(near, node.items()):
            if value.span.contains(span) or key.span.contains(span):
                return key.value, value
    elif isinstance(node, Sequence):
        for item in chain(_near(node.entries, span, _start), node):
            if item.span.contains(span):
                return item["name"].value or str(node.entries.index(item)), item
    return "", None


def _near(written: list[T], span: Span, start: Callable[[T], int]) -> list[T]:
    """The last of some parts that begins before a span: it holds the span, unless an alias leads there."""
    at = bisect_right(written, span.start, key=start)
    return written[at - 1 : at] if at else []


def _key_start(pair: tuple[Node, Node]) -> int:
    return pair[0].start


def _start(node: Node) -> int:
    return node.start
