"""Recognise what is not a whole object but a piece of one: Kustomize patches and other partial specs."""

from __future__ import annotations

from initlint.kube.cluster import PATCHES
from initlint.kube.pod import Workload
from initlint.tree import Node, walk

_SELECTING = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout")


def why_partial(workload: Workload, spec: Node) -> str | None:
    """Why an object cannot be all there is, or None if it may well be.

    The API server requires a selector, containers and images, so an object without one is completed by something else
    before it is applied, or never runs. What an operator completes is not judged by that.
    """
    node = workload.node
    if workload.cluster.ask(PATCHES, None, node.source.path):
        return "a kustomization applies it as a patch"
    if _has_directive(spec):
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


def _has_directive(spec: Node) -> bool:
    """Whether a strategic merge patch says what to do with one of its mappings or lists."""
    written = spec.source.text.find("$patch", spec.start, spec.end) >= 0
    return written and any(node.key("$patch") for node in walk(spec))
