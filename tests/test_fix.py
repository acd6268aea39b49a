"""Mending: what is made, what is refused, and that everything else stays byte for byte."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from initlint import atomic
from initlint.cli import main
from initlint.fixing.mend import MendedRun, mend
from initlint.fixing.write import encode, write
from initlint.settings import Settings
from initlint.text.source import Source
from tests.commandline import run

POD = """apiVersion: v1
kind: Pod
metadata: {name: app} # the app
spec:
  initContainers:
    - name: fetch # initlint: ignore[undeclared-volume] it is there
      image: fetch:1
      resources: {limits: {cpu: 1, memory: 1Gi}}
  containers:
    - name: app
      image: busybox:1
      volumeMounts:
        # where it looks
        - {name: konfig, mountPath: /a}
        - name: 'konfig'
          mountPath: /b
  volumes: [{name: config}]
"""
SAFE = POD.replace(" # initlint: ignore[undeclared-volume] it is there", "")
MENDED = SAFE.replace("konfig", "config")

RULE = """
from initlint.api import WARNING, Container, Edit, Finding, Fix, Span, edit, rule

def edits(container):
    text = container.node.source.text
    where = {where}
    return Edit(Span(where, where + len({old!r})), {new!r})

@rule("INIT900", "image fetch", severity=WARNING)
def check(container: Container):
    if container.image.value == "fetch:1":
        yield Finding(container.image, "it fetches, and that is all", fix=Fix("mend", (edits(container),)))
"""


def mended(text: str, *, unsafe: bool = True, settings: Settings | None = None) -> MendedRun:
    return mend([Source("a.yaml", text)], settings or Settings(), unsafe=unsafe)


def pack(tmp_path: Path, old: str, new: str) -> Settings:
    """A rule whose fix replaces a text that it should not, or not so."""
    folder = tmp_path / "pack" / "fetching"
    folder.mkdir(parents=True)
    (folder / "rule.py").write_text(RULE.format(where=f"max(text.find({old!r}), 0)", old=old, new=new))
    return Settings(packs=(tmp_path / "pack",))


def test_safe_fixes_are_made_and_others_if_they_are_asked_for() -> None:
    (safe,) = mended(POD, unsafe=False).mended
    assert safe.after.text == SAFE
    outcome = mended(POD)
    assert outcome.mended[0].after.text == MENDED
    assert [found.code for found in outcome.mended[0].fixed] == ["INIT002", "INIT201", "INIT201"]
    assert outcome.report.active == ()


def test_what_is_mended_stays_as_it_is() -> None:
    assert mended(MENDED).mended == ()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("fetch:1", "*x", "the text would not be read as it was"),
        ("fetch:1", "fetch:2\n      other: key", "something else would change"),
        ("fetch:1", "fetch:2\n   other: key", "the text would not be read as it was"),
        ("name: fetch", "names: fetch", "something else would change"),
        ("fetch:1\n", "fetch:2\n---\n", "the text would not be read as it was"),
        ("image: fetch:1", "image: fetch:2\n      image: fetch:3", "something else would change"),
        ("busybox:1", "fetch:2", "it would still be found"),
        ("config", "other", "`undeclared-volume` would be found then"),
        ("1Gi", "1GB", "`invalid-resources` would be found then"),
        ("fetch:1", "fetch:1 # x", "something else would change"),
        ("limits: {cpu: 1, ", "limits: {", "something else would change"),
    ],
)
def test_a_fix_that_is_not_what_it_says_is_refused(tmp_path: Path, old: str, new: str, reason: str) -> None:
    settings = pack(tmp_path, old, new)
    outcome = mended(MENDED, settings=settings)
    assert outcome.mended == ()
    assert [refused.reason for refused in outcome.refused] == [reason]
    assert [found.code for found in outcome.report.active] == ["INIT900"]


def test_one_bad_fix_does_not_keep_the_others_from_being_made(tmp_path: Path) -> None:
    outcome = mended(POD, settings=pack(tmp_path, "name: fetch", "names: fetch"))
    assert outcome.mended[0].after.text == MENDED
    assert [refused.found.code for refused in outcome.refused] == ["INIT900"]


def test_a_comment_is_not_lost(tmp_path: Path) -> None:
    settings = pack(tmp_path, "fetch:1\n      resources", "fetch:2\n      resources")
    text = MENDED.replace("fetch:1\n", "fetch:1 # pinned\n")
    folder = tmp_path / "pack" / "fetching" / "rule.py"
    folder.write_text(
        folder.read_text().replace("fetch:1\\n      resources", "fetch:1 # pinned").replace("2\\n      resources", "2")
    )
    assert [one.reason for one in mended(text, settings=settings).refused] == ["something else would change"]


def test_a_document_beside_it_stays_as_it_is() -> None:
    outcome = mended("a: {{ b }}\n---\n" + POD + "---\nkind: List # empty\nitems: []\n")
    assert outcome.mended[0].after.text == "a: {{ b }}\n---\n" + MENDED + "---\nkind: List # empty\nitems: []\n"


def test_a_fix_is_made_once_for_all_uses_of_an_alias() -> None:
    mounts = "        - {name: konfig, mountPath: /a}\n"
    aliased = POD.replace("      resources", f"      volumeMounts: &mounts\n{mounts}      resources").replace(" &x", "")
    start, end = aliased.index("      volumeMounts:\n        # where"), aliased.index("  volumes:")
    aliased = aliased[:start] + "      volumeMounts: *mounts\n" + aliased[end:]
    assert mended(aliased).mended[0].after.text == aliased.replace("konfig", "config").replace(
        " # initlint: ignore[undeclared-volume] it is there", ""
    )


@pytest.mark.parametrize("data", [
    POD.encode(),
    b"\xef\xbb\xbf" + POD.encode(),
    POD.replace("\n", "\r\n").encode(),
    POD.removesuffix("\n").encode(),
    ("\ufeff" + POD).encode("utf-16-le"),
    ("\ufeff" + POD).encode("utf-32-be"),
    POD.encode("utf-16-be"),
])  # fmt: skip
def test_bytes_outside_the_edits_stay(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(data)
    file.chmod(0o640)
    assert run("fix", "--unsafe", "--select=INIT201,INIT002", cwd=tmp_path)[0] == 0
    encoding = "utf-16-le" if data[:2] == b"\xff\xfe" else Source.decode("a", data).encoding
    comment = " # initlint: ignore[undeclared-volume] it is there".encode(encoding)
    assert file.read_bytes() == data.replace(comment, b"").replace("konfig".encode(encoding), "config".encode(encoding))
    assert file.stat().st_mode & 0o7777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]


def test_the_bytes_of_a_source_are_those_it_was_read_from() -> None:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        for text in ("\ufeff" + POD, POD):
            data = text.encode(encoding)
            source = Source.decode("a.yaml", data)
            assert source.encoding.startswith("utf-32") or encoding.startswith("utf-32") or encode(source) == data


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("kind: other\n")
    assert write(file, Source("a.yaml", POD), Source("a.yaml", MENDED)) == "it has changed meanwhile"
    assert file.read_text() == "kind: other\n"
    assert write(tmp_path / "b.yaml", Source("b.yaml", POD), Source("b.yaml", MENDED)) is not None


@pytest.mark.parametrize("where", ["os.fsync", "os.fdopen", "pathlib.Path.chmod", "pathlib.Path.replace"])
def test_whatever_stops_it_the_old_file_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    def stop(*arguments: object, **named: object) -> None:
        raise KeyboardInterrupt

    file = tmp_path / "a.yaml"
    file.write_text("old")
    monkeypatch.setattr(where, stop)
    with pytest.raises(KeyboardInterrupt):
        atomic.replace(file, b"new")
    monkeypatch.undo()
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.yaml").write_text(POD)
    (tmp_path / "a.yaml").symlink_to(tmp_path / "real" / "a.yaml")
    assert run("fix", "a.yaml", cwd=tmp_path)[0] == 0
    assert (tmp_path / "a.yaml").is_symlink()
    assert (tmp_path / "real" / "a.yaml").read_text() == SAFE


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text(POD)
    (tmp_path / "b.yaml").write_text("kind: x\n")
    return tmp_path


def test_what_it_says(project: Path) -> None:
    code, out, err = run("fix", cwd=project)
    assert (code, err) == (0, "")
    assert out == ("a.yaml:6:19: unused-ignore: delete it\n1 finding fixed in 1 file · 2 left · 2 more with --unsafe\n")
    assert run("fix", cwd=project)[1] == "nothing to fix · 2 left · 2 more with --unsafe\n"
    assert run("fix", "--quiet", cwd=project) == (0, "", "")
    assert run("fix", "--unsafe", "--select=no-such", cwd=project)[0] == 2
    assert run("fix", "no-such.yaml", cwd=project)[0] == 2
    assert (project / "a.yaml").read_text() == SAFE


def test_check_writes_nothing(project: Path) -> None:
    code, out, _ = run("fix", "--check", "--unsafe", cwd=project)
    assert code == 1
    assert out.endswith("3 findings would be fixed in 1 file\n")
    assert (project / "a.yaml").read_text() == POD
    assert run("fix", "--check", "b.yaml", cwd=project)[:2] == (0, "nothing to fix\n")
    (project / "b.yaml").write_text("kind: Pod\nspec: {{ .Values.spec }}\n")
    assert run("fix", "b.yaml", cwd=project)[1] == "nothing to fix · 1 skipped: Go template (1)\n"


@pytest.mark.parametrize("text", [POD, POD.replace("\n", "\r\n"), POD.removesuffix("\n"), "\ufeff" + POD])
def test_git_applies_the_diff(project: Path, text: str) -> None:
    (project / "a.yaml").write_bytes(text.encode())
    (project / "diff").write_bytes(b"")
    code, out, err = run("fix", "--diff", "--unsafe", cwd=project)
    assert code == 1
    assert err.startswith("3 findings would be fixed")
    subprocess.run(["git", "apply", "-"], cwd=project, input=out.encode(), check=True, env=os.environ)
    comment = " # initlint: ignore[undeclared-volume] it is there"
    assert (project / "a.yaml").read_bytes() == text.replace(comment, "").replace("konfig", "config").encode()


def test_the_diff_is_coloured_where_that_is_wanted(project: Path) -> None:
    assert (
        "\x1b[31m-        - {name: konfig, mountPath: /a}\x1b[0m\n"
        in run("fix", "--diff", "--unsafe", "--color=always", cwd=project)[1]
    )


def test_standard_input_goes_to_standard_output(project: Path) -> None:
    code, out, err = run("fix", "-", "--unsafe", cwd=project, stdin=POD)
    assert (code, out) == (0, MENDED)
    assert "3 findings fixed" in err
    assert run("fix", "-", cwd=project, stdin=b"kind: x\r\n")[1] == "kind: x\r\n"
    assert run("check", "--fix", "-", cwd=project, stdin=POD)[0] == 2


def test_check_reports_what_is_left(project: Path) -> None:
    code, out, err = run("check", "--fix", "--output-format=concise", cwd=project)
    assert code == 1
    assert err == "fixed: a.yaml:6:19: unused-ignore: delete it\n"
    assert [line.split()[1] for line in out.splitlines()[:-1]] == ["INIT201", "INIT201"]
    assert (project / "a.yaml").read_text() == SAFE
    assert run("check", "--fix", "--unsafe", cwd=project)[0] == 0
    assert (project / "a.yaml").read_text() == MENDED


def test_what_only_a_complete_input_shows_is_not_mended_without(tmp_path: Path) -> None:
    init = "{name: a, image: 'busybox:1.36', command: [sh, -c, 'sleep 1']} # initlint: ignore[unknown-target]"
    spec = f"spec:\n  initContainers:\n  - {init}\n  containers: [{{name: b, image: b}}]"
    (tmp_path / "x.yaml").write_text(f"apiVersion: v1\nkind: Pod\nmetadata: {{name: x}}\n{spec}\n")
    told = ("fix", "--select=INIT002,INIT505")
    assert run(*told, "--check", cwd=tmp_path)[0] == 0
    assert run(*told, "--check", "--complete", cwd=tmp_path)[0] == 1


def test_unsafe_alone_is_refused(project: Path) -> None:
    code, out, err = run("check", "--unsafe", cwd=project)
    assert (code, out) == (2, "")
    assert "`--unsafe` is about fixes, and none is asked for: add `--fix`" in err


def test_what_cannot_be_written_is_said(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(file: Path, data: bytes) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(atomic, "replace", refuse)
    reason = write(project / "a.yaml", Source("a.yaml", POD), Source("a.yaml", MENDED))
    assert reason == "it cannot be written: permission denied"


def test_what_cannot_be_written_is_not_fixed(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project)
    monkeypatch.setattr("initlint.cli.fix.write", lambda *_: "it has changed meanwhile")
    for words in ("fix", "check --fix --output-format=concise"):
        with pytest.raises(SystemExit) as ended:
            main([*words.split(), "a.yaml"])
        out, err = capsys.readouterr()
        assert ended.value.code == 2
        if words == "fix":
            assert out.splitlines() == [
                "a.yaml:6:19: unused-ignore: not fixed, it has changed meanwhile",
                "nothing fixed · 3 left · 2 more with --unsafe",
            ]
            assert err == "error: a.yaml: it has changed meanwhile\n"
        else:
            assert "fixed: " not in err
            assert "a.yaml:6:19: INIT002 unused-ignore" in out
            assert out.endswith("\nthe run is not complete, 1 input could not be mended\n")
