"""What the engine makes of findings: one per defect, whole, recognisable, whatever a rule does."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from initlint.cli.rules import markdown
from initlint.config import Override
from initlint.diagnose import short
from initlint.errors import InitlintError
from initlint.explanation import page
from initlint.finding import Confidence, Edit, Severity, Status
from initlint.fixing.apply import apply
from initlint.library import check_text
from initlint.packs import load
from initlint.report import Note
from initlint.run import check_sources
from initlint.settings import Settings, all_rules, find_rule, rules_to_run, selected_codes
from initlint.testing import failures
from initlint.text.source import Source, Span
from initlint.version import __version__
from tests.helpers import check

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: app, namespace: shop}
spec:
  initContainers:
    - name: one
      image: one:1
    - name: two
      image: two:1
  containers:
    - name: app
      image: app:1
"""

Pack = Callable[..., Path]


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """Write rules into a pack: the bodies of their checks, which run on containers unless told otherwise."""

    def write(**bodies: str) -> Path:
        for number, (name, body) in enumerate(bodies.items()):
            folder = tmp_path / "pack" / name
            folder.mkdir(parents=True, exist_ok=True)
            body, _, declared = body.partition(" @@ ")
            (folder / "rule.py").write_text(
                "from dataclasses import dataclass\nfrom initlint.api import *\n"
                f'@rule("ACME00{number}", "title", severity=WARNING{declared})\n'
                f"def check(subject: Container) -> Findings:\n    {body}\n"
            )
        return tmp_path / "pack"

    return write


def run(path: Path, text: str = POD, **settings: object) -> list[tuple[str, str | None, str]]:
    report = check_sources([Source("app.yaml", text)], Settings(packs=(path,), ignore=("INIT4",), **settings))  # type: ignore[arg-type]
    return [(one.rule, one.container, one.message) for one in report.active]


def test_a_diagnostic_is_whole(pack: Pack) -> None:
    path = pack(
        some_rule="yield Finding(subject.image, 'm', related=(Related(subject.name, 'r'),), severity=INFO, "
        "confidence=MEDIUM, rejected=True, help='h', fix=Fix('t', (Edit(subject.image.span, 'x'),), safe=True))"
    )
    report = check_sources([Source("app.yaml", POD)], Settings(packs=(path,), select=("ACME000",)))
    one = report.active[0]
    assert (one.code, one.rule, one.severity, one.confidence) == (
        "ACME000",
        "some-rule",
        Severity.INFO,
        Confidence.MEDIUM,
    )
    assert (one.path, one.place.start, one.place.end) == ("app.yaml", (7, 14), (7, 19))
    assert one.object is not None
    assert (str(one.object), one.object.namespace, one.container) == ("Pod/app", "shop", "one")
    assert (one.rejected, one.help, one.related[0].message, one.related[0].place.start) == (True, "h", "r", (6, 13))
    assert one.fix is not None
    assert apply(POD, one.fix.edits) == POD.replace("one:1", "x")
    assert one.url == ""
    assert len(one.fingerprint) == 16
    assert pickle.loads(pickle.dumps(report)) == report


def test_a_rule_that_fails_is_reported_and_everything_else_goes_on(pack: Pack) -> None:
    path = pack(
        first="yield Finding(subject.name, 'first')\n    raise KeyError('boom')",
        second="yield Finding(subject.name, 'second')",
    )
    found = run(path)
    assert [one[0] for one in found].count("second") == 3
    assert [one[0] for one in found].count("first") == 3
    broken = [message for rule, _, message in found if rule == "internal-error"]
    assert len(broken) == 3
    assert broken[0].startswith(f"rule `first` failed at {path / 'first' / 'rule.py'}:6: KeyError: 'boom'")


def test_a_rule_that_yields_no_finding_is_reported(pack: Pack) -> None:
    path = pack(first="yield subject.name", second="yield Finding(subject.name, 'second')")
    found = run(path)
    assert [one[0] for one in found].count("second") == 3
    assert [one[2].startswith("rule `first` failed at ") for one in found if one[0] == "internal-error"] == [True] * 3


def test_internal_errors_cannot_be_deselected(pack: Pack) -> None:
    path = pack(first="raise KeyError('boom')\n    yield")
    assert {one[0] for one in run(path, select=("ACME000",))} == {"internal-error"}


def test_what_is_unknown_is_noted(pack: Pack) -> None:
    path = pack(first="raise Unknown('who knows')\n    yield")
    report = check_sources([Source("app.yaml", POD)], Settings(packs=(path,), select=("ACME000",)))
    assert report.active == ()
    assert report.notes[0] == Note("app.yaml", "Pod/app container `app`", "first", "who knows")
    assert len(report.notes) == 3


def test_the_more_specific_rule_speaks(pack: Pack) -> None:
    path = pack(
        vague="yield Finding(subject.name, 'vague', defect=subject.name.value)",
        exact="if subject.role is Role.INIT: yield Finding(subject.name, 'exact', defect=subject.name.value)"
        " @@ , supersedes=('vague',)",
    )
    assert [one[:2] for one in run(path)] == [("exact", "one"), ("exact", "two"), ("vague", "app")]
    # Decided before selection: a rule that is left out does not come back under another name.
    assert [one[:2] for one in run(path, select=("vague",))] == [("vague", "app")]


def test_other_defects_of_the_container_are_not_superseded(pack: Pack) -> None:
    path = pack(
        vague="yield Finding(subject.name, 'vague', defect='a')\n    yield Finding(subject.name, 'no defect')",
        exact="yield Finding(subject.name, 'exact', defect='b') @@ , supersedes=('vague',)",
    )
    assert len(run(path)) == 9


def test_low_confidence_is_not_shown_by_default(pack: Pack) -> None:
    path = pack(first="yield Finding(subject.name, 'm', confidence=LOW)")
    assert run(path) == []
    assert len(run(path, min_confidence=Confidence.LOW)) == 3
    report = check_sources([Source("app.yaml", POD)], Settings(packs=(path,), select=("first",)))
    assert {one.status for one in report.diagnostics} == {Status.FILTERED}


def test_options_have_defaults(pack: Pack) -> None:
    path = pack(first="pass")
    (path / "first" / "rule.py").write_text(
        "from dataclasses import dataclass\nfrom initlint.api import *\n"
        "@dataclass(frozen=True)\nclass Options:\n    limit: int = 3\n"
        '@rule("ACME000", "title", severity=INFO)\n'
        "def check(pod: Pod, options: Options) -> Findings:\n"
        "    yield Finding(pod.node, f'limit {options.limit}')\n"
    )
    assert run(path) == [("first", None, "limit 3")]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = 1", "declares 0 rules"),
        ("import nothing_such", "rule.py:1` cannot be loaded: ModuleNotFoundError"),
        ("from initlint.api import *\n@rule('A1', 't', severity='info')\ndef check(x: Pod) -> Findings: ...", "`INFO`"),
        (
            "from initlint.api import *\n@rule('a-1', 't', severity=INFO)\ndef check(x: Pod) -> Findings: ...",
            "`a-1` ca",
        ),
        ("def", "cannot be loaded: SyntaxError"),
        (
            "from initlint.api import *\n@rule('A1', 't', severity=INFO)\ndef check(x: int) -> Findings: ...",
            "parameters",
        ),
        ("from initlint.api import *\n@rule('A1', 't', severity=INFO)\ndef check() -> Findings: ...", "parameters"),
        (
            "from initlint.api import *\n@rule('INIT201', 't', severity=INFO)\ndef check(x: Pod) -> Findings: ...",
            "both code",
        ),
    ],
)
def test_packs_that_cannot_be_used(tmp_path: Path, source: str, message: str) -> None:
    folder = tmp_path / "some_rule"
    folder.mkdir()
    (folder / "rule.py").write_text(source)
    with pytest.raises(InitlintError, match=message):
        all_rules(Settings(packs=(tmp_path,)))


def test_folders_that_are_no_pack(tmp_path: Path) -> None:
    with pytest.raises(InitlintError, match="is no directory"):
        load([tmp_path / "nowhere"])
    (tmp_path / ".git").mkdir()
    (tmp_path / "__pycache__").mkdir()
    assert load([tmp_path]) == []
    (tmp_path / "empty").mkdir()
    with pytest.raises(InitlintError, match=r"holds no `rule\.py`"):
        load([tmp_path])


def test_selection() -> None:
    def codes(*select: str, ignore: tuple[str, ...] = ()) -> set[str]:
        return set(selected_codes(Settings(select=select, ignore=ignore)))

    everything = {rule.code for rule in all_rules(Settings())}
    assert codes("ALL") == codes("all") == everything
    assert codes("undeclared-volume") == codes("INIT201") == codes("init201") == {"INIT201", "INIT003"}
    assert codes("INIT2") == {code for code in everything if code.startswith("INIT2")} | {"INIT003"}
    assert codes("ALL", ignore=("INIT",)) == {"INIT003"}
    with pytest.raises(InitlintError, match="did you mean `unread-volume`"):
        codes("unred-volume")
    with pytest.raises(InitlintError, match="`initlint rules` lists them"):
        find_rule(all_rules(Settings()), "zzz")
    assert {rule.code for rule in rules_to_run(Settings(select=("INIT201",)))} == {"INIT201", "INIT003"}


def test_findings_behind_an_alias_are_one_with_each_use_related() -> None:
    text = POD.replace("image: one:1", "image: one:1\n      volumeMounts: &m [{name: gone, mountPath: /x}]")
    text = text.replace("image: two:1", "image: two:1\n      volumeMounts: *m")
    text = text.replace("image: app:1", "image: app:1\n      volumeMounts: *m")
    (one,) = check(text)
    assert one.container == "one"
    assert [(related.place.start.line, related.message) for related in one.related] == [
        (11, "init container `two` of Pod/app uses it here, too"),
        (15, "container `app` of Pod/app uses it here, too"),
    ]


def test_findings_behind_merge_keys_and_shared_specs() -> None:
    base = (
        "- &base {name: one, image: one:1, volumeMounts: [{name: gone, mountPath: /x}]}\n    - {<<: *base, name: two}"
    )
    text = POD[: POD.index("    - name: one")] + f"    {base}\n" + POD[POD.index("  containers:") :]
    (one,) = check(text)
    assert [related.place.start for related in one.related] == [(7, 12)]
    shared = """\
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Pod
    metadata: {name: first}
    spec: &spec {containers: [{name: app, image: a, volumeMounts: [{name: gone, mountPath: /x}]}]}
  - {apiVersion: v1, kind: Pod, metadata: {name: second}, spec: *spec}
  - {apiVersion: v1, kind: Pod, metadata: {name: third}, spec: *spec}
"""
    (one,) = check(shared)
    assert [related.place.start.line for related in one.related] == [8, 9]


def test_two_findings_at_one_place_are_two(pack: Pack) -> None:
    path = pack(first="yield Finding(subject.name, 'one')\n    yield Finding(subject.name, 'two')")
    assert len(run(path)) == 6


def test_fingerprints_survive_moved_lines_and_reordered_lists() -> None:
    text = POD.replace(
        "image: one:1", "image: one:1\n      volumeMounts: [{name: x, mountPath: /x}, {name: z, mountPath: /y}]"
    )
    other = "# moved\n\n" + text.replace(
        "{name: x, mountPath: /x}, {name: z, mountPath: /y}", "{mountPath: /y, name: z}, {mountPath: /x, name: x}"
    )
    before, after = check(text), check(other)
    assert {one.fingerprint for one in before} == {one.fingerprint for one in after}
    assert len({one.fingerprint for one in before}) == 2


THREE_DOCUMENTS = """\
{apiVersion: v1, kind: Pod, metadata: {name: one}, spec: {containers: [{name: a, image: a}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: two}, spec: {containers: [{name: a, image: a}, {name: b, image: b}]}}
---
broken: [
"""


@pytest.mark.parametrize(
    ("target", "subjects"),
    [
        ("SyntaxProblem", []),
        ("Manifest", ["app.yaml"]),
        ("Workload", ["Pod/one", "Pod/two"]),
        ("Pod", ["Pod/one", "Pod/two"]),
        ("Container", ["Pod/one container `a`", "Pod/two container `a`", "Pod/two container `b`"]),
    ],
)
def test_rules_run_on_what_they_are_annotated_with(pack: Pack, target: str, subjects: list[str]) -> None:
    path = pack(first="pass")
    (path / "first" / "rule.py").write_text(
        f"from initlint.api import *\n@rule('ACME000', 'title', severity=INFO)\ndef check(it: {target}) -> Findings:\n"
        "    yield Finding(Span(0, 1), type(it).__name__)\n"
        "    if not isinstance(it, SyntaxProblem): raise Unknown('why')\n"
    )
    source = Source("app.yaml", THREE_DOCUMENTS)
    report = check_sources([source], Settings(packs=(path,), select=("first",)))
    assert [note.subject for note in report.notes] == subjects
    assert [one.message for one in report.active] == [target] * (2 if target == "Manifest" else max(1, len(subjects)))


def test_places_in_other_sources_and_spans(pack: Pack) -> None:
    path = pack(
        first="yield Finding(Span(0, 3), 'span')\n"
        "    yield Finding(Place(Source('other.yaml', 'abc'), Span(1, 2)), 'elsewhere')"
    )
    report = check_sources([Source("app.yaml", POD)], Settings(packs=(path,), select=("first",)))
    assert {(one.path, one.place.span) for one in report.active} == {("app.yaml", (0, 3)), ("other.yaml", (1, 2))}


def test_a_pod_with_too_many_containers_is_a_breach() -> None:
    items = ", ".join(f"{{name: c{number}, image: a}}" for number in range(1001))
    (one,) = check(f"{{apiVersion: v1, kind: Pod, spec: {{containers: [{items}]}}}}")
    assert one.code == "INIT003"
    assert "more than 1,000 containers" in one.message


@pytest.mark.parametrize(
    ("items", "what"),
    [("[{many}]", ["items in one list"]), ("[{{x: {{{many}}}}}]", ["keys in one mapping"]), ("[{few}]", [])],
)
def test_a_list_with_too_many_items_is_a_breach(items: str, what: list[str]) -> None:
    env = items.format(many=", ".join(f"n{one}: x" for one in range(2001)), few=", ".join(["{name: n}"] * 2000))
    found = check(f"{{apiVersion: v1, kind: Pod, spec: {{containers: [{{name: c, image: a, env: {env}}}]}}}}")
    told = [one.message for one in found if one.code == "INIT003"]
    assert told == [f"the Pod has more than 2,000 {one}: what breaks here is not found" for one in what]


def test_edits() -> None:
    edits = [Edit(Span(2, 4), "X"), Edit(Span(0, 0), ">"), Edit(Span(3, 5), "lost"), Edit(Span(2, 4), "X")]
    assert apply("abcdef", edits) == ">abXef"
    assert apply("abc", []) == "abc"


def test_the_harness_finds_what_is_wrong_with_a_folder(pack: Pack) -> None:
    path = pack(some_rule="yield Finding(subject.name, 'm')")
    rule = find_rule(all_rules(Settings(packs=(path,))), "some-rule")
    assert sum("missing" in one for one in failures(rule)) == 1
    assert sum("0 cases" in one for one in failures(rule)) == 2
    (path / "some_rule" / "README.md").write_text("# other\n")
    (path / "some_rule" / "bad.yaml").write_text("---\n".join(f"# case: {number}\n{POD}" for number in range(3)))
    (path / "some_rule" / "good.yaml").write_text(f"# case: good\n{POD}#         ^^^\n")
    (path / "some_rule" / "fixed.yaml").write_text("# case: none\n")
    found = list(failures(rule))
    assert "does not begin with `# some-rule`" in found[0]
    assert sum("asserts nothing" in one for one in found) == 3
    assert sum("warning[some-rule]: m" in one for one in found) == 4
    assert any("1 cases" in one for one in found)
    assert any("belong into bad.yaml" in one for one in found)
    assert "offers no fix" in found[-1]


def test_long_values_are_not_quoted_whole() -> None:
    *_, found, _ = check_text(POD.replace("one:1", f"{'n' * 200}{'e' * 200}")).diagnostics
    assert f"runs `{'n' * 88}…{'e' * 29}`, which" in found.message
    assert short("`a` " + "b " * 100 + "`c`") == "`a` " + "b " * 100 + "`c`"
    assert short(f'says "{"v" * 500}" and ' + "b " * 100).count("v") == 117


def test_links_lead_into_the_repository_where_the_rule_is_in_it(pack: Pack) -> None:
    rules = all_rules(Settings(packs=(pack(some_rule="yield Finding(subject.name, 'm')"),)))
    own, shipped = find_rule(rules, "some-rule"), find_rule(rules, "lost-write")
    assert (own.url, shipped.url) == ("", f"https://github.com/initlint/initlint/tree/v{__version__}/rules/lost_write")
    assert page(own.facts).splitlines()[2:5] == ["ACME000 · warning · confidence high", "", "title"]
    assert "| some-rule |" in markdown(tuple(rules))


@pytest.mark.parametrize("message", ["`` is lost", "no `x`: did you mean `y`?: it is lost", "lost.", "one\\ntwo"])
def test_the_harness_wants_messages_of_one_sentence(pack: Pack, message: str) -> None:
    path = pack(some_rule=f'yield Finding(subject.name, "{message}")')
    (path / "some_rule" / "bad.yaml").write_text(f"# case: one\n{POD}#         ^^^\n")
    rule = find_rule(all_rules(Settings(packs=(path,))), "some-rule")
    assert any("is no part of one sentence" in one for one in failures(rule))


def test_the_harness_wants_a_page_that_tells_of_each_option(pack: Pack) -> None:
    path = pack(some_rule="yield from ()")
    rule = replace(find_rule(all_rules(Settings(packs=(path,))), "some-rule"), options=Override(files=("a",)))
    (path / "some_rule" / "README.md").write_text("# some-rule\n\n`files`, `ignore` and `rules`\n")
    assert "does not tell of the option `extend-select`" in next(iter(failures(rule)))


def test_carets_assert_exact_spans(pack: Pack) -> None:
    path = pack(some_rule="if subject.index == 0 and subject.role is Role.INIT: yield Finding(subject.image, 'm')")
    rule = find_rule(all_rules(Settings(packs=(path,))), "some-rule")
    folder = path / "some_rule"
    (folder / "README.md").write_text("# some-rule\n")
    (folder / "good.yaml").write_text("".join(f"# case: {number}\nkind: Pod\n" for number in range(3)))
    exact = POD.replace("one:1\n", "one:1\n#            ^^^^^\n")
    for carets, right in (("^^^^^", True), ("^^^^", False), (" ^^^^", False), ("^^^^^^", False), ("^^ ^^", False)):
        text = exact.replace("^^^^^", carets)
        (folder / "bad.yaml").write_text("".join(f"# case: {number}\n{text}" for number in range(3)))
        assert (list(failures(rule)) == []) is right, carets
