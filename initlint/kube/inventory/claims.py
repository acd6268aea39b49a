"""Who of the input mounts a claim, and which claims are blank when the Pod that mounts them first starts."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.kube.pods.pod import Pod, Volume
from initlint.kube.terms.cluster import BLANK_CLAIMS, CLAIMS, Offer
from initlint.kube.terms.placeholder import is_placeholder
from initlint.text.tree import Node, Scalar, mappings

_NAMED = "persistentVolumeClaim"
CLAIM_KINDS = frozenset({_NAMED, "volumeClaimTemplate"})
"""Storage that outlives the Pod, and that the cluster hands out."""

# What fills a claim, or binds it to storage that somebody has made.
_FILLED = ("dataSource", "dataSourceRef", "volumeName", "selector")
_BY_HAND = ("", "manual")
_WORDS = ("claimName", "existingClaim", "sourcePVC", "pvcName")
_NAMING = frozenset(_WORDS)
# They speak of claims, and name none.
_SAYING = frozenset({"ConfigMap", "CustomResourceDefinition", "Secret"})


def offers(root: Node) -> Iterator[Offer]:
    """The claims that an object names, and the blank one that it is."""
    kind = root["kind"].value
    if kind == "PersistentVolumeClaim":
        if _is_blank(root["spec"]):
            metadata = root["metadata"]
            yield Offer(BLANK_CLAIMS, metadata["namespace"].value or None, metadata["name"].value, by=root.source.path)
    elif kind not in _SAYING and any(map(root.holds, _WORDS)):  # the text of most objects need not be understood
        metadata = root["metadata"]
        namespace, own = metadata["namespace"].value or None, f"{kind}/{metadata['name'].value}"
        for name in sorted(set(_named(root))):
            yield Offer(CLAIMS, namespace, name, (own,), by=root.source.path)


def _named(root: Node) -> Iterator[str]:
    for node in mappings(root):
        yield from (value.value for key, value in node.items() if isinstance(value, Scalar) and key.value in _NAMING)


def _is_blank(spec: Node) -> bool:
    storage = spec["storageClassName"]
    return not any(spec[one] for one in _FILLED) and not (storage and storage.value in _BY_HAND)


def is_shared(volume: Volume) -> bool:
    """Whether another object of the input mounts the claim, or another volume of the Pod is it, or may be."""
    pod, name = volume.pod, _name_of(volume)
    if not name or is_placeholder(name):
        return True
    own = f"{pod.workload.kind}/{pod.workload.ref.name}"
    if any(_name_of(other) == name for other in pod.volumes.values() if other is not volume):
        return True
    return any(one.facts[0] != own for one in _asked(pod, name, is_prefix=volume.is_claim))


def _asked(pod: Pod, name: str, *, is_prefix: bool) -> Iterator[Offer]:
    namespace = pod.workload.ref.namespace
    if is_prefix:
        yield from (one for one in pod.cluster.ask(CLAIMS, namespace) if one.name.startswith(name))
    else:
        yield from pod.cluster.ask(CLAIMS, namespace, name)


def _name_of(volume: Volume) -> str:
    """The name of a claim; of a template what the names of all that are made of it begin with."""
    if volume.is_claim:
        return f"{volume.name.value}-{volume.pod.workload.ref.name}-"
    return volume.node[_NAMED]["claimName"].value


def is_blank(volume: Volume) -> bool:
    """Whether a claim is there for this Pod alone, and nothing fills it before the Pod first starts."""
    if volume.is_claim:
        return _is_blank(volume.node["spec"]) and not is_shared(volume)
    name = _name_of(volume) if volume.kind == _NAMED else ""
    is_made = bool(name) and bool(volume.pod.cluster.ask(BLANK_CLAIMS, volume.pod.workload.ref.namespace, name))
    return is_made and not is_shared(volume)
