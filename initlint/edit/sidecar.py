"""How a container becomes a native sidecar."""

from __future__ import annotations

from initlint.edit.custom import fields_before
from initlint.edit.insertion import insert
from initlint.edit.moving import move
from initlint.edit.removal import replace
from initlint.finding import Change
from initlint.kube.pods.container import Container

_ALWAYS = "Always"
_AFTER = fields_before("restartPolicy")

LOOKED_AT_NOW = ("missing-resources", "unpinned-image", "sidecar-without-startup-probe", "init-dominates")
"""Rules that look at sidecars only: what they find was there before."""


def make_sidecar(container: Container) -> Change | None:
    """Let it always restart, among the init containers, the last of them if it is not yet there.

    None where the target version has no sidecars.
    """
    pod, node = container.pod, container.node
    if not pod.cluster.version.knows_sidecars:
        return None
    if container.is_init:
        policy = node["restartPolicy"]
        return replace(policy, _ALWAYS) if policy else insert(node, {"restartPolicy": _ALWAYS}, after=_AFTER)
    entry = {"restartPolicy": _ALWAYS}
    return move(
        pod.node["containers"], node, pod.node, "initContainers", adding=entry, after=_AFTER, before=("containers",)
    )
