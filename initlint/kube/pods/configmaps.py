"""ConfigMaps and Secrets of the input, and the texts that a Pod finds in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from initlint.kube.kustomize import generators
from initlint.kube.terms.cluster import CONFIG_MAPS, SECRETS, Offer, source_of
from initlint.kube.terms.data import pairs
from initlint.kube.terms.homes import manifests
from initlint.text.documents import documents
from initlint.text.scalarkind import ScalarKind
from initlint.text.source import Source
from initlint.text.tree import Document, Node, Scalar

if TYPE_CHECKING:
    from initlint.kube.pods.pod import Pod


def is_holding(root: Node) -> bool:
    """Whether an object is one of them."""
    return root["kind"].value in (CONFIG_MAPS, SECRETS) and root["apiVersion"].value == "v1"


def offer(root: Node) -> Offer:
    """Where it stands; what it holds, those read who ask for it."""
    metadata = root["metadata"]
    namespace, name = metadata["namespace"].value or None, metadata["name"].value
    return Offer(root["kind"].value, namespace, name, (str(root.start),), by=root.source.path)


def texts(pod: Pod, name: str, kind: str = CONFIG_MAPS) -> dict[str, Scalar]:
    """What a ConfigMap, or a Secret, of that name holds, by key, for a Pod; of several only what they agree in.

    Nothing where it is not part of the input, or something may change it.
    """
    found: dict[str, list[Node]] = {}
    offers = pod.cluster.ask(kind, pod.workload.ref.namespace, name, pod.node.source.path)
    for one in offers:
        for key, value in _data(one, pod.node.source):
            found.setdefault(key, []).append(value)
    layers = pod.cluster.layers(kind, name, {one.by for one in offers})
    for layer in layers or ():
        found = ({} if layer.is_all else found) | {key: [value] if value else [] for key, value in layer.values}
    known = found if layers is not None else {}
    return {key: text for key, values in known.items() if values and (text := _agreed(values)) is not None}


def keys(pod: Pod, name: str) -> frozenset[str] | None:
    """The keys of a ConfigMap of that name; None where it is not part of the input, or a kustomization makes it."""
    own, found = pod.node.source, pod.cluster.ask(CONFIG_MAPS, pod.workload.ref.namespace, name, pod.node.source.path)
    sources = [source_of(one, own) for one in found if not one.through]
    is_whole = pod.cluster.layers(CONFIG_MAPS, name, {one.by for one in found}) == ()
    if not found or len(sources) != len(found) or None in sources or not is_whole:
        return None
    nodes = [_holding(source).get(int(one.facts[0])) for one, source in zip(found, sources, strict=True) if source]
    listed = (node[field].items() for node in nodes if node for field in ("data", "binaryData"))
    return frozenset(key.value for items in listed for key, _ in items) if all(nodes) else None


def _agreed(values: list[Node]) -> Scalar | None:
    """The text that all of them are; what is no text, the API server refuses."""
    are_texts = all(isinstance(one, Scalar) and one.kind is ScalarKind.STRING for one in values)
    first = values[0]
    return first if are_texts and isinstance(first, Scalar) and len({one.value for one in values}) == 1 else None


def _data(found: Offer, own: Source) -> Iterator[tuple[str, Node]]:
    """The data of a ConfigMap, in the source that asks where that is the same."""
    source = found.source if found.through else source_of(found, own)
    if source and found.through:
        yield from generators.held(found, source)
    elif source and (node := _holding(source).get(int(found.facts[0]))):
        yield from pairs(node)


@lru_cache(maxsize=4)  # the Pods of a source ask for the same ones
def _holding(source: Source) -> Mapping[int, Node]:
    """Those of a source, by where they begin."""
    read = (one.root for one in documents(source) if isinstance(one, Document))
    return {node.start: node for root in read for node in manifests(root) if is_holding(node)}
