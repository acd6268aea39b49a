"""The objects without which a Pod does not start: ConfigMaps and Secrets, claims, its ServiceAccount."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from initlint.kube.kustomize.patches import has_directive
from initlint.kube.pods.container import Container
from initlint.kube.pods.pod import Pod, Volume
from initlint.kube.terms.unknown import Part
from initlint.text.tree import Missing, Node, Scalar

CONFIG_MAP, SECRET, CLAIM, ACCOUNT = "ConfigMap", "Secret", "PersistentVolumeClaim", "ServiceAccount"


class Purpose(Enum):
    """What an object is needed for."""

    ACCOUNT = "account"
    CLAIM = "claim"
    VOLUME = "volume"
    VARIABLE = "variable"
    VARIABLES = "variables"

    @property
    def part(self) -> Part:
        """The part of the Pod that says so."""
        if self in (Purpose.VARIABLE, Purpose.VARIABLES):
            return Part.ENVIRONMENT
        return Part.ACCOUNT if self is Purpose.ACCOUNT else Part.VOLUMES


class Required(NamedTuple):
    """An object that is needed: its kind, where it is named, and the key of it that is needed, if it is just one.

    `of` is the container that needs it, the volume that is made of it, or the Pod. `variable` is what it gives.
    """

    kind: str
    name: Node
    purpose: Purpose
    of: Container | Volume | Pod
    key: Node
    variable: str = ""

    @property
    def pod(self) -> Pod:
        """The Pod that needs it."""
        return self.of if isinstance(self.of, Pod) else self.of.pod

    def require(self) -> None:
        """Raise Unknown where a patch may say otherwise; of a patch that kustomizations apply, it is what holds."""
        pod = self.pod
        if not pod.cluster.is_patch(pod.node.source.path) or has_directive(pod.node):
            (self.of if isinstance(self.of, Container) else pod).require(self.purpose.part)

    @property
    def where(self) -> Node:
        """Where it is named."""
        return self.key or self.name


def required(pod: Pod) -> Iterator[Required]:
    """What a Pod needs, in the order in which it does: admission, scheduling, volumes, then its containers."""
    yield from _account(pod)
    volumes = [volume for volume in pod.volumes.values() if not volume.is_claim]
    for volume in volumes:
        if claim := volume.node["persistentVolumeClaim"]["claimName"]:
            yield Required(CLAIM, claim, Purpose.CLAIM, volume, Missing(claim))
    containers = [*pod.init_containers, *pod.containers]
    # Others are not mounted (desiredStateOfWorldPopulator.processPodVolumes).
    used = {name for container in containers for name in _mounted(container)}
    for volume in volumes:
        if volume.name.value in used:
            yield from _of_volume(volume)
    for container in containers:
        yield from _of_container(container)


def _account(pod: Pod) -> Iterator[Required]:
    name = pod.node["serviceAccountName"] or pod.node["serviceAccount"]
    if name:
        yield Required(ACCOUNT, name, Purpose.ACCOUNT, pod, Missing(name))


def _mounted(container: Container) -> Iterator[str]:
    yield from (mount.name.value for mount in container.mounts)
    yield from (device["name"].value for device in container.devices)


def _of_volume(volume: Volume) -> Iterator[Required]:
    for source in (volume.node, *volume.node["projected"]["sources"]):
        named = ((CONFIG_MAP, source["configMap"], "name"), (SECRET, source["secret"], "secretName"))
        for kind, one, key in named:
            name = one[key] or one["name"]
            if name and not _is_optional(one):
                yield from _items(kind, name, one["items"], volume)
    if name := volume.node["csi"]["nodePublishSecretRef"]["name"]:
        yield Required(SECRET, name, Purpose.VOLUME, volume, Missing(name))


def _items(kind: str, name: Node, items: Iterable[Node], volume: Volume) -> Iterator[Required]:
    yield Required(kind, name, Purpose.VOLUME, volume, Missing(name))
    yield from (Required(kind, name, Purpose.VOLUME, volume, item["key"]) for item in items if item["key"])


def _of_container(container: Container) -> Iterator[Required]:
    for source in container.node["envFrom"]:
        for kind, one in ((CONFIG_MAP, source["configMapRef"]), (SECRET, source["secretRef"])):
            if one["name"] and not _is_optional(one):
                yield Required(kind, one["name"], Purpose.VARIABLES, container, Missing(one["name"]))
    for variable in container.env:
        source = variable.node["valueFrom"]
        for kind, one in ((CONFIG_MAP, source["configMapKeyRef"]), (SECRET, source["secretKeyRef"])):
            if one["name"] and not _is_optional(one):
                yield Required(kind, one["name"], Purpose.VARIABLE, container, one["key"], variable.name.value)


def _is_optional(source: Node) -> bool:
    said = source["optional"]
    return bool(said) and not (isinstance(said, Scalar) and said.truth is False)
