"""Where the Pods are: every Pod spec of a document, whatever kind of object embeds it, and what its operator adds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from initlint.kube.cluster import Cluster
from initlint.kube.partial import why_partial
from initlint.kube.pod import EVERYTHING, Part, Pod, Workload
from initlint.tree import Mapping as MappingNode
from initlint.tree import Node, Sequence, walk


class Home(NamedTuple):
    """Where a kind keeps its Pod specs (`*` is each item of a list), and which parts its operator fills in."""

    paths: tuple[str, ...]
    filled_in: frozenset[Part] = frozenset()
    operator: str = ""


_TEMPLATE = Home(("spec.template.spec",))
# Operators add containers, volumes and commands of their own; resources of a listed container they leave alone.
_FILLED_IN = EVERYTHING - {Part.RESOURCES}
_RAY = _FILLED_IN - {Part.IMAGES}
_RAY_PATHS = ("headGroupSpec.template.spec", "workerGroupSpecs.*.template.spec")
_KSERVE = Home(
    tuple(
        f"spec.{role}{suffix}" for role in ("predictor", "transformer", "explainer") for suffix in ("", ".workerSpec")
    ),
    _FILLED_IN,
    "KServe merges its serving runtime into the Pod",
)
_KNATIVE = Home(("spec.template.spec",), frozenset({Part.CONTAINERS}), "Knative adds its queue-proxy")
_SPARK = Home(
    ("spec.driver", "spec.executor", "spec.driver.template.spec", "spec.executor.template.spec"),
    _FILLED_IN,
    "the Spark operator builds the Pod",
)

_BUILT_IN = {
    ("", "Pod"): Home(("spec",)),
    ("", "PodTemplate"): Home(("template.spec",)),
    ("", "ReplicationController"): _TEMPLATE,
    ("apps", "Deployment"): _TEMPLATE,
    ("apps", "StatefulSet"): _TEMPLATE,
    ("apps", "DaemonSet"): _TEMPLATE,
    ("apps", "ReplicaSet"): _TEMPLATE,
    ("extensions", "Deployment"): _TEMPLATE,
    ("extensions", "DaemonSet"): _TEMPLATE,
    ("extensions", "ReplicaSet"): _TEMPLATE,
    ("batch", "Job"): _TEMPLATE,
    ("batch", "CronJob"): Home(("spec.jobTemplate.spec.template.spec",)),
}
_CUSTOM = {
    ("argoproj.io", "Rollout"): _TEMPLATE,
    ("apps.openshift.io", "DeploymentConfig"): Home(
        ("spec.template.spec",), frozenset({Part.IMAGES}), "image triggers set the images"
    ),
    ("", "DeploymentConfig"): Home(("spec.template.spec",), frozenset({Part.IMAGES}), "image triggers set the images"),
    ("serving.knative.dev", "Service"): _KNATIVE,
    ("serving.knative.dev", "Configuration"): _KNATIVE,
    ("serving.knative.dev", "Revision"): _KNATIVE._replace(paths=("spec",)),
    ("ray.io", "RayCluster"): Home(tuple(f"spec.{path}" for path in _RAY_PATHS), _RAY, "KubeRay adds to the Pod"),
    ("ray.io", "RayJob"): Home(
        (*(f"spec.rayClusterSpec.{path}" for path in _RAY_PATHS), "spec.submitterPodTemplate.spec"),
        _RAY,
        "KubeRay adds to the Pod",
    ),
    ("ray.io", "RayService"): Home(
        tuple(f"spec.{spec}.{path}" for spec in ("rayClusterConfig", "rayClusterSpec") for path in _RAY_PATHS),
        _RAY,
        "KubeRay adds to the Pod",
    ),
    ("sparkoperator.k8s.io", "SparkApplication"): _SPARK,
    ("sparkoperator.k8s.io", "ScheduledSparkApplication"): _SPARK._replace(
        paths=tuple(path.replace("spec.", "spec.template.", 1) for path in _SPARK.paths)
    ),
    ("serving.kserve.io", "InferenceService"): _KSERVE,
    ("serving.kserve.io", "ServingRuntime"): _KSERVE._replace(paths=("spec", "spec.workerSpec")),
    ("serving.kserve.io", "ClusterServingRuntime"): _KSERVE._replace(paths=("spec", "spec.workerSpec")),
}
_HOMES: Mapping[tuple[str, str], Home] = {**_BUILT_IN, **_CUSTOM}

# Their `containers` are patterns, chart values or schemas, not Pods.
_NO_PODS = (
    "apiextensions.k8s.io", "helm.toolkit.fluxcd.io", "helm.cattle.io", "kyverno.io", "policies.kyverno.io",
    "gatekeeper.sh", "admissionregistration.k8s.io", "kustomize.config.k8s.io", "kustomize.toolkit.fluxcd.io",
)  # fmt: skip


def manifests(root: Node) -> Iterator[Node]:
    """The objects of a document: itself, or the items of a `List`."""
    if root["kind"].value.endswith("List") and isinstance(root["items"], Sequence):
        for item in root["items"]:
            yield from manifests(item)
    elif root["kind"].value:
        yield root


def locate(node: Node, cluster: Cluster) -> Workload | None:
    """The workload that an object is, or None if it holds no Pods."""
    group = node["apiVersion"].value.rpartition("/")[0]
    kind = (group, node["kind"].value)
    home = _HOMES.get(kind)
    is_whole = home is not None and not home.filled_in
    workload = Workload(node, cluster, is_built_in=kind in _BUILT_IN, is_whole=is_whole)
    if home:
        _at_home(workload, home)
    elif "." in group and not group.endswith(_NO_PODS):
        _by_shape(workload)
    return workload if workload.pods else None


def _at_home(workload: Workload, home: Home) -> None:
    for spec in (spec for path in home.paths for spec in _follow(workload.node, path.split("."))):
        unknown = dict.fromkeys(home.filled_in, home.operator)
        partial = why_partial(workload, spec)
        if partial:
            unknown = dict.fromkeys(Part, partial)
        if isinstance(spec, MappingNode) and _holds_containers(spec):
            workload.pods.append(Pod(spec, workload, unknown))


def _follow(node: Node, path: list[str]) -> Iterator[Node]:
    if not path:
        yield node
        return
    name, *rest = path
    for child in node if name == "*" else (node[name],):
        yield from _follow(child, rest)


def _by_shape(workload: Workload) -> None:
    """A custom resource that initlint does not know may embed Pods; its operator may add anything to them."""
    root = workload.node
    if root.source.text.find("ontainers", root.start, root.end) < 0:
        return
    reason = f"what the operator of {workload.kind} adds is not known"
    for node in walk(root):
        if isinstance(node, MappingNode) and _looks_like_pod(node):
            partial = why_partial(workload, node)
            unknown = dict.fromkeys(Part, partial) if partial else dict.fromkeys(_FILLED_IN, reason)
            workload.pods.append(Pod(node, workload, unknown))


def _holds_containers(spec: Node) -> bool:
    return bool(spec["containers"] or spec["initContainers"])


def _looks_like_pod(node: Node) -> bool:
    containers = list(node["containers"])
    named = [item for item in containers if item["name"] and (item["image"] or item["command"] or item["args"])]
    return bool(named) and len(named) == len(containers)
