"""What people see who mistype: every message names what is wrong, where, and what to do, and exits with 2."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest

from initlint.__main__ import main as begin
from initlint.cli.main import main
from initlint.cli.output import Color, display
from initlint.cli.usage import meant
from initlint.errors import InitlintError
from initlint.kube.terms.versions import Version
from tests.commandline import BROKEN, CLEAN, Terminal, run

VERBS = ["check", "fix", "explain", "order", "graph", "rules", "init", "baseline", "new-rule", "test-rules"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "app.yaml").write_text(BROKEN)
    (tmp_path / "empty").mkdir()
    return tmp_path


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("chekc app.yaml", "no file, directory or verb is called `chekc`: did you mean `initlint check`?"),
        ("explian INIT201", "no file, directory or verb is called `explian`: did you mean `initlint explain`?"),
        ("help", "no file, directory or verb is called `help`: did you mean `initlint --help`?"),
        ("--selct INIT2", "no option is called `--selct`: did you mean `--select`?\n  = help: initlint check --help"),
        (
            "--fix --diff",
            "no option is called `--diff` here: `initlint fix` has it\n  = help: initlint check --help",
        ),
        ("order --selct", "no option is called `--selct`\n  = help: initlint order --help"),
        ("order -x", "no option is called `-x`\n  = help: initlint order --help"),
        ("--select", "option `--select` requires an argument\n  = help: initlint check --help"),
        ("--fail-on eror", "invalid value for `--fail-on`: `eror` is not one of `error`, `warning`, `info`, `never`"),
        ("explain", "missing argument `RULE`\n  = help: initlint explain --help"),
        ("--jobs many", "invalid value for `--jobs`: `many` is no whole number\n  = help: initlint check --help"),
        ("baseline", "missing argument `write|prune|show`\n  = help: initlint baseline --help"),
        ("--version app.yaml", "nothing more is expected: leave out `app.yaml`\n  = help: initlint --help"),
        (
            "--show-completion tcsh",
            "`tcsh` is no shell that can complete: write `--show-completion SHELL`, where SHELL is one of bash, zsh,",
        ),
        ("--install-completion zsh now", "`zsh now` is no shell that can complete: write `--install-completion SHELL`"),
        ("--select INIT99", "no rule is called `INIT99`, and no code begins with it: the prefixes are INIT0, INIT1, "),
        ("--select INIT299", "no rule is called `INIT299`: did you mean `INIT2"),
        ("--select FOO", "no rule is called `FOO`: `initlint rules` lists them"),
        ("--select=", "`select` names no rule: give names, codes, prefixes or ALL"),
        (
            "--ignore ALL",
            "`ignore` takes out every rule that is selected, with `ALL`: leave one, or nothing can be found",
        ),
        ("fix --select INIT2,x --ignore INIT2,x --extend-select INIT201", "no rule is called `x`"),
        (
            "fix --select INIT2 --ignore INIT1,INIT2",
            "`ignore` takes out every rule that is selected, with `INIT1`, `INIT2`",
        ),
        ("explain INIT2", "`INIT2` is how 12 codes begin, from INIT201 to INIT212: name one"),
        ("--config none.yaml", "`none.yaml` cannot be read, no such file or directory: `initlint init` writes"),
        ("--config empty", "`empty` cannot be read, is a directory: name a file that can be read"),
        ("--isolated --config x", "`--isolated` heeds no configuration, `--config x` names one: leave out either"),
        ("--exclude [z-a]", "`[z-a]` is no pattern of a .gitignore: see https://git-scm.com/docs/gitignore"),
        ("--output-format json=", "`json=` names no file: write `json=FILE`, or `json` for standard output"),
        ("--output-format json=no/x", "`no/x` cannot be written, no such file or directory: make the directory `no`"),
        ("--output-format json=empty", "`empty` cannot be written, is a directory: name another file"),
        ("--baseline none.json", "`none.json` cannot be read, no such file or directory: `initlint baseline write`"),
        ("new-rule lost-write", "INIT202 lost-write has the name `lost-write` already: choose another one"),
        ("new-rule x --code init201", "INIT201 undeclared-volume has the code `INIT201` already: choose another one"),
        ("new-rule x --code 7", "`7` cannot be the code of a rule: use letters and then digits, such as INIT901"),
    ],
)
def test_refused(project: Path, arguments: str, message: str) -> None:
    code, out, err = run(*arguments.split(" "), cwd=project)
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {message}")


@pytest.fixture
def told(project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What the command line says on standard error, in this process; the code that it exits with is in front."""
    monkeypatch.chdir(project)
    for name in [name for name in os.environ if name.startswith("INITLINT_")]:
        monkeypatch.delenv(name)

    def tell(*arguments: str, **environment: str) -> str:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        return f"{ended.value.code} {capsys.readouterr().err}"

    return tell


Told = Callable[..., str]


def test_words_that_nobody_expects(told: Told) -> None:
    assert told("rules", "lost-write").startswith("2 error: nothing more is expected: leave out `lost-write`\n")
    assert told("check", "-j").startswith("2 error: no option is called `-j`\n")
    assert "error: `--jobs -1` is no number of processes: give one, or 0 for" in told("--jobs=-1")
    assert "error: invalid value for `--fix`: `perhaps` is neither `true` nor `false`\n" in told(INITLINT_FIX="perhaps")


def test_a_variable_that_is_nearly_one_is_told(told: Told) -> None:
    assert told("app.yaml", INITLINT_FAILON="never", INITLINT_JOBS="1", INITLINT_CORPUS="x") == (
        "1 note: no flag has the variable `INITLINT_FAILON`: did you mean `INITLINT_FAIL_ON`?\n"
    )


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            RuntimeError("x"),
            "RuntimeError: x\nerror: initlint itself is broken here: report it, with these lines, at http",
        ),
        (OSError(28, "No space left on device"), "2 error: no space left on device, so that the run ended early\n"),
        (OSError(5, "Input/output error", "a"), "2 error: `a`: input/output error, so that the run ended early\n"),
    ],
)
def test_what_nobody_expects_ends_with_2(
    told: Told, error: Exception, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("initlint.cli.request.collect", fail)
    said = told("app.yaml")
    assert said.startswith("2 ")
    assert message in said


def test_a_graph_of_nothing_is_told(told: Told, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "values.yaml").write_text("replicas: 1\n")
    with pytest.raises(SystemExit):
        main(["graph", "values.yaml"])
    assert capsys.readouterr().out == "no workloads\n"


def test_a_verb_behind_options_is_told(told: Told, project: Path) -> None:
    note = "note: a verb comes first, before all options and paths: `initlint fix …`\n"
    assert told("-q", "fix", "app.yaml") == f"2 {note}"
    assert told("--isolated", "fix", "--diff").startswith(f"2 {note}error: no option is called `--diff`")
    assert told("app.yaml", "-q", "fix").startswith(f"2 {note}")
    (project / "fix").mkdir()
    assert told("-q", "fix", "app.yaml") == "1 "


def test_a_configuration_by_another_name_is_told(told: Told, project: Path) -> None:
    (project / "initlint.yaml").write_text("ignore: [ALL]\n")
    (project / "pyproject.toml").write_text("[tool.initlint]\n")
    note = "note: `{}` is not read: the configuration is a file called `.initlint.yaml`\n"
    assert told("app.yaml") == f"1 {note.format('initlint.yaml')}{note.format('pyproject.toml')}"
    assert told("app.yaml", "--isolated") == "1 "
    (project / ".initlint.yaml").write_text("")
    (project / ".initlint.yml").write_text("")
    assert told("app.yaml") == "1 note: `.initlint.yml` is not read: beside it lies `.initlint.yaml`\n"
    (project / ".initlint.yml").unlink()
    assert told("app.yaml") == "1 "


@pytest.mark.parametrize("version", ["v1.30", "1.30.5", "v1.30.5-gke.1200", "v1.30.2+k3s1"])
def test_a_version_is_what_a_server_says_of_itself(version: str) -> None:
    assert Version.parse(version) == Version(1, 30)


@pytest.mark.parametrize("version", ["1.30.", "1.30-gke", "1.30.5 ", "1.24.9", "1"])
def test_what_is_no_version(version: str) -> None:
    with pytest.raises(InitlintError, match="unknown target version"):
        Version.parse(version)


@pytest.mark.parametrize(
    ("verb", "seen"),
    [("check", "deploy/x.yaml:5:"), ("fix", BROKEN), ("order", "Pod/app  deploy/x.yaml:1"), ("graph", ": Pod/app\n")],
)
def test_who_names_standard_input_means_it(
    told: Told, verb: str, seen: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(BROKEN.encode())))
    with pytest.raises(SystemExit):
        main([verb, "--stdin-filename", "deploy/x.yaml"])
    out = capsys.readouterr().out
    assert (seen in out, "app.yaml" in out) == (True, False)


def test_pictures_take_the_name_of_the_option_of_reports_too(told: Told, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["order", "app.yaml", "--output-format", "mermaid"])
    assert capsys.readouterr().out.startswith("flowchart TB")


@pytest.mark.parametrize(
    ("formats", "message"),
    [
        (["json", "sarif"], "`json` and `sarif` both go to standard output: give one another file, `sarif=FILE`"),
        (["json", "full"], "`json` and `full` both go to standard output: give one another file, `full=FILE`"),
        (["full=a", "concise=a"], "`full` and `concise` both go into `a`: give one another file, `concise=FILE`"),
        (["full", "github", "json=a"], ""),
    ],
)
def test_reports_are_not_mixed(project: Path, formats: list[str], message: str) -> None:
    told = [f"--output-format={one}" for one in formats]
    assert message in run(*told, "app.yaml", cwd=project)[2]


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("INITLINT_SELECT", "INIT2,INIT99", "no rule is called `INIT99`"),
        ("INITLINT_FAIL_ON", "loud", "invalid value for `--fail-on`: `loud`"),
        ("INITLINT_OUTPUT_FORMAT", "full xml", "no output format is called `xml`"),
        ("INITLINT_CONFIG", "/none", "`/none` cannot be read"),
        ("INITLINT_JOBS", "many", "invalid value for `--jobs`: `many`"),
        ("INITLINT_FIX", "perhaps", "invalid value for `--fix`: `perhaps`"),
    ],
)
def test_a_variable_that_is_wrong_is_named(project: Path, variable: str, value: str, message: str) -> None:
    code, _, err = run("app.yaml", cwd=project, **{variable: value})
    assert code == 2
    assert err.startswith(f"error: {message}")
    assert f"  = note: the environment sets {variable}\n" in err


def test_variables_stand_for_flags_of_every_kind(project: Path) -> None:
    (project / "skipped.yaml").write_text("kind: Pod\nname: {{ .Values.name }}\n")
    assert "skipped.yaml" in run(cwd=project, INITLINT_VERBOSE="1")[1]
    assert run("fix", cwd=project, INITLINT_CHECK="1", INITLINT_SELECT="INIT9,ALL")[0] == 2
    assert run("app.yaml", cwd=project, INITLINT_UNSAFE="1")[0] == 1
    assert run("order", cwd=project, INITLINT_FORMAT="mermaid")[1].startswith("flowchart TB")


@pytest.mark.parametrize("verb", ["check", "fix", "order", "graph", "baseline"])
def test_that_there_is_nothing_to_look_at_is_said(project: Path, verb: str) -> None:
    arguments = ["baseline", "write"] if verb == "baseline" else [verb]
    code, _, err = run(*arguments, "empty", cwd=project)
    assert code == 3
    assert err.startswith("error: no `.yaml`, `.yml` or `.json` file in `empty`: name one, or see whether ")
    assert not (project / ".initlint-baseline.json").exists()


def test_a_path_much_like_one_that_is_there(project: Path) -> None:
    assert "error: ap.yaml: no such file or directory: did you mean `app.yaml`?" in run("ap.yaml", cwd=project)[1]
    assert "did you mean" not in run("none/ap.yaml", cwd=project)[1]


@pytest.mark.parametrize(
    ("word", "verb"), [("chek", "check"), ("rule", "rules"), ("version", "--version"), ("deploy", None), ("-", None)]
)
def test_slips(word: str, verb: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert meant(word, VERBS) == verb
    (tmp_path / word).touch()
    assert meant(word, VERBS) is None


def test_a_report_into_what_is_no_file(project: Path) -> None:
    (project / "link.json").symlink_to("real.json")
    (project / "real.json").write_text("")
    assert run("app.yaml", "--output-format=json=link.json", cwd=project)[0] == 1
    assert (project / "link.json").is_symlink()
    assert "INIT201" in (project / "real.json").read_text()
    assert '"INIT201"' in run("app.yaml", "--output-format=json=/dev/stdout", cwd=project)[1]
    assert '"INIT201"' in run("app.yaml", "--output-format=json=-", cwd=project)[1]
    assert run("app.yaml", "--output-format=json=/dev/null", cwd=project)[1] == ""
    assert Path("/dev/null").is_char_device()


def test_settings_are_shown_as_a_configuration(project: Path) -> None:
    text = (
        "target-version: '1.34'\nselect: [INIT2]\nbaseline: accepted.json\n"
        "rules:\n  missing-resources: {severity: info, require: [limits.memory]}\n"
        "commands:\n  fetch: {operands: url}\n"
        "ignores:\n- {rule: lost-write, object: Job/*, path: /dev, reason: so}\n"
        "overrides:\n- files: [dev/**]\n  rules: {internal-error: {severity: info}}\n"
    )
    (project / ".initlint.yaml").write_text(text)
    shown = run("--show-settings", cwd=project)[1]
    assert shown.startswith(
        "# configuration: .initlint.yaml\n# jobs: as many as are worth it\ntarget-version: '1.34'\n"
    )
    assert "None" not in shown
    (project / ".initlint.yaml").write_text(shown)
    again = run("--show-settings", cwd=project)[1]
    assert again.replace(", /accepted.json", "") == shown.replace(", /accepted.json", "")
    assert run("new-rule", "own", "--rules-dir=pack", cwd=project)[0] == 0
    packed = run("--show-settings", "--isolated", "--rules-dir=pack", "--jobs=2", cwd=project)[1]
    assert packed.startswith("# configuration: none\n# rules-dir: pack\n# jobs: 2\n")


@pytest.mark.parametrize("verb", VERBS)
def test_help_fits_the_terminal_and_says_no_type(project: Path, verb: str) -> None:
    code, out, err = run(verb, "--help", cwd=project, COLUMNS="80")
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    assert "<" not in out
    assert "..." not in out.replace("[PATH]...", "")


def test_help_stands_in_sections(project: Path) -> None:
    out = run("check", "--help", cwd=project)[1]
    sections = [
        "Arguments:",
        "Which rules:",
        "What is shown:",
        "Exit code:",
        "What is read:",
        "Configuration:",
        "Fixes:",
    ]
    assert [line for line in out.splitlines() if line in sections] == sections
    assert out.endswith("INITLINT_SELECT for --select.\n")
    assert "..." not in run("--help", cwd=project)[1].replace("[ARGS]...", "")


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("initlint ex", ["explain"]),
        ("initlint --sel", ["--select"]),
        ("initlint check --min-sev", ["--min-severity"]),
        ("initlint explain lost-w", ["lost-write"]),
        ("initlint explain INIT20", [f"INIT20{number}" for number in range(1, 10)]),
        ("initlint check --select INIT101,unread-", ["INIT101,unread-volume"]),
        ("initlint check --output-format j", ["json", "junit"]),
        ("initlint check --target-version 1.3", [f"1.{minor}" for minor in range(37, 29, -1)]),
        ("initlint check --fail-on e", ["error"]),
    ],
)
def test_completion(project: Path, line: str, offered: list[str]) -> None:
    told = {"_INITLINT_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
    code, out, _ = run(cwd=project, **told)
    assert (code, out.split()) == (0, offered)
    _, out, _ = run(cwd=project, _INITLINT_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS=line)
    assert all(f'"{one}"' in out for one in offered)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_shown_for_the_shell_that_is_asked_for(project: Path, shell: str) -> None:
    code, out, _ = run("--show-completion", shell, cwd=project)
    assert (code, f"complete_{shell}" in out) == (0, True)


@pytest.mark.parametrize("shell", ["fish", None])
def test_completion_is_installed(
    shell: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("typer._completion_shared._get_shell_name", lambda: "fish")
    main(["--install-completion", *([shell] if shell else [])])
    file = tmp_path / ".config/fish/completions/initlint.fish"
    assert capsys.readouterr().out == f"wrote {file}: restart fish, and it completes verbs, flags and rules\n"
    assert "_INITLINT_COMPLETE=complete_fish" in file.read_text()


def test_a_shell_that_cannot_be_told(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typer._completion_shared._get_shell_name", lambda: None)
    assert told("--install-completion").startswith("2 error: it cannot be told which shell runs: write `--install")


def test_statistics_in_other_formats(project: Path) -> None:
    (project / "clean.yaml").write_text(CLEAN)
    told = ["--statistics", "--output-format"]
    code, out, _ = run("app.yaml", *told, "json", cwd=project)
    row = {"code": "INIT201", "name": "undeclared-volume", "severity": "error", "count": 1, "fixable": 0}
    assert (code, json.loads(out)) == (1, [row])
    assert json.loads(run("clean.yaml", *told, "json", cwd=project)[1]) == []
    assert run("app.yaml", *told, "concise", "-q", cwd=project)[1] == "1  INIT201 undeclared-volume\n"
    code, _, err = run("app.yaml", *told, "sarif", cwd=project)
    assert code == 2
    assert err.startswith("error: `--statistics` counts in no format but full, concise, statistics, json: leave out")


@pytest.mark.parametrize(
    ("stream", "columns", "width"), [(Terminal(), "60", 60), (Terminal(), "300", 120), (io.StringIO(), "60", 120)]
)
def test_frames_fit_a_narrow_terminal(
    stream: io.StringIO, columns: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert display(stream, Color.AUTO, 0).width == width


@pytest.mark.parametrize(
    ("stream", "paths", "code", "says"),
    [
        ("stdin", "-", 2, "error: <stdin>: standard input is closed: pipe a manifest in, or name files\n"),
        ("stdin", "app.yaml", 1, "error[undeclared-volume]: "),
        ("stdout", "app.yaml", 1, ""),
        ("stderr", "nowhere.yaml", 2, "error: nowhere.yaml: no such file or directory\n"),
    ],
)
def test_a_stream_that_is_closed(
    project: Path,
    stream: str,
    paths: str,
    code: int,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(project)
    monkeypatch.setattr(f"sys.{stream}", None)
    with pytest.raises(SystemExit) as ended:
        main(["check", "--ignore=INIT4", paths])
    assert ended.value.code == code
    assert capsys.readouterr().out.startswith(says)


def test_who_interrupts_sees_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = ModuleType("initlint.cli")
    monkeypatch.setitem(sys.modules, "initlint.cli", imported)
    monkeypatch.setattr(imported, "main", partial(signal.raise_signal, signal.SIGINT), raising=False)
    # What a shell starts in the background ignores interrupts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(SystemExit, match="130"):
            begin()
    finally:
        signal.signal(signal.SIGINT, before)


def test_little_is_imported_before_an_interrupt_is_heeded() -> None:
    program = "import sys, initlint.__main__; print(*sorted(one for one in sys.modules if one.startswith('initlint')))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["initlint", "initlint.__main__", "initlint.version"]


def test_a_working_directory_that_is_gone(told: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert told("check").startswith("2 error: the working directory is not there any more: change into another one")
