"""From where paths are seen: a repository's files have the same names wherever in it a command runs."""

from __future__ import annotations

import os
from typing import NamedTuple


def without_detour(path: str) -> str:
    """A path that leaves the current directory and may come back: from within `base`, `../base/x` is `x`."""
    return os.path.relpath(path).replace(os.sep, "/") if path.startswith("../") else path


class Viewpoint(NamedTuple):
    """The root that paths are to be relative to, and the directory that they are relative to."""

    root: str = ""
    here: str = ""

    def path(self, path: str) -> str:
        """A path as seen from the root; without a root, and of what is no file or not below it, as it is."""
        if path.startswith("<") or not self.root:
            return os.path.normpath(path).replace(os.sep, "/")
        full = os.path.normpath(os.path.join(self.here, path))  # noqa: PTH118 - a text for people
        below = os.path.relpath(full, self.root).replace(os.sep, "/")
        return path if below.startswith("../") else below
