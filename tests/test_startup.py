"""A Pod's resources add up to what Kubernetes itself answered, and to nothing at all where something is not known."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initlint.bundle import Bundle
from initlint.kube.pods.locate import locate
from initlint.kube.pods.pod import Pod
from initlint.kube.pods.startup import (
    QoS,
    Term,
    container_qos,
    costs_class,
    effective,
    effective_term,
    limited,
    requested,
    start_order,
)
from initlint.kube.terms.cluster import CONTAINER_LIMITS, Cluster, Offer
from initlint.kube.terms.quantity import Quantity, parse
from initlint.kube.terms.unknown import Unknown
from initlint.kube.terms.versions import DEFAULT, Version
from initlint.text.documents import documents
from initlint.text.source import Source
from initlint.text.tree import Document
from tests.conftest import vectors

Spec = dict[str, Any]
GPU = "nvidia.com/gpu"
HAND_MADE = {"known": 91, "unknown": 1}
RECORDED = [Version(1, minor) for minor in range(31, 37)]
BOTH = {"requests": {"cpu": 1, "memory": "1Gi"}, "limits": {"cpu": 1, "memory": "1Gi"}}


def pods(text: str, version: Version = DEFAULT, imports: tuple[Offer, ...] = ()) -> list[Pod]:
    """The Pods of a manifest, one per document."""
    found = []
    for document in documents(Source("pod.yaml", text)):
        assert isinstance(document, Document)
        workload = locate(document.root, Cluster(version, Bundle(imports, ())))
        assert workload is not None
        found += workload.pods
    return found


def pod(*containers: Spec, version: Version = DEFAULT, imports: tuple[Offer, ...] = (), **spec: object) -> Pod:
    """A Pod of these containers; those made by `app` are app containers."""
    groups: dict[str, list[Spec]] = {"initContainers": [], "containers": []}
    for index, container in enumerate(containers):
        kind = "containers" if container["image"] == "app" else "initContainers"
        groups[kind].append({"name": f"{container['image']}-{index}", **container})
    manifest = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod"}, "spec": {**groups, **spec}}
    return pods(json.dumps(manifest), version, imports)[0]


def container(image: str, requests: Spec | None, limits: Spec | None, **fields: object) -> Spec:
    resources = {part: amounts for part, amounts in (("requests", requests), ("limits", limits)) if amounts}
    return {"image": image, "resources": resources, **fields}


def init(requests: Spec | None = None, limits: Spec | None = None, **fields: object) -> Spec:
    return container("init", requests, limits, **fields)


def sidecar(requests: Spec | None = None, limits: Spec | None = None) -> Spec:
    return container("sidecar", requests, limits, restartPolicy="Always")


def app(requests: Spec | None = None, limits: Spec | None = None) -> Spec:
    return container("app", requests, limits)


def use(cpu: object = None, memory: object = None, **others: object) -> Spec:
    amounts = {"cpu": cpu, "memory": memory, **others}
    return {name: amount for name, amount in amounts.items() if amount is not None}


def shown(terms: Mapping[str, Term]) -> str:
    """`cpu 2500m, memory 1152Mi`."""
    return ", ".join(f"{name} {terms[name].total.canonical(name)}" for name in sorted(terms))


def numbers(terms: Mapping[str, Term]) -> dict[str, Quantity]:
    return {name: term.total for name, term in terms.items()}


def parsed(amounts: Mapping[str, str]) -> dict[str, Quantity | None]:
    return {name: parse(amount) for name, amount in amounts.items()}


class Vector(NamedTuple):
    """Containers in order, what belongs to the Pod itself, and what Kubernetes 1.36 makes of them."""

    name: str
    containers: list[Spec]
    requests: str
    limits: str = ""
    qos: str = "Burstable"
    spec: Spec = {}  # noqa: RUF012 - a NamedTuple's default, never changed


VECTORS = [
    Vector("1 larger init container", [init(use(4)), app(use(1))], "cpu 4"),
    Vector("2 larger containers", [init(use(2)), app(use(2)), app(use(3))], "cpu 5"),
    Vector(
        "3 each resource has its own peak",
        [init(use(2, "64Mi")), init(use("100m", "1Gi")), app(use("500m", "256Mi"))],
        "cpu 2, memory 1Gi",
    ),
    Vector(
        "4 sidecar first",
        [sidecar(use("500m", "128Mi")), init(use(2, "1Gi")), app(use(1, "512Mi"))],
        "cpu 2500m, memory 1152Mi",
    ),
    Vector(
        "5 sidecar second",
        [init(use(2, "1Gi")), sidecar(use("500m", "128Mi")), app(use(1, "512Mi"))],
        "cpu 2, memory 1Gi",
    ),
    Vector(
        "6 sidecars add up",
        [
            sidecar(use("200m", "100Mi"), use(memory="200Mi")),
            sidecar(use("300m", "100Mi"), use(memory="300Mi")),
            app(use(1, "1Gi"), use(memory="1Gi")),
        ],
        "cpu 1500m, memory 1224Mi",
        "memory 1524Mi",
    ),
    Vector(
        "7 sidecars in between",
        [init(use(5)), sidecar(use(1)), init(use(3)), sidecar(use(1)), init(use(4)), app(use(2))],
        "cpu 6",
    ),
    Vector(
        "8 limits only",
        [init(limits=use(2, "1Gi")), app(limits=use(1, "1Gi"))],
        "cpu 2, memory 1Gi",
        "cpu 2, memory 1Gi",
        "Guaranteed",
    ),
    Vector("9 init without", [init(), app(limits=use(1, "1Gi"))], "cpu 1, memory 1Gi", "cpu 1, memory 1Gi"),
    Vector(
        "10 init without limit",
        [init(use(3, "2Gi")), app(use("500m", "256Mi"), use(1, "512Mi"))],
        "cpu 3, memory 2Gi",
        "cpu 1, memory 512Mi",
    ),
    Vector(
        "11 overhead",
        [init(use(2, "1Gi"), use(2)), app(use(1, "1536Mi"), use(1))],
        "cpu 2250m, memory 1656Mi",
        "cpu 2250m",
        spec={"overhead": use("250m", "120Mi")},
    ),
    Vector(
        "12 limits of the Pod",
        [init(use(3)), app(use(1))],
        "cpu 3, memory 4Gi",
        "cpu 4, memory 4Gi",
        spec={"resources": {"limits": use(4, "4Gi")}},
    ),
    Vector(
        "13 the Pod alone",
        [init(), app()],
        "cpu 4, memory 4Gi",
        "cpu 4, memory 4Gi",
        "Guaranteed",
        spec={"resources": {"requests": use(4, "4Gi"), "limits": use(4, "4Gi")}},
    ),
    Vector(
        "14 guaranteed throughout",
        [init(limits=use("100m", "64Mi")), sidecar(limits=use("100m", "64Mi")), app(limits=use(1, "1Gi"))],
        "cpu 1100m, memory 1088Mi",
        "cpu 1100m, memory 1088Mi",
        "Guaranteed",
    ),
    Vector("15 only the init container", [init(use("100m")), app()], "cpu 100m"),
    Vector("16 zero", [init(use(0)), app()], "cpu 0", qos="BestEffort"),
    Vector(
        "17 other resources are no class",
        [init(limits={"ephemeral-storage": "1Gi"}), app({"ephemeral-storage": "2Gi"})],
        "ephemeral-storage 2Gi",
        "ephemeral-storage 1Gi",
        "BestEffort",
    ),
    Vector(
        "18 extended resources",
        [init(limits={GPU: 2}), sidecar(limits={GPU: 1}), app(limits={GPU: 1})],
        f"{GPU} 2",
        f"{GPU} 2",
        "BestEffort",
    ),
    Vector("20 init before and after", [init(use(10)), sidecar(use(3)), init(use(6)), app(use(1))], "cpu 10"),
    Vector(
        "21 multiple restartable and regular init containers",
        [init(use(5)), sidecar(use(1)), sidecar(use(2)), init(use(5)), sidecar(use(3)), app(use(1))],
        "cpu 8",
    ),
    Vector(
        "22 multiple restartable init containers",
        [init(use(5)), sidecar(use(1)), sidecar(use(2)), sidecar(use(3)), app(use(1))],
        "cpu 7",
    ),
    Vector("23 restartable-init, init and regular", [sidecar(use(10)), init(use(200)), app(use(100))], "cpu 210"),
    Vector(
        "24 a whole Pod",
        [
            init(use(1, "2Gi"), use(2, "2Gi")),
            sidecar(use("100m", "128Mi"), use("500m", "256Mi")),
            init(use("500m", "1900Mi"), use(1, "2Gi")),
            app(use("250m", "512Mi"), use(1, "1Gi")),
            app(use("50m", "64Mi"), use("100m", "128Mi")),
        ],
        "cpu 1, memory 2Gi",
        "cpu 2, memory 2304Mi",
    ),
    Vector(
        "25 other restart policies are no sidecars",
        [init(use(3), restartPolicy="Never"), init(use(2), restartPolicy="OnFailure"), app(use(1))],
        "cpu 3",
    ),
    Vector(
        "26 a request of the Pod",
        [init(limits=use(1, "1Gi")), app(limits=use(1, "1Gi"))],
        "cpu 2, memory 1Gi",
        "cpu 1, memory 1Gi",
        spec={"resources": {"requests": use(2)}},
    ),
    Vector(
        "27 limits of the Pod and overhead",
        [init(use(1)), app({**use("500m"), "ephemeral-storage": "1Gi"})],
        "cpu 1100m, ephemeral-storage 1Gi, memory 2112Mi",
        "cpu 2100m, memory 2112Mi",
        spec={"resources": {"limits": use(2, "2Gi")}, "overhead": use("100m", "64Mi")},
    ),
    Vector(
        "28 a limit of the Pod below that of a container",
        [init(use(memory="512Mi"), use(memory="4Gi")), app()],
        "cpu 1, memory 512Mi",
        "cpu 1, memory 1Gi",
        spec={"resources": {"limits": use(1, "1Gi")}},
    ),
]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_a_pod_adds_up_as_kubernetes_adds_it_up(vector: Vector) -> None:
    found = effective(pod(*vector.containers, **vector.spec))
    assert (shown(found.requests), shown(found.limits), str(found.qos)) == (vector.requests, vector.limits, vector.qos)


def test_generated_pods_add_up_as_kubernetes_answered() -> None:
    lines = vectors("resources.jsonl").read_text(encoding="utf-8").splitlines()
    wrong = [message for line in lines for message in compare(json.loads(line))]
    assert not wrong, "\n".join(wrong)
    assert len(lines) == 500


def compare(vector: Spec) -> Iterator[str]:
    found, answer = effective(pods(json.dumps(vector["pod"]))[0]), vector["effective"]
    name = vector["pod"]["metadata"]["name"]
    for part, terms in (("requests", found.requests), ("limits", found.limits)):
        if numbers(terms) != parsed(answer[part]):
            yield f"{name}: {part} are {shown(terms)}, not {answer[part]}"
    if str(found.qos) != answer["qos"]:
        yield f"{name}: the class is {found.qos}, not {answer['qos']}"


@pytest.mark.parametrize("version", RECORDED, ids=str)
def test_hand_made_pods_add_up_in_every_recorded_version(version: Version) -> None:
    """What the version refuses may be unknown, but not another number."""
    outcomes = Counter[str]()
    for text, answer in hand_made(version):
        match = re.search(r"^req=\{(.*)\} lim=\{(.*)\} qos=(\w+)$", answer, re.MULTILINE)
        assert match, answer
        requests, limits = (dict(pair.split("=") for pair in match[part].split()) for part in (1, 2))
        try:
            found = effective(pods(text, version)[0])
        except Unknown:
            outcomes["unknown"] += 1
            assert "\nERROR " in answer, answer
            continue
        outcomes["known"] += 1
        assert numbers(found.requests) == parsed(requests), answer
        assert numbers(found.limits) == parsed(limits), answer
        assert str(found.qos) == match[3], answer
    assert outcomes == HAND_MADE


def hand_made(version: Version) -> Iterator[tuple[str, str]]:
    """Hand-made Pods, each with the answer of a version."""
    for manifest in sorted(vectors("api").glob("*.yaml")):
        answers = manifest.with_name(f"{manifest.stem}.expected-{version}.txt").read_text(encoding="utf-8")
        texts = re.split(r"(?m)^---\n", manifest.read_text(encoding="utf-8"))
        pairs = zip(texts, answers.split("=== ")[1:], strict=True)
        yield from ((text, answer) for text, answer in pairs if "\nreq=" in answer)


def test_a_template_counts_as_its_pods_will() -> None:
    """SetDefaults_Pod gives a template no requests, but each of its Pods."""
    spec = {"containers": [{"name": "app", "image": "app", "resources": {"limits": use(1)}}]}
    deployment = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "app"}}
    deployment["spec"] = {"selector": {"matchLabels": {"a": "b"}}, "template": {"spec": spec}}
    (found,) = pods(json.dumps(deployment))
    assert shown(effective(found).requests) == "cpu 1"


def test_a_term_tells_what_decides() -> None:
    found = effective(
        pod(
            sidecar(use("500m", "128Mi")),
            init(use(2, "64Mi")),
            app({**use(1, "512Mi"), GPU: 1}),
            overhead=use("250m"),
        )
    ).requests
    assert str(found["cpu"]) == "cpu 2750m (init container `init-1` 2 + sidecars before it 500m + overhead 250m)"
    assert str(found["memory"]) == "memory 640Mi (containers 512Mi + sidecars 128Mi)"
    assert str(found[GPU]) == f"{GPU} 1 (containers 1)"
    assert found["cpu"].init_decides
    assert not found["memory"].init_decides
    assert (found["cpu"].running, found["cpu"].base) == (parse("1500m"), parse("2500m"))


def test_a_term_of_the_pod_tells_so() -> None:
    found = effective(pod(init(use(3)), app(use(1)), resources={"requests": use(4)})).requests["cpu"]
    assert str(found) == "cpu 4 (the Pod's own 4)"
    assert not found.init_decides
    assert found.peak is not None
    assert found.peak.total == parse("3")


def test_the_first_of_equal_peaks_is_named() -> None:
    peak = effective(pod(init(use(2)), init(use(2)), app(use(1)))).requests["cpu"].peak
    assert peak is not None
    assert str(peak.container) == "init container `init-0`"


def test_start_up_decides_only_where_it_needs_more() -> None:
    assert not effective(pod(init(use(2)), app(use(2)))).requests["cpu"].init_decides
    assert str(effective(pod(init(use(0)), app())).requests["cpu"]) == "cpu 0"


def test_limits_count_as_requests() -> None:
    one = pod(init(use("100m"), use(2, "1Gi"))).init_containers[0]
    assert requested(one) == parsed({"cpu": "100m", "memory": "1Gi"})
    assert limited(one) == parsed({"cpu": "2", "memory": "1Gi"})
    assert requested(pod(init()).init_containers[0]) == {}


def test_an_explicit_null_is_a_request_of_zero() -> None:
    one = pod(init(limits=use(2)) | {"resources": {"requests": {"cpu": None}, "limits": use(2)}}).init_containers[0]
    assert requested(one) == parsed({"cpu": "0"})


def test_the_api_server_rounds_up_to_milli() -> None:
    assert shown(effective(pod(init(use("0.1m")), app(use("0.0001")), app(use("1n")))).requests) == "cpu 2m"


@pytest.mark.parametrize("amount", ["lots", "1GB", "-1", [1], True])
@pytest.mark.parametrize("part", ["requests", "limits"])
def test_no_number_is_made_of_what_is_malformed(part: str, amount: object) -> None:
    broken = pod(init(**{part: use(memory=amount)}), app(use(1)))
    with pytest.raises(Unknown, match=r"init container `init-0`: how much memory is not known"):
        effective(broken)
    with pytest.raises(Unknown):
        container_qos(broken.init_containers[0])


def test_what_is_malformed_is_requested_all_the_same() -> None:
    assert requested(pod(init(use("lots"))).init_containers[0]) == {"cpu": None}
    assert limited(pod(init(limits=use("lots"))).init_containers[0]) == {"cpu": None}


@pytest.mark.parametrize("spec", [{"overhead": use("lots")}, {"resources": {"limits": use("lots")}}])
def test_no_number_is_made_of_a_pod_that_is_malformed(spec: Spec) -> None:
    with pytest.raises(Unknown, match="how much cpu is not known"):
        effective(pod(app(use(1)), **spec))


def _defaults(path: str) -> Offer:
    """A LimitRange for a namespace that neither it nor the Pod tells."""
    facts = ("LimitRange", "limits.memory=1Gi=10=13", "requests.memory=64Mi=30=34")
    return Offer(CONTAINER_LIMITS, None, "defaults", facts, by=path)


def test_a_limit_range_of_the_namespace_sets_what_is_missing() -> None:
    bare = pod(init(use(1)), app(use(1, "2Gi")), imports=(_defaults("limits.yaml"),))
    assert requested(bare.init_containers[0]) == parsed({"cpu": "1", "memory": "64Mi"})
    assert limited(bare.init_containers[0]) == parsed({"memory": "1Gi"})
    assert shown(effective(bare).requests) == "cpu 1, memory 2Gi"


def test_another_limit_range_that_differs_may_set_it_first() -> None:
    other = Offer(CONTAINER_LIMITS, None, "other", ("LimitRange", "limits.memory=2Gi=10=13"), by="limits.yaml")
    bare = pod(init(use(1)), app(use(1)), imports=(_defaults("limits.yaml"), other))
    assert limited(bare.init_containers[0]) == {"memory": None}
    assert requested(bare.init_containers[0]) == parsed({"cpu": "1", "memory": "64Mi"})


def test_one_resource_is_counted_whatever_is_not_known_of_others() -> None:
    bare = pod(init(use(3)), app(use(1)), imports=(_defaults("base/limits.yaml"),))
    assert str(effective_term(bare, "requests", "cpu")) == "cpu 3 (init container `init-0` 3)"
    with pytest.raises(Unknown, match="how much memory is not known"):
        effective_term(bare, "limits", "memory")


def test_a_limit_range_of_a_namespace_that_is_not_known_makes_what_is_missing_unknown() -> None:
    limit_range = _defaults("base/limits.yaml")
    bare = pod(init(use(1)), app(use(1, "1Gi"), use(memory="1Gi")), imports=(limit_range,))
    assert requested(bare.init_containers[0]) == {"memory": None, **parsed({"cpu": "1"})}
    assert limited(bare.init_containers[0]) == {"memory": None}
    with pytest.raises(Unknown, match="how much memory is not known"):
        effective(bare)


def test_a_limit_range_changes_nothing_that_is_set() -> None:
    limit_range = _defaults("base/limits.yaml")
    complete = pod(init(limits=use(memory="1Gi")), app(limits=use(memory="2Gi")), imports=(limit_range,))
    assert shown(effective(complete).requests) == "memory 2Gi"
    assert complete.cluster.asked


def test_what_an_operator_adds_is_unknown() -> None:
    spec = {"containers": [{"name": "app", "image": "app"}]}
    service = {"apiVersion": "serving.knative.dev/v1", "kind": "Service", "metadata": {"name": "app"}}
    (found,) = pods(json.dumps({**service, "spec": {"template": {"spec": spec}}}))
    with pytest.raises(Unknown, match="queue-proxy"):
        effective(found)


def test_a_runtime_class_may_add_an_overhead() -> None:
    assert effective(pod(app(use(1)))).overhead_is_known
    assert not effective(pod(app(use(1)), runtimeClassName="kata")).overhead_is_known
    assert effective(pod(app(use(1)), runtimeClassName="kata", overhead=use("100m"))).overhead_is_known


def test_before_sidecars_every_init_container_is_a_step() -> None:
    containers = sidecar(use(3)), init(use(2)), app(use(1))
    assert shown(effective(pod(*containers, version=Version(1, 28))).requests) == "cpu 3"
    assert shown(effective(pod(*containers, version=Version(1, 29))).requests) == "cpu 5"


def test_before_pod_level_resources_they_count_for_nothing() -> None:
    old = effective(pod(app(use(1)), resources={"limits": use(4, "4Gi")}, version=Version(1, 33)))
    assert (shown(old.requests), shown(old.limits), old.qos) == ("cpu 1", "", QoS.BURSTABLE)


def test_empty_resources_of_the_pod_hide_those_of_its_containers() -> None:
    hidden = effective(pod(app(**BOTH), resources={}))
    assert (shown(hidden.limits), hidden.qos) == ("cpu 1, memory 1Gi", QoS.BEST_EFFORT)
    assert effective(pod(app(**BOTH), resources=None)).qos is QoS.GUARANTEED


def test_the_pod_sets_no_extended_resources() -> None:
    found = effective(pod(app(limits={GPU: 1}), resources={"limits": {GPU: 2}}))
    assert (shown(found.requests), shown(found.limits)) == (f"{GPU} 1", f"{GPU} 1")


def test_huge_pages_of_the_pod_replace_those_of_its_containers() -> None:
    pages = {"hugepages-2Mi": "4Mi"}
    found = effective(pod(app(limits={**use(1), "hugepages-2Mi": "2Mi"}), resources={"limits": pages}))
    assert shown(found.requests) == "cpu 1, hugepages-2Mi 4Mi"


def test_a_class_that_was_not_recorded_is_not_claimed() -> None:
    newest = Version(1, 37)
    assert effective(pod(app(**BOTH), resources={"requests": use(2)}, version=newest)).qos is None
    assert effective(pod(app(**BOTH), resources=BOTH, version=newest)).qos is QoS.GUARANTEED
    assert effective(pod(app(**BOTH), version=newest)).qos is QoS.GUARANTEED


def test_each_container_has_a_class() -> None:
    mixed = pod(init(), init(use(1)), app(**BOTH))
    classes = [container_qos(one) for one in mixed.all_containers()]
    assert classes == [QoS.BEST_EFFORT, QoS.BURSTABLE, QoS.GUARANTEED]
    assert effective(pod(init(), app())).qos is QoS.BEST_EFFORT


LOWER = {"requests": use("100m", "1Gi"), "limits": use(1, "1Gi")}


@pytest.mark.parametrize(
    ("containers", "spec", "costs"),
    [
        ([init(), app(**BOTH)], {}, [["cpu", "memory"]]),
        ([init(**LOWER), sidecar(limits=use(memory="1Gi")), app(**BOTH)], {}, [["cpu"], ["cpu"]]),
        ([init(**BOTH), sidecar(**BOTH), app(**BOTH)], {}, [[], []]),
        ([init(limits=use(0, "1Gi")), app(**BOTH)], {}, [["cpu"]]),
        ([init(use(2), use(1, "1Gi")), app(**BOTH)], {}, [[]]),  # refused
        ([init(), app(**BOTH), app(**LOWER)], {}, [[]]),
        ([init(), app()], {}, [[]]),
        ([init(), app(**BOTH)], {"resources": BOTH}, [[]]),
        ([init(), app(**BOTH)], {"resources": {}}, [[]]),
    ],
)
def test_what_costs_a_pod_its_class(containers: list[Spec], spec: Spec, costs: list[list[str]]) -> None:
    found = pod(*containers, **spec)
    assert [costs_class(one) for one in found.init_containers] == costs
    assert [costs_class(one) for one in found.containers] == [[] for _ in found.containers]


@given(
    st.lists(st.sampled_from([{}, LOWER, BOTH]), max_size=3), st.lists(st.sampled_from([{}, LOWER, BOTH]), min_size=1)
)
def test_without_what_costs_it_its_class_a_pod_is_guaranteed(inits: list[Spec], apps: list[Spec]) -> None:
    found = pod(*(init(**one) for one in inits), *(app(**one) for one in apps))
    costly = [one for one in found.init_containers if costs_class(one)]
    others = [one for one in found.all_containers() if one not in costly]
    would_be = all(container_qos(one) is QoS.GUARANTEED for one in others)
    assert bool(costly) == (would_be and effective(found).qos is not QoS.GUARANTEED)


def test_whether_it_costs_a_pod_its_class_may_be_unknown() -> None:
    for containers in ([init(limits=use("lots")), app(**BOTH)], [init(), app(limits=use("lots"))]):
        with pytest.raises(Unknown, match="how much cpu is not known"):
            costs_class(pod(*containers).init_containers[0])


def test_init_containers_start_one_by_one_and_apps_after_the_last() -> None:
    order = start_order(pod(init(), sidecar(), app(), app()))
    assert [(str(one.container.name), str(one.after and one.after.name)) for one in order] == [
        ("init-0", "None"),
        ("sidecar-1", "init-0"),
        ("app-2", "sidecar-1"),
        ("app-3", "sidecar-1"),
    ]
    assert [one.after for one in start_order(pod(app(), app()))] == [None, None]


AMOUNTS = st.integers(0, 8).map(lambda cpu: use(cpu))
CONTAINERS = st.lists(st.tuples(st.sampled_from([init, sidecar, app]), AMOUNTS).map(lambda made: made[0](made[1])))


@given(CONTAINERS)
def test_the_peak_is_that_of_a_start_up_played_through(containers: list[Spec]) -> None:
    """Start each container, and see what runs at each moment; nothing but sidecars outlives its own start."""
    apps = [one for one in containers if one["image"] == "app"]
    running, seen = 0, [0]
    for one in (one for one in containers if one["image"] != "app"):
        cpu = one["resources"].get("requests", use(0))["cpu"]
        seen.append(running + cpu)
        running += cpu if one["image"] == "sidecar" else 0
    seen.append(running + sum(one["resources"]["requests"]["cpu"] for one in apps))
    found = effective(pod(*containers, app(use(0)))).requests["cpu"]
    assert found.total == parse(str(max(seen)))
    assert found.init_decides == (seen[-1] < max(seen))
