"""What one manifest knows about another: offers are collected from all inputs, questions answered from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from initlint.kube.inventory import claims, quotas, selected, services
from initlint.kube.inventory.presence import Presence
from initlint.kube.kustomize import generators, kustomization
from initlint.kube.kustomize.built import Builds
from initlint.kube.kustomize.layers import Layers
from initlint.kube.kustomize.listed import Listed
from initlint.kube.kustomize.reach import Reach
from initlint.kube.pods import configmaps, defaults
from initlint.kube.terms.build import Build, Layer
from initlint.kube.terms.cluster import (
    ABSENT,
    BOUNDS,
    BUILT,
    CONFIG_MAPS,
    CONTAINER_LIMITS,
    LACKING,
    LAYERS,
    ONLY_SHOWN,
    PATCHED,
    QUOTAS,
    SECRETS,
    SERVICES,
    TEMPLATES,
    Offer,
    Question,
    answers,
)
from initlint.rbac import roles
from initlint.rbac.access import ACCESS, EVIDENCE, Access
from initlint.rbac.roles import RULED
from initlint.text.source import Source, Span
from initlint.text.tree import Node

# What is answered with the source that it stands in.
_HOLDING = (CONFIG_MAPS, SECRETS)
_SHOWN = (*_HOLDING, SERVICES, EVIDENCE, LACKING, QUOTAS, BOUNDS, CONTAINER_LIMITS)


class Bundle:
    """All offers of a run, from these sources; the answers do not depend on the order of the inputs.

    What few runs ask for is not offered, but read when it is asked for: patches in files, and permissions.
    """

    def __init__(self, offers: Iterable[Offer], sources: Iterable[Source]) -> None:
        self._offers = frozenset(offers)
        by_kind: dict[str, list[Offer]] = {}
        self._named: dict[tuple[str, str | None], list[Offer]] = {}
        for offer in self._offers:
            by_kind.setdefault(offer.kind, []).append(offer)
            self._named.setdefault((offer.kind, offer.name), []).append(offer)
        self._named.update(((kind, None), listed) for kind, listed in by_kind.items())
        self._sources = {source.path: source for source in sources}
        self.reach = Reach(by_kind, self._sources)
        self._access = Access(by_kind.get(RULED, ()), self.reach, self._sources)
        templates = selected.Templates(by_kind.get(TEMPLATES, ()), self.reach)
        self._services = services.Services(by_kind.get(SERVICES, ()), self.reach, templates)
        self._presence = Presence(by_kind, self.reach, self._access.makes, self._sources)
        listed = Listed(self.reach, self._sources)
        self._builds = Builds(self.reach, listed)
        self._layers = Layers(self.reach, listed, self._sources)
        self._asked: dict[str, Callable[[Question], Iterable[Offer]]] = {
            PATCHED: self.reach.patches,
            BUILT: self._builds.offers,
            LAYERS: self._layers.offers,
            ABSENT: self._presence.absent,
            ONLY_SHOWN: self._presence.only_shown,
            LACKING: self._presence.lacking,
            ACCESS: self._access.answer,
            EVIDENCE: self._access.evidence,
            SERVICES: self._services.answer,
        }
        self._known: dict[Question, tuple[Offer, ...]] = {}

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle what it is made of, not what has been read since."""
        return Bundle, (self._offers, [*self._sources.values()])

    def answer(self, question: Question) -> tuple[Offer, ...]:
        """The offers that answer a question, in a fixed order; none if nothing is known."""
        if question not in self._known:
            found = set(self._answers(question))
            held = (self._with_source(one) if one.kind in _SHOWN else one for one in found)
            self._known[question] = tuple(sorted(held, key=lambda one: repr(one[:-1])))
        return self._known[question]

    def builds(self, node: Node, span: Span) -> Iterator[Build]:
        """A workload as kustomizations build it that patch it; `span` is that of the document that it stands in."""
        return self._builds.of(node, span)

    def layers(self, question: Question) -> Sequence[Layer] | None:
        """What changes the data of a ConfigMap or a Secret on its way to what asks; None where that is not known."""
        return self._layers.of(question)

    def _with_source(self, offer: Offer) -> Offer:
        return offer._replace(source=self._sources.get(_file_of(offer)))

    def _answers(self, question: Question) -> Iterable[Offer]:
        if answer := self._asked.get(question.kind):
            return answer(question)
        known = self._named.get((question.kind, question.name), ())
        reaching = (offer for offer in known if answers(offer, question) and self.reach.holds(offer, question))
        if question.kind in _HOLDING:
            return self.reach.holding(question, reaching)
        if question.kind in (QUOTAS, BOUNDS) or (question.kind == CONTAINER_LIMITS and question.path):
            return self.reach.quotas(question, reaching)
        return reaching


def _file_of(offer: Offer) -> str:
    """The file that what is offered stands in, which a kustomization may name."""
    is_elsewhere = offer.kind in _HOLDING and offer.facts[0] in (generators.FILE, generators.VARIABLES)
    return offer.facts[1] if is_elsewhere else offer.by


def offers(root: Node) -> Iterator[Offer]:
    """What an object offers to other manifests."""
    if root["kind"].value == "LimitRange":
        yield defaults.offer(root)
        yield from quotas.offers(root)
    elif root["kind"].value == "ResourceQuota":
        yield from quotas.offers(root)
    elif root["kind"].value == "Service" and root["apiVersion"].value == "v1":
        yield services.offer(root)
    elif configmaps.is_holding(root):
        yield configmaps.offer(root)
    elif kustomization.is_kustomization(root):
        yield from kustomization.offers(root)
        yield from generators.offers(root)
    else:
        yield from roles.offers(root)
        yield from selected.offers(root)
        yield from claims.offers(root)
