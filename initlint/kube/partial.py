"""Recognise what is not the whole of an object: Kustomize patches, other partial specs, and what patches change."""

from __future__ import annotations

from initlint.kube.patches import LISTS, has_directive, parts
from initlint.kube.pod import Part, Workload
from initlint.tree import Node

_SELECTING = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout")


def unknown_parts(workload: Workload, spec: Node) -> dict[Part, str]:
    """Which parts of a Pod its spec does not tell for certain, and why."""
    partial = _why_partial(workload, spec)
    return dict.fromkeys(Part, partial) if partial else _patched(workload, spec)


def _patched(workload: Workload, spec: Node) -> dict[Part, str]:
    """The parts that kustomizations of the input patch."""
    patches = workload.cluster.patches(workload.kind, workload.ref.name, workload.node.source.path)
    names = {container["name"].value for key in LISTS for container in spec[key]} if patches else set()
    last_first = sorted(patches, key=lambda patch: patch.by, reverse=True)
    touched = [(part, patch.by) for patch in last_first for part in parts(patch.facts, names)]
    return {part: f"a kustomization patches them ({by})" for part, by in touched}


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
    if workload.kind in _SELECTING and not node["spec"]["selector"] and not node["apiVersion"].value.startswith("ext"):
        return "it has no `selector`, as patches have none"
    if not spec["containers"]:
        return "it has no `containers`, as patches have none"
    if any(not container["image"] for key in ("containers", "initContainers") for container in spec[key]):
        return "it has a container without an image, as patches have"
    return None
