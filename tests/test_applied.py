"""What kustomizations make of names, namespaces and labels, on each way that they take a file."""

from __future__ import annotations

import pytest

from initlint.kube.kustomize.applied import Applied, Kustomized
from initlint.run import check_sources
from initlint.settings import Settings
from initlint.text.source import Source
from tests.waiting import service, until, workload


def applied(takers: dict[str, list[str]], components: dict[str, list[str]], **changes: str) -> dict[str, Applied]:
    """What becomes of `a.yaml`; each folder's changes are parted by commas."""
    return dict(
        Kustomized(takers, components, {one: text.split(",") for one, text in changes.items()}).applied(
            "a.yaml", ["a.yaml"]
        )
    )


def test_outer_ones_come_later() -> None:
    found = applied(
        {"a.yaml": ["base"], "base": ["over"]}, {},
        base="namespace x,namePrefix b-,nameSuffix -1,label app=b,selector app=b",
        over="namespace y,namePrefix o-,nameSuffix -2,label app=o",
    )  # fmt: skip
    labels, selector = frozenset([("app", "o")]), frozenset([("app", "b")])
    assert found == {"over": Applied("y", "o-b-", "-1-2", labels, selector)}
    assert (found["over"].name("a"), found["over"].place("z"), found["over"].place(None)) == ("o-b-a-1-2", "y", "y")


def test_labels_go_before_those_of_the_manifest() -> None:
    (found,) = applied({"a.yaml": ["k"]}, {}, k="label app=k,selector x=1").values()
    assert found.labelled(frozenset([("app", "a"), ("b", "c")])) == {("app", "k"), ("b", "c")}
    assert found.selecting(frozenset([("app", "a")])) == {("app", "a"), ("x", "1")}


def test_several_ways_to_one_end_must_agree() -> None:
    takers = {"a.yaml": ["one", "two"], "one": ["end"], "two": ["end"]}
    assert applied(takers, {}, one="namespace x", two="namespace x") == {"end": Applied("x")}
    assert not applied(takers, {}, one="namespace x", two="namespace y")["end"].is_known


def test_components_change_what_their_kustomization_takes() -> None:
    found = applied({"a.yaml": ["k"]}, {"k": ["c"], "c": ["d"]}, c="nameSuffix -c", d="nameSuffix -d", k="namespace x")
    assert found == {"k": Applied("x", suffix="-d-c")}


def test_a_file_of_a_component_goes_through_it_once() -> None:
    found = applied({"a.yaml": ["c"], "c": ["k"]}, {"k": ["c"]}, c="nameSuffix -c", k="namespace x")
    assert found == {"k": Applied("x", suffix="-c")}


def test_transformers_may_do_anything() -> None:
    assert not applied({"a.yaml": ["k"]}, {}, k="transformers")["k"].is_known


def test_kustomizations_that_take_each_other_end() -> None:
    assert applied({"a.yaml": ["k"], "k": ["l"], "l": ["k"]}, {}, k="namespace x") == {"l": Applied("x")}


def test_of_very_many_ways_nothing_is_known() -> None:
    takers = {"a.yaml": ["k0", "l0"]} | {
        f"{one}{index}": [f"k{index + 1}", f"l{index + 1}"] for index in range(9) for one in "kl"
    }
    assert not any(one.is_known for one in applied(takers, {}).values())


BASE = {"base/a.yaml": service("web") + "---\n" + workload("web", until("web"))}
TAKEN = {"base/kustomization.yaml": "resources: [a.yaml]\n"}


def codes(files: dict[str, str], select: str = "self-wait") -> list[str]:
    sources = [Source(path, text) for path, text in files.items()]
    return [one.place.source.path for one in check_sources(sources, Settings(select=(select,))).active]


@pytest.mark.parametrize(
    ("overlays", "is_found"),
    [
        (("namespace: x\n",), True),
        (("namespace: x\n", "namespace: y\n"), True),
        (("namePrefix: x-\n",), False),
        (("namespace: x\n", "namePrefix: y-\n"), True),
        (("transformers: [t.yaml]\n",), False),
        (("labels: [{pairs: {a: b}}]\n",), True),
        (("labels: [{pairs: {app: b}, includeTemplates: true}]\n",), False),
        (("labels: [{pairs: {app: b}, includeSelectors: true}]\n",), True),
    ],
)
def test_what_overlays_make_of_a_wait_for_itself(overlays: tuple[str, ...], is_found: bool) -> None:
    taken = {f"o{index}/kustomization.yaml": f"resources: [../base]\n{text}" for index, text in enumerate(overlays)}
    assert codes(BASE | TAKEN | taken) == ["base/a.yaml"] * is_found


def test_who_is_taken_by_no_kustomization_sees_what_all_make_of_a_service() -> None:
    asking = {"other/pod.yaml": workload("api", until("web.x"), namespace="y")}
    wrong = {"other/pod.yaml": asking["other/pod.yaml"].replace(" 80;", " 81;")}
    one = {"o/kustomization.yaml": "resources: [../base]\nnamespace: x\n"}
    two = {"p/kustomization.yaml": "resources: [../base]\nnamespace: y\n"}
    base = {"base/a.yaml": service("web")} | TAKEN
    assert codes(base | one | asking, "wrong-target-port") == []
    assert codes(base | one | wrong, "wrong-target-port") == ["other/pod.yaml"]
    assert codes(base | one | two | wrong, "wrong-target-port") == []


def test_what_two_kustomizations_take_is_apart() -> None:
    other = {
        "k/a.yaml": workload("web2").replace("{app: web2}", "{app: web}"),
        "k/kustomization.yaml": "resources: [a.yaml]\n",
    }
    one = {"o/kustomization.yaml": "resources: [../base]\nnamespace: x\n"}
    assert codes(BASE | TAKEN | one | other) == ["base/a.yaml"]
    assert codes(BASE | TAKEN | one | {"k/a.yaml": other["k/a.yaml"]}) == []
    assert codes(BASE | other) == []


def test_the_pods_of_a_renamed_stateful_set() -> None:
    extra = "  serviceName: db\n  replicas: 2\n"
    files = {
        "a.yaml": service("db", ", clusterIP: None")
        + "---\n"
        + workload("db", until("p-db-0.p-db"), kind="StatefulSet", extra=extra)
    }
    assert codes(files | {"kustomization.yaml": "resources: [a.yaml]\nnamePrefix: p-\n"}) == ["a.yaml"]
    assert codes(files | {"kustomization.yaml": "resources: [a.yaml]\nnamePrefix: q-\n"}) == []


@pytest.mark.parametrize(
    ("replicas", "expected"),
    [
        ("[{name: web, count: 0}]", []),
        ("[{name: p-web, count: 0}]", []),
        ("[{name: web, count: 2}]", ["base/a.yaml"]),
        ("[{name: other, count: 0}]", ["base/a.yaml"]),
    ],
)
def test_nobody_waits_where_there_are_no_pods(replicas: str, expected: list[str]) -> None:
    over = f"resources: [../base]\nnamePrefix: p-\nreplicas: {replicas}\n"
    base = {"base/a.yaml": service("web") + "---\n" + workload("web", until("p-web"))} | TAKEN
    assert codes(base | {"o/kustomization.yaml": over}) == expected
    # In another overlay the name is that of nobody.
    assert codes(base | {"o/kustomization.yaml": over, "q/kustomization.yaml": "resources: [../base]\n"}) == expected


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ("[{op: replace, path: /spec/replicas, value: 0}]", []),
        ("[{op: replace, path: /spec/replicas, value: 3}]", ["base/a.yaml"]),
        ("{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 0}}", []),
        ("{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {paused: true}}", ["base/a.yaml"]),
    ],
)
def test_what_a_patch_scales_to_nothing(patch: str, expected: list[str]) -> None:
    over = f"resources: [../base]\npatches:\n- patch: '{patch}'\n  target: {{kind: Deployment, name: web}}\n"
    assert codes(BASE | TAKEN | {"o/kustomization.yaml": over}) == expected


def test_pods_that_a_kustomization_makes() -> None:
    base = {"base/a.yaml": service("web") + "---\n" + workload("web", until("web"), extra="  replicas: 0\n")} | TAKEN
    over = "resources: [../base]\nreplicas: [{name: web, count: 1}]\n"
    assert codes(base | {"o/kustomization.yaml": over}) == ["base/a.yaml"]
    assert codes(base) == []
