"""Projects as their users have them: a clone of initlint, a repository with manifests, an index to install from."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

_UNREACHABLE = ("No matching distribution found", "Failed to establish a new connection", "Temporary failure in name")


def copy_of_initlint(target: Path) -> Path:
    """What a user's clone holds: the files that git knows, as they are now."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes((ROOT / name).read_bytes())
            (target / name).chmod((ROOT / name).stat().st_mode)
    return target


def git(directory: Path, *arguments: str) -> str:
    """Run git as somebody whose own configuration does not matter."""
    who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", *who, *arguments], cwd=directory, capture_output=True, text=True, check=True).stdout


def committed(directory: Path) -> Path:
    """Make a repository of a directory, with everything in one commit."""
    git(directory, "init", "--quiet")
    git(directory, "add", "--all")
    git(directory, "commit", "--quiet", "--message", "all of it")
    return directory


def skip_without_an_index(output: str) -> None:
    """Skip where packages cannot be installed because no index of packages can be reached."""
    if any(sign in output for sign in _UNREACHABLE):
        pytest.skip("no index of packages can be reached, from which an environment could be installed")
