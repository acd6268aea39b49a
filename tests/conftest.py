"""What tests share: an environment without surprises, and the corpus where there is one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_SURPRISES = ("CI", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM", "PYTHONDONTWRITEBYTECODE")


@pytest.fixture(autouse=True)
def _plain_environment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.node.get_closest_marker("no_cover"):
        # Coverage would start in the processes of the test, too.
        monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
    for name in [*_SURPRISES, *(name for name in os.environ if name.startswith("GITHUB_"))]:
        monkeypatch.delenv(name, raising=False)


def corpus(part: str) -> Path:
    """A part of the corpus of real manifests; skips the test where it is absent."""
    base = Path(os.environ.get("INITLINT_CORPUS", ROOT.parent / "shared" / "corpus"))
    if not (base / part).exists():
        pytest.skip(f"no corpus of real manifests at {base / part}: set INITLINT_CORPUS to one")
    return base / part


def vectors(part: str) -> Path:
    """A part of what Kubernetes itself answered; skips the test where it is absent."""
    base = Path(os.environ.get("INITLINT_VECTORS", ROOT.parent / "shared" / "vectors"))
    if not (base / part).exists():
        pytest.skip(f"no answers of Kubernetes at {base / part}: set INITLINT_VECTORS to where they are")
    return base / part
