"""What a Pod's manifest cannot say of itself: the target version, and what other manifests of the input offer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from initlint.kube.versions import DEFAULT, Version

CONTAINER_LIMITS = "LimitRange"
PATCHES = "patch"
IMAGES = "image"
KUSTOMIZATIONS = "kustomization"


class Offer(NamedTuple):
    """A fact that a manifest offers to others: of which kind, in which namespace, under which name."""

    kind: str
    namespace: str | None
    name: str
    facts: tuple[str, ...] = ()


class Question(NamedTuple):
    """What a manifest would like to know of others: the offers of a kind that reach a namespace, or one of a name."""

    kind: str
    namespace: str | None
    name: str | None = None


@dataclass(frozen=True)
class Cluster:
    """The target version, the offers that answered the manifest's questions, and the questions asked so far."""

    version: Version = DEFAULT
    imports: tuple[Offer, ...] = ()
    questions: set[Question] = field(default_factory=set)

    def ask(self, kind: str, namespace: str | None, name: str | None = None) -> list[Offer]:
        """Offers of a kind that reach a namespace; what is asked is remembered, so that the Bundle can answer."""
        question = Question(kind, namespace, name)
        self.questions.add(question)
        return [offer for offer in self.imports if answers(offer, question)]

    def replaces_image(self, name: str, path: str) -> bool:
        """Whether a kustomization that a file goes through sets another name, tag or digest for an image."""
        offers, through = self.ask(IMAGES, None, name), self._kustomized_by(path)
        return any(not offer.facts or not through.isdisjoint(offer.facts) for offer in offers)

    def _kustomized_by(self, path: str) -> set[str]:
        """Folders of the kustomizations that a file goes through, directly or by way of others."""
        steps = self.ask(KUSTOMIZATIONS, None)
        found = {path}
        while more := {step.name for step in steps if not found.isdisjoint(step.facts)} - found:
            found |= more
        return found


def answers(offer: Offer, question: Question) -> bool:
    """Tell whether an offer may be what a question asks for.

    A manifest without a namespace is given one when it is applied, so that its offer may be for any.
    """
    reaches = offer.namespace == question.namespace or None in (offer.namespace, question.namespace)
    return offer.kind == question.kind and reaches and question.name in (None, offer.name)
