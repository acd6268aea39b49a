"""Recognise what is not the whole of an object: Kustomize patches, other partial specs, and what patches change."""

from __future__ import annotations

from typing import NamedTuple

from initlint.kube.kustomize.patches import LISTS, has_directive, parts
from initlint.kube.pods.pod import Workload
from initlint.kube.terms.placeholder import is_filled_in
from initlint.kube.terms.unknown import Part
from initlint.text.scalars import Style
from initlint.text.tree import Node, Scalar

_SELECTING = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout")


_CLOSE, _FEW = 0.74, 3
"""How much of two words is the same, and by how many letters their lengths differ: `img` and `Imgae` are meant to be
`image`, `name` is not."""


class Doubts(NamedTuple):
    """Which parts of a Pod its spec does not tell for certain, and why; `only` are the containers that it is about.

    `partial` is why it is no Pod at all but a part of one, empty if it is one.
    """

    unknown: dict[Part, str]
    only: dict[Part, frozenset[str]]
    partial: str = ""


def doubts(workload: Workload, spec: Node, filled_in: dict[Part, str]) -> Doubts:
    """What is not known for certain of a Pod; `filled_in` are the parts that an operator fills in."""
    partial = _why_partial(workload, spec)
    if partial:
        return Doubts(filled_in | dict.fromkeys(Part, partial), {}, partial)
    touched = _patched(workload, spec)
    everywhere = {part for part, container, _ in touched if not container} | filled_in.keys()
    names = {part: frozenset(name for one, name, _ in touched if one is part) for part, _, _ in touched}
    only = {part: containers for part, containers in names.items() if part not in everywhere}
    return Doubts(filled_in | {part: why for part, _, why in touched}, only)


def _patched(workload: Workload, spec: Node) -> list[tuple[Part, str, str]]:
    """The parts that kustomizations of the input patch, in which container, and by which of them."""
    patches = workload.cluster.patches(workload.kind, workload.ref.name, workload.node.source.path)
    names = {container["name"].value for key in LISTS for container in spec[key]} if patches else set()
    last_first = sorted(patches, key=lambda patch: patch.by, reverse=True)
    return [
        (part, container, f"a kustomization patches them ({patch.by})")
        for patch in last_first
        for part, container in parts(patch.facts, names)
    ]


def _why_partial(workload: Workload, spec: Node) -> str | None:
    """Why an object cannot be all there is, or None if it may well be.

    The API server requires a selector, containers and images, so an object without one is completed by something else
    before it is applied, or never runs. What an operator completes is not judged by that.
    """
    node = workload.node
    if workload.cluster.is_patch(node.source.path):
        return "a kustomization applies it as a patch"
    if has_directive(spec):
        return "it holds a `$patch` directive"
    if not workload.is_whole:
        return None
    if _lacks_selector(workload):
        return "it has no `selector`, as patches have none"
    if not (spec["containers"] or _is_complete(workload, spec)):
        return "it has no `containers`, as patches have none"
    lists = [list(spec[key]) for key in ("containers", "initContainers")]
    if any(_lacks_image(container) for each in lists for container in each) and not _has_images(workload, *lists):
        return "it has a container without an image, as patches have"
    return None


def _lacks_selector(workload: Workload) -> bool:
    """The old groups make one of the labels."""
    spec, is_old = workload.node["spec"], workload.node["apiVersion"].value.startswith("ext")
    return workload.kind in _SELECTING and not (spec["selector"] or is_old or _misspells(spec, "selector"))


def _is_complete(workload: Workload, spec: Node) -> bool:
    """Whether an object without containers has all else that one needs; no patch consists of init containers alone."""
    containers = list(spec["initContainers"])
    is_run = not workload.is_job or bool(spec["restartPolicy"])
    return bool(containers and workload.ref.name and is_run) and not any(map(_lacks_image, containers))


def _lacks_image(container: Node) -> bool:
    """One that says `image: ""` is no patch, nor is one that says nothing at all, as patches go by name."""
    image = container["image"]
    if not container or not (isinstance(container, Scalar) or any(container.items())):
        return is_filled_in(container)
    is_said = isinstance(image, Scalar) and image.style is not Style.PLAIN
    return not image and not is_said and not _misspells(container, "image")


def _misspells(node: Node, name: str) -> bool:
    """Whether a key is meant to be this one: it is not left out, as in patches, but written wrongly."""
    from difflib import SequenceMatcher

    keys = [key.value.lower() for key, _ in node.items() if abs(len(key.value) - len(name)) < _FEW]
    return any(SequenceMatcher(None, key, name).ratio() > _CLOSE for key in keys)


def _has_images(workload: Workload, containers: list[Node], init_containers: list[Node]) -> bool:
    """Whether what lacks an image is one of several, in an object that has all that patches leave out."""
    labels = workload.node["spec"]["template"]["metadata"]["labels"]
    is_selected = workload.kind in _SELECTING and bool(labels)
    others = [one for one in (*containers, *init_containers) if not _lacks_image(one)]
    return bool(others) and (is_selected or not any(map(_lacks_image, containers)))
