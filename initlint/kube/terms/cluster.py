"""What a Pod's manifest cannot say of itself: the target version, and what other manifests of the input offer."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from initlint.kube.terms.build import Build, Layer
from initlint.kube.terms.versions import DEFAULT, Version
from initlint.text.source import ComposedSource, Source, Span
from initlint.text.tree import Node

CONTAINER_LIMITS = "LimitRange"
PATCHES = "patch"
PATCHED = "patched object"
BUILT = "built object"
LAYERS = "changed data"
IMAGES = "image"
QUOTAS = "ResourceQuota"
BOUNDS = "bounds of a LimitRange"
SERVICES = "Service"
TEMPLATES = "Pod template"
CONFIG_MAPS = "ConfigMap"
SECRETS = "Secret"
EXISTING = "existing object"
CLAIMS = "claim that is named"
BLANK_CLAIMS = "claim that nothing fills"
ABSENT = "absent object"
LACKING = "object without a key"
ONLY_SHOWN = "no other Pods"
UNREAD = "file that is not read"

KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""What the file of a kustomization is called."""


class Offer(NamedTuple):
    """A fact that a manifest offers to others: of which kind, in which namespace, under which name.

    What the kustomization `by` offers holds for the files that go `through` its folder; None is any file. Of a Service
    and of a ConfigMap or Secret, `by` is the file that it stands in; answers for these hold that file as `source`.
    """

    kind: str
    namespace: str | None
    name: str
    facts: tuple[str, ...] = ()
    through: str | None = None
    by: str = ""
    source: Source | None = None


class Question(NamedTuple):
    """What a manifest would like to know of others: the offers of a kind that reach a namespace, or one of a name.

    With a path, only what is offered to that file; with roots, where it comes through one of these kustomizations.
    """

    kind: str
    namespace: str | None
    name: str | None = None
    path: str | None = None
    roots: frozenset[str] | None = None


class Others(Protocol):
    """What answers the questions of a manifest about others."""

    def answer(self, question: Question) -> Sequence[Offer]:
        """The offers that answer a question, in a fixed order; none if nothing is known."""

    def builds(self, node: Node, span: Span) -> Iterable[Build]:
        """A workload as kustomizations build it that patch it; `span` is that of the document that it stands in."""

    def layers(self, question: Question) -> Sequence[Layer] | None:
        """What changes the data of a ConfigMap or a Secret on its way to what asks; None where that is not known."""


@dataclass(frozen=True)
class Cluster:
    """The target version, the others of the input if there are any, and what they answered so far.

    `commands` is what the user says of commands that the table does not know, as JSON. `is_complete`: what the input
    does not hold is not there, in the namespaces that it speaks of. `roots` are the kustomizations that build what
    asks, all of whose patches are applied; None if none has.
    """

    version: Version = DEFAULT
    others: Others | None = None
    commands: str = ""
    is_complete: bool = False
    roots: frozenset[str] | None = None
    asked: dict[Question, Sequence[Offer]] = field(default_factory=dict)

    def ask(
        self, kind: str, namespace: str | None, name: str | None = None, path: str | None = None
    ) -> Sequence[Offer]:
        """Offers of a kind that reach a namespace; what is asked is remembered."""
        question = Question(kind, namespace, name, path, self.roots)
        if question not in self.asked:
            found = self.others.answer(question) if self.others else ()
            self.asked[question] = [one for one in found if answers(one, question)]
        return self.asked[question]

    def is_patch(self, path: str) -> bool:
        """Whether a kustomization applies a file as a patch, or is it; what it holds itself are patches."""
        return posixpath.basename(path) in KUSTOMIZATIONS or bool(self.ask(PATCHES, None, path))

    def patches(self, kind: str, name: str, path: str) -> Sequence[Offer]:
        """What the kustomizations that a file goes through change in an object of it, for `patches.parts` to read."""
        return () if self.roots is not None else self.ask(PATCHED, None, f"{kind}/{name}", path)

    def builds(self, node: Node, span: Span) -> Iterable[Build]:
        """A workload as kustomizations build it that patch it; `span` is that of the document that it stands in."""
        if self.roots is not None or self.others is None:
            return ()
        metadata = node["metadata"]
        title = f"{node['kind'].value}/{metadata['name'].value}"
        is_patched = self.ask(BUILT, metadata["namespace"].value or None, title, node.source.path)
        return self.others.builds(node, span) if is_patched else ()

    def layers(self, kind: str, name: str, files: Collection[str]) -> Sequence[Layer] | None:
        """What kustomizations change in the data of a ConfigMap or a Secret that stands in some files, in their turn.

        None where that is not known.
        """
        if self.roots is None or self.others is None:
            return ()
        found: list[Layer] = []
        for path in sorted(files):
            question = Question(LAYERS, None, f"{kind}/{name}", path, self.roots)
            if self.ask(*question[:4]):
                layers = self.others.layers(question) if len(files) == 1 else None
                if layers is None:
                    return None
                found += layers
        return tuple(found)

    def replaces_image(self, name: str, path: str) -> bool:
        """Whether a kustomization that a file goes through sets another name, tag or digest for an image."""
        return bool(self.ask(IMAGES, None, name, path))


def source_of(offer: Offer, own: Source) -> Source | None:
    """The source that something offered stands in: that of the one who asks, where it is in the same file."""
    return own if offer.by == own.path and not isinstance(own, ComposedSource) else offer.source


def titled(kind: str, name: str) -> str:
    """An object as messages name it."""
    return f"{kind} `{name}`" if name else f"the {kind}"


def may_be(one: str | None, other: str | None) -> bool:
    """Whether two namespaces may be the same; a manifest that names none is given one when it is applied."""
    return one == other or None in (one, other)


def is_in(namespace: str | None, named: str | None) -> bool:
    """Whether an object is in the namespace that is named; one that names none is applied to the default one."""
    return namespace == named or (namespace is None and named == "default")


def answers(offer: Offer, question: Question) -> bool:
    """Tell whether an offer may be what a question asks for; which files it is offered to, the Bundle knows."""
    reaches = may_be(offer.namespace, question.namespace)
    return offer.kind == question.kind and reaches and question.name in (None, offer.name)
