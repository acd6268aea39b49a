"""Thin views of a workload, its Pods and their volumes; each keeps its nodes, so that it can be pointed at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from initlint.finding import ObjectRef
from initlint.kube.pods.container import Container, Role
from initlint.kube.pods.defaults import Default, defaults
from initlint.kube.terms.cluster import Cluster
from initlint.kube.terms.objection import Noticed
from initlint.kube.terms.unknown import Part, Unknown
from initlint.text.tree import Missing, Node, mappings

# ValidatePodTemplateSpecForReplicaSet and its like; that of a StatefulSet is checked in every version.
_ALWAYS = ("Deployment", "ReplicaSet", "ReplicationController", "DaemonSet", "StatefulSet")

_READ_ONLY_KINDS = frozenset({"configMap", "secret", "projected", "downwardAPI", "image"})


@dataclass(frozen=True, eq=False)
class Workload:
    """An object that holds Pods, and what the cluster is known to do with them.

    `is_built_in`: the API server itself validates its Pods. `is_whole`: no operator fills anything in.
    """

    node: Node
    cluster: Cluster
    is_built_in: bool = True
    is_whole: bool = True
    pods: list[Pod] = field(default_factory=list)

    @cached_property
    def ref(self) -> ObjectRef:
        """The object as its manifest names it; `generateName` stands for a missing name."""
        metadata = self.node["metadata"]
        name = metadata["name"].value or metadata["generateName"].value
        return ObjectRef(self.node["apiVersion"].value, self.kind, metadata["namespace"].value or None, name)

    @property
    def kind(self) -> str:
        """The object's kind."""
        return self.node["kind"].value

    @property
    def rejects_invalid_pods(self) -> bool:
        """Whether the API server refuses the object for its Pod template; else only its Pods are refused, later."""
        validated = self.kind != "StatefulSet" or self.cluster.version.validates_stateful_sets
        return self.is_built_in and validated

    def rejects(self, noticed: Noticed) -> bool:
        """Whether the API server refuses the object for what it notices there."""
        if noticed is Noticed.IN_TEMPLATES:
            return self.rejects_invalid_pods
        return self.is_built_in and (noticed is Noticed.ALWAYS or self.kind == "Pod")

    def refusal(self, noticed: Noticed = Noticed.IN_TEMPLATES) -> str:
        """What becomes of it, as messages say it."""
        if self.rejects(noticed):
            return "the API server rejects it"
        if self.is_built_in:
            return f"the {self.kind} is accepted, and its Pods are never created"
        return f"no Pod of the {self.kind} is created"

    @property
    def restart_policies(self) -> tuple[str, ...]:
        """What it allows as the `restartPolicy` of its Pods; only of its own kinds the API server checks that."""
        if self.is_job:
            only_never = self.job_spec["podFailurePolicy"] and self.cluster.version.keeps("JobSpec", "podFailurePolicy")
            return ("Never",) if only_never else ("OnFailure", "Never")
        return ("Always",) if self.is_built_in and self.kind in _ALWAYS else ("Always", "OnFailure", "Never")

    @property
    def job_spec(self) -> Node:
        """The spec of a Job, also of the one that a CronJob creates."""
        spec = self.node["spec"]
        return spec["jobTemplate"]["spec"] if self.kind == "CronJob" else spec

    @property
    def pod_metadata(self) -> Node:
        """Labels and annotations of its Pods."""
        template = self.node if self.kind == "Pod" else self.job_spec["template"] or self.node["template"]
        if not (template or self.is_built_in):
            pods = [pod.node for pod in self.pods]
            template = next((one for one in mappings(self.node) if one["spec"] in pods), template)
        return template["metadata"]

    @property
    def is_job(self) -> bool:
        """Whether its Pods are meant to complete."""
        return self.is_built_in and self.kind in ("Job", "CronJob")


@dataclass(frozen=True, eq=False)
class Pod:
    """A Pod spec inside a workload. `unknown` maps the parts that something else may fill in to the reason why.

    `only` names the containers where a part is unknown that is known in all others. `partial` is why it is a part of a
    Pod and no more, such as a patch; empty if it is a Pod.
    """

    node: Node
    workload: Workload
    unknown: Mapping[Part, str] = field(default_factory=dict)
    only: Mapping[Part, frozenset[str]] = field(default_factory=dict)
    partial: str = ""

    @property
    def cluster(self) -> Cluster:
        """What is known of the cluster that the Pod will run in."""
        return self.workload.cluster

    def require(self, *parts: Part) -> None:
        """Raise Unknown if one of the parts may be filled in by something that the manifest does not show."""
        for part in parts:
            if part in self.unknown:
                raise Unknown(f"{part.value} are unknown: {self.unknown[part]}")

    @property
    def is_in_host_network(self) -> bool:
        """Whether its ports, and what answers on localhost, are those of its node."""
        return self.node["hostNetwork"].truth is True

    @property
    def hostname(self) -> str:
        """The name by which it finds itself, before any Service of that name (/etc/hosts); empty if it is not known."""
        return self.node["hostname"].value or (self.workload.ref.name if self.workload.kind == "Pod" else "")

    @property
    def deadline(self) -> Node:
        """What ends it, seconds after its start, whatever it is at: its own deadline or that of its Job."""
        of_job = self.workload.job_spec["activeDeadlineSeconds"] if self.workload.is_job else None
        return of_job or self.node["activeDeadlineSeconds"]

    @cached_property
    def init_containers(self) -> list[Container]:
        """Init containers and sidecars in the order in which the kubelet starts them."""
        items = enumerate(self.node["initContainers"])
        return [Container(item, self, self._role(item), index) for index, item in items]

    def _role(self, item: Node) -> Role:
        always = item["restartPolicy"].value == "Always" and self.cluster.version.knows_sidecars
        return Role.SIDECAR if always else Role.INIT

    @cached_property
    def containers(self) -> list[Container]:
        """The app containers."""
        return [Container(item, self, Role.MAIN, index) for index, item in enumerate(self.node["containers"])]

    @cached_property
    def ephemeral_containers(self) -> list[Container]:
        """Debugging containers; they take no part in start-up."""
        items = enumerate(self.node["ephemeralContainers"])
        return [Container(item, self, Role.EPHEMERAL, index) for index, item in items]

    def all_containers(self) -> Iterator[Container]:
        """Every container, in start-up order, ephemeral ones last."""
        yield from self.init_containers
        yield from self.containers
        yield from self.ephemeral_containers

    @property
    def resources(self) -> Node:
        """What it sets for all its containers together, if the version honours that."""
        honoured = self.cluster.version.keeps("PodSpec", "resources")
        return self.node["resources"] if honoured else Missing(self.node)

    @cached_property
    def defaults(self) -> Mapping[str, Default]:
        """What LimitRanges of the input set in containers that do not say it, as `limits.memory`."""
        return defaults(self)

    @cached_property
    def volumes(self) -> dict[str, Volume]:
        """Volumes by name, with those that volumeClaimTemplates of a StatefulSet provide, which win."""
        claims = self.workload.node["spec"]["volumeClaimTemplates"]
        own = [Volume(item, item["name"], self) for item in self.node["volumes"]]
        claimed = [Volume(item, item["metadata"]["name"], self, is_claim=True) for item in claims]
        return {volume.name.value: volume for volume in [*own, *claimed] if volume.name}


@dataclass(frozen=True, eq=False)
class Volume:
    """A volume of the Pod."""

    node: Node
    name: Node
    pod: Pod
    is_claim: bool = False

    @cached_property
    def kind(self) -> str:
        """The source's key, such as `configMap`; a volume without a source is an emptyDir (SetDefaults_Volume)."""
        if self.is_claim:
            return "volumeClaimTemplate"
        kinds = [key.value for key, value in self.node.items() if key.value != "name" and value]
        return kinds[0] if kinds else "emptyDir"

    @property
    def is_read_only(self) -> bool:
        """Whether it is mounted read-only, whatever `readOnly` says (GetAttributes of the plugins, makeMounts)."""
        return self.kind in _READ_ONLY_KINDS
