"""Paths as Windows writes them: shown, matched and reported with slashes, whatever stands between their parts."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

import pytest

from initlint import files
from initlint.inputs import collect
from initlint.run import check_sources
from initlint.settings import Ignored, Settings, Special

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  initContainers: [{name: wait, image: "busybox:1.36", command: [sleep, "60"]}]
  containers: [{name: app, image: "app:1"}]
"""


@pytest.fixture(autouse=True)
def _windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file whose name holds what Windows has between a folder and a name, read as Windows reads paths."""
    (tmp_path / r"deploy\app.yaml").write_text(POD, newline="\r\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(files, "PurePath", PureWindowsPath)


def found(settings: Settings) -> list[tuple[str, str, int]]:
    report = check_sources(collect([r"deploy\app.yaml"]).sources, settings)
    return [(one.path, one.rule, one.place.start.line) for one in report.active]


def test_paths_are_reported_with_slashes() -> None:
    assert found(Settings(select=("fixed-sleep",))) == [("deploy/app.yaml", "fixed-sleep", 5)]


def test_patterns_with_slashes_match() -> None:
    settings = Settings(select=("fixed-sleep",), ignored=(Ignored("fixed-sleep", ("deploy/*.yaml",)),))
    assert found(settings) == []
    special = Settings(select=("fixed-sleep",), special=(Special(("deploy/**",), ignore=("fixed-sleep",)),))
    assert found(special) == []
