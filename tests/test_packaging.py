"""initlint works from a wheel, an sdist, a clone and an editable install: its rules and schemas are there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from initlint.shipped import data
from tests.conftest import ROOT
from tests.projects import copy_of_initlint

# Its processes do what those of other tests do: to count lines in each takes longer than to run it.
pytestmark = pytest.mark.no_cover

_PROGRAM = (
    "import initlint, initlint.packs as packs, pathlib; "
    "print(pathlib.Path(initlint.__file__).parent); print(packs.builtin().resolve())"
)


def python(*arguments: str | Path, cwd: Path, executable: Path | str = sys.executable, **environment: str) -> str:
    done = subprocess.run(
        [str(executable), *map(str, arguments)],
        cwd=cwd,
        env=os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_initlint(tmp_path_factory.mktemp("clone") / "initlint")


@pytest.fixture(scope="module")
def built(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist, and the wheel that is made of it."""
    out = tmp_path_factory.mktemp("dist")
    python("-m", "build", "--no-isolation", "--outdir", out, clone, cwd=out)
    return out


@pytest.fixture(scope="module", params=["wheel", "sdist", "clone"])
def installed(
    request: pytest.FixtureRequest, clone: Path, built: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A directory into which initlint was installed."""
    what = {"wheel": next(built.glob("*.whl")), "sdist": next(built.glob("*.tar.gz")), "clone": clone}[request.param]
    target = tmp_path_factory.mktemp(request.param)
    pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    python(*pip, "--target", target, what, cwd=target)
    return target


def test_installed(installed: Path, tmp_path: Path) -> None:
    package, rules = python("-c", _PROGRAM, cwd=tmp_path, PYTHONPATH=str(installed)).splitlines()
    assert (package, rules) == (str(installed / "initlint"), str(installed / "initlint" / "rules"))
    assert "undeclared-volume" in python("-m", "initlint", "rules", cwd=tmp_path, PYTHONPATH=str(installed))
    explained = python("-m", "initlint", "explain", "INIT201", cwd=tmp_path, PYTHONPATH=str(installed))
    assert "## How to mend it" in explained
    assert (installed / "initlint" / "schemas" / "report.schema.json").is_file()
    assert (installed / "initlint" / "py.typed").is_file()


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """An environment that sees the dependencies of this one, but not its initlint."""
    venv.create(tmp_path / "venv", with_pip=True)
    (site,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return tmp_path / "venv" / "bin" / "python"


def test_editable(clone: Path, environment: Path, tmp_path: Path) -> None:
    pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    python(*pip, "--editable", clone, cwd=tmp_path, executable=environment)
    package, rules = python("-c", _PROGRAM, cwd=tmp_path, executable=environment).splitlines()
    assert (package, rules) == (str(clone / "initlint"), str(clone / "rules"))
    assert "undeclared-volume" in python("-m", "initlint", "rules", cwd=tmp_path, executable=environment)


def test_the_wheel_holds_what_it_should_and_nothing_else(built: Path) -> None:
    names = zipfile.ZipFile(next(built.glob("*.whl"))).namelist()
    tops = {name.split("/")[0] for name in names}
    assert len(tops) == 2
    assert "initlint" in tops
    assert not [name for name in names if "__pycache__" in name or "/tests/" in name]
    rules = {name.split("/")[2] for name in names if name.startswith("initlint/rules/")}
    assert rules == {path.name for path in (ROOT / "rules").iterdir() if path.is_dir() and path.name != "__pycache__"}


def test_the_wheel_holds_each_data_file_as_json_too(built: Path) -> None:
    wheel = zipfile.ZipFile(next(built.glob("*.whl")))
    files = [path.relative_to(ROOT) for path in (ROOT / "initlint").rglob("*.yaml")]
    assert len(files) > 4
    for file in files:
        as_json = json.loads(wheel.read(file.with_suffix(".json").as_posix()))
        # As texts, because a number that is none is unlike itself.
        assert json.dumps(as_json) == json.dumps(data(ROOT / file)), file
