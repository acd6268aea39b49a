"""What ships with the package beside its code: rules, schemas, and data files."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_PACKAGE = Path(__file__).parent


@cache
def shipped(folder: str) -> Path:
    """A folder of the project: inside the package where it is installed, beside it in a checkout."""
    inside = _PACKAGE / folder
    return inside if inside.is_dir() else _PACKAGE.parent / folder


def data(file: Path) -> Any:
    """What a data file says: the YAML that people write, or the JSON that the build makes of it."""
    built = file.with_suffix(".json")
    if built.is_file():
        return json.loads(built.read_text(encoding="utf-8"))
    return yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
