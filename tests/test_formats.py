"""The formats of CI systems: valid by their schemas, within their limits, harmless whatever a manifest holds."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema
from hypothesis import given, settings

from initlint import check_paths, check_text
from initlint.finding import Confidence, Edit, Fix, ObjectRef, Place, RelatedPlace, Severity
from initlint.report import Checked, Problem, Report
from initlint.reporters import Display
from initlint.settings import Settings, all_rules
from initlint.text.source import Source, Span
from initlint.viewpoint import Viewpoint
from tests.conftest import ROOT, corpus
from tests.reports import APP, CASES, EVERYTHING, REPORTS, at, found, render, report, span

SCHEMAS = ROOT / "fixtures" / "schemas"
STRUCTURED = ["sarif", "gitlab", "junit"]


@cache
def schema(name: str) -> Any:
    return jsonschema.validators.validator_for(loaded := json.loads((SCHEMAS / name).read_text("utf-8")))(
        loaded, format_checker=jsonschema.FormatChecker()
    )


@cache
def junit_schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd"))


def validate(name: str, written: str) -> None:
    """Refuse what the official schema of a format refuses, and what it says in words only."""
    if name == "sarif":
        schema("sarif-2.1.0.json").validate(json.loads(written))
    elif name == "gitlab":
        rows = json.loads(written)
        schema("gitlab-code-quality.json").validate(rows)
        assert len({row["fingerprint"] for row in rows}) == len(rows)
    else:
        junit_schema().validate(written)


def results(shown: Report, display: Display | None = None) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(render("sarif", shown, display or Display()))["runs"][0]["results"]
    return listed


@pytest.fixture(scope="module")
def wild() -> Report:
    return check_paths([corpus("wild")], Settings(jobs=1))


@pytest.fixture(scope="module")
def huge() -> Report:
    """30,000 findings: more than any of these systems shows, and of GitHub more than it takes."""
    kinds = [Severity.INFO, Severity.WARNING, Severity.ERROR]
    sources = [Source(f"deploy/{number}.yaml", APP.text) for number in range(100)]
    many = [
        found(
            at(sources[number % 100], "/models/bert.bin"),
            severity=kinds[number % 3],
            confidence=Confidence.HIGH if number % 2 else Confidence.MEDIUM,
            message=f"finding {number} of many, with a message as long as they usually are, about a hundred characters",
            fingerprint=f"{number // 2:016x}",
        )
        for number in range(30_000)
    ]
    return report(*many)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", STRUCTURED)
def test_reports_are_valid(name: str, case: str) -> None:
    validate(name, render(name, *CASES[case]))


@pytest.mark.parametrize("name", STRUCTURED)
@settings(deadline=None, max_examples=40)
@given(shown=REPORTS)
def test_reports_are_valid_whatever_they_hold(name: str, shown: Report) -> None:
    validate(name, render(name, shown))


@pytest.mark.parametrize("name", STRUCTURED)
def test_reports_of_real_manifests_are_valid(name: str, wild: Report) -> None:
    validate(name, render(name, wild))


def test_every_rule_is_described_in_full() -> None:
    rules = tuple(rule.facts for rule in all_rules(Settings()))
    place = at(APP, "kind")
    each = [found(place, code=rule.code, rule=rule.name, url=rule.url) for rule in rules]
    written = render("sarif", replace(report(*each), rules=rules))
    validate("sarif", written)
    described = json.loads(written)["runs"][0]["tool"]["driver"]["rules"]
    assert [one["id"] for one in described] == [rule.code for rule in rules]
    for one, rule in zip(described, rules, strict=True):
        assert one["name"] == rule.name
        assert one["shortDescription"]["text"] == rule.title
        assert len(one["fullDescription"]["text"]) <= 1024
        assert "## How to mend it" in one["help"]["markdown"]
        assert "```yaml\n# case:" in one["help"]["markdown"]
        assert len(one["properties"]["tags"]) <= 10
        assert ("security-severity" in one["properties"]) == rule.code.startswith("INIT6")
        assert one["properties"]["precision"] in ("very-high", "high", "medium", "low")
        assert one["properties"]["problem.severity"] in ("error", "warning", "recommendation")


# SARIF


def test_sarif_result_has_what_code_scanning_shows() -> None:
    mount = RelatedPlace(at(APP, "mountPath: /models"), "`server` mounts [it](1) here")
    place = at(APP, "/models/bert.bin")
    fix = Fix("mount it", (Edit(place.span, "/x"), Edit(Span(0, 0), "# y\n")))
    (one,) = results(report(found(place, related=(mount,), fix=fix, fingerprint="f")))
    assert (one["ruleId"], one["ruleIndex"], one["level"]) == ("INIT202", 0, "error")
    assert one["message"]["text"].endswith(r"the file is gone when it exits. See: [`server` mounts \[it\](1) here](1)")
    region = {"startLine": 14, "startColumn": 19, "endLine": 14, "endColumn": 35}
    artifact = {"uri": "deploy/app.yaml", "uriBaseId": "%SRCROOT%"}
    assert one["locations"][0]["physicalLocation"] == {"artifactLocation": artifact, "region": region}
    assert [related["id"] for related in one["relatedLocations"]] == [1]
    assert one["partialFingerprints"] == {"initlint/v1": "f"}
    (change,) = one["fixes"][0]["artifactChanges"]
    assert [part["deletedRegion"] for part in change["replacements"]] == [
        region,
        {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1},
    ]
    assert [part["insertedContent"]["text"] for part in change["replacements"]] == ["/x", "# y\n"]


def test_sarif_message_makes_no_link_of_what_a_manifest_holds() -> None:
    (one,) = results(report(found(at(APP, "kind"), message="image `[a](https://evil.example)` is odd")))
    assert one["message"]["text"] == r"image `\[a\](https://evil.example)` is odd"
    (plain,) = results(report(found(at(APP, "kind"), message="`a[0]` is odd")))
    assert plain["message"]["text"] == "`a[0]` is odd"


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b/ü#1?.yaml", "a%20b/%C3%BC%231%3F.yaml"),
        ("a:b.yaml", "a%3Ab.yaml"),
        ("./deploy/../x.yaml", "x.yaml"),
        ("<stdin>", "%3Cstdin%3E"),
        ("\udcff.yaml", "%3F.yaml"),
    ],
)
def test_sarif_names_files_by_uri(path: str, uri: str) -> None:
    (one,) = results(report(found(Place(Source(path, "x"), Span(0, 1)))))
    assert one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


@pytest.mark.no_cover
def test_sarif_stays_within_the_limits_of_github(huge: Report) -> None:
    written = render("sarif", huge)
    run = json.loads(written)["runs"][0]
    assert len(run["results"]) == 25_000
    assert Counter(one["level"] for one in run["results"]) == {"error": 10_000, "warning": 10_000, "note": 5_000}
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "5,000 of the less severe results are left out: GitHub takes 25,000"
    assert len(gzip.compress(written.encode())) < 10_000_000


def test_sarif_says_that_a_run_is_not_complete() -> None:
    run = json.loads(render("sarif", report(problems=(Problem("a.yaml", "gone"),))))["runs"][0]
    assert run["invocations"][0]["executionSuccessful"] is False
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == "gone"


# GitHub


def annotated(written: str) -> Counter[str]:
    return Counter(re.findall(r"^::(error|warning|notice) ", written, re.MULTILINE))


def test_github_annotates_the_ten_worst_of_each_kind(huge: Report) -> None:
    written = render("github", huge)
    assert annotated(written) == {"error": 10, "warning": 10, "notice": 10}
    first = [line for line in written.splitlines() if line.startswith("::error")]
    # Findings of high confidence have odd numbers, errors those that leave 2 when divided by 3.
    assert re.findall(r"::finding (\d+)", "\n".join(first)) == [str(5 + 6 * index) for index in range(10)]
    assert "::group::29,970 more findings than GitHub annotates\n" in written
    assert len(re.findall(r"^deploy/\d+\.yaml:14:19: INIT202", written, re.MULTILINE)) == 29_970


def test_github_annotation_is_escaped() -> None:
    source = Source("a,b:%.yaml", "x: 1\ny: 2\n")
    told = "100% of `a`, ::b::\nand more"
    one, two = render(
        "github", report(found(span(source, 0, 4), message=told), found(span(source, 0, 9)))
    ).splitlines()[:2]
    assert one == (
        "::error file=a%2Cb%3A%25.yaml,line=1,endLine=1,col=1,endColumn=5,"
        "title=INIT202 lost-write::100%25 of `a`, ::b::\\nand more"
    )
    assert "line=1,endLine=2,title=" in two


def test_github_makes_no_command_of_what_a_manifest_holds() -> None:
    hostile = Source("::add-mask::x", "##[add-mask]x")
    many = [found(span(hostile, 0, 1), message="##[add-path]/evil") for _ in range(12)]
    lines = render("github", report(*many)).splitlines()
    commands = [line for line in lines if line.lstrip().startswith("::")]
    assert {re.split("[ :]", line)[2] for line in commands} == {"error", "group", "endgroup"}
    assert not [line for line in lines if "##[" in line and not line.startswith("::error ")]


def test_github_problems_are_errors_and_take_their_room() -> None:
    problems = tuple(Problem(f"{number}.yaml", "gone") for number in range(4))
    written = render("github", replace(report(*[found(at(APP, "kind"))] * 9), problems=problems))
    assert annotated(written) == {"error": 10}
    assert written.count("title=could not be read::gone") == 4


@pytest.mark.parametrize("name", ["full", "concise", "github", "gitlab", "junit", "markdown"])
def test_what_could_not_be_written_is_not_said_to_be_unread(name: str) -> None:
    unwritten = Problem("a.yaml", "it has changed meanwhile", "could not be mended")
    written = render(name, replace(report(), problems=(unwritten,)))
    assert "could not be mended" in written
    assert "could not be read" not in written


# GitLab


@pytest.mark.no_cover
def test_gitlab_tells_equal_findings_apart(huge: Report) -> None:
    written = render("gitlab", huge)
    validate("gitlab", written)
    assert len(json.loads(written)) == 30_000
    assert written == render("gitlab", huge)


def test_gitlab_knows_a_finding_again_when_it_has_moved() -> None:
    moved = Source(APP.path, "# more\n" + APP.text)
    first, second = (json.loads(render("gitlab", report(found(at(source, "kind"))))) for source in (APP, moved))
    assert first[0]["fingerprint"] == second[0]["fingerprint"]
    assert (first[0]["location"]["lines"]["begin"], second[0]["location"]["lines"]["begin"]) == (2, 3)


# JUnit


def test_junit_has_a_case_for_each_workload() -> None:
    other = ObjectRef("v1", "Pod", "shop", "fine")
    checked = (Checked(APP.path, ObjectRef("apps/v1", "Deployment", None, "app"), 1), Checked("b.yaml", other, 3))
    shown = replace(EVERYTHING, checked=checked)
    tree = ET.fromstring(render("junit", shown))
    names = [(case.get("classname"), case.get("name"), [part.tag for part in case]) for case in tree.iter("testcase")]
    assert names == [
        ("b\\nc", "the file itself", ["error"]),
        ("b.yaml", "Pod/shop/fine", []),
        ("chart/templates/a.yaml", "from line 1", ["skipped"]),
        ("chart/templates/a.yaml", "from line 40", ["skipped"]),
        ("deploy/app.yaml", "Deployment/app", ["failure", "system-out"]),
        ("fifo.yaml", "from line 1", ["skipped"]),
        ("secret.yaml", "the file itself", ["error"]),
    ]
    assert {name: tree.get(name) for name in ("tests", "failures", "errors")} == {
        "tests": "7",
        "failures": "1",
        "errors": "2",
    }
    (failure,) = tree.iter("failure")
    assert failure.get("message", "").endswith("the file is gone when it exits (and 1 more)")
    assert len((failure.text or "").splitlines()) == 2


def test_junit_gives_a_finding_to_the_object_that_it_stands_in() -> None:
    twin = ObjectRef("v1", "Pod", None, "app")
    source = Source("a.yaml", "kind: Pod\n---\nkind: Pod\n")
    shown = report(
        found(at(source, "Pod", 1), object=twin), checked=(Checked("a.yaml", twin, 1), Checked("a.yaml", twin, 3))
    )
    cases = list(ET.fromstring(render("junit", shown)).iter("testcase"))
    assert [[part.tag for part in case] for case in cases] == [[], ["failure"]]


def test_junit_is_green_where_there_are_smells_only() -> None:
    tree = ET.fromstring(render("junit", report(found(at(APP, "kind"), severity=Severity.INFO))))
    assert tree.get("failures") == "0"
    assert [part.tag for part in tree.iter("testcase").__next__()] == ["system-out"]


def test_junit_of_real_manifests_has_as_many_cases_as_there_are_workloads(wild: Report) -> None:
    tree = ET.fromstring(render("junit", replace(wild, skipped=(), diagnostics=())))
    assert len(list(tree.iter("testcase"))) == wild.workloads > 500


# Markdown


def test_markdown_fits_into_a_comment(huge: Report) -> None:
    written = render("markdown", huge)
    assert len(written) < 65_536
    rows = [line for line in written.splitlines() if line.startswith("| ❌")]
    assert len(rows) > 100
    assert f"… and {30_000 - len(rows):,} more\n" in written


def test_markdown_holds_no_markup_of_a_manifest() -> None:
    hostile = "`<b>` | @everyone #12 *a* _b_ [x](y) <script> ~~z~~ $x$"
    written = render("markdown", report(found(at(APP, "kind"), message=hostile, container="a|`b", url="")))
    (row,) = [line for line in written.splitlines() if "INIT202" in line]
    assert row.count(" | ") == 3
    cell = row.rsplit(" | ", 1)[1]
    assert cell.startswith(
        "`<b>` &#124; @<!-- -->everyone #<!-- -->12 &#42;a&#42; &#95;b&#95; &#91;x&#93;(y) &lt;script&gt;"
    )
    assert "<code>a&#124;&#96;b</code>" in row


def test_markdown_of_a_clean_run_says_so() -> None:
    assert render("markdown", report(files=30, workloads=12)) == (
        "### initlint: no findings in 12 workloads in 30 files\n"
    )


# Where the repository is


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("app.yaml", "charts/app.yaml"),
        ("../app.yaml", "app.yaml"),
        ("/repo/x/app.yaml", "x/app.yaml"),
        ("/elsewhere/app.yaml", "/elsewhere/app.yaml"),
        ("<stdin>", "<stdin>"),
    ],
)
def test_files_are_named_as_seen_from_the_root_of_the_repository(path: str, seen: str) -> None:
    shown = report(found(Place(Source(path, "x"), Span(0, 1))))
    display = Display(viewpoint=Viewpoint("/repo", "/repo/charts"))
    uri = results(shown, display)[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote(uri).removeprefix("file://") == seen
    assert json.loads(render("gitlab", shown, display))[0]["location"]["path"] == seen
    assert f"file={seen}," in render("github", shown, display)
    assert f'<testsuite name="{seen}"' in render("junit", shown, display).replace("&lt;", "<").replace("&gt;", ">")


@pytest.mark.parametrize("name", ["full", "concise", "github", "gitlab", "junit", "markdown", "sarif"])
def test_what_cannot_be_read_is_told_with_its_remedy(name: str) -> None:
    broken = check_text("image: {registry}/app\n", "app.yaml")
    assert len(broken.active) == 1
    assert "put a value that begins with a bracket in quotes" in render(name, broken)
