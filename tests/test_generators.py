"""ConfigMaps that kustomizations make: literals, scripts and lists of variables in files beside them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from initlint.finding import Diagnostic
from initlint.inputs import MAX_BYTES_OF_TEXT
from initlint.library import check_paths
from initlint.settings import Settings

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: db}\nspec: {selector: {app: db}, ports: [{port: 5432}]}\n"
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  volumes: [{name: boot, configMap: {name: boot, defaultMode: 0755}}]
  initContainers:
    - name: wait
      image: busybox:1.36
      envFrom: [{configMapRef: {name: settings}}]
      command: [sh, -c, 'COMMAND']
      volumeMounts: [{name: boot, mountPath: /boot}]
  containers: [{name: app, image: "example.org/app:1"}]
"""
WAIT = "until nc -z $HOST $PORT; do sleep 1; done"
TAKES = "resources: [pod.yaml, service.yaml]\nconfigMapGenerator:\n"


def found(folder: Path, generators: str, command: str = WAIT, files: dict[str, str] | None = None) -> list[Diagnostic]:
    texts = {"pod.yaml": POD.replace("COMMAND", command), "service.yaml": SERVICE, **(files or {})}
    for name, text in {**texts, "kustomization.yaml": TAKES + generators}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    settings = Settings(select=("wrong-target-port", "syntax-error", "internal-error", "unused-ignore"))
    report = check_paths([os.path.relpath(folder)], settings)
    assert not report.problems
    assert report.files == sum(name.endswith(".yaml") for name in texts) + 1
    return list(report.active)


def told(found: list[Diagnostic], folder: Path) -> list[tuple[str, int]]:
    return [(os.path.relpath(one.path, os.path.relpath(folder)), one.place.start.line) for one in found]


@pytest.mark.parametrize(
    ("generator", "files"),
    [
        ("- {name: settings, literals: [HOST=db, PORT=5433]}", {}),
        ("- name: settings\n  literals:\n  - HOST='db'\n  - 'PORT=\"5433\"'\n  - NOTHING\n", {}),
        (
            "- {name: settings, behavior: create, envs: [app.env]}",
            {"app.env": "# x\n\nHOST=db\r\n  PORT=5433\nE\n"},
        ),
        ("- {name: settings, env: conf/app.env}", {"conf/app.env": "HOST=db\nPORT=5433"}),
        ("- {name: settings, literals: [HOST=db], files: [PORT=conf/port]}", {"conf/port": "5433"}),
        ("- {name: settings, literals: [PORT=5433], files: [HOST.yaml, HOST=host.yaml]}", {"host.yaml": "db"}),
    ],
)
def test_values(generator: str, files: dict[str, str], tmp_path: Path) -> None:
    assert told(found(tmp_path, generator, files=files), tmp_path) == [("pod.yaml", 10)]


@pytest.mark.parametrize(
    ("generator", "files"),
    [
        ("- {name: settings, literals: [HOST=db, PORT=5432]}", {}),
        ("- {name: settings, behavior: merge, literals: [HOST=db, PORT=5433]}", {}),
        ("- {name: settings, envs: [none.env]}", {}),
        ("- {name: settings, envs: [../outside.env]}", {"../outside.env": "HOST=db\nPORT=5433\n"}),
        ("- {name: others, literals: [HOST=db, PORT=5433]}", {}),
        ("- {name: settings, envs: [a.env]}", {"a.env": "HOST=db\nPORT=5433\n" + "#" * MAX_BYTES_OF_TEXT}),
        ("- {name: settings, envs: [a.env]}", {"a.env": "HOST=db\nPORT=5433\n\0"}),
        ("- {name: settings, literals: [HOST=db, PORT=5433]}\nreplacements: [{source: {kind: A}}]", {}),
    ],
)
def test_what_is_not_known(generator: str, files: dict[str, str], tmp_path: Path) -> None:
    assert not found(tmp_path / "all", generator, files=files)


SCRIPT = '#!/bin/sh\nuntil nc -z db "$1"; do\n  sleep 1\ndone\n'


@pytest.mark.parametrize("listed", ["scripts/wait.sh", "wait.sh=scripts/wait.sh", "wait.sh=./scripts/wait.sh"])
@pytest.mark.parametrize("command", ["/boot/wait.sh 5433", "set -e; /boot/wait.sh 5433; echo done"])
def test_a_script_beside_it(listed: str, command: str, tmp_path: Path) -> None:
    generator = f"- {{name: boot, files: [{listed}]}}"
    found_in = found(tmp_path, generator, command, {"scripts/wait.sh": SCRIPT})
    assert told(found_in, tmp_path) == [("scripts/wait.sh", 2)]
    assert [related.place.source.path.rpartition("/")[2] for related in found_in[0].related] == [
        "service.yaml",
        "pod.yaml",
    ]


def test_a_comment_in_it_silences(tmp_path: Path) -> None:
    script = SCRIPT.replace("until", "# initlint: ignore[wrong-target-port] another Service\nuntil")
    assert not found(tmp_path, "- {name: boot, files: [wait.sh]}", "/boot/wait.sh 5433", {"wait.sh": script})


def test_an_overlay_changes_it(tmp_path: Path) -> None:
    over = "resources: [..]\nconfigMapGenerator: [{name: settings, behavior: merge, literals: [PORT=5432]}]\n"
    generator = "- {name: settings, literals: [HOST=db, PORT=5433]}"
    assert not found(tmp_path, generator, files={"overlay/kustomization.yaml": over})
    other = over.replace("settings", "others")
    assert found(tmp_path, generator, files={"overlay/kustomization.yaml": other})
