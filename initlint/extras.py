"""Programs that optional extras install: they are taken from beside this very Python, never by way of `PATH`."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path


@cache
def program(name: str) -> Path | None:
    """The path of an extra's program; None where the extra is not installed."""
    folder, suffix = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
    file = Path(sys.prefix, folder, name + suffix)
    return file if file.is_file() else None
