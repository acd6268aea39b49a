"""What charts and kustomizations render to, by the programs of the user."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from initlint.errors import InitlintError
from initlint.kube.terms.cluster import KUSTOMIZATIONS
from initlint.kube.terms.versions import Version
from initlint.origin import by_template
from initlint.regex import regex
from initlint.text.source import Source

MOST_SECONDS = 120
_HELM = "https://helm.sh/docs/intro/install"
_KUSTOMIZE = "https://kubectl.docs.kubernetes.io/installation/kustomize"
# Of what a program that fails has said.
_LAST_LINES = 5
# As git knows repositories: `https://…`, `git@host:…`, `host.example/owner/name`.
_REMOTE = regex(r"//|[@?:]|^[\w-]+\.[\w.-]+/")
# As kubectl's log has its last words: `E1127 03:18:16.943912 7527 run.go:72] "command failed" err="…"`.
_LOGGED = regex(r'[EWIF]\d{4} [\d:.]+ +\d+ \S+\] ".*?" err=(".*")')


def helm(chart: str, values: Sequence[Path], version: Version) -> list[Source]:
    """What a chart renders to, by template; raises InitlintError where helm is missing or refuses."""
    if not shutil.which("helm"):
        piped = f"helm template {chart} | initlint check -"
        raise InitlintError(f"`--helm` calls `helm`, which is not installed: {_HELM}; or run `{piped}` where it is")
    given = [f"--values={file}" for file in values]
    rendered = _run(["helm", "template", f"--kube-version={version}", *given, "--", chart])
    return by_template(Source.decode(f"<helm {chart}>", rendered), chart)


def kustomize(directory: str) -> list[Source]:
    """What a kustomization builds; raises InitlintError where no program can build it, or one refuses."""
    commands = {"kustomize": ["kustomize", "build"], "kubectl": ["kubectl", "kustomize"]}
    command = next((words for program, words in commands.items() if shutil.which(program)), None)
    if command is None:
        piped = f"kustomize build {directory} | initlint check -"
        raise InitlintError(
            f"`--kustomize` calls `kustomize` or `kubectl`, and neither is installed: {_KUSTOMIZE}; "
            f"or run `{piped}` where one is"
        )
    try:
        return [Source.decode(f"<kustomize {directory}>", _run([*command, "--", directory]))]
    except InitlintError:
        _refuse_place(Path(directory))
        raise


def _refuse_place(directory: Path) -> None:
    """Say what is wrong with the place itself in fewer words than the program; it may be elsewhere, too, by a URL."""
    usage = "`--kustomize` takes a directory that holds a kustomization"
    if directory.is_file():
        raise InitlintError(f"`{directory}` is a file, and {usage}: name `{directory.parent}`")
    if directory.is_dir() and not any((directory / name).is_file() for name in KUSTOMIZATIONS):
        raise InitlintError(f"`{directory}` holds no `{KUSTOMIZATIONS[0]}`, and {usage}: name another one")
    if not directory.exists() and not _REMOTE.search(str(directory)):
        raise InitlintError(f"`{directory}` does not exist, and {usage}: name another one")


def _run(command: list[str]) -> bytes:
    """What a program prints; its words are never read by a shell."""
    shown = " ".join([*command[:2], command[-1]])
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        raise InitlintError(f"`{shown}` took more than {MOST_SECONDS} seconds") from None
    except OSError as error:
        raise InitlintError(f"`{shown}` cannot be run: {(error.strerror or str(error)).lower()}") from error
    if done.returncode:
        said = " ".join(map(_plain, done.stderr.decode("utf-8", "replace").strip().splitlines()[-_LAST_LINES:]))
        raise InitlintError(f"`{shown}` failed with exit code {done.returncode}: {said or 'it says nothing'}")
    return done.stdout


def _plain(line: str) -> str:
    """A line of what a program says, without the form of a log."""
    logged = _LOGGED.fullmatch(line)
    try:
        return str(json.loads(logged[1])) if logged else line
    except ValueError:
        return line
