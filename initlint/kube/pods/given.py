"""What ConfigMaps and Secrets of the input give to the variables of a container: of scripts, these are the values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from initlint.kube.pods.configmaps import texts
from initlint.kube.terms.cluster import CONFIG_MAPS, SECRETS
from initlint.kube.terms.credentials import is_known, names_secret
from initlint.kube.terms.expansion import HIDDEN
from initlint.kube.terms.unknown import Part
from initlint.regex import regex

if TYPE_CHECKING:
    from initlint.kube.pods.container import Container
    from initlint.text.tree import Node

# How fields that refer to them begin.
_SOURCES = {CONFIG_MAPS: "configMap", SECRETS: "secret"}
_WHERE = regex(r"(?i)host|addr|server|endpoint|broker|ur[il]|port|dsn|nodes")
_LONGEST = 500
_USER = regex(r"(\w://)[^/@\s]*@")
_ADDRESS = regex(r"(?:[\w+]+://)?@?[\w.-]+(?::\d+)?(?:[/?][\w./?&=%-]*)?")


class GivenVariables:
    """The variables that a container takes from ConfigMaps, as far as the input holds these."""

    def __init__(self, container: Container) -> None:
        self._pod = container.pod
        self._read: dict[tuple[str, str], Mapping[str, str]] = {}
        self._is_asked = Part.ENVIRONMENT not in container.pod.unknown
        self._node = container.node

    def all(self) -> dict[str, str]:
        """Those of `envFrom`, of which a later one wins."""
        return {name: value for name, (_, value) in self.told().items()}

    def told(self) -> dict[str, tuple[Node, str]]:
        """The same, each with the reference that gives it."""
        found: dict[str, tuple[Node, str]] = {}
        for one in self._node["envFrom"]:
            prefix = one["prefix"].value
            for kind, key in _SOURCES.items():
                by = one[f"{key}Ref"]["name"]
                found |= {prefix + name: (by, value) for name, value in self._data(kind, by.value).items()}
        return found

    def one(self, node: Node) -> str | None:
        """That of a variable's `valueFrom`."""
        for kind, key in _SOURCES.items():
            reference = node[f"{key}KeyRef"]
            if reference:
                return self._data(kind, reference["name"].value).get(reference["key"].value)
        return None

    def _data(self, kind: str, name: str) -> Mapping[str, str]:
        if name and self._is_asked and (kind, name) not in self._read:
            held = {key: node.value for key, node in texts(self._pod, name, kind).items()}
            self._read[kind, name] = addresses(held) if kind == SECRETS else held
        return self._read.get((kind, name), {})


def addresses(held: Mapping[str, str]) -> dict[str, str]:
    """Those values of a Secret that say where something is; passwords are nobody's business."""
    short = ((key, value) for key, value in held.items() if len(value) <= _LONGEST)
    said = {key: value for key, value in short if _WHERE.search(key) and not names_secret(key)}
    plain = {key: _USER.sub(rf"\1{HIDDEN}@", value) for key, value in said.items() if is_known(value)}
    return {key: value for key, value in plain.items() if _ADDRESS.fullmatch(value.replace(HIDDEN, ""))}
