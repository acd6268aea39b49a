"""initlint as a library."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

import initlint
from initlint.kube.terms.versions import Version
from initlint.reporters import Display, reporter
from tests.conftest import ROOT

POD = "{apiVersion: v1, kind: Pod, metadata: {name: app}, spec: {containers: [%s]}}\n"
BROKEN = POD % "{name: app, image: a, volumeMounts: [{name: gone, mountPath: /x}]}"


def test_check_text() -> None:
    report = initlint.check_text(BROKEN, path="app.yaml")
    assert [(one.path, one.code, one.place.start) for one in report.active] == [("app.yaml", "INIT201", (1, 116))]
    assert initlint.check_text("").active == ()
    assert initlint.check_text(BROKEN).active[0].path == "<text>"


def test_fix_text() -> None:
    misspelled = BROKEN.replace("}}", "}, volumes: [{name: gonne}]}").replace(
        "}]}]}", "}]}], volumes: [{name: gonne}]}"
    )
    assert initlint.fix_text(misspelled) == misspelled.replace("name: gone,", "name: gonne,")
    assert initlint.fix_text(BROKEN, unsafe=True) == BROKEN


def test_settings() -> None:
    settings = initlint.Settings(ignore=("undeclared-volume",), version=Version(1, 30))
    report = initlint.check_text(BROKEN, settings=settings)
    assert (report.active, report.target_version) == ((), "1.30")


def test_check_paths(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(BROKEN)
    (tmp_path / "other.yaml").write_text(BROKEN)
    report = initlint.check_paths([tmp_path, tmp_path / "none"], exclude=["other.yaml"])
    assert (report.files, len(report.active), len(report.problems)) == (1, 1, 1)
    stream = io.StringIO()
    reporter("concise")(report, stream, Display(verbosity=-1))
    assert stream.getvalue().startswith(f"{tmp_path}/app.yaml:1:116: INIT201 undeclared-volume: ")


def test_one_path_is_not_many(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(BROKEN)
    assert initlint.check_paths(str(tmp_path)).active == initlint.check_paths([tmp_path]).active != ()
    assert initlint.check_text(BROKEN, path=Path("app.yaml")).active[0].path == "app.yaml"


def test_context_answers_and_is_not_reported(tmp_path: Path) -> None:
    limits = "{apiVersion: v1, kind: LimitRange, spec: {limits: [{type: Container, default: {cpu: 1, memory: 1Gi}}]}}\n"
    (tmp_path / "limits.yaml").write_text(limits)
    (tmp_path / "broken.yaml").write_text(BROKEN)
    pod = (POD % "{name: app, image: a}").replace("spec: {", "spec: {initContainers: [{name: i, image: i:1}], ")
    (tmp_path / "app.yaml").write_text(pod)
    alone = initlint.check_paths([tmp_path / "app.yaml"])
    around = initlint.check_paths([tmp_path / "app.yaml"], context=[tmp_path])
    whole = initlint.check_paths([tmp_path])
    assert [one.code for one in alone.active] == ["INIT401"]
    assert (around.active, around.files, around.workloads) == ((), 1, 1)
    assert [one for one in whole.active if one.path.endswith("app.yaml")] == []


_EXAMPLE = re.compile(r"```python\n(.*?)```\n\n```\n(.*?)```", re.DOTALL)
_PAGE = (ROOT / "docs" / "library.md").read_text("utf-8")


@pytest.mark.parametrize(("code", "printed"), _EXAMPLE.findall(_PAGE))
def test_the_page_is_true(
    code: str, printed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    exec(code, {})
    assert capsys.readouterr().out == printed


def test_the_page_names_all_that_there_is() -> None:
    assert [name for name in initlint.__all__ if name not in _PAGE] == ["__version__"]


def test_all_that_there_is_is_imported_when_it_is_used() -> None:
    assert set(initlint.__all__) < set(dir(initlint))
    assert all(hasattr(initlint, name) for name in initlint.__all__)
    assert not hasattr(initlint, "check_file")


def test_settings_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "told.yaml"
    file.write_text("overrides: [{files: [dev/**], ignore: [INIT201]}]\n")
    monkeypatch.chdir(tmp_path)
    settings = initlint.read_settings(file)
    assert initlint.check_text(BROKEN, "dev/a.yaml", settings).active == ()
    assert len(initlint.check_text(BROKEN, "a.yaml", settings).active) == 1
    file.write_text("ignor: []\n")
    with pytest.raises(initlint.InitlintError, match="did you mean `ignore`"):
        initlint.read_settings(file)
    with pytest.raises(initlint.InitlintError, match="no output format is called `xml`"):
        initlint.shown(initlint.check_text(""), "xml")
