"""The page about CI: its commands do what it says, on a project that has a defect."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml

from initlint import __version__
from tests.commandline import BROKEN
from tests.conftest import ROOT

# Its processes do what those of other tests do: to count lines in each takes longer than to run it.
pytestmark = pytest.mark.no_cover

PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
INSTALL = f"pip install git+https://github.com/initlint/initlint@v{__version__}"


def commands() -> Iterator[str]:
    for language, block in re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL):
        yield from block.splitlines() if language == "sh" else of_jobs(yaml.safe_load(block))


def of_jobs(node: Any) -> Iterator[str]:
    """The scripts of a workflow, or of a pipeline."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("run", "script"):
                yield from [value] if isinstance(value, str) else value
            else:
                yield from of_jobs(value)
    elif isinstance(node, list):
        for value in node:
            yield from of_jobs(value)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "initlint").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m initlint "$@"\n')
    (tmp_path / "bin" / "initlint").chmod(0o755)
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "app.yaml").write_text(BROKEN)
    return tmp_path


def test_the_page_has_commands_for_each_system() -> None:
    told = list(commands())
    assert told.count(INSTALL) == 2
    assert len(told) == 5
    assert PAGE.count(f"initlint/initlint@v{__version__}\n") == 3


@pytest.mark.parametrize("command", [one for one in commands() if one != INSTALL])
def test_commands_find_the_defect(project: Path, command: str) -> None:
    path = f"{project / 'bin'}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", command],
        cwd=project,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "deploy/app.yaml" in done.stdout
    if "gitlab=" in command:
        (row,) = json.loads((project / "gl-code-quality-report.json").read_text())
        assert row["location"] == {"path": "deploy/app.yaml", "lines": {"begin": 5, "end": 5}}
    if "junit=" in command:
        assert ET.parse(project / "initlint.xml").getroot().get("failures") == "1"
