"""Where each kind of object keeps its Pod specs, and what its operator adds to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from initlint.kube.terms.unknown import EVERYTHING, Part
from initlint.text.tree import Node, Sequence

RBAC_GROUP = "rbac.authorization.k8s.io"


class Home(NamedTuple):
    """Where a kind keeps its Pod specs (`*` is each item of a list), and which parts its operator fills in."""

    paths: tuple[str, ...]
    filled_in: frozenset[Part] = frozenset()
    operator: str = ""

    def specs(self, root: Node) -> Iterator[Node]:
        """The Pod specs of an object, and what stands in their place."""
        for path in self.paths:
            nodes = [root]
            for name in path.split("."):
                nodes = [child for node in nodes for child in (node if name == "*" else (node[name],))]
            yield from nodes


_TEMPLATE = Home(("spec.template.spec",))
# Operators add containers, volumes and commands of their own; resources of a listed container they leave alone.
FILLED_IN = EVERYTHING - {Part.RESOURCES}
_RAY = FILLED_IN - {Part.IMAGES}
_RAY_PATHS = ("headGroupSpec.template.spec", "workerGroupSpecs.*.template.spec")
_KSERVE = Home(
    tuple(
        f"spec.{role}{suffix}" for role in ("predictor", "transformer", "explainer") for suffix in ("", ".workerSpec")
    ),
    FILLED_IN,
    "KServe merges its serving runtime into the Pod",
)
_KNATIVE = Home(("spec.template.spec",), frozenset({Part.CONTAINERS}), "Knative adds its queue-proxy")
_SPARK = Home(
    ("spec.driver", "spec.executor", "spec.driver.template.spec", "spec.executor.template.spec"),
    FILLED_IN,
    "the Spark operator builds the Pod",
)

BUILT_IN = {
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
HOMES: Mapping[tuple[str, str], Home] = {**BUILT_IN, **_CUSTOM}

# API groups whose `containers` are patterns, chart values or schemas, not Pods.
NO_PODS = (
    "apiextensions.k8s.io", "helm.toolkit.fluxcd.io", "helm.cattle.io", "kyverno.io", "policies.kyverno.io",
    "gatekeeper.sh", "admissionregistration.k8s.io", "kustomize.config.k8s.io", "kustomize.toolkit.fluxcd.io",
)  # fmt: skip


def group_of(node: Node) -> str:
    """The API group of an object; that of the core is empty."""
    return node["apiVersion"].value.rpartition("/")[0]


def manifests(root: Node) -> Iterator[Node]:
    """The objects of a document: itself, or the items of a `List`."""
    if root["kind"].value.endswith("List") and isinstance(root["items"], Sequence):
        for item in root["items"]:
            yield from manifests(item)
    elif root["kind"].value:
        yield root
