"""The tools: how each is called, what it says it looked at, and a defect that it must find before it is measured."""

from __future__ import annotations

import json
import os
import re
import subprocess
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from benchmarks.peers import schemas
from benchmarks.peers.measure import run

ONE, CORES, VALIDATOR, VALIDATOR_CORES = "initlint, 1 job", "initlint, all cores", "kubeconform -n 1", "kubeconform"
LINTER, SCANNER = "kube-linter", "checkov"

# For the linters: a mount of a volume that is not there, in a privileged container.
_DEFECT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: defective}
spec:
  selector: {matchLabels: {app: defective}}
  template:
    metadata: {labels: {app: defective}}
    spec:
      containers:
        - name: app
          image: app:1.0
          securityContext: {privileged: true}
          volumeMounts: [{name: missing, mountPath: /data}]
"""
_WRONG_TYPE = _DEFECT.replace("spec:\n", 'spec:\n  replicas: "three"\n', 1)
_SUMMARY = re.compile(
    r"Summary: (\d+) resources? found in (\d+) files? - Valid: (\d+), Invalid: (\d+), Errors: (\d+), Skipped: (\d+)"
)


class Input(NamedTuple):
    """What is linted: a file, or a directory and the manifests below it."""

    path: Path
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that is there."""

    name: str
    version: str
    command: Callable[[Input], list[str]]
    looked_at: Callable[[str], str]
    defect: str
    complaint: str

    def finds_its_defect(self, folder: Path) -> bool:
        """Tell whether the tool complains about a file with a defect that is its business."""
        file, output = folder / "defect.yaml", folder / "complaint"
        file.write_text(self.defect, "utf-8")
        return run(self.command(Input(file, (file,))), output).exit == 1 and self.complaint in output.read_text("utf-8")


def present(options: Namespace, folder: Path, said: Callable[[str], None]) -> list[Tool]:
    """The tools that are there and find a defect; of the others it is said why they are left out."""
    found = [*_initlint(options), *_kubeconform(options, folder), *_kube_linter(options), *_checkov(options)]
    sound = [tool for tool in found if tool.finds_its_defect(folder)]
    for name in _missing(options):
        said(f"Not measured: {name}.\n")
    for tool in found:
        if tool not in sound:
            said(f"Not measured: {tool.name}, which does not find the defect that it is tried on.\n")
    return sound


def _missing(options: Namespace) -> Iterator[str]:
    for name in ("initlint", "kubeconform", "kube-linter", "checkov"):
        if not getattr(options, name.replace("-", "_")):
            yield f"{name}, which is not installed here"
    if options.kubeconform and not options.schemas:
        yield "kubeconform, which needs --schemas"


def _initlint(options: Namespace) -> Iterator[Tool]:
    if options.initlint:
        version = _first_line(options.initlint, "--version")
        for name, jobs in ((ONE, 1), (CORES, os.cpu_count() or 1)):
            words = [options.initlint, "check", "--output-format=json", f"--jobs={jobs}"]
            yield Tool(name, version, _with_path(words), _initlint_counts, _DEFECT, "undeclared-volume")


def _kubeconform(options: Namespace, folder: Path) -> Iterator[Tool]:
    if options.kubeconform and options.schemas:
        target = folder / "schemas"
        target.mkdir()
        schemas.write(options.schemas, target)
        words = [options.kubeconform, "-ignore-missing-schemas", "-summary"]
        words += ["-schema-location", schemas.location(target)]
        version = f"kubeconform {_first_line(options.kubeconform, '-v')}"
        for name, more in ((VALIDATOR, ["-n", "1"]), (VALIDATOR_CORES, [])):
            yield Tool(name, version, _with_path([*words, *more]), _kubeconform_counts, _WRONG_TYPE, "Invalid: 1,")


def _kube_linter(options: Namespace) -> Iterator[Tool]:
    if options.kube_linter:
        words = [options.kube_linter, "lint", "--format=json"]
        version = f"kube-linter {_first_line(options.kube_linter, 'version')}"
        yield Tool(LINTER, version, _with_files(words), _kube_linter_counts, _DEFECT, "privileged")


def _checkov(options: Namespace) -> Iterator[Tool]:
    if options.checkov:
        words = [options.checkov, "--framework", "kubernetes", "--skip-download", "--quiet", "--compact"]
        words += ["--output", "json"]
        version = f"checkov {_first_line(options.checkov, '--version')}"
        yield Tool(SCANNER, version, _with_flag(words), _checkov_counts, _DEFECT, "CKV_K8S_16")


def _with_path(words: list[str]) -> Callable[[Input], list[str]]:
    return lambda given: [*words, str(given.path)]


def _with_files(words: list[str]) -> Callable[[Input], list[str]]:
    """In a directory kube-linter would render the charts; file by file it reads what the others read."""
    return lambda given: [*words, *map(str, given.files)]


def _with_flag(words: list[str]) -> Callable[[Input], list[str]]:
    return lambda given: [*words, "--directory" if given.path.is_dir() else "--file", str(given.path)]


def _first_line(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout.strip() or "(unknown version)").splitlines()[0]


def _initlint_counts(output: str) -> str:
    summary = json.loads(output)["summary"]
    skipped = len(summary["skipped"])
    return f"files: {summary['files']:,}; workloads: {summary['workloads']:,}; templates skipped: {skipped:,}"


def _kubeconform_counts(output: str) -> str:
    match = _SUMMARY.search(output)
    if not match:
        return "no summary"
    _, files, valid, invalid, errors, skipped = map(int, match.groups())
    return f"files: {files:,}; validated: {valid + invalid:,}; unreadable: {errors:,}; without a schema: {skipped:,}"


def _kube_linter_counts(output: str) -> str:
    return f"files: not counted; findings: {len(json.loads(output)['Reports'] or ()):,}"


def _checkov_counts(output: str) -> str:
    """It counts resources only; without any the report is the summary itself."""
    report = json.loads(output)
    return f"files: not counted; resources: {report.get('summary', report)['resource_count']:,}"
