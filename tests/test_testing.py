"""The harness of rule folders: what it says of a folder in which something is not as it should be."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import typer

from initlint.cli.packs import check_rules
from initlint.errors import InitlintError
from initlint.packs import builtin
from initlint.rule import Rule
from initlint.settings import Settings, all_rules
from initlint.testing import failures


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A rule with a fix, in a pack of its own."""
    own = tmp_path / "pack" / "volume_typo"
    shutil.copytree(builtin() / "undeclared_volume", own)
    for name in ("rule.py", "README.md"):
        text = (own / name).read_text("utf-8").replace("INIT201", "INIT901").replace("undeclared-volume", "volume-typo")
        (own / name).write_text(text, "utf-8")
    return own


def rule_in(folder: Path) -> Rule:
    (rule,) = (one for one in all_rules(Settings(packs=(folder.parent,))) if one.folder == folder)
    return rule


def told(folder: Path) -> list[str]:
    return [one.removeprefix(f"{folder}/") for one in failures(rule_in(folder))]


def test_a_sound_folder(folder: Path) -> None:
    assert told(folder) == []


def test_fixed_cases_are_written_as_they_are_wanted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = (folder / "fixed.yaml").read_bytes()
    (folder / "fixed.yaml").unlink()
    assert told(folder) == [f"fixed.yaml: missing: `initlint test-rules {folder.parent} --write-fixed` writes it"]
    with pytest.raises(typer.Exit) as left:
        check_rules(folder.parent, write_fixed=True)
    assert left.value.exit_code == 0
    assert capsys.readouterr().out == f"wrote {folder / 'fixed.yaml'}: read it with care\n1 passed, 0 failed\n"
    assert (folder / "fixed.yaml").read_bytes() == wanted
    with pytest.raises(typer.Exit):
        check_rules(folder.parent, write_fixed=True)
    assert capsys.readouterr().out == "1 passed, 0 failed\n"


@pytest.mark.parametrize(
    ("file", "before", "after", "says"),
    [
        ("fixed.yaml", "apiVersion", "# a comment\napiVersion", "is not what the fix makes of it"),
        ("bad.yaml", "^", "", "asserts nothing: mark its findings with carets"),
        ("good.yaml", "\n---", "\n# ^^\n---", "asserts findings, which belong into bad.yaml"),
        ("good.yaml", "kind: Pod", "kind: [", "it cannot be read in line 4, carets not counted: expected `,` or"),
        ("README.md", "# volume-typo\n", "# Typos\n", "README.md: does not begin with `# volume-typo`"),
        ("rule.py", "`{mount.name}`", "``", "is no part of one sentence"),
        ("rule.py", "`{mount.name}`", "`{mount.nam}`", "AttributeError: 'Mount' object has no attribute 'nam'"),
    ],
)
def test_what_is_wrong_with_a_folder_is_said(folder: Path, file: str, before: str, after: str, says: str) -> None:
    text = (folder / file).read_text("utf-8")
    (folder / file).write_text(text.replace(before, after), "utf-8")
    assert says in "\n".join(told(folder))


def test_the_fixes_of_a_rule_without_any(folder: Path) -> None:
    rule = folder / "rule.py"
    rule.write_text(rule.read_text("utf-8").replace("fix=", "fix=None and "), "utf-8")
    assert told(folder) == ["fixed.yaml: the rule offers no fix"]
    (folder / "fixed.yaml").write_text("")
    assert told(folder) == ["fixed.yaml: the rule offers no fix"]


def test_what_cannot_be_a_name(folder: Path) -> None:
    wrong = folder.rename(folder.parent / "VolumeTypo")
    with pytest.raises(InitlintError, match="`VolumeTypo` cannot be the name of a rule: use small letters, digits and"):
        rule_in(wrong)


def test_what_differs_from_the_wanted_text_is_shown(folder: Path) -> None:
    text = (folder / "fixed.yaml").read_text("utf-8")
    (folder / "fixed.yaml").write_text(text.replace("name: config\n", "name: conf\n", 1), "utf-8")
    (one,) = told(folder)
    assert one.startswith("fixed.yaml: case `a typo in an init container` is not what the fix makes of it:\n---")
    assert "\n-        - name: conf\n+        - name: config\n" in one


def test_a_fix_that_is_not_made_is_said_with_the_reason(folder: Path) -> None:
    rule, made = folder / "rule.py", "change and change._replace(edits=(change.edits[0]._replace(text='[a'),))"
    rule.write_text(rule.read_text("utf-8").replace("change, safe", f"{made}, safe"), "utf-8")
    first, *_ = told(folder)
    assert first.startswith("bad.yaml: case `a typo in an init container`: a fix of `init container `migrate` mounts")
    assert first.endswith("is not made: the text would not be read as it was")


@pytest.mark.parametrize("kind", ["float", "dict[str, int]", "tuple[float, ...]"])
def test_an_option_of_a_type_that_no_configuration_holds_is_said(folder: Path, kind: str) -> None:
    options = f"\n\n@dataclass(frozen=True)\nclass Options:\n    limit: {kind} = ()\n\n\n@rule("
    text = (folder / "rule.py").read_text("utf-8").replace("\n@rule(", options, 1)
    (folder / "rule.py").write_text(
        "from dataclasses import dataclass\n"
        + text.replace("container: Container)", "container: Container, told: Options)", 1)
    )
    (folder / "README.md").write_text((folder / "README.md").read_text("utf-8") + "`limit`\n")
    told_type = kind.removeprefix("tuple[").removesuffix(", ...]")
    assert told(folder) == [
        f"rule.py: no option can be of type `{told_type}`: use bool, int, str, an Enum, a dataclass or a tuple of these"
    ]
