"""Where the Pods are: every Pod spec of a document, whatever kind of object embeds it, and what its operator adds."""

from __future__ import annotations

from initlint.kube.pods.partial import doubts
from initlint.kube.pods.pod import Pod, Workload
from initlint.kube.terms.cluster import Cluster
from initlint.kube.terms.homes import BUILT_IN, FILLED_IN, HOMES, NO_PODS, Home, group_of
from initlint.kube.terms.unknown import EVERYTHING
from initlint.text.tree import Mapping as MappingNode
from initlint.text.tree import Node, mappings


def locate(node: Node, cluster: Cluster) -> Workload | None:
    """The workload that an object is, or None if it holds no Pods; it may hold containers that are no Pod's."""
    group = group_of(node)
    kind = (group, node["kind"].value)
    home = HOMES.get(kind)
    is_whole = home is not None and not home.filled_in
    workload = Workload(node, cluster, is_built_in=kind in BUILT_IN, is_whole=is_whole)
    if home:
        _at_home(workload, home)
    elif "." in group and not group.endswith(NO_PODS):
        _by_shape(workload)
    return workload if workload.pods or (workload.is_built_in and node.holds("ontainers")) else None


def _at_home(workload: Workload, home: Home) -> None:
    for spec in home.specs(workload.node):
        if isinstance(spec, MappingNode) and _holds_containers(spec):
            filled_in = dict.fromkeys(home.filled_in, home.operator)
            workload.pods.append(Pod(spec, workload, *doubts(workload, spec, filled_in)))


def _by_shape(workload: Workload) -> None:
    """A custom resource that initlint does not know may embed Pods; its operator may add anything to them."""
    root = workload.node
    if not root.holds("ontainers"):
        return
    why = f"what the operator of {workload.kind} adds is not known"
    for node in mappings(root):
        is_whole, is_begun = (_lists_containers(node[key]) for key in ("containers", "initContainers"))
        if is_whole or is_begun:
            filled_in = dict.fromkeys(FILLED_IN if is_whole else EVERYTHING, why)
            workload.pods.append(Pod(node, workload, *doubts(workload, node, filled_in)))


def _holds_containers(spec: Node) -> bool:
    return bool(spec["containers"] or spec["initContainers"])


def _lists_containers(listed: Node) -> bool:
    containers = list(listed)
    named = [item for item in containers if item["name"] and (item["image"] or item["command"] or item["args"])]
    return bool(named) and len(named) == len(containers)
