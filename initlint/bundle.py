"""What one manifest knows about another: offers are collected from all inputs, questions answered from them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from initlint.kube.cluster import CONTAINER_LIMITS, IMAGES, KUSTOMIZATIONS, PATCHES, Offer, Question, answers
from initlint.tree import Mapping, Node, Scalar

_KUSTOMIZATION_FILES = ("kustomization.yaml", "kustomization.yml", "Kustomization")


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
    elif kind in ("Kustomization", "Component") or (not kind and _looks_like_kustomization(root)):
        yield from _patches(root)
        yield from _resources(root)
        yield from _images(root)


def _looks_like_kustomization(root: Node) -> bool:
    """Whether it is one without a `kind`."""
    named = posixpath.basename(root.source.path) in _KUSTOMIZATION_FILES
    return bool(named or root["patches"] or root["patchesStrategicMerge"])


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
    listed = [patch for key in ("patches", "patchesJson6902") for patch in root[key]]
    files = [patch["path"] for patch in listed if isinstance(patch, Mapping)]
    for file in [*files, *root["patchesStrategicMerge"]]:
        if isinstance(file, Scalar) and file.value and "\n" not in file.value:
            yield Offer(PATCHES, None, _path(root, file))


def _resources(root: Node) -> Iterator[Offer]:
    """Which files and folders a kustomization takes; a component changes what the kustomization that lists it takes."""
    here = _path(root)
    taken = [*root["resources"], *root["bases"]]
    yield Offer(KUSTOMIZATIONS, None, here, tuple(_path(root, one) for one in taken))
    yield from (Offer(KUSTOMIZATIONS, None, _path(root, one), (here,)) for one in root["components"])


def _images(root: Node) -> Iterator[Offer]:
    """Names of images for which a kustomization sets another name, tag or digest.

    One of Flux names its folder as the repository sees it, so that it may reach any file.
    """
    listed = [(image, (_path(root),)) for image in root["images"]] + [(image, ()) for image in root["spec"]["images"]]
    for image, reached_through in listed:
        if image["name"].value and any(image[key] for key in ("newName", "newTag", "digest", "tagSuffix")):
            yield Offer(IMAGES, None, image["name"].value, reached_through)


def _path(root: Node, listed: Node | None = None) -> str:
    """What a kustomization lists, or its folder, as the run sees it."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(root.source.path), listed.value if listed else ""))
