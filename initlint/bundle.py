"""What one manifest knows about another: offers are collected from all inputs, questions answered from them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from initlint.kube.cluster import CONTAINER_LIMITS, PATCHES, Offer, Question, answers
from initlint.tree import Mapping, Node, Scalar


class Bundle:
    """All offers of a run, in an order that does not depend on that of the inputs."""

    def __init__(self, offers: Iterable[Offer]) -> None:
        self._by_kind: dict[str, list[Offer]] = {}
        for offer in sorted(set(offers), key=lambda one: (one.kind, one.namespace or "", one.name, one.facts)):
            self._by_kind.setdefault(offer.kind, []).append(offer)

    def answer(self, questions: Iterable[Question]) -> tuple[Offer, ...]:
        """The offers that answer one of the questions; none if nothing is known."""
        found = {
            offer: None
            for question in sorted(questions, key=repr)
            for offer in self._by_kind.get(question.kind, ())
            if answers(offer, question)
        }
        return tuple(found)


def offers(root: Node) -> Iterator[Offer]:
    """What an object offers to other manifests."""
    kind = root["kind"].value
    if kind == "LimitRange":
        yield _limit_range(root)
    elif kind in ("Kustomization", "Component") or (not kind and (root["patches"] or root["patchesStrategicMerge"])):
        yield from _patches(root)


def _limit_range(root: Node) -> Offer:
    """What LimitRanger sets in a container that says nothing, as `limits.memory`.

    An item's `max` is its default limit, its limit or else its `min` its default request (SetDefaults_LimitRangeItem).
    """
    metadata = root["metadata"]
    facts = {
        f"{part}.{resource.value}"
        for item in root["spec"]["limits"]
        if item["type"].value == "Container"
        for part, keys in (("limits", ("default", "max")), ("requests", ("defaultRequest", "default", "max", "min")))
        for key in keys
        for resource, _ in item[key].items()
    }
    return Offer(CONTAINER_LIMITS, metadata["namespace"].value or None, metadata["name"].value, tuple(sorted(facts)))


def _patches(root: Node) -> Iterator[Offer]:
    """Files that a kustomization applies as patches, by their path as the run sees them."""
    here = posixpath.dirname(root.source.path)
    listed = [patch for key in ("patches", "patchesJson6902") for patch in root[key]]
    files = [patch["path"] for patch in listed if isinstance(patch, Mapping)]
    for file in [*files, *root["patchesStrategicMerge"]]:
        if isinstance(file, Scalar) and file.value and "\n" not in file.value:
            yield Offer(PATCHES, None, posixpath.normpath(posixpath.join(here, file.value)))
