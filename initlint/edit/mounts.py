"""How a container comes to mount a volume."""

from __future__ import annotations

from initlint.edit.custom import fields_before
from initlint.edit.insertion import insert
from initlint.finding import Change
from initlint.kube.pods.container import Container, Mount


def mount(container: Container, volume: str, path: str, sub_path: str = "") -> Change | None:
    """Mount a volume at a path."""
    new = {"name": volume, "mountPath": path} | ({"subPath": sub_path} if sub_path else {})
    return insert(container.node, {"volumeMounts": [new]}, after=fields_before("volumeMounts"))


def mount_like(container: Container, other: Mount) -> Change | None:
    """Mount what another container mounts, at the same path; whether it can be written to is left open."""
    if other.node["subPathExpr"]:
        return None
    return mount(container, other.name.value, other.path.value, other.node["subPath"].value)
