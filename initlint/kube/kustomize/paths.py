"""Where a kustomization is and what it lists, as paths by which the run calls its files."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence

from initlint.text.tree import Node
from initlint.viewpoint import without_detour


def folder_of(path: str) -> str:
    """The folder of a kustomization, by the path of its file; `.` is the current directory."""
    return without_detour(posixpath.normpath(posixpath.dirname(path)))


def path_of(node: Node, listed: str) -> str:
    """A file or folder that is listed in a kustomization, beside which it is looked for."""
    return without_detour(posixpath.normpath(posixpath.join(posixpath.dirname(node.source.path), listed)))


def above(path: str) -> Iterator[str]:
    """The folders that a file is in, as a kustomization may list them."""
    while path not in ("", ".", "/"):
        path = posixpath.dirname(path)
        yield path or "."


def closure(start: Iterable[str], steps: Mapping[str, Sequence[str]]) -> set[str]:
    """Where one comes to by any number of steps."""
    found = set(start)
    new = list(found)
    while new:
        more = set(steps.get(new.pop(), ())) - found
        found |= more
        new += more
    return found
