"""The configuration: found, merged with flags and environment, refused with a place, described by its schema."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from initlint.config import NAMES, config_schema, find, load, settings_of
from initlint.errors import InitlintError
from initlint.finding import Confidence, Severity, Status
from initlint.kube.terms.versions import Version
from initlint.reporters.frame import error_frame
from initlint.run import check_sources
from initlint.settings import Base, Settings, all_rules
from initlint.text.source import Source
from initlint.text.tree import Mapping, Node, Scalar, Sequence
from initlint.text.yamltext import read
from tests.commandline import run
from tests.conftest import ROOT
from tests.helpers import configured

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: app, namespace: shop}
spec:
  initContainers:
    - {name: fetch, image: "fetch:1", volumeMounts: [{name: gone, mountPath: /x}]}
    - {name: warm, image: "warm:1"}
  containers:
    - {name: app, image: app:1}
"""


def found(settings: Settings, path: str = "app.yaml") -> list[tuple[str, str | None, str]]:
    report = check_sources([Source(path, POD)], settings)
    return [(one.code, one.container, str(one.severity)) for one in report.active]


EVERYTHING = [
    ("INIT201", "fetch", "error"),
    ("INIT401", "fetch", "warning"),
    ("INIT401", "warm", "warning"),
]


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    for text in ("", "# nothing\n", "{}\n", "---\n"):
        assert configured(tmp_path, text) == Settings()
    assert sorted(found(Settings())) == EVERYTHING


def test_every_key(tmp_path: Path) -> None:
    loaded = configured(
        tmp_path,
        "target-version: 1.30\nselect: [INIT2, INIT4]\nextend-select: [duplicate-key]\nignore: [INIT203]\n"
        "min-severity: warning\nmin-confidence: low\nrequire-reason: true\nfail-on: never\nexclude: [x]\n",
        base="prod",
    )
    assert loaded.version == Version(1, 30)
    assert (loaded.select, loaded.extend_select, loaded.ignore) == (
        ("INIT2", "INIT4"),
        ("duplicate-key",),
        ("INIT203",),
    )
    assert (loaded.min_severity, loaded.min_confidence) == (Severity.WARNING, Confidence.LOW)
    assert (loaded.require_reason, loaded.base) == (True, Base("prod"))


def test_rules_can_be_told_a_severity_and_options(tmp_path: Path) -> None:
    told = configured(
        tmp_path, "rules:\n  missing-resources: {severity: info, require: [limits.cpu]}\n  INIT201: {severity: info}\n"
    )
    assert sorted(found(told)) == [(code, container, "info") for code, container, _ in EVERYTHING]
    (one, *_) = (one for one in check_sources([Source("a", POD)], told).active if one.code == "INIT401")
    assert one.message.startswith("init container `fetch` sets no cpu limit:")
    assert found(configured(tmp_path, "rules: {missing-resources: {require: []}}")) == EVERYTHING[:1]


def test_what_rules_are_told_travels_between_processes(tmp_path: Path) -> None:
    told = configured(
        tmp_path,
        "rules: {missing-resources: {severity: info, require: [limits.cpu], defaults: {limits: {cpu: 0.5}}}}\n"
        "commands: {fetch: {operands: url}}\n"
        "ignores: [{rule: INIT201, container: nobody, reason: none}]\n"
        "overrides: [{files: [b], rules: {INIT401: {require: [limits.memory]}}}]\n",
    )
    sources = [Source("a", POD), Source("b", POD)]
    alone, together = (check_sources(sources, replace(told, jobs=jobs)).active for jobs in (1, 2))
    assert alone == together
    assert {("cpu limit" in one.message, one.path) for one in alone if one.code == "INIT401"} == {
        (True, "a"),
        (False, "b"),
    }


@pytest.mark.parametrize(
    ("ignore", "left"),
    [
        ("{rule: missing-resources}", EVERYTHING[:1]),
        ("{rule: init401}", EVERYTHING[:1]),
        ("{rule: INIT401, container: fetch}", [EVERYTHING[0], EVERYTHING[2]]),
        ("{rule: INIT401, container: 'w*'}", EVERYTHING[:2]),
        ("{rule: INIT401, object: 'Pod/*'}", EVERYTHING[:1]),
        ("{rule: INIT401, object: 'Pod/shop/a*'}", EVERYTHING[:1]),
        ("{rule: INIT401, object: 'Job/*'}", EVERYTHING),
        ("{rule: INIT401, object: 'Pod/other/*'}", EVERYTHING),
        ("{rule: INIT401, path: 'deploy/**'}", EVERYTHING[:1]),
        ("{rule: INIT401, path: '*.yaml'}", EVERYTHING[:1]),
        ("{rule: INIT401, path: other/}", EVERYTHING),
        ("{rule: undeclared-volume, reason: why}", EVERYTHING[1:]),
    ],
)
def test_ignores(tmp_path: Path, ignore: str, left: list[tuple[str, str | None, str]]) -> None:
    told = configured(tmp_path, f"ignores: [{ignore}]", base="deploy")
    assert sorted(found(told)) == left
    statuses = [one.status for one in check_sources([Source("app.yaml", POD)], told).diagnostics]
    assert statuses.count(Status.SUPPRESSED) == len(EVERYTHING) - len(left)


@pytest.mark.parametrize(
    ("ignore", "is_stale"),
    [
        ("{rule: INIT303, path: deploy/app.yaml}", True),
        ("{rule: INIT401, path: deploy/app.yaml, container: worm}", True),
        ("{rule: INIT401, path: /deploy/app.yaml, object: 'Pod/app', container: fetch}", False),
        # Used, of another file, or perhaps of other files, too.
        ("{rule: INIT401, path: deploy/app.yaml}", False),
        ("{rule: INIT303, path: deploy/other.yaml}", False),
        ("{rule: INIT303, path: app.yaml}", False),
        ("{rule: INIT303, path: 'deploy/*.yaml'}", False),
        ("{rule: INIT303, path: deploy/}", False),
        ("{rule: INIT303, object: Pod/app}", False),
        ("{rule: INIT303}", False),
        # Not selected, so that it is not known.
        ("{rule: INIT604, path: deploy/app.yaml}", False),
    ],
)
def test_entries_that_silence_nothing(tmp_path: Path, ignore: str, is_stale: bool) -> None:
    told = replace(configured(tmp_path, f"ignores:\n  - {ignore}\n", base="deploy"), ignore=("INIT604",))
    stale = [one for one in check_sources([Source("app.yaml", POD)], told).active if one.code == "INIT002"]
    assert [(one.path, one.place.start, one.fix) for one in stale] == (
        [(str(tmp_path / NAMES[0]), (2, 5), None)] if is_stale else []
    )


def test_an_entry_is_not_stale_where_something_was_not_known(tmp_path: Path) -> None:
    told = configured(tmp_path, "ignores:\n  - {rule: INIT401, path: a/app.yaml}\n")
    patch = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec: {template: {spec: {initContainers: [{name: warm, image: "warm:1"}]}}}
"""
    report = check_sources([Source("a/app.yaml", patch)], told)
    assert (report.active, "missing-resources" in {note.rule for note in report.notes}) == ((), True)


def test_overrides_hold_for_their_files_only(tmp_path: Path) -> None:
    told = configured(
        tmp_path,
        "ignore: [INIT201]\noverrides:\n"
        "  - {files: ['dev/**'], ignore: [missing-resources]}\n"
        "  - {files: ['*.yml'], rules: {missing-resources: {severity: error}}, extend-select: [INIT201]}\n",
    )
    assert found(told, "dev/app.yaml") == []
    assert found(told, "prod/app.yaml") == EVERYTHING[1:]
    assert {severity for _, _, severity in found(told, "prod/app.yml")} == {"error"}
    assert found(told, "dev/app.yml") == []


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("selct: []", "unknown key `selct`: did you mean `select`?", (1, 1)),
        ("zzz: []", "unknown key `zzz`: known are `baseline`, `commands`,", (1, 1)),
        ("select: ALL", "expected a list, found `ALL`: write `[ALL]`", (1, 9)),
        (
            "rules:\n  INIT401: {}\n  missing-resources: {severity: info}",
            "`missing-resources` is told what to do above, as `INIT401`: leave one out",
            (3, 3),
        ),
        ("select: [[a]]", "expected a text, found a list", (1, 10)),
        ("select: [true]", "expected a text, found `true`", (1, 10)),
        ("{{ values }}", "expected a key, found a mapping", (1, 2)),
        ("ignore: [INIT9999]", "no rule is called `INIT9999`", (1, 10)),
        ("overrides: [{files: [a], ignore: [x-y-z]}]", "no rule is called `x-y-z`", (1, 35)),
        ("overrides: [{ignore: []}]", "expected the key `files`", (1, 13)),
        ("ignores: [{rule: nope}]", "no rule is called `nope`", (1, 18)),
        ("ignores: {}", "expected a list, found a mapping", (1, 10)),
        ("ignores: [{rule: INIT201, object: Job}]", "`Job` names no object: write `Kind/name`", (1, 35)),
        ("require-reason: yes\nignores: [{rule: INIT201}]", "expected the key `reason`, which `require", (2, 11)),
        ("rules: []", "expected a mapping of rule names", (1, 8)),
        ("rules: {missing-resource: {}}", "did you mean `missing-resources`?", (1, 9)),
        ("rules: {missing-resources: off}", "`ignore: [missing-resources]` leaves it out", (1, 28)),
        ("rules: {INIT401: {severity: off}}", "`ignore: [missing-resources]` leaves it out", (1, 29)),
        ("rules: {ACME001: {}}", "no rule is called `ACME001`: `initlint rules` lists them", (1, 9)),
        ("rules: {missing-resources: {requires: []}}", "did you mean `require`?", (1, 29)),
        ("rules: {missing-resources: {require: [limits.mem]}}", "expected one of `requests.cpu`", (1, 39)),
        ("rules: {missing-resources: {severity: bad}}", "expected one of `info`, `warning`, `error`", (1, 39)),
        ("rules: {missing-resources: info}", "expected a mapping, found `info`", (1, 28)),
        ("fail-on: often", "expected one of `error`, `warning`, `info`, `never`", (1, 10)),
        ("target-version: 1.99", "unknown target version `1.99`", (1, 17)),
        ("require-reason: 1", "expected `true` or `false`, found `1`", (1, 17)),
        ("require-reason:", "expected `true` or `false`, found nothing", (1, 16)),
        ("- a", "expected a mapping, found a list", (1, 1)),
        ("a: [", "expected", (1, 4)),
        ("{}\n---\n{}", "expected one document, found another", (3, 1)),
    ],
)
def test_mistakes_are_shown_where_they_are(tmp_path: Path, text: str, message: str, place: tuple[int, int]) -> None:
    with pytest.raises(InitlintError, match=re.escape(message)) as caught:
        configured(tmp_path, text)
    assert caught.value.source is not None
    assert caught.value.span is not None
    assert caught.value.source.position(caught.value.span.start) == place
    assert f"--> {tmp_path / NAMES[0]}:{place[0]}:{place[1]}" in error_frame(caught.value)


def test_the_nearest_file_up_to_the_root_of_the_repository(tmp_path: Path) -> None:
    inner = tmp_path / "repository" / "deploy" / "prod"
    inner.mkdir(parents=True)
    (tmp_path / NAMES[0]).write_text("")
    assert find(inner) is None
    (tmp_path / "repository" / ".git").mkdir()
    assert find(inner) is None
    (tmp_path / "repository" / NAMES[1]).write_text("")
    assert find(inner) == tmp_path / "repository" / NAMES[1]
    (inner / NAMES[0]).write_text("")
    assert find(inner) == inner / NAMES[0]


def as_data(node: Node) -> object:
    if isinstance(node, Mapping):
        return {key.value: as_data(value) for key, value in node.items()}
    if isinstance(node, Sequence):
        return [as_data(item) for item in node]
    assert isinstance(node, Scalar)
    return node.truth if node.truth is not None else node.value


def test_the_schema_is_fresh_and_agrees_with_the_reader(tmp_path: Path) -> None:
    schema = config_schema(all_rules(Settings()))
    file = ROOT / "schemas" / "config.schema.json"
    assert json.loads(file.read_text("utf-8")) == schema, "python -m initlint.config writes it anew"
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    texts = ["rules: {missing-resources: {severity: info}}\nignore: [a]", "fail-on: never", "selct: []", "fail-on: x",
             "rules: {nope: {}}", "overrides: [{}]", "require-reason: true", "rules: {INIT401: {}}"]  # fmt: skip
    verdicts = [validator.is_valid(as_data(one.root)) for text in texts for one in read(Source("a", text), 0, text)]
    assert verdicts == [True, True, False, False, False, False, True, False]


def test_init_writes_a_file_that_is_accepted_and_changes_nothing(tmp_path: Path) -> None:
    assert run("init", cwd=tmp_path)[:2] == (0, "wrote .initlint.yaml\n")
    assert settings_of(load(tmp_path / NAMES[0]), (), Base()) == Settings()
    text = (tmp_path / NAMES[0]).read_text()
    uncommented = re.sub(r"^(\w[\w-]*): (?:\[\]|\{\})\n#  ", r"\1:\n ", text, flags=re.MULTILINE)
    assert configured(tmp_path, uncommented).rules[0].severity is Severity.INFO
    assert run("init", cwd=tmp_path)[0] == 2
    assert run("init", "--force", cwd=tmp_path)[0] == 0


def test_init_shows_every_key(tmp_path: Path) -> None:
    run("init", cwd=tmp_path)
    shown = re.findall(r"^(?:# )?([a-z-]+):", (tmp_path / NAMES[0]).read_text("utf-8"), re.MULTILINE)
    assert set(config_schema(())["properties"]) <= set(shown)


def test_init_says_what_no_longer_counts(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "deploy").mkdir()
    (tmp_path / NAMES[1]).write_text("ignore: [INIT4]\n")
    assert run("init", "--force", cwd=tmp_path)[2] == (
        "error: `.initlint.yml` is there already: of two configurations only one would be read\n"
    )
    code, out, err = run("init", cwd=tmp_path / "deploy")
    assert (code, out) == (0, "wrote .initlint.yaml\n")
    assert err == f"note: it alone counts here and below, nothing of `{tmp_path / NAMES[1]}` does any more\n"
    assert run("init", "--force", cwd=tmp_path / "deploy")[2] == ""


def test_where_something_is_left_for_some_files_there_is_something_to_find(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(POD)
    config = "select: []\noverrides: [{files: [app.yaml], extend-select: [INIT401]%s}]\n"
    for more, code in (("", 1), (", ignore: [INIT4]", 2)):
        (tmp_path / NAMES[0]).write_text(config % more)
        assert run("app.yaml", cwd=tmp_path)[0] == code


@pytest.mark.no_cover
def test_flags_win_over_variables_and_these_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(POD)
    (tmp_path / NAMES[0]).write_text("select: [INIT401]\nfail-on: never\nexclude: [other.yaml]\n")
    (tmp_path / "other.yaml").write_text(POD)

    def codes(*arguments: str, **environment: str) -> tuple[int, set[str]]:
        code, out, _ = run("--output-format=json", *arguments, cwd=tmp_path, **environment)
        return code, {one["code"] for one in json.loads(out)["findings"]}

    assert codes() == (0, {"INIT401"})
    assert codes(INITLINT_SELECT="INIT201,INIT003") == (0, {"INIT201"})
    assert codes("--select=INIT201", INITLINT_SELECT="INIT401") == (0, {"INIT201"})
    assert codes("--fail-on=error", "--extend-select=INIT2") == (1, {"INIT401", "INIT201"})
    assert codes(INITLINT_FAIL_ON="warning") == (1, {"INIT401"})
    assert codes("--isolated") == (1, {"INIT401", "INIT201"})
    assert codes("--min-severity=error", "--isolated") == (1, {"INIT201"})
    assert run("--show-files", cwd=tmp_path)[1].splitlines() == [".initlint.yaml", "app.yaml"]
    assert run("--show-files", "--isolated", cwd=tmp_path)[1].splitlines() == [
        ".initlint.yaml",
        "app.yaml",
        "other.yaml",
    ]
    assert run("--config=none.yaml", cwd=tmp_path)[0] == 2
    shown = run("--show-settings", cwd=tmp_path)[1]
    assert f"# configuration: {NAMES[0]}\n" in shown
    assert "\nselect: [INIT401]\n" in shown


def test_patterns_of_the_file_are_relative_to_it(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "deploy" / "dev").mkdir(parents=True)
    (tmp_path / "deploy" / "dev" / "app.yaml").write_text(POD)
    (tmp_path / NAMES[0]).write_text("overrides: [{files: [/deploy/dev/], ignore: [INIT]}]\n")
    assert run("dev", cwd=tmp_path / "deploy")[0] == 0
    assert run("dev", "--isolated", cwd=tmp_path / "deploy")[0] == 1
    (tmp_path / NAMES[0]).write_text("exclude: [/deploy/dev]\n")
    assert run(".", cwd=tmp_path / "deploy")[0] == 3


def test_a_configuration_cannot_load_code(tmp_path: Path) -> None:
    with pytest.raises(InitlintError, match="unknown key `rules-dir`"):
        configured(tmp_path, "rules-dir: [pack]\n")
