"""Workloads that wait for each other: names resolved, the stuck ones found, whatever the order of the files."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from types import FunctionType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from initlint import across
from initlint.api import Graph
from initlint.engine import analyse, read
from initlint.finding import Severity
from initlint.graph import cycles
from initlint.graph.facts import WorkloadFacts
from initlint.kube.terms.cluster import Cluster
from initlint.parallel import analyse_all
from initlint.report import Report
from initlint.run import check_sources
from initlint.settings import RuleSettings, Settings, Special, all_rules, find_rule
from initlint.text.source import Source
from tests.waiting import looked_up, service, until, workload

WAITS = Settings(select=("INIT502", "INIT504", "INIT501", "INIT002"))


def run(*documents: str, settings: Settings = WAITS) -> Report:
    return check_sources([Source("all.yaml", "---\n".join(documents))], settings)


def codes(*documents: str) -> list[str]:
    return [one.code for one in run(*documents).active]


def stuck(*documents: str) -> set[str]:
    """The names of the workloads that never start."""
    source = Source("all.yaml", "---\n".join(documents))
    graph = graph_of([source])
    return {one.ref.name for one in graph.stuck}


def graph_of(sources: list[Source]) -> Graph:
    return across.graph_of(analyse_all(sources, Settings(jobs=1)), sources)


STATEFUL = "  serviceName: db\n  replicas: 3\n"
PARALLEL = STATEFUL + "  podManagementPolicy: Parallel\n"
HEADLESS, PUBLISHED = ", clusterIP: None", ", clusterIP: None, publishNotReadyAddresses: true"


def test_a_pod_of_another_namespace_is_behind_no_service_of_this_one() -> None:
    waiting, other = workload("web", until("web"), namespace="shop"), workload("web", namespace="lab")
    assert stuck(service("web", namespace="shop"), waiting, other) == {"web"}
    assert stuck(service("web", namespace="shop"), waiting, workload("web")) == set()


@pytest.mark.parametrize(
    ("host", "is_stuck"),
    [
        ("db", True), ("db.shop", True), ("db.shop.svc", True), ("db.shop.svc.cluster.local", True),
        ("db.shop.svc.cluster.local.", True),
        ("db.other", False), ("dbs", False), ("db.example.com", False), ("db.shop.example.com", False), ("$DB", False),
        ("10.0.0.1", False), ("${TARGET}", False),
    ],
)  # fmt: skip
def test_each_form_of_a_name(host: str, is_stuck: bool) -> None:
    found = stuck(service("db", namespace="shop"), workload("db", until(host), namespace="shop"))
    assert found == ({"db"} if is_stuck else set())


@pytest.mark.parametrize(
    ("extra", "script", "policy", "is_stuck"),
    [
        ("", until("db"), STATEFUL, True),
        ("", looked_up("db"), STATEFUL, False),
        (HEADLESS, looked_up("db"), STATEFUL, True),
        (PUBLISHED, looked_up("db"), STATEFUL, False),
        (PUBLISHED, until("db"), STATEFUL, True),
        (HEADLESS, until("db-0.db"), STATEFUL, True),
        (HEADLESS, until("db-2.db"), PARALLEL, True),
        (PUBLISHED, looked_up("db-0.db"), STATEFUL, False),
        (PUBLISHED, looked_up("db-1.db"), STATEFUL, True),
        (PUBLISHED, looked_up("db-1.db"), PARALLEL, False),
        (PUBLISHED, looked_up("db-1.db"), STATEFUL + "  ordinals: {start: 1}\n", False),
        # No such Pod, a Pod of another name, ordinals that the manifest does not tell.
        (HEADLESS, until("db-3.db"), STATEFUL, False),
        (HEADLESS, until("web-0.db"), STATEFUL, False),
        (HEADLESS, until("db-x.db"), STATEFUL, False),
        (HEADLESS, until("db-0.db"), STATEFUL.replace("3", "'{{ n }}'"), False),
        (HEADLESS, until("db-0.db"), STATEFUL.replace("3", "9" * 5_000), False),
        (HEADLESS, until("db-" + "9" * 5_000 + ".db"), STATEFUL, False),
        (", type: ExternalName, externalName: db.example.com", until("db"), STATEFUL, False),
    ],
)
def test_each_kind_of_service(extra: str, script: str, policy: str, is_stuck: bool) -> None:
    found = stuck(service("db", extra), workload("db", script, kind="StatefulSet", extra=policy))
    assert found == ({"db"} if is_stuck else set())


@pytest.mark.parametrize("selector", ["{}", "null", "[db]", "db", "{app: other}"])
def test_a_selector_without_labels_selects_nothing(selector: str) -> None:
    document = service("db").replace("{app: db}", selector)
    assert not stuck(document, workload("db", until("db")))


@pytest.mark.parametrize(
    ("script", "is_stuck"),
    [
        (until("a"), True),
        ("for i in $(seq 9); do nc -z a 80 && break; sleep 1; done", False),
        ("for i in $(seq 9); do nc -z a 80 && exit 0; sleep 1; done; exit 1", True),
        ("wait-for-it a:80 -t 9", True),
        ("wait-for-it a:80 -t 9; echo done", False),
        ("timeout 9 sh -c 'until nc -z a 80; do sleep 1; done' || true", False),
        ("if [ -n \"$WAIT\" ]; then until nc -z a 80; do sleep 1; done; fi", False),
        ("[ -f /data/done ] && exit 0; until nc -z a 80; do sleep 1; done", False),
        ("until nc -z a 80; do sleep 1; done & echo on", False),
        ("until nc -z a 80 || nc -z elsewhere 80; do sleep 1; done", False),
        ("kubectl rollout status deploy/a", True),
        ("kubectl rollout status -n other deploy/a", False),
        ("kubectl wait --for=condition=Available deployments/a --timeout=9s", True),
        ("kubectl wait --for=delete deployments/a", False),
        ("until kubectl get deploy a; do sleep 1; done", False),
    ],
)  # fmt: skip
def test_only_what_surely_blocks(script: str, is_stuck: bool) -> None:
    assert stuck(service("a"), workload("a", script)) == ({"a"} if is_stuck else set())


def test_who_waits_for_a_cycle_is_stuck_but_no_part_of_it() -> None:
    documents = [
        *map(service, "abc"),
        workload("a", until("b")), workload("b", until("a")), workload("c", until("a")),
    ]  # fmt: skip
    assert stuck(*documents) == {"a", "b", "c"}
    found = run(*documents).active
    assert [(one.code, one.object.name if one.object else "") for one in found] == [
        ("INIT504", "a"), ("INIT504", "b"), ("INIT501", "c"),
    ]  # fmt: skip


def test_the_second_wait_counts_if_the_first_one_ends() -> None:
    documents = [*map(service, "abc"), workload("a", until("c"), until("b")), workload("b", until("a")), workload("c")]
    first, second = (one for one in run(*documents).active if one.code == "INIT504")
    assert (first.container, second.container) == ("init1", "init0")


def test_each_place_of_the_way_is_shown() -> None:
    found = run(*map(service, "ab"), workload("a", until("b")), workload("b", until("a"))).active[0]
    assert [one.message for one in found.related] == [
        "Service `b` selects the Pods of Deployment/b",
        "init container `init0` of Deployment/b waits for Deployment/a here",
        "Service `a` selects the Pods of Deployment/a",
    ]


def test_of_a_long_way_some_places_are_shown() -> None:
    """Else what is found of a ring grows with the square of its length."""
    names = [f"a{index}" for index in range(50)]
    waiting = [workload(one, until(after)) for one, after in zip(names, [*names[1:], names[0]], strict=True)]
    found = run(*map(service, names), *waiting).active
    assert [one.code for one in found] == ["INIT504"] * 50
    assert {len(one.related) for one in found} == {63}
    assert found[0].message.endswith(
        "which waits for …, which waits for `a0:80` (Deployment/a0): none of them ever starts"
    )


def test_a_finding_is_recognised_when_documents_move() -> None:
    services, first, second = list(map(service, "ab")), workload("a", until("b")), workload("b", until("a"))
    before, after = run(*services, first, second).active, run(*services, second, first).active
    assert {one.fingerprint for one in before} == {one.fingerprint for one in after}
    assert len({one.fingerprint for one in before}) == 2


FILES = {
    "x/a.yaml": service("a") + "---\n" + workload("a", until("b")),
    "y/b.yaml": service("b") + "---\n" + workload("b", until("c")),
    "z/c.yaml": service("c"),
    "w/c.yaml": workload("c", until("a")),
}


@pytest.mark.parametrize("paths", list(permutations(FILES))[::5])
@pytest.mark.parametrize("jobs", [1, 2])
def test_neither_order_nor_processes_matter(paths: tuple[str, ...], jobs: int) -> None:
    sources = [Source(path, FILES[path]) for path in paths]
    found = check_sources(sources, Settings(select=("INIT504",), jobs=jobs)).active
    assert [(one.path, one.message.partition(" waits")[0]) for one in found] == [
        ("w/c.yaml", "init container `init0` of Deployment/c"),
        ("x/a.yaml", "init container `init0` of Deployment/a"),
        ("y/b.yaml", "init container `init0` of Deployment/b"),
    ]


def test_the_files_of_a_commit_are_told_the_same_as_in_a_run_over_everything() -> None:
    sources = [Source(path, text) for path, text in FILES.items()]
    whole = check_sources(sources, WAITS).active
    assert whole
    for one in sources:
        others = [other for other in sources if other is not one]
        part = check_sources([one], WAITS, context=others).active
        assert part == tuple(found for found in whole if found.path == one.path)


def test_comments_and_annotations_silence_it() -> None:
    documents = [*map(service, "ab"), workload("a", until("b")), workload("b", until("a"))]
    documents[2] = documents[2].replace("done']", "done'] # initlint: ignore[start-up-cycle]")
    annotation = "metadata: {annotations: {ignore.initlint.dev/INIT504: known}, name: b}"
    documents[3] = documents[3].replace("metadata: {name: b}", annotation)
    report = run(*documents)
    assert (report.active, report.suppressed()) == ((), 2)


def test_a_suppression_without_a_cycle_is_stale() -> None:
    text = workload("a", until("b")).replace("done']", "done'] # initlint: ignore[start-up-cycle]")
    assert codes(service("a"), text) == ["INIT501", "INIT002"]


def test_settings_of_a_path_hold_for_what_is_found_there() -> None:
    sources = [Source(path, text) for path, text in FILES.items()]
    told = Special(("x/",), rules=(RuleSettings("INIT504", severity=Severity.INFO),))
    left_out = Special(("w/",), ignore=("start-up-cycle",))
    found = check_sources(sources, Settings(select=("INIT504",), special=(told, left_out))).active
    assert [(one.path, one.severity) for one in found] == [("x/a.yaml", Severity.INFO), ("y/b.yaml", Severity.ERROR)]


def test_a_rule_with_a_bug_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    check = find_rule(all_rules(Settings()), "start-up-cycle").check
    assert isinstance(check, FunctionType)

    def broken(edges: object) -> str:
        raise ValueError("no way")

    monkeypatch.setitem(check.__globals__, "_chain", broken)
    found = run(*map(service, "ab"), workload("a", until("b")), workload("b", until("a"))).active
    assert [one.code for one in found] == ["INIT003", "INIT501", "INIT501"]
    assert "rule `start-up-cycle` failed at" in found[0].message


def test_overlays_of_one_base_meet_in_it() -> None:
    base = {
        "base/kustomization.yaml": "resources: [a.yaml]\n",
        "base/a.yaml": service("a") + "---\n" + workload("a", until("b")),
        "dev/kustomization.yaml": "resources: [../base, b.yaml]\n",
        "dev/b.yaml": service("b") + "---\n" + workload("b", until("a")),
        "prod/kustomization.yaml": "resources: [../base, b.yaml]\n",
        "prod/b.yaml": service("b") + "---\n" + workload("b"),
    }
    sources = [Source(path, text) for path, text in base.items()]
    # Each overlay is a cluster of its own: they wait for each other in one of them.
    found = [one for one in check_sources(sources, WAITS).active if one.code == "INIT504"]
    assert [one.path for one in found] == ["base/a.yaml", "dev/b.yaml"]
    alone = [one for one in sources if not one.path.startswith("dev")]
    assert not [one for one in check_sources(alone, WAITS).active if one.code == "INIT504"]


def _ready(names: list[str], wants: dict[str, str], behind: dict[str, list[str]]) -> set[str]:
    """Start what waits for nothing that has not started, until nothing more starts: the naive oracle."""
    started: set[str] = set()
    while True:
        more = {one for one in names if one not in started and (one not in wants or set(behind[wants[one]]) & started)}
        if not more:
            return started
        started |= more


@st.composite
def bundles(draw: st.DrawFn) -> tuple[list[str], dict[str, str], dict[str, list[str]]]:
    names = [f"w{index}" for index in range(draw(st.integers(1, 6)))]
    groups = {one: draw(st.sampled_from("xyz")) for one in names}
    behind = {group: [one for one in names if groups[one] == group] for group in "xyz"}
    wants = {
        one: draw(st.sampled_from([group for group in "xyz" if behind[group]])) for one in names if draw(st.booleans())
    }
    return names, wants, behind


@settings(deadline=None)
@given(bundles())
def test_stuck_is_what_never_starts(bundle: tuple[list[str], dict[str, str], dict[str, list[str]]]) -> None:
    names, wants, behind = bundle
    texts = list(_documents(names, wants, behind))
    source = Source("all.yaml", "---\n".join(texts))
    graph = graph_of([source])
    assert {one.ref.name for one in graph.stuck} == set(names) - _ready(names, wants, behind)
    for way in map(list, graph.cycles):
        assert all(after.workload in edge.behind.workloads for edge, after in zip(way, [*way[1:], way[0]], strict=True))
    told = {*(way.first.workload for way in graph.cycles), *(edge.workload for edge in graph.self_waits)}
    assert bool(told) == bool(graph.stuck)


def test_without_budget_each_workload_has_some_way_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycles, "_MOST_STEPS", 0)
    names = [f"w{index}" for index in range(9)]
    awaited = {one: [names[(index + step) % 9] for step in (1, 2)] for index, one in enumerate(names)}
    texts = [f"{service(one)}---\n" + workload(one, "; ".join(map(until, awaited[one]))) for one in names]
    graph = graph_of([Source("all.yaml", "---\n".join(texts))])
    assert {way.first.workload.ref.name for way in graph.cycles} == set(names)
    for way in graph.cycles:
        edges = list(way)
        assert (edges[0], edges[-1], len(edges)) == (way.first, way.last, len(way))
        assert all(b.workload in a.behind.workloads for a, b in zip(edges, [*edges[1:], edges[0]], strict=True))


def _documents(names: list[str], wants: dict[str, str], behind: dict[str, list[str]]) -> Iterator[str]:
    for group in "xyz":
        yield service(group, app="").replace(f"app: {group}", f"group: {group}")
    for name in names:
        group = next(group for group, members in behind.items() if name in members)
        text = workload(name, until(wants[name])) if name in wants else workload(name)
        yield text.replace(f"labels: {{app: {name}}}", f"labels: {{app: {name}, group: {group}}}")


def test_facts_are_small_and_complete() -> None:
    (found,) = analyse(read(Source("a", workload("a", until("b")))), (), Cluster()).facts
    assert isinstance(found, WorkloadFacts)
    assert [(one.text, one.blocks, one.state) for one in found.waits] == [("b:80", True, "Init:0/1")]


def test_workloads_of_several_namespaces_behind_one_name_are_not_mixed() -> None:
    other = workload("a", namespace="far")
    assert stuck(service("a"), workload("a", until("a")), other) == set()
    assert stuck(service("a", namespace="near"), workload("a", until("a"), namespace="near"), other) == {"a"}


@pytest.mark.parametrize(
    "script",
    [
        "n=${HOSTNAME##*-}; peer=set-$((n+1)).set; until nc -z $peer 80; do sleep 2; done",
        "[[ $(hostname) =~ -([0-9]+)$ ]]; n=${BASH_REMATCH[1]}; until nc -z set-$(($n+1)).set 80; do sleep 2; done",
    ],
)
def test_a_wait_for_what_the_own_name_makes_is_one_finding(script: str) -> None:
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: set}\nspec: {clusterIP: None, selector: {app: set}}\n"
    manifest = workload("set", script, kind="StatefulSet", extra="  serviceName: set\n  replicas: 2\n").replace(
        "[sh, -c", "[bash, -c"
    )
    assert codes(service, manifest) == ["INIT502"]
