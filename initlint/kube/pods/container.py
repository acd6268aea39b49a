"""Thin views of a container, its mounts and its environment; each keeps its nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, NewType

from initlint.kube.pods.given import GivenVariables
from initlint.kube.terms.expansion import OWN_NAMESPACE, expand, is_reference
from initlint.kube.terms.image import Reference, parse
from initlint.kube.terms.unknown import Part
from initlint.text.tree import Node, Sequence

if TYPE_CHECKING:
    from initlint.kube.pods.pod import Pod


class Role(Enum):
    """What a container is to the kubelet; each container has exactly one role."""

    INIT = "init container"
    SIDECAR = "sidecar"
    MAIN = "container"
    EPHEMERAL = "ephemeral container"

    def __str__(self) -> str:
        return self.value


_LISTS = {
    Role.INIT: "initContainers",
    Role.SIDECAR: "initContainers",
    Role.MAIN: "containers",
    Role.EPHEMERAL: "ephemeralContainers",
}


@dataclass(frozen=True, eq=False)
class Mount:
    """A volume mount of a container."""

    node: Node
    container: Container

    @property
    def name(self) -> Node:
        """Name of the volume."""
        return self.node["name"]

    @property
    def path(self) -> Node:
        """Where it is mounted in the container."""
        return self.node["mountPath"]

    @property
    def is_read_only(self) -> bool:
        """Whether the manifest makes it read-only."""
        return self.node["readOnly"].truth is True


@dataclass(frozen=True, eq=False)
class EnvVar:
    """An environment variable of a container."""

    node: Node
    container: Container

    @property
    def name(self) -> Node:
        """Name of the variable."""
        return self.node["name"]

    @property
    def value(self) -> Node:
        """The literal value; `Missing` where it comes from elsewhere."""
        return self.node["value"]

    @property
    def is_literal(self) -> bool:
        """Whether the manifest itself gives the value; a variable without any value is the empty string."""
        return not self.node["valueFrom"]

    @property
    def is_name_of_pod(self) -> bool:
        """Whether it is the name of the Pod."""
        return self.node["valueFrom"]["fieldRef"]["fieldPath"].value == "metadata.name"


@dataclass(frozen=True, eq=False)
class Container:
    """One container of a Pod, with its one role and its index in the list that it stands in."""

    node: Node
    pod: Pod
    role: Role
    index: int

    def __str__(self) -> str:
        return f"{self.role} `{self.name}`" if self.name.value else f"{self.role} {self.index + 1}"

    @property
    def name(self) -> Node:
        """The container's name."""
        return self.node["name"]

    @property
    def is_init(self) -> bool:
        """Whether it stands in `initContainers`: as an init container or as a sidecar."""
        return self.role in (Role.INIT, Role.SIDECAR)

    @property
    def init_status(self) -> str:
        """How `kubectl get pods` shows the Pod as long as this init container or sidecar is what it is at."""
        return f"Init:{self.index}/{len(self.pod.init_containers)}"

    @property
    def path(self) -> str:
        """Its place in the Pod spec, as the API server names it."""
        return f"{_LISTS[self.role]}[{self.index}]"

    @property
    def probes_and_hooks(self) -> list[str]:
        """Which fields it sets that a regular init container may not have (validateInitContainers)."""
        fields = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")
        return [field for field in fields if self.node[field] and not self._is_dropped(field)]

    def _is_dropped(self, field: str) -> bool:
        """Whether a hook holds only a `stopSignal`, with which it is dropped (ContainerStopSignals, off up to 1.37)."""
        return field == "lifecycle" and [key.value for key, _ in self.node[field].items()] == ["stopSignal"]

    @property
    def where(self) -> Node:
        """What to point at when the whole container is meant: its name, else its node."""
        return self.name or self.node

    @property
    def image(self) -> Node:
        """The image reference."""
        return self.node["image"]

    @cached_property
    def reference(self) -> Reference:
        """The image reference, taken apart."""
        return parse(self.image.value)

    @property
    def is_image_replaced(self) -> bool:
        """Whether a kustomization of the input gives it another name, tag or digest."""
        return self.pod.cluster.replaces_image(self.reference.name, self.image.source.path)

    def require(self, *parts: Part) -> None:
        """Raise Unknown if something that the manifest does not show may fill in one of its parts."""
        self.pod.require(*(part for part in parts if self._concerns(part)))

    def require_as_written(self) -> None:
        """Raise Unknown if a kustomization of the input has it run something else than its manifest says."""
        if self.pod.workload.is_built_in and not self.pod.partial:
            self.require(Part.COMMANDS)

    def is_told(self, part: Part) -> bool:
        """Whether the manifest shows all of one of its parts."""
        return part not in self.pod.unknown or not self._concerns(part)

    def _concerns(self, part: Part) -> bool:
        """Whether what is not known of a part of the Pod is about this container, too."""
        return part not in self.pod.only or self.name.value in self.pod.only[part]

    @cached_property
    def mounts(self) -> list[Mount]:
        """Its volume mounts."""
        return [Mount(item, self) for item in self.node["volumeMounts"]]

    @cached_property
    def devices(self) -> list[Node]:
        """Volumes that it is given as raw block devices."""
        return list(self.node["volumeDevices"])

    @cached_property
    def env(self) -> list[EnvVar]:
        """Its environment variables, in order."""
        return [EnvVar(item, self) for item in self.node["env"]]

    @cached_property
    def known_env(self) -> dict[str, str | None]:
        """Values of its variables after expansion; None for those that come from what is not known."""
        given, is_told = GivenVariables(self), self.is_told(Part.ENVIRONMENT)
        known: dict[str, str | None] = {**given.all()}
        for variable in self.env:
            value = (
                None
                if not is_told
                else (
                    self._expand(variable.value, known)
                    if variable.is_literal
                    else given.one(variable.node["valueFrom"])
                )
            )
            known[variable.name.value] = value
        return known

    @cached_property
    def told(self) -> dict[str, tuple[Node, str]]:
        """Its variables of which the value is known, each with what says it: the value, or what refers to it."""
        told = GivenVariables(self).told()
        for variable in self.env:
            value, name = self.known_env.get(variable.name.value), variable.name.value
            told.pop(name, None)
            if value is not None:
                told[name] = (variable.value if variable.is_literal else variable.name, value)
        return told

    @cached_property
    def env_of_namespace(self) -> dict[str, str]:
        """Values of its variables that say the namespace of the Pod, with `OWN_NAMESPACE` in its place."""
        known: dict[str, str | None] = {}
        for one in self.env:
            is_field = one.node["valueFrom"]["fieldRef"]["fieldPath"].value == "metadata.namespace"
            known[one.name.value] = OWN_NAMESPACE if is_field else None
            if one.is_literal:
                known[one.name.value] = self._expand(one.value, known)
        return {name: value for name, value in known.items() if value and OWN_NAMESPACE in value}

    def _expand(self, node: Node, known: Mapping[str, str | None]) -> str | None:
        return expand(node.value, known, others=bool(self.node["envFrom"]))

    @property
    def whole_env(self) -> dict[str, str | None] | None:
        """The same where these are all its variables; None where `envFrom` adds some that the manifest hides."""
        return None if self.node["envFrom"] else self.known_env

    @property
    def command(self) -> Node:
        """What replaces the image's ENTRYPOINT."""
        return self.node["command"]

    @property
    def overrides_entrypoint(self) -> bool:
        """Whether `command` replaces the image's ENTRYPOINT; an empty list does not."""
        command = self.command
        return bool(command) and not (isinstance(command, Sequence) and not len(command))

    @property
    def args(self) -> Node:
        """What replaces the image's CMD."""
        return self.node["args"]

    def words(self, part: Iterable[Node]) -> list[str | None]:
        """The strings of `command` or `args` as the kubelet passes them on.

        None where the whole word is a variable whose value is not known; inside a word its reference is left standing.
        """
        expanded = ((word.value, self._expand(word, self.known_env)) for word in part)
        return [None if value is None and is_reference(text) else value or text for text, value in expanded]


InitContainer = NewType("InitContainer", Container)
"""A container of `initContainers`: a regular init container or a sidecar."""

RegularInitContainer = NewType("RegularInitContainer", Container)
"""An init container that has to end before the next one starts."""

SidecarContainer = NewType("SidecarContainer", Container)
"""An init container with `restartPolicy: Always`."""

AppContainer = NewType("AppContainer", Container)
"""A container of `containers`."""
