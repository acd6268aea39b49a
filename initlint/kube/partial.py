"""Recognise what is not a whole object but a piece of one: Kustomize patches and other partial specs."""

from __future__ import annotations

from initlint.kube.cluster import PATCHES
from initlint.kube.pod import Workload
from initlint.tree import Node

_SELECTING = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")


def why_partial(workload: Workload, spec: Node) -> str | None:
    """Why an object cannot be all there is, or None if it may well be.

    The API server requires each of these parts, so an object without one is completed by something else before it is
    applied, or never runs.
    """
    node, text = workload.node, workload.node.source.text
    if workload.cluster.ask(PATCHES, None, node.source.path):
        return "a kustomization applies it as a patch"
    if workload.kind in _SELECTING and not node["spec"]["selector"] and node["apiVersion"].value.startswith("apps/"):
        return "it has no `selector`, as patches have none"
    if not spec["containers"]:
        return "it has no `containers`, as patches have none"
    if any(not container["image"] for key in ("containers", "initContainers") for container in spec[key]):
        return "it has a container without an image, as patches have"
    if text.find("$patch", spec.start, spec.end) >= 0:
        return "it holds a `$patch` directive"
    return None
