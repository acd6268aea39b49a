"""The command line in a process of its own, and manifests of which it finds an error, a warning, or nothing."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

CLEAN = "apiVersion: v1\nkind: Pod\nmetadata: {name: app}\nspec:\n  containers: [{name: app, image: app:1}]\n"
BROKEN = CLEAN.replace("image: app:1", "image: app:1, volumeMounts: [{name: gone, mountPath: /x}]")
WARNED = CLEAN + "  initContainers: [{name: fetch, image: fetch:1}]\n"


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self) -> bool:
        return True


def run(*arguments: str | Path, cwd: Path, stdin: str | bytes = "", **environment: str) -> tuple[int, str, str]:
    """Run initlint, without the variables that are for it: its exit code, its output, and what it says beside that."""
    data = stdin if isinstance(stdin, bytes) else stdin.encode()
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("INITLINT_", "GITHUB_"))}
    done = subprocess.run(
        [sys.executable, "-m", "initlint", *map(str, arguments)],
        cwd=cwd,
        input=data,
        capture_output=True,
        env=plain | {"PYTHONWARNINGS": "error"} | environment,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()
