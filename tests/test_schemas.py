"""The table of Kubernetes' fields: fresh, and of one mind with the JSON Schemas that it is made of."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

from initlint.inputs import collect
from initlint.kube.pods.locate import locate
from initlint.kube.pods.pod import Workload
from initlint.kube.terms.cluster import Cluster
from initlint.kube.terms.homes import manifests
from initlint.kube.terms.versions import Version
from initlint.kube.validation.decode import verdict
from initlint.kube.validation.table import Field, table
from initlint.text.documents import documents
from initlint.text.scalarkind import ScalarKind
from initlint.text.tree import Document, Mapping, Node, Scalar, Sequence
from tests.conftest import corpus
from tests.helpers import root
from tools.kubernetes_schemas import TARGET, load, text

# What the schema demands and the API server does without.
OPTIONAL = re.compile(r"'(serviceName|value|preference|lun|status|seconds|rules|onPodConditions)' is a required")


def test_the_table_is_fresh() -> None:
    assert TARGET.read_text("utf-8") == text()


@pytest.mark.parametrize(
    ("version", "type_name", "name", "expected"),
    [
        ("1.25", "Container", "restartPolicy", None),
        ("1.28", "Container", "restartPolicy", Field("string")),
        ("1.36", "PodSpec", "initContainers", Field("Container", "[")),
        ("1.36", "PodSpec", "containers", Field("Container", "[", is_required=True)),
        ("1.36", "PodSpec", "nodeSelector", Field("string", "{")),
        ("1.32", "StatefulSetSpec", "serviceName", Field("string", "", is_required=True)),
        ("1.33", "StatefulSetSpec", "serviceName", Field("string")),
        ("1.34", "PodSpec", "workloadRef", None),
        ("1.35", "PodSpec", "workloadRef", Field("WorkloadReference")),
        ("1.36", "PodSpec", "workloadRef", None),
    ],
)
def test_fields_have_their_versions(version: str, type_name: str, name: str, expected: Field | None) -> None:
    assert table(Version.parse(version)).fields(type_name).get(name) == expected


def test_every_type_that_is_named_is_there() -> None:
    for minor in range(25, 38):
        known = table(Version(1, minor))
        pending, seen = ["Pod", "PodTemplate", "ReplicationController", "Deployment", "Job", "CronJob"], set[str]()
        while pending:
            name = pending.pop()
            if name not in seen:
                seen.add(name)
                pending += [field.type for field in known.fields(name).values() if field.is_object]
        assert len(seen) > 100


@cache
def validator(version: str, kind: str) -> Draft202012Validator:
    """The strict JSON Schema of a kind, as kubernetes-validate uses it."""
    definitions = load(Version.parse(version).minor)
    name = next(name for name in definitions if name.endswith(f".v1.{kind}"))
    held: Any = Resource.from_contents(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:k", "$defs": definitions}
    )
    registry: Any = held @ Registry()
    return Draft202012Validator({"$ref": f"urn:k#/$defs/{name}"}, registry=registry)


def data(node: Node) -> Any:
    """What the API server decodes: what is null is not there."""
    if isinstance(node, Mapping):
        return {key.value: data(value) for key, value in node.items() if not _is_null(value)}
    if isinstance(node, Sequence):
        return [data(item) for item in node]
    assert isinstance(node, Scalar)
    return _scalar(node)


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.kind is ScalarKind.NULL


def _scalar(node: Scalar) -> Any:
    if node.kind is ScalarKind.BOOLEAN:
        return node.truth
    if node.kind is ScalarKind.INTEGER:
        plain = node.value.replace("_", "")
        return int(plain, 8 if re.fullmatch(r"[-+]?0[0-7]+", plain) else 0)
    return float(node.value) if node.kind is ScalarKind.NUMBER else node.value


def errors(workload: Workload, version: str) -> list[str]:
    """What jsonschema says of a workload, but for what the API server does not mind."""
    whole = data(workload.node)
    whole.pop("status", None)
    found: list[ValidationError] = list(validator(version, workload.kind).iter_errors(whole))
    return [error.message for error in found if not OPTIONAL.search(error.message)]


def workloads(version: str) -> list[Workload]:
    cluster = Cluster(Version.parse(version))
    outcomes = [one for source in collect([str(corpus("wild"))]).sources for one in documents(source)]
    roots = [node for one in outcomes if isinstance(one, Document) for node in manifests(one.root)]
    located = [found for node in roots if (found := locate(node, cluster))]
    return [one for one in located if one.is_built_in and one.node["apiVersion"].value in ("v1", "apps/v1", "batch/v1")]


@pytest.mark.parametrize("version", ["1.25", "1.31", "1.36"])
def test_the_walk_agrees_with_the_json_schemas_on_real_manifests(version: str) -> None:
    found = workloads(version)
    assert len(found) > 500
    different = [one for one in found if bool(_misfits(one)) != bool(_judged(errors(one, version)))]
    assert [(one.node.source.path, _misfits(one), errors(one, version)) for one in different] == []


def _misfits(workload: Workload) -> list[str]:
    found = verdict(workload)
    return [one.fact for one in (*found.unfit, *found.missing)]


def _judged(messages: list[str]) -> list[str]:
    """Words that something replaces before a manifest is applied are no wrong type to initlint."""
    return [one for one in messages if not re.match(r"'[^']*(\$|<|\{)[^']*' is not", one)]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("{containers: [{name: a, image: b, comand: [c]}]}", ["did you mean `command`?"]),
        ("{containers: [{name: a, image: b, hostNetwork: true}]}", ["it is a field of `spec`"]),
        ("{containers: [{name: a, image: b, runAsUser: 1}]}", ["it is a field of `securityContext`"]),
        ("{containers: [{name: a, image: b, zzz: 1}]}", ["remove it, or check its place and its spelling"]),
        ("{containers: [{name: a, image: b}], restartPolicy: [x]}", ["write a string"]),
        ("{containers: [{name: a, image: b, tty: 'true'}]}", ["remove the quotes"]),
        ("{containers: [{name: a, image: 1.20}]}", ['quote it: `"1.20"`']),
        (
            "{containers: [{name: a, image: b, args: [echo done: ok]}]}",
            ["quote the whole of it: `: ` makes it a mapping"],
        ),
        (
            "\n  containers:\n  - name: a\n    image: b\n    args:\n      -x\n      -y\n",
            ["put a space behind each `-`"],
        ),
        ("{containers: [{name: a, image: b, command: sh}]}", ["write a list, each word an item of its own"]),
        ("{containers: [{name: a, image: b}], hostNetwork: HOST_NETWORK}", []),
    ],
)
def test_how_to_mend_what_does_not_fit(spec: str, expected: list[str]) -> None:
    node = root(f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: {spec}")
    workload = locate(node, Cluster(Version(1, 36)))
    assert workload is not None
    assert [one.remedy for one in verdict(workload).unfit] == expected
