"""Rules of optional extras: left out without the program, an error where they are asked for by name."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType

import pytest

from initlint.errors import InitlintError
from initlint.extras import program
from initlint.run import check_sources
from initlint.settings import Settings, all_rules, find_rule, rules_to_run, selected_codes
from initlint.testing import failures
from initlint.text.source import Source

SHELLCHECK = find_rule(all_rules(Settings()), "shellcheck")
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  initContainers: [{name: i, image: "busybox:1", command: [sh, -c, 'cd /a/b; ./go']}]
  containers: [{name: c, image: "nginx:1"}]
"""


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    yield
    for cached in (program, selected_codes, rules_to_run):
        cached.cache_clear()


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fresh: None) -> None:
    for cached in (program, selected_codes, rules_to_run):
        cached.cache_clear()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))


def test_only_the_program_beside_python_counts(absent: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "shellcheck").write_text("")
    monkeypatch.setenv("PATH", str(tmp_path / "elsewhere"))
    assert program("shellcheck") is None
    program.cache_clear()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "shellcheck").write_text("")
    assert program("shellcheck") == tmp_path / "bin" / "shellcheck"


@pytest.mark.parametrize("select", ["ALL", "INIT3", "INIT31"])
def test_without_the_program_the_rule_is_left_out(absent: None, select: str) -> None:
    settings = Settings(select=(select,))
    assert "INIT314" not in selected_codes(settings)
    assert SHELLCHECK not in rules_to_run(settings)
    assert not [one for one in check_sources([Source("a.yaml", POD)], settings).active if one.code == "INIT314"]


@pytest.mark.parametrize("select", ["shellcheck", "INIT314", "init314"])
def test_who_asks_for_it_by_name_is_told_how_to_get_it(absent: None, select: str) -> None:
    for settings in (Settings(select=(select,)), Settings(extend_select=(select,))):
        with pytest.raises(InitlintError, match=r"rule `shellcheck` needs `shellcheck`.*initlint\[shellcheck\]"):
            selected_codes(settings)


def test_it_may_be_ignored_without_being_there(absent: None) -> None:
    assert "INIT303" in selected_codes(Settings(ignore=("shellcheck",)))


def test_the_harness_reads_its_page_only(absent: None) -> None:
    assert list(failures(SHELLCHECK)) == []


def test_test_rules_says_what_it_does_not_run(tmp_path: Path) -> None:
    pack = tmp_path / "pack" / "needy"
    pack.mkdir(parents=True)
    (pack / "README.md").write_text("# needy\n")
    (pack / "rule.py").write_text(
        "from initlint.api import INFO, Findings, Pod, rule\n\n"
        "@rule('X1', 'needy', severity=INFO, extra='no-such-program')\n"
        "def check(pod: Pod) -> Findings:\n    return ()\n"
    )
    command = [sys.executable, "-m", "initlint", "test-rules", str(pack.parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "not run: rule `needy` needs `no-such-program`" in done.stdout
    assert done.returncode == 0


@pytest.mark.skipif(bool(SHELLCHECK.unavailable), reason=SHELLCHECK.unavailable or "it is there")
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("echo no such option >&2; exit 4", "shellcheck failed: no such option"),
        ("exec sleep 30", "shellcheck did not come to an end within 1 seconds"),
    ],
)
def test_a_shellcheck_that_fails_is_unknown_not_silence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str, reason: str
) -> None:
    fake = tmp_path / "shellcheck"
    fake.write_text(f"#!/bin/sh\n{body}\n")
    fake.chmod(0o755)
    assert isinstance(SHELLCHECK.check, FunctionType)
    names = SHELLCHECK.check.__globals__
    monkeypatch.setitem(names, "program", {"shellcheck": fake}.get)
    monkeypatch.setitem(names, "_PATIENCE", 1)
    names["_known"].cache_clear()
    report = check_sources([Source("a.yaml", POD)], Settings(select=("shellcheck",)))
    assert not report.active
    assert [(note.rule, note.reason) for note in report.notes] == [("shellcheck", reason)]


SILENCED = "# initlint: ignore[shellcheck]\n" + POD.replace("cd /a/b; ./go", "exec /go")


def stale() -> list[str]:
    told = Settings(select=("INIT002", "INIT3"))
    return [one.code for one in check_sources([Source("a.yaml", SILENCED)], told).active]


def test_its_suppression_is_not_stale_where_it_did_not_run(absent: None) -> None:
    assert stale() == []


@pytest.mark.skipif(bool(SHELLCHECK.unavailable), reason=SHELLCHECK.unavailable or "it is there")
def test_its_suppression_is_stale_where_it_ran() -> None:
    assert stale() == ["INIT002"]
