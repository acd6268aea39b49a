"""Run initlint as the inputs of the action say, and tell GitHub what came of it."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_OPTIONS = {
    "INPUT_FAIL_ON": "--fail-on",
    "INPUT_TARGET_VERSION": "--target-version",
    "INPUT_BASELINE": "--baseline",
}


def main(environment: Mapping[str, str]) -> int:
    """Run `initlint check` in the working directory, and write the outputs; returns its exit code."""
    report = Path(environment["RUNNER_TEMP"]) / "initlint-report.json"
    report.unlink(missing_ok=True)
    directory = environment.get("INPUT_WORKING_DIRECTORY") or "."
    code = _run(environment, report, directory)
    sarif = environment.get("INPUT_SARIF", "").strip()
    told = _counts(report) | {
        "sarif-file": os.path.normpath(os.path.join(directory, sarif)) if sarif else "",  # noqa: PTH118
        "exit-code": str(code),
    }
    with Path(environment["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        # A newline would begin another output.
        outputs.writelines(f"{name}={' '.join(value.splitlines())}\n" for name, value in told.items())
    return code


def _run(environment: Mapping[str, str], report: Path, directory: str) -> int:
    """The exit code of initlint, and that of its usage errors for inputs that are no command line."""
    try:
        words = _arguments(environment, report)
        return subprocess.run([sys.executable, "-m", "initlint", *words], cwd=directory, check=False).returncode
    except (OSError, ValueError) as error:
        # The inputs are given by name in the log; what is wrong with them is one line.
        print(f"::error title=initlint::{' '.join(str(error).splitlines()).replace('%', '%25')}")  # noqa: T201
        return 2


def _arguments(environment: Mapping[str, str], report: Path) -> list[str]:
    given = {name: environment.get(name, "").strip() for name in (*_OPTIONS, "INPUT_SARIF")}
    arguments = ["check", "--output-format=github", f"--output-format=json={report}"]
    arguments += [f"--output-format=sarif={given['INPUT_SARIF']}"] if given["INPUT_SARIF"] else []
    arguments += [f"{option}={given[name]}" for name, option in _OPTIONS.items() if given[name]]
    arguments += shlex.split(environment.get("INPUT_ARGS", ""))
    # What begins with a hyphen is a path, too.
    return [*arguments, "--", *(shlex.split(environment.get("INPUT_PATHS", "")) or ["."])]


def _counts(report: Path) -> dict[str, str]:
    """The numbers of the report; without one, because nothing could be checked, there are none."""
    if not report.is_file():
        return dict.fromkeys(("findings", "errors", "warnings"), "")
    told = json.loads(report.read_text("utf-8"))
    counts = {"findings": len(told["findings"])} | {name: told["summary"][name] for name in ("errors", "warnings")}
    return {name: str(count) for name, count in counts.items()}


if __name__ == "__main__":
    sys.exit(main(os.environ))
