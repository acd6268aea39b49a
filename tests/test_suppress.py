"""Comments and annotations silence what they speak of, no more, and are found when they silence nothing."""

from __future__ import annotations

import pytest

from initlint.finding import Status
from initlint.report import Report
from initlint.run import check_sources
from initlint.settings import Settings
from initlint.text.source import Source

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: app
spec:
  initContainers:
    - name: fetch
      image: fetch:1
      volumeMounts:
        - name: gone
          mountPath: /x
    - name: warm
      image: warm:1
  containers:
    - name: app
      image: app:1
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
  annotations: {ON_WORKLOAD}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata:
      annotations: {ON_TEMPLATE}
    spec:
      initContainers:
        - {name: fetch, image: fetch:1}
        - {name: warm, image: warm:1}
      containers:
        - {name: app, image: app:1}
"""


def check(text: str, **settings: object) -> Report:
    return check_sources([Source("app.yaml", text)], Settings(**settings))  # type: ignore[arg-type]


def left(text: str, **settings: object) -> list[tuple[str, str | None]]:
    return sorted((one.code, one.container) for one in check(text, **settings).active)


@pytest.mark.parametrize(
    ("line", "comment", "gone"),
    [
        ("    - name: fetch", "# initlint: ignore[missing-resources]", {"fetch"}),
        ("    - name: fetch", "# initlint: ignore[INIT401] a reason", {"fetch"}),
        ("    - name: fetch", "# initlint: ignore[init401] a reason", {"fetch"}),
        ("    - name: fetch", "# initlint: ignore[Missing-Resources] a reason", {"fetch"}),
        ("    - name: fetch", "#initlint:ignore[ INIT201 , INIT401 ]", {"fetch"}),
        ("    - name: warm", "# initlint: ignore[missing-resources]", {"warm"}),
    ],
)
def test_at_the_end_of_a_line(line: str, comment: str, gone: set[str]) -> None:
    report = check(POD.replace(line, f"{line} {comment}"), ignore=("INIT2", "INIT002"))
    assert {one.container for one in report.active} == {"fetch", "warm"} - gone
    assert report.suppressed() == 1


@pytest.mark.parametrize(
    ("above", "gone"),
    [
        ("    - name: fetch", {("INIT401", "fetch"), ("INIT201", "fetch")}),
        ("      volumeMounts:", {("INIT201", "fetch")}),
        ("        - name: gone", {("INIT201", "fetch")}),
        ("    - name: warm", {("INIT401", "warm")}),
        ("  name: app", set()),
        ("  initContainers:", {("INIT401", "fetch"), ("INIT201", "fetch"), ("INIT401", "warm")}),
        ("apiVersion: v1", {("INIT401", "fetch"), ("INIT201", "fetch"), ("INIT401", "warm")}),
    ],
)
def test_alone_on_a_line_it_covers_the_node_below(above: str, gone: set[tuple[str, str]]) -> None:
    everything = set(left(POD))
    indent = " " * (len(above) - len(above.lstrip()))
    text = POD.replace(above, f"{indent}# initlint: ignore[INIT201, INIT401]\n\n{indent}# another\n{above}", 1)
    assert set(left(text, ignore=("INIT002",))) == everything - gone


def test_in_a_literal_script_it_covers_its_line_or_the_next() -> None:
    text = POD.replace(
        "      image: warm:1", "      image: warm:1\n      args:\n        - |\n          {}\n          b\n"
    )
    for script in ("# initlint: ignore[INIT401]", "a # initlint: ignore[INIT401]"):
        (one,) = (one for one in check(text.format(script)).active if one.code == "INIT002")
        assert "finds nothing here" in one.message


@pytest.mark.parametrize(
    ("script", "is_silenced"),
    [
        ("cp a /b\necho ok", False),
        ("cp a /b\necho ok # initlint: ignore[cannot-fail] on purpose", True),
        ("cp a /b\n# initlint: ignore[INIT303]\necho ok", True),
        ("# initlint: ignore[INIT303]\ncp a /b\necho ok", False),
    ],
)
def test_a_shell_comment_silences_what_is_found_in_its_script(script: str, is_silenced: bool) -> None:
    lines = "".join(f"          {line}\n" for line in script.splitlines())
    text = POD.replace(
        "      image: warm:1\n",
        f"      image: warm:1\n      command:\n        - sh\n        - -c\n        - |\n{lines}",
    )
    report = check(text)
    assert {one.status for one in report.diagnostics if one.code == "INIT303"} == {
        Status.SUPPRESSED if is_silenced else Status.ACTIVE
    }
    assert any(one.code == "INIT002" for one in report.active) is (not is_silenced and "ignore" in script)


def test_each_comment_removes_exactly_one_finding() -> None:
    before = left(POD)
    after = left(POD.replace("- name: gone", "- name: gone # initlint: ignore[undeclared-volume] a webhook adds it"))
    assert sorted([*after, ("INIT201", "fetch")]) == before


@pytest.mark.parametrize("text", ['"# initlint: ignore[INIT401]"', "'# initlint: ignore[INIT401]'"])
def test_what_only_looks_like_a_comment(text: str) -> None:
    assert left(POD.replace("name: warm\n", f"name: warm\n      workingDir: {text}\n")) == left(POD)


def test_a_suppression_of_one_document_does_not_reach_another() -> None:
    first = POD.replace("apiVersion: v1", "# initlint: ignore[INIT401, INIT201]\napiVersion: v1")
    assert left(f"{first}---\n{POD}") == left(POD)
    assert left(f"{POD}---\n{first}") == left(POD)


@pytest.mark.parametrize(
    ("workload", "template", "silenced"),
    [
        ('{ignore.initlint.dev/missing-resources: "why"}', "{}", {"fetch", "warm"}),
        ('{ignore.initlint.dev/INIT401: ""}', "{}", {"fetch", "warm"}),
        ("{}", '{ignore.initlint.dev/missing-resources: "why"}', {"fetch", "warm"}),
        ('{ignore.initlint.dev/missing-resources: "[warm] why"}', "{}", {"warm"}),
        ('{ignore.initlint.dev/missing-resources: "[fetch, warm]"}', "{}", {"fetch", "warm"}),
        (
            '{ignore.initlint.dev/missing-resources: "[warm]"}',
            '{ignore.initlint.dev/INIT401: "[fetch]"}',
            {"fetch", "warm"},
        ),
    ],
)
def test_annotations(workload: str, template: str, silenced: set[str]) -> None:
    report = check(DEPLOYMENT.replace("{ON_WORKLOAD}", workload).replace("{ON_TEMPLATE}", template))
    assert {one.container for one in report.diagnostics if one.status is Status.SUPPRESSED} == silenced
    assert {one.container for one in report.active} == {"fetch", "warm"} - silenced


def test_stale_only_if_the_rule_ran() -> None:
    text = POD.replace("name: app\nspec", "name: app # initlint: ignore[INIT401]\nspec")

    assert "INIT002" in {code for code, _ in left(text)}
    assert "INIT002" not in {code for code, _ in left(text, ignore=("INIT401",))}
    assert "INIT002" not in {code for code, _ in left(text, select=("INIT201",))}
    assert left(text, select=("INIT002",)) == []


def test_not_stale_where_the_file_could_not_be_checked_in_full() -> None:
    text = POD.replace("image: app:1", "image: app:1 # initlint: ignore[INIT201]")
    broken = "---\nkind: Pod\nspec: " + "[" * 300 + "]" * 300 + "\n"
    assert "INIT002" in {code for code, _ in left(text)}
    assert "INIT002" not in {code for code, _ in left(text + broken)}


def test_what_is_filtered_is_not_unused() -> None:
    text = POD.replace("- name: gone", "- name: gone # initlint: ignore[undeclared-volume]")
    assert left(text, min_severity=3) == []
    assert "INIT002" not in {code for code, _ in left(text)}


def test_reasons_can_be_required() -> None:
    with_reason = POD.replace("- name: gone", "- name: gone # initlint: ignore[undeclared-volume] because")
    without = POD.replace("- name: gone", "- name: gone # initlint: ignore[undeclared-volume]")
    assert "INIT002" not in {code for code, _ in left(with_reason, require_reason=True)}
    (one,) = (one for one in check(without, require_reason=True).active if one.code == "INIT002")
    assert (one.help, one.fix) == ("say why, behind what it names", None)
    assert "gives no reason" in one.message
    assert "INIT201" not in {code for code, _ in left(without, require_reason=True)}


def test_what_to_do_instead_is_the_help() -> None:
    text = POD.replace("- name: gone", "- name: gone # initlint: ignore[undeclared-volum]")
    (one,) = (one for one in check(text).active if one.code == "INIT002")
    assert one.help == "did you mean `undeclared-volume`?"
    assert "of no use, as no rule is called `undeclared-volum`: it stays" in one.message


def test_that_a_run_was_incomplete_cannot_be_silenced() -> None:
    text = "# initlint: ignore[INIT003, internal-error]\nkind: Pod\nspec: " + "[" * 300 + "]" * 300
    assert {code for code, _ in left(text)} == {"INIT003"}


def test_in_a_patch_that_stands_in_a_kustomization() -> None:
    patch = (
        "patches:\n- patch: |-\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: web}\n    spec:\n"
        "      template:\n        spec:\n          initContainers:\n          - name: wait\n            image: app\n"
        "            # initlint: ignore[cannot-fail] we know\n"
        "            command: [sh, -c, 'cp /a /b; echo done']\n"
    )
    report = check_sources([Source("prod/kustomization.yaml", patch)], Settings(select=("cannot-fail",)))
    assert [one.status for one in report.diagnostics] == [Status.SUPPRESSED]
