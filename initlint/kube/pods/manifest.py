"""A document of a source, and the workloads in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from initlint.kube.pods.pod import Workload
from initlint.text.tree import Document, Mapping, Node, Scalar, is_merge, mappings


@dataclass(frozen=True, eq=False)
class Manifest:
    """A document that holds at least one workload."""

    document: Document
    workloads: tuple[Workload, ...]

    def repeated_keys(self) -> Iterator[tuple[Scalar, Scalar]]:
        """Keys that a mapping holds again, each with the one before it; `1` and `"1"` are the same key in JSON."""
        return repeated_keys(self.document.root)


def repeated_keys(root: Node) -> Iterator[tuple[Scalar, Scalar]]:
    """Keys that a mapping below a node holds again, each with the one before it."""
    for mapping in mappings(root):
        yield from () if mapping.is_plain else _repeated(mapping)


def _repeated(mapping: Mapping) -> Iterator[tuple[Scalar, Scalar]]:
    seen: dict[str, Scalar] = {}
    for key in (key for key, _ in mapping.entries if isinstance(key, Scalar) and not is_merge(key)):
        if key.value in seen:
            yield key, seen[key.value]
        seen[key.value] = key
