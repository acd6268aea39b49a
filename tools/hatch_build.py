"""Build hook: the wheel holds each data file of the package as JSON, too, which is read in a fiftieth of the time."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import yaml
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DataFiles(BuildHookInterface[Any]):
    """Writes what `initlint.shipped.data` prefers to the YAML beside it; an editable install has the YAML alone."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files to the wheel."""
        if version == "editable":
            return
        root = Path(self.root)
        self._folder = tempfile.TemporaryDirectory()
        for file in sorted((root / "initlint").rglob("*.yaml")):
            path = file.relative_to(root).with_suffix(".json")
            written = Path(self._folder.name) / "-".join(path.parts)
            written.write_text(json.dumps(_read(file), ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
            build_data["force_include"][str(written)] = path.as_posix()

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove what was written on the way."""
        if version != "editable":
            self._folder.cleanup()


def _read(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
