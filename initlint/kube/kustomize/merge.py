"""A strategic merge patch in an object, as kustomize merges it: each node of the result stands where it was written.

https://github.com/kubernetes-sigs/kustomize/blob/kyaml/v0.17.2/kyaml/yaml/merge2/merge2.go
"""

from __future__ import annotations

from collections.abc import Iterable

from initlint.kube.terms.homes import BUILT_IN, group_of
from initlint.text.tree import Mapping, Missing, Node, Scalar, Sequence

_DIRECTIVE = "$patch"
# The lists that are merged item by item, by what names an item (types.go, patchMergeKey); others are replaced.
_OF_PODS = {
    "containers": "name", "initContainers": "name", "ephemeralContainers": "name", "env": "name", "volumes": "name",
    "volumeMounts": "mountPath", "volumeDevices": "devicePath", "ports": "containerPort", "imagePullSecrets": "name",
    "hostAliases": "ip", "topologySpreadConstraints": "topologyKey", "resourceClaims": "name",
}  # fmt: skip
_OF_SERVICES = {"ports": "port"}
_PORTS = ("containerPort", "port")


class MergedMapping(Mapping):
    """Pairs of which some come from elsewhere; it stands where it was first written."""

    __slots__ = ()

    def holds(self, word: str) -> bool:
        """Whether a word stands anywhere in its parts."""
        return any(key.holds(word) or value.holds(word) for key, value in self.entries)


class MergedSequence(Sequence):
    """Items of which some come from elsewhere."""

    __slots__ = ()

    def holds(self, word: str) -> bool:
        """Whether a word stands anywhere in its items."""
        return any(item.holds(word) for item in self.entries)


class UnclearError(Exception):
    """Raised for a patch of which it is not known what becomes of it."""


def with_entries(root: Mapping, entries: Iterable[tuple[Node, Node]]) -> Mapping:
    """A mapping with other pairs."""
    return MergedMapping(root.source, root.start, root.end, list(entries), root.flow)


def with_items(root: Sequence, items: Iterable[Node]) -> Sequence:
    """A list with other items."""
    return MergedSequence(root.source, root.start, root.end, list(items))


def merged(root: Node, patch: Node) -> Node | None:
    """An object with a patch in it; None where it is not understood, or takes the object away."""
    told = [patch["metadata"]["namespace"].value, root["metadata"]["namespace"].value]
    if all(told) and told[0] != told[1]:
        return None
    try:
        return _merged(root, patch, _keys(root)) or None
    except UnclearError:
        return None


def _keys(root: Node) -> dict[str, str]:
    """What names the items of the lists that are merged in an object; those of custom resources are replaced."""
    kind = (group_of(root), root["kind"].value)
    return _OF_SERVICES if kind == ("", "Service") else _OF_PODS if kind in BUILT_IN else {}


def _merged(root: Node, patch: Node, keys: dict[str, str]) -> Node:
    """Mappings are merged key by key; a null takes a key away, and other values replace each other."""
    if not isinstance(patch, Mapping):
        is_same = isinstance(root, Scalar) and isinstance(patch, Scalar) and root.value == patch.value
        return root if is_same else patch
    directive = patch[_DIRECTIVE].value
    if directive == "delete":
        return Missing(root)
    if directive == "replace" or not isinstance(root, Mapping):
        return _plain(patch)
    entries: dict[str, tuple[Node, Node]] = {key.value: (key, value) for key, value in root.items()}
    for key, value in _said(patch):
        old = entries.get(key.value, (key, Missing(root)))
        new = _listed(old[1], value, keys.get(key.value, ""), keys)
        if new or isinstance(new, Mapping | Sequence):
            # The key stays where it was, unless all that it says is new.
            entries[key.value] = (key if new is value else old[0], new)
        else:
            entries.pop(key.value, None)
    return with_entries(root, entries.values())


def _said(patch: Mapping) -> Iterable[tuple[Scalar, Node]]:
    """What a patch says, but for how to merge it."""
    for key, value in patch.items():
        if key.value.startswith("$"):
            if key.value != _DIRECTIVE or value.value not in ("merge", "replace"):
                raise UnclearError
        else:
            yield key, value


def _plain(patch: Mapping) -> Mapping:
    """A patch that is taken as it is."""
    entries = list(_said(patch))
    if any(value.holds(_DIRECTIVE) for _, value in entries):
        raise UnclearError
    return with_entries(patch, entries) if patch.key(_DIRECTIVE) else patch


def _listed(root: Node, patch: Node, by: str, keys: dict[str, str]) -> Node:
    """What becomes of a value that may be a list whose items have names."""
    if not (by and isinstance(patch, Sequence)):
        return _merged(root, patch, keys)
    items = list(patch)
    if any(item[_DIRECTIVE].value == "replace" for item in items):
        others = [item for item in items if item[_DIRECTIVE].value != "replace"]
        is_new = not isinstance(root, Sequence)
        if (
            is_new
            or len(items) - len(others) > 1
            or any(len(list(one.items())) > 1 for one in items if one not in others)
        ):
            raise UnclearError
        return _taken(with_items(patch, others), by)
    if not isinstance(root, Sequence):
        return _taken(patch, by)
    return _joined(root, patch, by, keys) if items else root


def _taken(patch: Sequence, by: str) -> Sequence:
    """A list that is there for the first time."""
    items = [item for item in patch if item[_DIRECTIVE].value != "delete"]
    if not all(item[by] for item in patch) or any(item.holds(_DIRECTIVE) for item in items):
        raise UnclearError
    return patch if len(items) == len(patch) else with_items(patch, items)


def _joined(root: Sequence, patch: Sequence, by: str, keys: dict[str, str]) -> Sequence:
    """Lists of mappings: the items of the patch come first, in its order, then those of which it does not speak."""
    known = {_name(item, by): item for item in root}
    told = {_name(item, by): item for item in patch}
    if len(known) != len(root) or len(told) != len(patch) or not all(name for name, _ in told):
        raise UnclearError
    said = {name: item for name, item in told.items() if not (by in _PORTS and _is_lost(name, known))}
    first = [_merged(known.pop(name, Missing(root)), item, keys) for name, item in said.items()]
    return with_items(root, (item for item in (*first, *known.values()) if not isinstance(item, Missing)))


def _name(item: Node, by: str) -> tuple[str, str]:
    return item[by].value, item["protocol"].value if by in _PORTS else ""


def _is_lost(name: tuple[str, str], known: Iterable[tuple[str, str]]) -> bool:
    """Whether kustomize drops a port, because only one of two with that number names its protocol."""
    number, protocol = name
    return name not in known and any(number == one and not (protocol and other) for one, other in known)
