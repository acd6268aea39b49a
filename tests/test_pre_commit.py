"""The hooks as pre-commit runs them: in its own environment, on a real repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.projects import committed, copy_of_initlint, git, skip_without_an_index

# Its processes do what those of other tests do: to count lines in each takes longer than to run it.
pytestmark = pytest.mark.no_cover

MOST_BYTES = 60_000_000
LIMITS = """\
apiVersion: v1
kind: LimitRange
metadata: {name: defaults}
spec:
  limits:
    - type: Container
      default: {cpu: 100m, memory: 64Mi}
"""
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: NAME}
spec:
  initContainers: [{name: fetch, image: "fetch:1"}]
  containers: [{name: app, image: "app:1"}]
"""
BROKEN = POD.replace('"app:1"}', '"app:1", volumeMounts: [{name: gone, mountPath: /x}]}')


@pytest.fixture(scope="module")
def initlint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return committed(copy_of_initlint(tmp_path_factory.mktemp("initlint")))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def project(initlint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose LimitRange sets what its Pods leave out."""
    directory = tmp_path_factory.mktemp("project")
    (directory / "deploy").mkdir()
    (directory / "deploy" / "limits.yaml").write_text(LIMITS)
    (directory / "deploy" / "fine.yaml").write_text(POD.replace("NAME", "fine"))
    (directory / "deploy" / "broken.yaml").write_text(BROKEN.replace("NAME", "broken"))
    (directory / "notes.txt").write_text("kind: Pod\n")
    config = f"repos:\n- repo: {initlint}\n  rev: {git(initlint, 'rev-parse', 'HEAD').strip()}\n  hooks:\n"
    hooks = "".join(f"  - id: {name}\n" for name in ("initlint", "initlint-project"))
    (directory / ".pre-commit-config.yaml").write_text(config + hooks)
    return committed(directory)


def pre_commit(home: Path, project: Path, *arguments: str) -> tuple[int, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("INITLINT_", "GIT_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments, "--color", "never"],
        cwd=project,
        capture_output=True,
        text=True,
        env=plain | {"PRE_COMMIT_HOME": str(home)},
        check=False,
    )
    skip_without_an_index(done.stdout + done.stderr)
    return done.returncode, done.stdout + done.stderr


def test_a_hook_judges_the_files_of_a_commit_by_all_the_others(home: Path, project: Path) -> None:
    code, out = pre_commit(home, project, "run", "initlint", "--files", "deploy/fine.yaml", "notes.txt")
    assert code == 0, out
    assert "Passed" in out
    code, out = pre_commit(home, project, "run", "initlint", "--files", "deploy/fine.yaml", "deploy/broken.yaml")
    assert code == 1
    assert "error[undeclared-volume]" in out
    assert "missing-resources" not in out
    assert "1 finding (1 error) in 1 of 2 workloads" in out


def test_the_project_hook_looks_at_everything(home: Path, project: Path) -> None:
    code, out = pre_commit(home, project, "run", "initlint-project", "--files", "deploy/fine.yaml")
    assert code == 1
    assert "--> deploy/broken.yaml:6:" in out
    code, out = pre_commit(home, project, "run", "initlint-project", "--files", "notes.txt")
    assert code == 0
    assert "Skipped" in out


def test_hooks_can_be_tried_without_configuration(home: Path, initlint: Path, project: Path) -> None:
    """Whoever looks at initlint for the first time does it this way."""
    code, out = pre_commit(home, project, "try-repo", str(initlint), "initlint", "--all-files")
    assert code == 1, out
    assert "error[undeclared-volume]" in out


def test_the_environment_of_a_hook_is_small(home: Path, project: Path) -> None:
    pre_commit(home, project, "install-hooks")
    environments = list(home.glob("repo*/py_env-*"))
    assert environments
    for environment in environments:
        files = [path for path in environment.rglob("*") if path.is_file() and not path.is_symlink()]
        own = [path for path in files if not {"pip", "setuptools"} & set(path.parts)]
        assert any(path.name == "initlint" for path in own)
        assert sum(path.stat().st_size for path in own) < MOST_BYTES
