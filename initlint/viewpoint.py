"""From where paths are seen: a repository's files have the same names wherever in it a command runs."""

from __future__ import annotations

import os
from typing import NamedTuple


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
