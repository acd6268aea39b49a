"""The command line as its users run it: in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from initlint import testing
from initlint.cli.packs import check_rules
from initlint.settings import Settings, all_rules
from tests.commandline import BROKEN, CLEAN, WARNED, run
from tests.conftest import ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "clean.yaml").write_text(CLEAN)
    (tmp_path / "broken.yaml").write_text(BROKEN)
    (tmp_path / "warned.yaml").write_text(WARNED)
    (tmp_path / "values.yaml").write_text("replicas: 1\n")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["clean.yaml"], 0),
        (["values.yaml"], 0),
        (["broken.yaml"], 1),
        (["warned.yaml"], 1),
        (["warned.yaml", "--fail-on", "error"], 0),
        (["broken.yaml", "--fail-on", "error"], 1),
        (["broken.yaml", "--fail-on", "never"], 0),
        (["broken.yaml", "--exit-zero"], 0),
        (["broken.yaml", "--ignore", "undeclared-volume"], 0),
        (["warned.yaml", "--select", "INIT2,INIT1"], 0),
        (["broken.yaml", "--output-format", "json"], 1),
        (["broken.yaml", "--output-format", "concise"], 1),
        (["missing.yaml"], 2),
        (["missing.yaml", "--exit-zero"], 2),
        (["broken.yaml", "--select", "no-such-rule"], 2),
        (["broken.yaml", "--target-version", "1.99"], 2),
        (["broken.yaml", "--output-format", "xml"], 2),
        (["broken.yaml", "--min-confidence", "total"], 2),
        (["broken.yaml", "--no-such-flag"], 2),
        (["explain", "no-such-rule"], 2),
        (["clean.yaml", "--exclude", "*.yaml", "--force-exclude"], 0),
    ],
    ids=str,
)
def test_exit_code(project: Path, arguments: list[str], code: int) -> None:
    assert run(*arguments, cwd=project)[0] == code


def test_exit_code_without_files(tmp_path: Path) -> None:
    code, out, _ = run(cwd=tmp_path)
    assert (code, out) == (3, "0 workloads in 0 files\n")


def test_check_is_the_default_verb_and_the_directory_the_default_path(project: Path) -> None:
    assert run(cwd=project) == run("check", ".", cwd=project)
    assert run("-q", cwd=project)[1] == run("check", "-q", cwd=project)[1]


def test_a_verb_wins_over_a_path_of_its_name(project: Path) -> None:
    (project / "rules").mkdir()
    (project / "rules" / "app.yaml").write_text(BROKEN)
    assert "INIT201  undeclared-volume" in run("rules", cwd=project)[1]
    assert "rules/app.yaml:5:64: INIT201" in run("check", "rules", "--output-format=concise", cwd=project)[1]


def test_concise_lines(project: Path) -> None:
    _, out, err = run("broken.yaml", "--output-format", "concise", "-q", cwd=project)
    assert out == (
        "broken.yaml:5:64: INIT201 undeclared-volume: container `app` mounts volume `gone`, "
        "which the Pod does not declare: the API server rejects it\n"
    )
    assert err == ""


def test_standard_input(project: Path) -> None:
    code, out, _ = run("-", "--stdin-filename", "x/app.yaml", "--output-format=concise", cwd=project, stdin=BROKEN)
    assert code == 1
    assert out.startswith("x/app.yaml:5:64: INIT201")
    assert run("-", cwd=project, stdin=CLEAN)[0] == 0
    assert run("-", cwd=project, stdin=b"\xff\xfe\x00")[0] == 1


def test_several_formats_at_once(project: Path) -> None:
    code, out, _ = run("broken.yaml", "--output-format=concise", "--output-format=json=report.json", "-q", cwd=project)
    assert code == 1
    assert out.count("\n") == 1
    report = json.loads((project / "report.json").read_text())
    assert [found["code"] for found in report["findings"]] == ["INIT201"]
    assert [path.name for path in project.iterdir() if path.name.startswith(".")] == []


def test_a_report_that_cannot_be_written(project: Path) -> None:
    code, _, err = run("broken.yaml", "--output-format=json=no/such/dir/report.json", cwd=project)
    assert code == 2
    assert err.startswith("error: `no/such/dir/report.json` cannot be written")


def test_what_cannot_be_read_does_not_hide_what_can(project: Path) -> None:
    code, out, _ = run("missing.yaml", "broken.yaml", "--output-format=concise", cwd=project)
    assert code == 2
    assert "missing.yaml: error: " in out
    assert "INIT201" in out


def test_a_broken_document_does_not_hide_the_others(project: Path) -> None:
    (project / "mixed.yaml").write_text("kind: Pod\nmetadata: {name: x\nspec: 1\n---\n" + BROKEN)
    code, out, _ = run("mixed.yaml", "--output-format=concise", cwd=project)
    assert code == 1
    assert [line.split(" ")[1] for line in out.splitlines()[:2]] == ["INIT001", "INIT201"]


def test_usage_errors_suggest_what_was_meant(project: Path) -> None:
    assert "did you mean `undeclared-volume`?" in run("--select=undeclared-volumes", cwd=project)[2]
    assert "did you mean `INIT102`?" in run("explain", "INIT1002", cwd=project)[2]
    assert "1.25 to 1.37" in run("--target-version=1.9", cwd=project)[2]


@pytest.mark.parametrize(
    ("arguments", "environment", "colored"),
    [
        ((), {}, False),
        ((), {"CI": "true"}, True),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "0"}, False),
        ((), {"CI": "true", "NO_COLOR": "1"}, False),
        (("--color=always",), {"NO_COLOR": "1"}, True),
        (("--color=never",), {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour(project: Path, arguments: tuple[str, ...], environment: dict[str, str], colored: bool) -> None:
    assert ("\x1b[" in run("broken.yaml", *arguments, cwd=project, **environment)[1]) is colored


def test_output_does_not_depend_on_order_jobs_or_hash_seed(project: Path) -> None:
    names = ["warned.yaml", "broken.yaml", "clean.yaml"]
    outputs = {
        run(*order, f"--jobs={jobs}", "--output-format=json", cwd=project, PYTHONHASHSEED=seed)[1]
        for order in (names, names[::-1])
        for jobs in (1, 2)
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_output_to_a_narrow_encoding(project: Path) -> None:
    (project / "ü.yaml").write_text(BROKEN.replace("gone", "größe"))
    code, out, err = run("ü.yaml", cwd=project, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (code, err) == (1, "")
    assert "INIT201" in out


def test_explain_shows_the_page_and_the_examples(project: Path) -> None:
    code, out, _ = run("explain", "undeclared-volume", cwd=project)
    assert code == 0
    assert out.startswith("# undeclared-volume\n\nINIT201 · error · confidence high\n")
    assert "## How to mend it" in out
    assert "# case: a typo in an init container" in out
    assert out.count("# case: ") == 4
    assert out.endswith(" more examples: initlint explain undeclared-volume --all\n")
    assert out == run("explain", "init201", cwd=project)[1]
    whole = run("explain", "undeclared-volume", "--all", cwd=project)[1]
    for name in ("bad.yaml", "good.yaml"):
        assert f"```yaml\n{(ROOT / 'rules' / 'undeclared_volume' / name).read_text()}```\n" in whole


def test_rules_in_every_format(project: Path) -> None:
    facts = {one["name"]: one for one in json.loads(run("rules", "--output-format=json", cwd=project)[1])}
    assert {"code": "INIT201", "severity": "error"}.items() <= facts["undeclared-volume"].items()
    assert "| INIT201 | [undeclared-volume](" in run("rules", "--output-format=markdown", cwd=project)[1]


def test_version_and_help(project: Path) -> None:
    assert run("--version", cwd=project)[1].startswith("initlint 0.")
    assert "--target-version" in run("check", "--help", cwd=project)[1]
    assert "explain" in run("--help", cwd=project)[1]


def test_a_pack_of_ones_own(project: Path) -> None:
    folder = project / "pack" / "unnamed_port"
    folder.mkdir(parents=True)
    (folder / "rule.py").write_text(
        "from initlint.api import INFO, Container, Finding, Findings, rule\n\n\n"
        '@rule("ACME001", "port without a name", severity=INFO)\n'
        "def check(container: Container) -> Findings:\n"
        '    for port in container.node["ports"]:\n'
        '        if not port["name"]:\n'
        '            yield Finding(port, f"{container} has a port without a name: Services cannot refer to it")\n'
    )
    (project / "port.yaml").write_text(CLEAN.replace("app:1", "app:1, ports: [{containerPort: 80}]"))
    code, out, _ = run("port.yaml", "--rules-dir=pack", "--fail-on=info", "--output-format=concise", cwd=project)
    assert code == 1
    assert out.startswith("port.yaml:5:50: ACME001 unnamed-port: container `app` has a port without a name")
    assert run("port.yaml", "--rules-dir=nowhere", cwd=project)[0] == 2


def test_examples_of_a_pack_are_no_manifests(project: Path) -> None:
    run("new-rule", "waits-for-input", "--rules-dir=own [rules]", cwd=project)
    bad = "own [rules]/waits_for_input/bad.yaml"
    named = [["own [rules]/waits_for_input"], [bad]]
    for paths, shown in ([], False), (["own [rules]"], False), *((one, True) for one in named):
        assert (bad in run(*paths, "--show-files", cwd=project)[1].splitlines()) is shown
    assert run(bad, "--force-exclude", cwd=project)[0] == 0
    assert run("own [rules]", cwd=project)[0] == 3


@pytest.mark.parametrize(
    ("told", "suppressed"),
    [
        ("overrides: [{files: [rules/**], ignore: [undeclared-volume]}]", ""),
        ("ignores: [{rule: undeclared-volume, path: rules/app.yaml}]", " · 1 suppressed"),
    ],
)
def test_absolute_paths_are_those_of_the_configuration(project: Path, told: str, suppressed: str) -> None:
    (project / "rules").mkdir()
    (project / ".initlint.yaml").write_text(told)
    (project / "rules" / "app.yaml").write_text(
        CLEAN.replace("app:1", "app:1, volumeMounts: [{name: x, mountPath: /x}]")
    )
    for path in ("rules", "./rules/app.yaml", project / "rules", f"{project}/rules/../rules/app.yaml"):
        assert run("check", str(path), cwd=project)[1] == f"no findings in 1 workload in 1 file{suppressed}\n"


def test_standard_input_may_be_excluded_too(project: Path) -> None:
    given = ["--stdin-filename=vendor/app.yaml", "--exclude=vendor/"]
    assert run(*given, cwd=project, stdin=BROKEN)[0] == 1
    assert run(*given, "--force-exclude", cwd=project, stdin=BROKEN)[:2] == (0, "0 workloads in 0 files\n")
    assert run("fix", "-", *given, "--force-exclude", cwd=project, stdin=BROKEN)[1] == BROKEN


def test_the_context_of_an_absolute_path(project: Path) -> None:
    (project / "base.yaml").write_text(CLEAN.replace("app:1", "app:1, volumeMounts: [{name: x, mountPath: /x}]"))
    (project / "over").mkdir()
    patch = "- {target: {kind: Pod}, patch: '[{op: add, path: /spec/volumes, value: [{name: x, emptyDir: {}}]}]'}"
    (project / "over" / "kustomization.yaml").write_text(f"resources: [../base.yaml]\npatches:\n{patch}\n")
    assert run(str(project / "base.yaml"), cwd=project)[0] == 1
    assert run(str(project / "base.yaml"), "--context=.", cwd=project)[0] == 0


def test_a_patch_is_not_counted(project: Path) -> None:
    (project / "base").mkdir()
    whole = "selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [%s]}}"
    head = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {%s}\n"
    (project / "base" / "web.yaml").write_text(head % whole % '{name: web, image: "web:1"}')
    (project / "base" / "patch.yaml").write_text(head % "template: {spec: {containers: [{name: web, ports: []}]}}")
    taken = "resources: [web.yaml]\npatches: [{path: patch.yaml}]\n"
    (project / "base" / "kustomization.yaml").write_text(taken)
    assert run("base", cwd=project)[:2] == (0, "no findings in 1 workload in 3 files\n")
    assert run("base", "--output-format=junit", cwd=project)[1].count("<testcase") == 1


def test_a_clone_is_clean() -> None:
    code, out, err = run(cwd=ROOT)
    assert (code, err) == (0, "")
    assert out.startswith("0 workloads in ")


def test_a_rule_that_fails_hides_nothing(project: Path) -> None:
    folder = project / "pack" / "broken_rule"
    folder.mkdir(parents=True)
    (folder / "rule.py").write_text(
        "from initlint.api import INFO, Container, Finding, Findings, rule\n\n\n"
        '@rule("ACME001", "rule that fails", severity=INFO)\n'
        "def check(container: Container) -> Findings:\n"
        '    yield Finding(container.name, "before it fails")\n'
        "    raise ValueError(container)\n"
    )
    code, out, err = run("broken.yaml", "--rules-dir=pack", "--output-format=concise", cwd=project)
    assert code == 2
    assert "INIT003 internal-error: rule `broken-rule` failed at " in out
    assert "before it fails" in out
    assert "INIT201 undeclared-volume" in out
    assert "Traceback" not in err


def test_a_reader_that_goes_away_is_no_error(project: Path) -> None:
    for number in range(200):
        (project / f"{number}.yaml").write_text(BROKEN)
    command = f"{sys.executable} -m initlint . | head -n 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=project, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.startswith("error[undeclared-volume]")


def test_check_opens_no_socket(project: Path) -> None:
    program = (
        "import sys, socket\n"
        "def refuse(event, arguments):\n"
        "    if event.startswith(('socket.', 'subprocess.', 'os.system', 'os.exec', 'urllib.')):\n"
        "        raise SystemError(event)\n"
        "sys.addaudithook(refuse)\n"
        "from initlint.cli import main\n"
        "main(['check', '.', '--jobs=1', '--output-format=concise'])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=project, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")


def test_context_is_resolved_against_and_not_reported(project: Path) -> None:
    limits = "{apiVersion: v1, kind: LimitRange, spec: {limits: [{type: Container, default: {cpu: 1, memory: 1Gi}}]}}\n"
    (project / "limits.yaml").write_text(limits)
    assert run("warned.yaml", "--output-format=concise", cwd=project)[0] == 1
    code, out, _ = run("warned.yaml", "--context", ".", "--output-format=concise", cwd=project)
    assert (code, out) == (0, "no findings in 1 workload in 1 file\n")


def test_a_context_above_knows_the_files_that_are_here(tmp_path: Path) -> None:
    """A kustomization beside the folder takes `../base/app.yaml`, which is `app.yaml` from within."""
    init = (
        "{name: seed, image: seed:1, command: [cp, -r, /seed/., /data], volumeMounts: [{name: data, mountPath: /data}]}"
    )
    app = "{name: app, image: app:1, args: [--data=/data]}"
    spec = f"{{initContainers: [{init}], containers: [{app}], volumes: [{{name: data, emptyDir: {{}}}}]}}"
    more = "{name: app, volumeMounts: [{name: data, mountPath: /data}]}"
    for path, text in {
        "base/app.yaml": f"{{apiVersion: v1, kind: Pod, metadata: {{name: x}}, spec: {spec}}}\n",
        "overlay/kustomization.yaml": "{resources: [../base/app.yaml], patches: [{path: mount.yaml}]}\n",
        "overlay/mount.yaml": f"{{apiVersion: v1, kind: Pod, metadata: {{name: x}}, spec: {{containers: [{more}]}}}}\n",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    told = ("app.yaml", "--select=INIT203", "--isolated")
    assert [run(*told, *more, cwd=tmp_path / "base")[0] for more in ((), ("--context=..",))] == [1, 0]


def test_what_a_complete_input_does_not_hold(project: Path) -> None:
    init = "{name: a, image: 'busybox:1.36', command: [sh, -c, 'until nc -z db 1; do sleep 1; done']}"
    spec = f"{{initContainers: [{init}], containers: [{{name: b, image: b}}]}}"
    (project / "waits.yaml").write_text(f"{{apiVersion: v1, kind: Pod, metadata: {{name: x}}, spec: {spec}}}\n")
    told = ("waits.yaml", "--select=INIT505", "--output-format=concise")
    assert run(*told, cwd=project)[0] == 0
    code, out, _ = run(*told, "--complete", cwd=project)
    assert code == 1
    assert "Service `db`, which the input does not hold" in out
    assert run(*told, cwd=project, INITLINT_COMPLETE="1")[0] == 1
    (project / ".initlint.yaml").write_text("complete: true\n")
    assert run(*told, cwd=project)[0] == 1


def test_strict_fails_where_something_was_skipped(project: Path) -> None:
    (project / "template.yaml").write_text("kind: Pod\nname: {{ .Values.name }}\n")
    assert run("template.yaml", cwd=project)[0] == 0
    code, _, err = run("template.yaml", "--strict", cwd=project)
    assert (code, err) == (
        2,
        "error: 1 input had to be skipped, which `--strict` forbids: `--verbose` lists what\n",
    )
    assert "template.yaml:1: Go template" in run("template.yaml", "-v", cwd=project)[1]


def test_statistics(project: Path) -> None:
    code, out, _ = run("--statistics", "-q", cwd=project)
    assert (code, out) == (1, "1  INIT201 undeclared-volume\n1  INIT401 missing-resources\n")


def test_a_rule_of_ones_own_in_three_commands(project: Path) -> None:
    code, out, _ = run("new-rule", "waits-for-input", "--rules-dir=pack", cwd=project)
    assert (code, out) == (0, "wrote pack/waits_for_input: edit it, then run `initlint test-rules pack`\n")
    assert run("test-rules", "pack", cwd=project)[:2] == (0, "1 passed, 0 failed\n")
    assert run("new-rule", "waits-for-input", "--rules-dir=pack", cwd=project)[0] == 2
    assert run("new-rule", "Bad_Name!", "--rules-dir=pack", cwd=project)[0] == 2
    (project / "file").touch()
    assert run("new-rule", "second", "--rules-dir=file/x", cwd=project)[2] == (
        "error: `file/x/second` cannot be written, not a directory: name another pack with `--rules-dir`\n"
    )
    assert run("new-rule", "second", "--rules-dir=pack", cwd=project)[0] == 0
    (project / "pack" / "second" / "good.yaml").unlink()
    code, out, _ = run("test-rules", "pack", cwd=project)
    assert code == 1
    assert out.endswith("1 passed, 1 failed\n")
    assert "good.yaml: 0 cases" in out
    (project / "initlint").mkdir()
    (project / "initlint" / "api.py").touch()
    listed = run("rules", "--rules-dir=pack", cwd=project)[1]
    assert "INIT901  waits-for-input" in listed
    assert "INIT101  sidecar-without-restart-policy" in listed


def test_the_harness_takes_the_built_in_pack(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """That its folders pass is what test_rules.py says of each."""
    monkeypatch.setattr(testing, "failures", lambda rule: [f"of {rule.name}"] if rule.code == "INIT101" else [])
    with pytest.raises(typer.Exit) as ended:
        check_rules()
    *said, last = capsys.readouterr().out.splitlines()
    assert ended.value.exit_code == 1
    assert "of sidecar-without-restart-policy" in said
    assert last == f"{len(all_rules(Settings())) - 1} passed, 1 failed"


def test_completion_is_offered(project: Path) -> None:
    code, out, _ = run(cwd=project, _INITLINT_COMPLETE="complete_bash", COMP_WORDS="initlint ex", COMP_CWORD="1")
    assert (code, out.strip()) == (0, "explain")


@pytest.mark.parametrize("flag", ["-v", "-q"])
def test_progress_is_for_terminals_only(project: Path, flag: str) -> None:
    assert "checking" not in run(flag, cwd=project)[2]


def test_github_gets_annotations_and_a_summary_that_is_added_to(project: Path) -> None:
    summary = project / "summary.md"
    summary.write_text("before\n")
    arguments = ["broken.yaml", "--output-format", "github"]
    code, out, _ = run(*arguments, cwd=project, GITHUB_STEP_SUMMARY=str(summary), CI="true")
    assert code == 1
    assert out.startswith("::error file=broken.yaml,line=5,endLine=5,col=")
    assert summary.read_text().startswith("before\n### initlint: ")
    assert "INIT201" in summary.read_text()


def test_a_summary_that_cannot_be_written_is_told(project: Path) -> None:
    code, _, err = run("broken.yaml", "--output-format", "github", cwd=project, GITHUB_STEP_SUMMARY="no/such/file")
    assert code == 2
    assert "`no/such/file` cannot be written" in err


@pytest.mark.parametrize("variable", ["", "GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
def test_several_formats_in_one_run_name_files_from_the_root(project: Path, variable: str) -> None:
    below = project / "deploy"
    below.mkdir()
    (below / "app.yaml").write_text(BROKEN)
    if not variable:
        (project / ".git").mkdir()
    formats = ["--output-format=sarif=out.sarif", "--output-format=gitlab", "--output-format=concise=out.txt"]
    told = {variable: str(project)} if variable else {}
    code, out, _ = run("app.yaml", *formats, cwd=below, **told)
    assert code == 1
    assert {one["location"]["path"] for one in json.loads(out)} == {"deploy/app.yaml"}
    assert '"uri": "deploy/app.yaml"' in (below / "out.sarif").read_text()
    assert (below / "out.txt").read_text().startswith("app.yaml:5:")
