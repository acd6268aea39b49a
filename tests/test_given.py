"""Variables of init containers whose values ConfigMaps of the input hold."""

from __future__ import annotations

import pytest

from initlint.run import check_sources
from initlint.settings import Settings
from initlint.text.source import Source

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: db}\nspec: {selector: {app: db}, ports: [{port: 5432}]}\n"
SETTINGS = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {HOST: db, PORT: '5433', OTHER: a b}\n"
KEY = "valueFrom: {configMapKeyRef: {name: settings, key: %s}}"
HOST, PORT = "{name: HOST, " + KEY % "HOST" + "}", "{name: PORT, " + KEY % "PORT" + "}"


def pod(env: str, text: str = "until nc -z $HOST $PORT; do sleep 1; done", more: str = "") -> str:
    return f"""\
apiVersion: v1
kind: Pod
metadata: {{name: app}}
spec:
  initContainers:
    - name: wait
      image: busybox:1.36
      {env}
      command: [sh, -c, '{text}']
  containers: [{{name: app, image: "app:1"}}]
{more}"""


def found(pod: str, *others: str) -> list[str]:
    texts = [pod, SERVICE, *others]
    sources = [Source(f"{index}.yaml", text) for index, text in enumerate(texts)]
    return [one.message for one in check_sources(sources, Settings(select=("wrong-target-port",))).active]


@pytest.mark.parametrize(
    "env",
    [
        f"env: [{HOST}, {PORT}]",
        "envFrom: [{configMapRef: {name: settings}}]",
        "envFrom: [{configMapRef: {name: settings, optional: true}}, {secretRef: {name: password}}]",
        f"env: [{PORT}]\n      envFrom: [{{configMapRef: {{name: settings}}}}]",
        (
            "env: [{name: HOST, value: $(C_HOST)}, {name: PORT, value: '5433'}]\n"
            "      envFrom: [{prefix: C_, configMapRef: {name: settings}}]"
        ),
    ],
)
def test_what_a_config_map_holds_is_known(env: str) -> None:
    (message,) = found(pod(env), SETTINGS)
    assert "Service `db` on port `5433`" in message


@pytest.mark.parametrize(
    "env",
    [
        f"env: [{HOST}, {{name: PORT, {KEY % 'NONE'}}}]",
        f"env: [{HOST}, {{name: PORT, valueFrom: {{secretKeyRef: {{name: settings, key: PORT}}}}}}]",
        "envFrom: [{configMapRef: {name: settings}}]\n      env: [{name: PORT, value: '5432'}]",
        "envFrom: [{prefix: C_, configMapRef: {name: settings}}]",
        "envFrom: [{configMapRef: {name: elsewhere}}]",
    ],
)
def test_what_is_not_there_or_said_otherwise_is_not_known(env: str) -> None:
    assert not found(pod(env), SETTINGS)


def test_of_two_sources_the_later_one_wins() -> None:
    right = SETTINGS.replace("settings", "right").replace("5433", "5432")
    assert not found(pod("envFrom: [{configMapRef: {name: settings}}, {configMapRef: {name: right}}]"), SETTINGS, right)
    assert found(pod("envFrom: [{configMapRef: {name: right}}, {configMapRef: {name: settings}}]"), SETTINGS, right)


def test_what_a_kustomization_may_change_is_not_known() -> None:
    merged = "kind: Kustomization\nconfigMapGenerator: [{name: settings, behavior: merge, literals: [PORT=5432]}]\n"
    env = f"env: [{HOST}, {PORT}]"
    assert not found(pod(env), SETTINGS, f"{merged}resources: [0.yaml, 1.yaml, 2.yaml]\n")
