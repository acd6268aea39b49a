"""The README and the changelog stay true: what they show is what happens."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from initlint import __version__
from initlint.reporters import FORMATS
from initlint.settings import Settings, all_rules
from tests.conftest import ROOT

# Its processes do what those of other tests do: to count lines in each takes longer than to run it.
pytestmark = pytest.mark.no_cover

README = (ROOT / "README.md").read_text("utf-8")
_SESSION = re.compile(r"^```console\n\$ initlint (.*?)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)")
_PAGES = [path for pattern in ("*.md", "docs/*.md", "benchmarks/*.md", "rules/*/*.md") for path in ROOT.glob(pattern)]


@pytest.mark.parametrize(("arguments", "shown"), _SESSION.findall(README))
def test_output_shown_is_real(arguments: str, shown: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "initlint", *arguments.split()], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout + done.stderr == shown


def test_output_is_shown() -> None:
    assert len(_SESSION.findall(README)) >= 2


def test_every_rule_is_listed() -> None:
    for rule in all_rules(Settings()):
        row = f"| [{rule.name}](rules/{rule.folder.name}/README.md) | {rule.code} | {rule.severity} | {rule.title} |"
        assert row in README


def test_links_lead_somewhere() -> None:
    found = [(page, *link) for page in _PAGES for link in _LINK.findall(page.read_text("utf-8"))]
    broken = [one for one in found if not (one[0].parent / one[1]).exists()]
    unanchored = [(page, path, anchor) for page, path, anchor in found if anchor and anchor not in _anchors(page, path)]
    assert broken + unanchored == []


def _anchors(page: Path, path: str) -> set[str]:
    """The anchors of a page as GitHub makes them of its headings."""
    headings = re.findall(r"^#+ (.*)$", (page.parent / path if path else page).read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_format_is_described() -> None:
    described = (ROOT / "docs" / "formats.md").read_text("utf-8")
    assert [name for name in FORMATS if f"| `{name}` |" not in described] == []


def test_every_rule_of_the_changelog_exists() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert {rule.code for rule in all_rules(Settings())} <= set(re.findall(r"INIT\d{3}", changelog))


def test_version_is_stated_once() -> None:
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text("utf-8")
