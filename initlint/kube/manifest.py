"""A document of a source, and the workloads in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from initlint.kube.pod import Workload
from initlint.tree import Document, Mapping, Scalar, is_merge, walk


@dataclass(frozen=True, eq=False)
class Manifest:
    """A document that holds at least one workload."""

    document: Document
    workloads: tuple[Workload, ...]

    def repeated_keys(self) -> Iterator[tuple[Scalar, Scalar]]:
        """Keys that a mapping holds again, each with the one before it; `1` and `"1"` are the same key in JSON."""
        for node in walk(self.document.root):
            if isinstance(node, Mapping):
                yield from _repeated(node)


def _repeated(mapping: Mapping) -> Iterator[tuple[Scalar, Scalar]]:
    seen: dict[str, Scalar] = {}
    for key, _ in mapping.entries:
        if isinstance(key, Scalar) and not is_merge(key):
            if key.value in seen:
                yield key, seen[key.value]
            seen[key.value] = key
