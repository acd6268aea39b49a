"""The GitHub Action: its steps run as the runner runs them, with its files and variables; the workflows are valid."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.commandline import BROKEN, CLEAN, WARNED
from tests.conftest import ROOT
from tests.helpers import real
from tests.projects import copy_of_initlint, skip_without_an_index

# Its processes do what those of other tests do: to count lines in each takes longer than to run it.
pytestmark = pytest.mark.no_cover

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
OUTPUTS = ["findings", "errors", "warnings", "sarif-file", "exit-code"]
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


class Runner:
    """What GitHub's runner does for a composite action: expressions, environment, files for outputs and the summary."""

    def __init__(self, directory: Path, path: Path = ROOT, **environment: str) -> None:
        self.workspace = directory / "workspace"
        self.temporary = directory / "temp"
        self.summary = directory / "summary.md"
        self.outputs: dict[str, dict[str, str]] = {}
        self.log = ""
        self.path = path
        self.environment = environment
        for made in (self.workspace, self.temporary):
            made.mkdir()

    def use(self, steps: list[dict[str, Any]] = STEPS, **inputs: str) -> int:
        """Run the steps until one fails; returns its exit code."""
        given = {name: one.get("default", "") for name, one in ACTION["inputs"].items()}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        return next((code for step in steps if (code := self._step(step, given))), 0)

    def told(self) -> dict[str, str]:
        """The outputs of the action."""
        return {name: self._value(one["value"], {}) for name, one in ACTION["outputs"].items()}

    def _step(self, step: dict[str, Any], inputs: dict[str, str]) -> int:
        outputs = self.temporary / f"outputs-{step['id']}"
        own = {name: self._value(value, inputs) for name, value in step.get("env", {}).items()}
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("INITLINT_", "GITHUB_"))}
        told = {
            "GITHUB_ACTION_PATH": str(self.path),
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.temporary),
            "CI": "true",
        }
        shell = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
        done = subprocess.run(
            shell,
            cwd=self.workspace,
            env=plain | told | own | self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        self.log += done.stdout + done.stderr
        lines = outputs.read_text().splitlines() if outputs.exists() else []
        self.outputs[step["id"]] = dict(line.split("=", 1) for line in lines)
        return done.returncode

    def _value(self, text: str, inputs: dict[str, str]) -> str:
        return _EXPRESSION.sub(lambda match: self._expression(match[1], inputs), text)

    def _expression(self, expression: str, inputs: dict[str, str]) -> str:
        match expression.split("."):
            case ["inputs", name]:
                return inputs[name]
            case ["steps", step, "outputs", name]:
                return self.outputs[step].get(name, "")
        raise AssertionError(f"the runner of the tests does not know {expression}")


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A runner on which initlint is installed: in the environment of the tests."""
    runner = Runner(tmp_path)
    runner.outputs["install"] = {"python": sys.executable}
    for name, text in {"broken.yaml": BROKEN, "fine.yaml": CLEAN, "a b/warned.yaml": WARNED}.items():
        (runner.workspace / name).parent.mkdir(exist_ok=True)
        (runner.workspace / name).write_text(text)
    return runner


def check(runner: Runner, **inputs: str) -> int:
    return runner.use([step for step in STEPS if step["id"] == "check"], **inputs)


def test_inputs_and_outputs() -> None:
    inputs = ["paths", "args", "fail-on", "target-version", "sarif", "baseline", "working-directory"]
    assert list(ACTION["inputs"]) == inputs
    assert list(ACTION["outputs"]) == OUTPUTS
    assert ACTION["runs"]["using"] == "composite"


def test_no_input_is_part_of_a_script() -> None:
    assert [step["run"] for step in STEPS if "${{" in step["run"]] == []


def test_one_run_annotates_summarises_and_writes_sarif(runner: Runner) -> None:
    assert check(runner, paths="broken.yaml fine.yaml", args="--ignore missing-resources", sarif="out.sarif") == 1
    assert runner.told() == {
        "findings": "1",
        "errors": "1",
        "warnings": "0",
        "sarif-file": "out.sarif",
        "exit-code": "1",
    }
    assert "::error file=broken.yaml,line=5,endLine=5," in runner.log
    assert "\x1b" not in runner.log
    assert "INIT201 undeclared-volume" in runner.summary.read_text()
    results = json.loads((runner.workspace / "out.sarif").read_text())["runs"][0]["results"]
    assert [one["ruleId"] for one in results] == ["INIT201"]


def test_a_clean_run_passes(runner: Runner) -> None:
    assert check(runner, paths="fine.yaml") == 0
    assert runner.told() == {"findings": "0", "errors": "0", "warnings": "0", "sarif-file": "", "exit-code": "0"}
    assert runner.summary.read_text() == "### initlint: no findings in 1 workload in 1 file\n"


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({}, 1),
        ({"paths": "'a b/warned.yaml'"}, 1),
        ({"paths": "fine.yaml\n'a b/warned.yaml'\n", "fail_on": "error"}, 0),
        ({"fail_on": "never"}, 0),
        ({"paths": "broken.yaml", "target_version": "1.99"}, 2),
        ({"paths": "missing.yaml"}, 2),
        ({"paths": "broken.yaml", "args": "--ignore 'INIT2,INIT4'"}, 0),
        ({"working_directory": "a b", "paths": "."}, 1),
        ({"paths": "$(touch injected) `touch injected` ; touch injected"}, 2),
        ({"paths": "--version"}, 2),
        ({"args": "--ignore 'INIT2"}, 2),
        ({"working_directory": "missing"}, 2),
        ({"args": "--output-format 'json=x; touch injected'", "paths": "fine.yaml"}, 0),
    ],
    ids=str,
)
def test_inputs_mean_what_they_say_and_nothing_else(runner: Runner, inputs: dict[str, str], code: int) -> None:
    assert check(runner, **inputs) == code, runner.log
    assert runner.told()["exit-code"] == str(code)
    assert not (runner.workspace / "injected").exists()


def test_files_are_named_from_the_workspace(runner: Runner) -> None:
    check(runner, working_directory="a b", paths="warned.yaml", sarif="out.sarif")
    assert "file=a b/warned.yaml," in runner.log
    assert runner.told()["sarif-file"] == "a b/out.sarif"
    assert (runner.workspace / runner.told()["sarif-file"]).is_file()


def test_a_baseline_counts(runner: Runner) -> None:
    written = subprocess.run(
        [sys.executable, "-m", "initlint", "baseline", "write"], cwd=runner.workspace, capture_output=True, check=False
    )
    assert written.returncode == 0
    assert check(runner, baseline=".initlint-baseline.json") == 0
    assert runner.told()["findings"] == "0"


def test_an_output_is_one_line(runner: Runner) -> None:
    check(runner, paths="fine.yaml", sarif="a\nexit-code=0")
    assert set(runner.outputs["check"]) == set(OUTPUTS)
    assert runner.told()["sarif-file"] == "a exit-code=0"


def test_the_whole_action_installs_what_it_is_pinned_to(tmp_path: Path) -> None:
    runner = Runner(tmp_path, copy_of_initlint(tmp_path / "action"))
    (runner.workspace / "broken.yaml").write_text(BROKEN)
    code = runner.use(paths="broken.yaml", sarif="out.sarif")
    skip_without_an_index(runner.log)
    assert code == 1, runner.log
    assert runner.told()["errors"] == "1"
    assert (runner.temporary / "initlint").is_dir()


def test_an_old_python_is_told(tmp_path: Path) -> None:
    old = tmp_path / "bin"
    old.mkdir()
    for name in ("python3", "python", "python3.13", "python3.12", "python3.11"):
        (old / name).write_text("#!/bin/sh\nexit 1\n")
        (old / name).chmod(0o755)
    runner = Runner(tmp_path, PATH=f"{old}:{os.environ['PATH']}")
    assert runner.use() == 2
    assert "::error title=initlint::no Python 3.11 or later on this runner" in runner.log


def actionlint(tmp_path: Path) -> str:
    """The linter of workflows, from the Go module proxy."""
    go = real("go")
    version = re.search(r"actionlint@v[\d.]+", (ROOT / ".ci" / "run").read_text("utf-8"))
    assert version
    done = subprocess.run(
        [go, "install", f"github.com/rhysd/actionlint/cmd/{version[0]}"],
        env=os.environ | {"GOBIN": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"actionlint cannot be installed: {done.stderr.splitlines()[-1]}")
    return str(tmp_path / "actionlint")


def test_workflows_are_valid(tmp_path: Path) -> None:
    examples = re.findall(r"```yaml\n(on:.*?)```", (ROOT / "docs" / "ci.md").read_text("utf-8"), re.DOTALL)
    assert examples
    files = [*ROOT.glob(".github/workflows/*.yml")]
    for number, example in enumerate(examples):
        files.append(tmp_path / f"example-{number}.yml")
        files[-1].write_text(example)
    done = subprocess.run(
        [actionlint(tmp_path), "-no-color", *map(str, files)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout + done.stderr == ""
