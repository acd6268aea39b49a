"""What ConfigMaps of the input give to the variables of a container: of scripts, these are the values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from initlint.kube.pods.configmaps import texts
from initlint.kube.terms.unknown import Part

if TYPE_CHECKING:
    from initlint.kube.pods.container import Container
    from initlint.text.tree import Node


class GivenVariables:
    """The variables that a container takes from ConfigMaps, as far as the input holds these."""

    def __init__(self, container: Container) -> None:
        self._pod = container.pod
        self._read: dict[str, Mapping[str, str]] = {}
        self._is_asked = Part.ENVIRONMENT not in container.pod.unknown
        self._node = container.node

    def all(self) -> dict[str, str]:
        """Those of `envFrom`, of which a later one wins."""
        return {name: value for name, (_, value) in self.told().items()}

    def told(self) -> dict[str, tuple[Node, str]]:
        """The same, each with the reference that gives it."""
        found: dict[str, tuple[Node, str]] = {}
        for one in self._node["envFrom"]:
            prefix, by = one["prefix"].value, one["configMapRef"]["name"]
            found |= {prefix + key: (by, value) for key, value in self._data(by.value).items()}
        return found

    def one(self, node: Node) -> str | None:
        """That of a variable's `valueFrom`."""
        reference = node["configMapKeyRef"]
        return self._data(reference["name"].value).get(reference["key"].value)

    def _data(self, name: str) -> Mapping[str, str]:
        if name and self._is_asked and name not in self._read:
            self._read[name] = {key: node.value for key, node in texts(self._pod, name).items()}
        return self._read.get(name, {})
