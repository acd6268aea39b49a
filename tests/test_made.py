"""Objects as patches of kustomizations make them."""

from __future__ import annotations

import json

import pytest

from initlint.kube.kustomize.made import made, words
from initlint.text import yamltext
from initlint.text.source import Source
from initlint.text.tree import Node

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec:
  selector: {app: db}
  ports: [{name: pg, port: 5432}]
"""
ROLE = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: db}
rules: [{apiGroups: [batch], resources: [jobs], verbs: [get]}]
"""


def node(text: str) -> Node:
    source = Source("a.yaml", text)
    (document,) = yamltext.read(source, 0, text)
    return document.root


def after(text: str, *patches: str) -> object:
    found = made(node(text), [words(node(one)) for one in patches])
    return None if found is None else json.loads(words(found))


@pytest.mark.parametrize(
    ("patch", "ports"),
    [
        ("{spec: {ports: [{port: 9187}]}}", [{"port": "9187"}, {"name": "pg", "port": "5432"}]),
        ("{spec: {ports: [{port: 5432, name: x}]}}", [{"name": "x", "port": "5432"}]),
        # Tried with kustomize 5.4: of a number that is there without a protocol, one with a protocol is dropped.
        ("{spec: {ports: [{port: 5432, protocol: UDP}]}}", [{"name": "pg", "port": "5432"}]),
        ("{spec: {ports: [{port: 1, protocol: UDP}]}}", [
            {"port": "1", "protocol": "UDP"}, {"name": "pg", "port": "5432"},
        ]),
        ("{spec: {ports: [{$patch: replace}, {port: 1}]}}", [{"port": "1"}]),
        ("{spec: {ports: [{port: 5432, $patch: delete}]}}", []),
        ("{spec: {type: NodePort}}", [{"name": "pg", "port": "5432"}]),
        ("[{op: replace, path: /spec/ports/0/port, value: 6432}]", [{"name": "pg", "port": "6432"}]),
        ("[{op: add, path: /spec/ports/-, value: {port: 1}}]", [{"name": "pg", "port": "5432"}, {"port": "1"}]),
        ("[{op: add, path: /spec/ports/0, value: {port: 1}}]", [{"port": "1"}, {"name": "pg", "port": "5432"}]),
        ("[{op: remove, path: /spec/ports/0/name}]", [{"port": "5432"}]),
        ("[{op: remove, path: /spec/ports/0}, {op: test, path: /a, value: 1}]", []),
        ("[{op: replace, path: /spec/ports, value: [{port: 1}]}]", [{"port": "1"}]),
    ],
)  # fmt: skip
def test_ports(patch: str, ports: object) -> None:
    found = after(SERVICE, patch)
    assert isinstance(found, dict)
    assert found["spec"]["ports"] == ports


def test_mappings_and_nulls() -> None:
    found = after(SERVICE, "{spec: {selector: {tier: a, app: null}, publishNotReadyAddresses: true, ports: null}}")
    assert isinstance(found, dict)
    assert found["spec"] == {"selector": {"tier": "a"}, "publishNotReadyAddresses": True}


def test_rules_are_replaced_and_operations_go_into_them() -> None:
    found = after(ROLE, "{rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]}")
    assert isinstance(found, dict)
    assert found["rules"] == [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]
    found = after(
        ROLE, "[{op: add, path: /rules/0/verbs/-, value: list}]", "[{op: add, path: /metadata/labels, value: {a~b: c}}]"
    )
    assert isinstance(found, dict)
    assert found["rules"][0]["verbs"] == ["get", "list"]
    assert found["metadata"]["labels"] == {"a~b": "c"}


@pytest.mark.parametrize(
    "patch",
    [
        "{$patch: delete}", "{spec: {ports: [{$patch: replace, port: 1}]}}", "{spec: {ports: [{name: x}]}}",
        "{metadata: {namespace: other}}", "[{op: replace, path: /spec/ports/1/port, value: 1}]",
        "[{op: remove, path: /spec/type}]",
        "[{op: replace, path: /spec/type, value: NodePort}]", "[{op: move, from: /spec/a, path: /spec/b}]",
        "[{op: add, path: /spec/ports/x, value: {}}]", "[{op: add, path: /spec/selector/app/x, value: 1}]",
        "[{op: replace, path: '', value: {}}]",
    ],
)  # fmt: skip
def test_what_is_not_understood(patch: str) -> None:
    assert after(SERVICE, patch) is None
