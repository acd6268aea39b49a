"""Where Pods are, what is in them, and what is not known of them."""

from __future__ import annotations

import re

import pytest

from initlint.errors import InitlintError
from initlint.kube.pods.container import Role
from initlint.kube.terms.expansion import expand
from initlint.kube.terms.unknown import Part, Unknown
from initlint.kube.terms.versions import Version
from initlint.shell.questions.endless import endless
from tests.helpers import pod, root, workloads

SPEC = "{initContainers: [{name: a, image: a:1}], containers: [{name: b, image: b:1}]}"
SELECTOR = "selector: {matchLabels: {a: b}}"

HOMES = {
    "Pod": ("v1", f"spec: {SPEC}"),
    "PodTemplate": ("v1", f"template: {{spec: {SPEC}}}"),
    "ReplicationController": ("v1", f"spec: {{template: {{spec: {SPEC}}}}}"),
    "Deployment": ("apps/v1", f"spec: {{{SELECTOR}, template: {{spec: {SPEC}}}}}"),
    "StatefulSet": ("apps/v1", f"spec: {{{SELECTOR}, template: {{spec: {SPEC}}}}}"),
    "DaemonSet": ("apps/v1", f"spec: {{{SELECTOR}, template: {{spec: {SPEC}}}}}"),
    "ReplicaSet": ("apps/v1", f"spec: {{{SELECTOR}, template: {{spec: {SPEC}}}}}"),
    "Job": ("batch/v1", f"spec: {{template: {{spec: {SPEC}}}}}"),
    "CronJob": ("batch/v1", f"spec: {{jobTemplate: {{spec: {{template: {{spec: {SPEC}}}}}}}}}"),
    "Rollout": ("argoproj.io/v1alpha1", f"spec: {{{SELECTOR}, template: {{spec: {SPEC}}}}}"),
    "DeploymentConfig": ("apps.openshift.io/v1", f"spec: {{template: {{spec: {SPEC}}}}}"),
    "Service": ("serving.knative.dev/v1", f"spec: {{template: {{spec: {SPEC}}}}}"),
    "SparkApplication": ("sparkoperator.k8s.io/v1beta2", f"spec: {{driver: {SPEC}}}"),
    "InferenceService": ("serving.kserve.io/v1beta1", f"spec: {{predictor: {SPEC}}}"),
    "RayCluster": ("ray.io/v1", f"spec: {{headGroupSpec: {{template: {{spec: {SPEC}}}}}}}"),
    "RayJob": ("ray.io/v1", f"spec: {{rayClusterSpec: {{workerGroupSpecs: [{{template: {{spec: {SPEC}}}}}]}}}}"),
    "Elasticsearch": ("elasticsearch.k8s.elastic.co/v1", f"spec: {{nodeSets: [{{podTemplate: {{spec: {SPEC}}}}}]}}"),
}


@pytest.mark.parametrize("kind", HOMES)
def test_every_kind_is_found(kind: str) -> None:
    api_version, body = HOMES[kind]
    (workload,) = workloads(f"{{apiVersion: {api_version}, kind: {kind}, metadata: {{name: x}}, {body}}}")
    (found,) = workload.pods
    assert [str(one) for one in found.all_containers()] == ["init container `a`", "container `b`"]
    assert (workload.ref.kind, workload.ref.name, workload.ref.namespace) == (kind, "x", None)


@pytest.mark.parametrize("spec", ["{nodeSets: [{podTemplate: {spec: SPEC}}]}", "SPEC"])
def test_what_an_operator_adds_containers_to(spec: str) -> None:
    init = "initContainers: [{name: a, command: [sleep, '9']}], containers: [{name: b, resources: {}}]"
    body = f"spec: {spec.replace('SPEC', f'{{{init}}}')}"
    (workload,) = workloads(f"{{apiVersion: example.org/v1, kind: Store, metadata: {{name: x}}, {body}}}")
    (found,) = workload.pods
    assert [str(one) for one in found.init_containers] == ["init container `a`"]
    assert found.unknown.keys() == set(Part)


def test_several_pods_of_one_object() -> None:
    groups = f"headGroupSpec: {{template: {{spec: {SPEC}}}}}, workerGroupSpecs: [{{template: {{spec: {SPEC}}}}}]"
    (workload,) = workloads(f"{{apiVersion: ray.io/v1, kind: RayService, spec: {{rayClusterConfig: {{{groups}}}}}}}")
    assert len(workload.pods) == 2


@pytest.mark.parametrize(
    "text",
    [
        "{apiVersion: v1, kind: Service, spec: {ports: [{port: 80}]}}",
        "{apiVersion: v1, kind: Pod, spec: 7}",
        "{apiVersion: v1, kind: Pod, spec: {containers: x}}",
        "{apiVersion: v1, kind: Pod, spec: {containers: {a: b}}}",
        "{kind: 7, spec: {containers: [{name: a, image: a}]}}",
        "{apiVersion: [v1], kind: {a: b}, spec: {containers: [{name: a, image: a}]}}",
        "{apiVersion: apps/v1, kind: Deployment}",
        "{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: null}}}",
        "{apiVersion: apiextensions.k8s.io/v1, kind: X, spec: {containers: [{name: a, image: a}]}}",
        "{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, spec: {v: {containers: [{name: a, image: a}]}}}",
        "{apiVersion: kyverno.io/v1, kind: ClusterPolicy, spec: {containers: [{name: '*', image: '*:*'}]}}",
        "{apiVersion: example.com/v1, kind: X, spec: {containers: {main: {name: a, image: a}}}}",
        "{apiVersion: example.com/v1, kind: X, spec: {containers: [main, proxy]}}",
        "{apiVersion: example.com/v1, kind: X, spec: {containers: []}}",
    ],
)
def test_what_holds_no_pod(text: str) -> None:
    found = workloads(text)
    assert [one for workload in found for one in workload.pods for _ in one.all_containers() if one.node["containers"]
            and any(item["name"] for item in one.node["containers"])] == []  # fmt: skip


def test_lists_within_lists() -> None:
    inner = f"{{apiVersion: v1, kind: PodList, items: [{{apiVersion: v1, kind: Pod, spec: {SPEC}}}, null, 7]}}"
    assert len(workloads(f"{{apiVersion: v1, kind: List, items: [{inner}, {{kind: Service}}]}}")) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (f"spec: {{template: {{spec: {SPEC}}}}}", "no `selector`"),
        (f"spec: {{{SELECTOR}, template: {{spec: {{initContainers: [{{name: a, image: a}}]}}}}}}", "no `containers`"),
        (f"spec: {{{SELECTOR}, template: {{spec: {{containers: [{{name: a}}]}}}}}}", "without an image"),
        (
            f"spec: {{{SELECTOR}, template: {{spec: {{containers: [{{name: a, image: a, $patch: replace}}]}}}}}}",
            "`$patch`",
        ),
    ],
)
def test_patches_are_partial(body: str, reason: str) -> None:
    (workload,) = workloads(f"{{apiVersion: apps/v1, kind: Deployment, {body}}}")
    for part in Part:
        with pytest.raises(Unknown, match=re.escape(reason)):
            workload.pods[0].require(part)


@pytest.mark.parametrize(
    ("kind", "unknown"),
    [
        ("Pod", set()),
        ("Rollout", set()),
        ("DeploymentConfig", {Part.IMAGES}),
        ("Service", {Part.CONTAINERS}),
        ("RayCluster", {Part.CONTAINERS, Part.COMMANDS, Part.MOUNTS, Part.VOLUMES, Part.ACCOUNT, Part.ENVIRONMENT}),
        ("InferenceService", set(Part) - {Part.RESOURCES}),
        ("Elasticsearch", set(Part) - {Part.RESOURCES}),
    ],
)
def test_what_operators_fill_in(kind: str, unknown: set[Part]) -> None:
    api_version, body = HOMES[kind]
    (workload,) = workloads(f"{{apiVersion: {api_version}, kind: {kind}, {body}}}")
    assert set(workload.pods[0].unknown) == unknown


@pytest.mark.parametrize(
    ("version", "policy", "role"),
    [
        ("1.36", "Always", Role.SIDECAR),
        ("1.29", "Always", Role.SIDECAR),
        ("1.28", "Always", Role.INIT),
        ("1.36", "always", Role.INIT),
        ("1.36", "OnFailure", Role.INIT),
        ("1.36", "null", Role.INIT),
    ],
)
def test_roles(version: str, policy: str, role: Role) -> None:
    spec = f"{{initContainers: [{{name: a, image: a, restartPolicy: {policy}}}], containers: [{{name: b, image: b}}]}}"
    assert [one.role for one in pod(spec, version).all_containers()] == [role, Role.MAIN]


def test_ephemeral_containers_come_last() -> None:
    spec = "{ephemeralContainers: [{name: debug, image: d}], containers: [{name: app, image: a}]}"
    assert [one.role for one in pod(spec).all_containers()] == [Role.MAIN, Role.EPHEMERAL]


def test_volumes_by_kind() -> None:
    found = pod(
        "{containers: [{name: a, image: a}], volumes: [{name: one}, {name: two, emptyDir: {}}, {name: three, emptyDir: "
        "null}, {name: four, configMap: {name: x}}, {name: five, hostPath: {path: /x}}, {emptyDir: {}}, null]}"
    ).volumes
    kinds = {name: volume.kind for name, volume in found.items()}
    assert kinds == {"one": "emptyDir", "two": "emptyDir", "three": "emptyDir", "four": "configMap", "five": "hostPath"}


def test_claims_win_over_volumes_of_the_same_name() -> None:
    (workload,) = workloads(
        f"{{apiVersion: apps/v1, kind: StatefulSet, spec: {{{SELECTOR}, template: {{spec: {{containers: [{{name: a, "
        "image: a}], volumes: [{name: data, emptyDir: {}}]}}, volumeClaimTemplates: [{metadata: {name: data}}]}}"
    )
    assert workload.pods[0].volumes["data"].kind == "volumeClaimTemplate"


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("plain", "plain"),
        ("$(KNOWN)/x", "value/x"),
        ("$$(KNOWN)", "$(KNOWN)"),
        ("$$$(KNOWN)", "$value"),
        ("$(hostname)", "$(hostname)"),
        ("$KNOWN ${KNOWN} $", "$KNOWN ${KNOWN} $"),
        ("$(KNOWN", "$(KNOWN"),
        ("$()", "$()"),
        ("a$(SECRET)b", None),
        ("$(DB_SERVICE_HOST)", None),
        ("$(DB_PORT_5432_TCP)", None),
    ],
)
def test_expansion(text: str, expanded: str | None) -> None:
    assert expand(text, {"KNOWN": "value", "SECRET": None}) == expanded


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("https://$(SECRET)@a/b", "https://<hidden>@a/b"), ("x://u:$(SECRET)@a", "x://u:<hidden>@a"),
        ("x://$(SECRET):$(SECRET)@a", "x://<hidden>:<hidden>@a"), ("https://$(SECRET)/b@c", None),
        ("https://$(SECRET)@$(SECRET)/b", None), ("$(SECRET)@a", None), ("https://a/$(SECRET)@b", None),
    ],
)  # fmt: skip
def test_what_is_not_known_of_the_user_of_a_url(text: str, expanded: str | None) -> None:
    assert expand(text, {"SECRET": None}) == expanded


def test_expansion_with_variables_from_elsewhere() -> None:
    assert expand("$(OTHER)", {}, others=True) is None


def test_variables_see_those_before_them() -> None:
    (container,) = pod(
        "{containers: [{name: a, image: a, env: [{name: A, value: 1}, {name: B, value: $(A)$(C)}, {name: C, value: x}, "
        "{name: D, valueFrom: {fieldRef: {}}}, {name: E, value: $(D)}, {name: F}], args: [$(B), --x=$(D), $(D)]}]}"
    ).containers
    assert container.known_env == {"A": "1", "B": "1$(C)", "C": "x", "D": None, "E": None, "F": ""}
    assert container.words(container.args) == ["1$(C)", "--x=$(D)", None]


@pytest.mark.parametrize(
    ("container", "program"),
    [
        ("{name: a, image: x, command: [sh, -c, sleep infinity]}", "sleep"),
        ("{name: a, image: x, command: [/bin/bash, -ec], args: ['exec tail -f /x']}", "tail"),
        ("{name: a, image: x, command: [sh, -c, 'sleep 10; sleep infinity']}", "sleep"),
        ("{name: a, image: x, command: [sh, -c, 'sleep \"infinity']}", None),
        ("{name: a, image: x, command: [sh, -c, 'sleep 5 && nginx']}", None),
        ("{name: a, image: x, command: [sh, -c, '']}", None),
        ("{name: a, image: x, command: [sh]}", None),
        ("{name: a, image: x, command: [sh, /script.sh]}", None),
        ("{name: a, image: nginx}", "nginx"),
        ("{name: a, image: nginx, args: [nginx, -g, daemon off;]}", "nginx"),
        ("{name: a, image: nginx, args: [nginx, -t]}", None),
        ("{name: a, image: 7}", None),
        ("{name: a, image: nginx, command: x}", None),
    ],
)
def test_endless(container: str, program: str | None) -> None:
    found = endless(pod(f"{{containers: [{container}]}}").containers[0])
    assert (found and found.program) == program


@pytest.mark.parametrize("text", ["1.24", "1.38", "latest", "", "1", "1.36.", "-1.30"])
def test_unknown_versions(text: str) -> None:
    with pytest.raises(InitlintError, match=r"give one from 1\.25 to 1\.37"):
        Version.parse(text)


def test_versions() -> None:
    assert str(Version.parse("v1.30")) == "1.30"
    facts = {
        "knows_sidecars": "1.29",
        "validates_stateful_sets": "1.34",
    }
    for fact, since in facts.items():
        first = Version.parse(since)
        assert getattr(first, fact)
        assert not getattr(Version(1, first.minor - 1), fact)
    assert [Version(1, minor).keeps("PodSpec", "resources") for minor in (33, 34)] == [False, True]
    assert Version(1, 25).keeps("PodSpec", "containers")
    assert not Version(1, 37).keeps("PodSpec", "workloadRef")
    assert [minor for minor in range(25, 38) if Version(1, minor).is_recorded] == list(range(31, 37))


def test_reading_is_total() -> None:
    node = root("{kind: Pod, a: 1, b: [x], c: null}")
    for absent in (
        node["x"],
        node["x"]["y"],
        node["a"]["b"],
        node["b"]["c"],
        node["c"],
        node.key("x"),
        node["a"].key("b"),
    ):
        assert not absent
        assert list(absent) == []
        assert list(absent.items()) == []
        assert str(absent) in ("", "null")
    assert node["x"]["y"].span == node.span
    assert node["a"]["b"].span == node["a"].span
