"""The baseline: what is known passes, what is new fails, what is gone is named."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from initlint.baseline import NAME, Baseline
from initlint.errors import InitlintError
from initlint.finding import Status
from initlint.run import check_sources
from initlint.settings import Settings
from initlint.text.source import Source
from tests.commandline import run

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - {name: one, image: "one:1", volumeMounts: [{name: gone, mountPath: /x}]}
    - {name: two, image: "two:1", volumeMounts: [{name: lost, mountPath: /y}]}
"""
FINE = "{apiVersion: v1, kind: Pod, metadata: {name: fine}, spec: {containers: [{name: a, image: a:1}]}}\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "app.yaml").write_text(POD)
    monkeypatch.chdir(tmp_path)
    code, out, err = run("baseline", "write", cwd=tmp_path)
    told = f"wrote {NAME}: 2 findings accepted; `initlint check --baseline {NAME}` fails for new ones only\n"
    assert (code, out, err) == (0, told, "")
    return tmp_path


def check(project: Path, *arguments: str) -> tuple[int, list[str]]:
    code, out, err = run("check", "--baseline", NAME, "--output-format", "concise", *arguments, cwd=project)
    assert err == ""
    return code, out.splitlines()


def test_known_findings_pass_wherever_they_have_moved(project: Path) -> None:
    assert check(project) == (0, ["no findings in 1 workload in 1 file · 2 in the baseline"])
    (project / "deploy" / "app.yaml").write_text("# more\n\n" + POD.replace("spec:", "spec:\n  hostNetwork: false"))
    assert check(project)[0] == 0
    (project / "deploy" / "app.yaml").rename(project / "pod.yaml")
    assert check(project)[0] == 0


def test_new_findings_fail(project: Path) -> None:
    more = POD.replace("one:1", "one").replace("mountPath: /x}", "mountPath: /x}, {name: new, mountPath: /z}")
    (project / "deploy" / "app.yaml").write_text(more)
    code, lines = check(project)
    assert code == 1
    assert [line.split(": ")[1] for line in lines[:-1]] == ["INIT201 undeclared-volume"]
    assert "`new`" in lines[0]
    assert lines[-1] == "1 finding (1 error) in 1 of 1 workload · 2 in the baseline"


def test_the_second_of_two_that_are_alike_is_new(project: Path) -> None:
    (project / "copy.yaml").write_text(POD)
    code, lines = check(project)
    assert code == 1
    assert [line.split(":")[0] for line in lines[:-1]] == ["copy.yaml", "copy.yaml"]


def test_what_is_gone_is_named_and_pruned(project: Path) -> None:
    (project / "deploy" / "app.yaml").write_text(POD.replace("name: gone", "name: lost", 1))
    code, lines = check(project, "--ignore", "INIT2")
    assert (code, lines) == (0, ["no findings in 1 workload in 1 file"])
    gone = "gone from deploy/app.yaml: INIT201 undeclared-volume: container `one` mounts volume `gone`, which the Pod"
    code, lines = check(project)
    assert code == 1
    assert next(line for line in lines if line.startswith("gone")).startswith(gone)
    assert lines[-2] == "`initlint baseline prune` takes them out of the baseline"
    code, out, _ = run("baseline", "prune", cwd=project)
    assert (code, out.splitlines()[-1]) == (0, "1 taken out, 1 left")
    assert out.startswith(gone)
    assert not [line for line in check(project)[1] if "gone from" in line]
    assert run("baseline", "prune", cwd=project)[1] == "0 taken out, 1 left\n"


def test_what_was_not_looked_at_is_not_gone(project: Path) -> None:
    (project / "fine.yaml").write_text(FINE)
    assert check(project, "fine.yaml") == (0, ["no findings in 1 workload in 1 file"])
    (project / "deploy" / "app.yaml").unlink()
    lines = check(project, "fine.yaml")[1]
    assert sum(line.startswith("gone from deploy/app.yaml") for line in lines) == 2


def test_paths_are_relative_to_the_file(project: Path) -> None:
    entries = json.loads((project / NAME).read_text())["findings"]
    assert {entry["path"] for entry in entries} == {"deploy/app.yaml"}
    code, out, _ = run("--baseline", f"../{NAME}", "--output-format", "json", cwd=project / "deploy")
    assert code == 0
    assert json.loads(out)["baseline"] == {"known": 2, "vanished": []}


def test_the_configuration_may_name_it(project: Path) -> None:
    (project / ".git").mkdir()
    (project / ".initlint.yaml").write_text("baseline: accepted.json\n")
    assert run(cwd=project)[0] == 2
    assert run("baseline", "write", cwd=project / "deploy")[0] == 0
    assert (project / "accepted.json").is_file()
    assert run(cwd=project)[0] == run(cwd=project / "deploy")[0] == 0


def test_show_lists_what_is_accepted(project: Path) -> None:
    code, out, _ = run("baseline", "show", cwd=project)
    lines = out.splitlines()
    assert (code, len(lines), lines[-1]) == (0, 3, "2 findings accepted")
    assert lines[0].startswith("deploy/app.yaml: INIT201 undeclared-volume: container `")


def test_silenced_findings_do_not_need_their_entry(project: Path) -> None:
    silenced = POD.replace("mountPath: /x}]}", "mountPath: /x}]} # initlint: ignore[undeclared-volume] a webhook")
    (project / "deploy" / "app.yaml").write_text(silenced)
    code, lines = check(project)
    assert code == 0
    assert sum(line.startswith("gone") for line in lines) == 1


def test_that_something_could_not_be_checked_is_never_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    report = check_sources([Source("deep.yaml", "kind: Pod\nspec: " + "[" * 300 + "]" * 300)], Settings())
    assert [one.code for one in report.active] == ["INIT003"]
    accepted = Baseline(tmp_path / NAME).of(report)
    assert accepted.entries == ()
    # Nor by a file that somebody wrote by hand.
    (one,) = report.active
    forged = Baseline(tmp_path / NAME).of(replace(report, diagnostics=(replace(one, code="INIT010"),)))
    judged = forged.applied(report, Settings(), ["deep.yaml"])
    assert [one.status for one in judged.diagnostics] == [Status.ACTIVE]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no baseline"),
        ("[]", "is no baseline"),
        pytest.param("[" * 100_000, "is no baseline", id="deep"),
        ('{"version": 1}', "is no baseline"),
        ('{"version": 1, "findings": [{}]}', "is no baseline"),
        ('{"version": 2, "findings": []}', "has version 2"),
    ],
)
def test_what_is_no_baseline_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / NAME).write_text(text)
    with pytest.raises(InitlintError, match=message):
        Baseline.load(tmp_path / NAME)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    code, _, err = run("--baseline", "none.json", cwd=tmp_path)
    assert code == 2
    assert "`none.json` cannot be read, no such file or directory: `initlint baseline write` writes one" in err


@pytest.mark.parametrize("action", ["write", "prune"])
def test_what_is_accepted_is_never_lost_to_an_incomplete_run(project: Path, action: str) -> None:
    before = (project / NAME).read_text()
    code, out, err = run("baseline", action, "missing.yaml", cwd=project)
    assert (code, out) == (2, "")
    assert err.startswith("error: missing.yaml: no such file or directory")
    assert err.endswith("error: not everything could be read, so that the baseline is left as it is\n")
    assert (project / NAME).read_text() == before


def test_what_a_complete_input_does_not_hold_is_accepted(tmp_path: Path) -> None:
    init = "{name: a, image: 'busybox:1.36', command: [sh, -c, 'until nc -z db 1; do sleep 1; done']}"
    spec = f"{{initContainers: [{init}], containers: [{{name: b, image: b}}]}}"
    (tmp_path / "x.yaml").write_text(f"{{apiVersion: v1, kind: Pod, metadata: {{name: x}}, spec: {spec}}}\n")
    asked = ("--select=INIT505", "--baseline", NAME)
    assert "0 findings accepted" in run("baseline", "write", *asked, cwd=tmp_path)[1]
    assert "1 finding accepted" in run("baseline", "write", "--complete", *asked, cwd=tmp_path)[1]
    assert run("check", "--complete", *asked, cwd=tmp_path)[0] == 0


def test_whatever_stops_it_the_old_baseline_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / NAME
    file.write_text("before")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(InitlintError, match="no space left on device"):
        Baseline(file).save()
    assert [one.read_text() for one in tmp_path.iterdir()] == ["before"]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="a device that never ends")
@pytest.mark.parametrize("option", ["--baseline", "--config"])
def test_a_device_that_never_ends_is_refused(tmp_path: Path, option: str) -> None:
    code, _, said = run("check", option, "/dev/zero", cwd=tmp_path)
    assert (code, "cannot be read, file too large" in said) == (2, True)
