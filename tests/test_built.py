"""Workloads as kustomizations build them: what is found there, and where it was written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from itertools import permutations
from pathlib import Path
from typing import ClassVar

import pytest

from initlint.parallel import analyse_all
from initlint.report import Report
from initlint.run import check_sources
from initlint.settings import Settings
from initlint.text.source import Source

META = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
BASE = (
    META
    + """\
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      initContainers:
        - name: fetch
          image: busybox:1.36
          command: [sh, -ec, "wget -O /data/model http://models/1"]
          volumeMounts: [{name: data, mountPath: /data}]
        - name: unpack
          image: busybox:1.36
          command: [sh, -ec, "tar xf /data/model -C /data"]
          volumeMounts: [{name: data, mountPath: /data}]
      containers:
        - name: web
          image: web:1
          volumeMounts: [{name: data, mountPath: /data}]
      volumes: [{name: data, emptyDir: {}}]
"""
)
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
"""
TAKES = "resources: [app.yaml, service.yaml]\n"
PROJECT = {"base/app.yaml": BASE, "base/service.yaml": SERVICE, "base/kustomization.yaml": TAKES}
WAIT = "until nc -z web 80; do sleep 1; done"
RULES = ("INIT201", "INIT205", "INIT206", "INIT502", "INIT504", "INIT002")


def patch(spec: str) -> str:
    return f"{META}spec: {{template: {{spec: {{{spec}}}}}}}\n"


def overlay(text: str, folder: str = "prod") -> dict[str, str]:
    return {f"{folder}/kustomization.yaml": f"resources: [../base]\n{text}"}


def patched(text: str, folder: str = "prod") -> dict[str, str]:
    return overlay("patches: [{path: p.yaml}]\n", folder) | {f"{folder}/p.yaml": text}


def run(files: dict[str, str], *rules: str, context: tuple[str, ...] = ()) -> Report:
    every = [Source(path, text) for path, text in (PROJECT | files).items()]
    settings = Settings(select=rules or RULES)
    return check_sources(
        [one for one in every if one.path not in context], settings,
        context=[one for one in every if one.path in context],
    )  # fmt: skip


def told(report: Report) -> list[tuple[str, str, str]]:
    """Of each finding its code, its file, and the text that it points at."""
    assert report.problems == ()
    return [
        (one.code, one.path, one.place.source.text[one.place.span.start : one.place.span.end])
        for one in report.active
    ]  # fmt: skip


def test_nothing_is_wrong_without_a_patch() -> None:
    assert told(run({})) == []
    assert told(run(overlay(""))) == []


class TestOrder:
    """kustomize puts the items of which a patch speaks before all others."""

    def test_a_patch_of_the_second_init_container_makes_it_the_first(self) -> None:
        report = run(patched(patch("initContainers: [{name: unpack, env: [{name: A, value: b}]}]")))
        assert told(report) == [("INIT205", "base/app.yaml", "/data/model")]
        (found,) = report.active
        why = "a kustomization patches it here, so that `unpack` comes before `fetch`"
        assert [(one.place.source.path, one.message) for one in found.related][-1] == ("prod/kustomization.yaml", why)
        assert (str(found.object), found.container, found.fix) == ("Deployment/web", "unpack", None)

    def test_a_patch_of_both_keeps_its_own_order(self) -> None:
        both = "initContainers: [{name: fetch, env: []}, {name: unpack, env: [{name: A, value: b}]}]"
        assert told(run(patched(patch(both)))) == []

    def test_operations_put_one_where_they_say(self) -> None:
        mounts = "volumeMounts: [{name: data, mountPath: /data}]"
        new = f"{{name: read, image: 'busybox:1.36', command: [cat, /data/model], {mounts}}}"
        for at, found in (("0", [("INIT205", "prod/kustomization.yaml", "/data/model")]), ("-", []), ("1", [])):
            operation = f"[{{op: add, path: /spec/template/spec/initContainers/{at}, value: {new}}}]"
            text = f"patches:\n- target: {{group: apps, version: v1, kind: Deployment}}\n  patch: |-\n    {operation}\n"
            assert told(run(overlay(text))) == found


class TestPlaces:
    COMMAND = f"initContainers: [{{name: fetch, command: [sh, -ec, '{WAIT}']}}, {{name: unpack, command: ['true']}}]"

    def test_in_a_file(self) -> None:
        report = run(patched(patch(self.COMMAND)))
        assert told(report) == [("INIT502", "prod/p.yaml", WAIT.removesuffix("; do sleep 1; done"))]

    def test_in_a_literal_text(self) -> None:
        text = "".join(f"      {line}\n" for line in patch(self.COMMAND).splitlines())
        assert told(run(overlay(f"patches:\n  - patch: |-\n{text}"))) == [
            ("INIT502", "prod/kustomization.yaml", WAIT.removesuffix("; do sleep 1; done"))
        ]

    def test_in_a_json_file(self) -> None:
        new = {"name": "new", "image": "busybox:1.36", "command": ["sh", "-ec", WAIT]}
        text = json.dumps([{"op": "add", "path": "/spec/template/spec/initContainers/-", "value": new}], indent=2)
        files = overlay("patches: [{path: p.json, target: {kind: Deployment}}]\n") | {"prod/p.json": text}
        assert told(run(files)) == [("INIT502", "prod/p.json", WAIT.removesuffix("; do sleep 1; done"))]

    def test_in_another_text_all_of_it(self) -> None:
        text = "".join(f"      {line}\n\n" for line in patch(self.COMMAND).splitlines())
        ((code, path, where),) = told(run(overlay(f"patches:\n  - patch: >-\n{text}")))
        assert (code, path) == ("INIT502", "prod/kustomization.yaml")
        assert where.startswith(">-")

    def test_in_a_file_behind_another_document(self) -> None:
        other = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: NodePort}\n---\n"
        report = run(patched(other + patch(self.COMMAND)))
        assert [(one.code, one.place.start.line) for one in report.active] == [("INIT502", 9)]

    def test_what_is_found_in_the_patch_alone_is_told_of_the_workload(self) -> None:
        text = patch(f"initContainers: [{{name: late, image: 'busybox:1.36', command: [sh, -ec, '{WAIT}']}}]")
        (found,) = run(patched(text.replace("web 80", "db 80")), "INIT501").active
        assert "stays in `Init:0/3`" in found.message
        assert found.related[-1].message == "Deployment/web is patched by it"

    def test_what_is_not_so_of_the_workload_is_not_told_of_the_patch(self) -> None:
        base = {"base/app.yaml": BASE.replace("name: fetch", "name: fetch\n          restartPolicy: Always")}
        text = patch(self.COMMAND.replace("web 80", "db 80"))
        assert run(patched(text), "INIT501").active
        assert run(base | patched(text), "INIT501").active == ()

    def test_a_key_that_is_given_twice_is_wrong_whatever_becomes_of_it(self) -> None:
        text = patch("containers: [{name: web, image: 'a:1', image: 'a:2'}]")
        assert told(run(patched(text), "INIT012")) == [("INIT012", "prod/p.yaml", "image")]
        base = {"base/app.yaml": BASE.replace("spec:\n  selector", "spec:\n  replicas: 1\n  replicas: 1\n  selector")}
        assert told(run(base | patched(patch("nodeName: a")), "INIT012")) == [("INIT012", "base/app.yaml", "replicas")]

    @pytest.mark.parametrize("text", ["|-\n    - {op: add, path: %s, value: %s}", "'[{op: add, path: %s, value: %s}]'"])
    def test_of_a_key_that_an_operation_adds(self, text: str) -> None:
        said = text % ("/spec/template/spec/initContainers/0/startupProbe", "{exec: {command: [a]}}")
        ((code, path, where),) = told(
            run(overlay(f"patches:\n- target: {{kind: Deployment}}\n  patch: {said}\n"), "INIT105")
        )
        assert (code, path) == ("INIT105", "prod/kustomization.yaml")
        assert "startupProbe" in where

    def test_of_two_containers_in_one_place(self) -> None:
        text = patch("initContainers: [{name: fetch, lifecycle: {}}, {name: unpack, lifecycle: {}}]").replace(
            "\n", "\n\n"
        )
        said = "".join(f"      {line}\n" for line in text.splitlines())
        found = run(overlay(f"patches:\n  - patch: >-\n{said}"), "INIT105").active
        assert [one.container for one in found] == ["fetch", "unpack"]

    def test_words_that_are_strings_for_kustomize(self) -> None:
        text = patch("containers: [{name: web, env: [{name: A, value: yes}, {name: B, value: true}]}]")
        assert told(run(patched(text), "INIT010")) == [("INIT010", "prod/p.yaml", "true")]

    def test_what_is_taken_away_need_not_be_there(self) -> None:
        gone = "env: [{name: A, $patch: delete}], ports: [{containerPort: 1, $patch: delete}]"
        text = patch(f"containers: [{{name: web, {gone}, volumeMounts: [{{name: date, mountPath: /d}}]}}]")
        assert told(run(patched(text))) == [("INIT201", "prod/p.yaml", "date")]

    def test_of_a_rule_of_the_manifest(self) -> None:
        report = run(patched(patch("containers: [{name: web, volumeMounts: [{name: date, mountPath: /d}]}]")))
        assert told(report) == [("INIT201", "prod/p.yaml", "date")]
        assert report.active[0].home == "base/app.yaml"
        assert report.active[0].related[-1].message == "Deployment/web is patched by it"


class TestOverlays:
    READ_ONLY = patch(
        "containers: [{name: web, command: [touch, /data/x], volumeMounts: [{mountPath: /data, readOnly: true}]}]"
    )

    def test_what_is_wrong_in_several_is_told_once(self) -> None:
        text = patch("initContainers: [{name: unpack, env: [{name: A, value: b}]}]")
        assert told(run(patched(text) | patched(text, "dev"))) == [("INIT205", "base/app.yaml", "/data/model")]

    def test_what_is_wrong_in_the_base_is_told_once(self) -> None:
        base = {
            "base/app.yaml": BASE.replace(
                "name: data, mountPath: /data}]\n      volumes", "name: d, mountPath: /d}]\n      volumes"
            )
        }
        text = patch("containers: [{name: web, image: 'web:2'}]")
        assert told(run(base | patched(text) | patched(text, "dev"))) == [("INIT201", "base/app.yaml", "d")]

    def test_what_a_patch_mends_in_one_is_wrong_in_the_other(self) -> None:
        base = {"base/app.yaml": BASE.replace("volumes: [{name: data, emptyDir: {}}]", "nodeName: a")}
        mend = patched(patch("volumes: [{name: data, emptyDir: {}}]"))
        assert told(run(base | mend)) == []
        assert {one for one, _, _ in told(run(base | mend | overlay("", "dev")))} == {"INIT201"}

    def test_components_in_the_order_in_which_they_are_listed(self) -> None:
        """Before what the overlay itself does, and wherever else they are used."""
        kind = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
        texts = {
            one: f"{kind}patches:\n  - target: {{kind: Deployment}}\n    patch: |-\n      "
            f"- {{op: replace, path: /spec/template/spec/initContainers/0/command/2, value: '{script}'}}\n"
            for one, script in (("wait", WAIT), ("none", "true"))
        }
        files = {f"{one}/kustomization.yaml": text for one, text in texts.items()}
        files |= overlay("components: [../wait]\npatches: []\n", "other")
        assert told(run(files | overlay("components: [../wait, ../none]\n")))[0][1] == "wait/kustomization.yaml"
        files = {path: text for path, text in files.items() if not path.startswith("other")}
        assert told(run(files | overlay("components: [../wait, ../none]\n"))) == []
        assert [code for code, _, _ in told(run(files | overlay("components: [../none, ../wait]\n")))] == ["INIT502"]
        own = texts["none"].removeprefix(kind)
        assert told(run(files | overlay(f"components: [../none, ../wait]\n{own}"))) == []

    @staticmethod
    def waiting(name: str, first: str, other: str) -> str:
        """A patch by which a workload waits for another one."""
        command = f"[sh, -ec, 'until nc -z {other} 80; do sleep 1; done']"
        both = f"initContainers: [{{name: {first}, command: {command}}}, {{name: unpack, command: ['true']}}]"
        return patch(both).replace("{name: web}", f"{{name: {name}}}")

    def test_what_every_overlay_mends_is_not_wrong(self) -> None:
        base = {
            "base/app.yaml": BASE.replace("    metadata: {labels", "    metadata: {namespace: x, labels")
            .replace('[sh, -ec, "tar', f'[sh, -ec, "{WAIT}; tar')
            .replace("kind: Deployment", "kind: StatefulSet")
        }
        mend = patched(patch("hostNetwork: true, dnsPolicy: Default").replace("Deployment", "StatefulSet"))
        assert [code for code, _, _ in told(run(base | overlay("")))] == ["INIT502"]
        assert told(run(base | mend)) == []

    def test_workloads_that_wait_for_each_other_only_there(self) -> None:
        other = (BASE + "---\n" + SERVICE).replace("web", "db").replace("fetch", "start")
        web, db = self.waiting("web", "fetch", "db"), self.waiting("db", "start", "web")
        base = {"base/db.yaml": other, "base/kustomization.yaml": "resources: [app.yaml, service.yaml, db.yaml]\n"}
        both = patched(web + "---\n" + db)
        assert [one for one, _, _ in told(run(base | both))] == ["INIT504", "INIT504"]
        apart = patched(web) | patched(db, "dev")
        assert told(run(base | apart)) == []


HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: target}\n"
MAP = HEAD + "data: {HOST: other, wait.sh: 'true', PORT: '80'}\n"
HELD = "      metadata: {name: target}\n      data: {HOST: web}\n"
READS = """\
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  initContainers:
    - name: wait
      image: busybox:1.36
      envFrom: [{configMapRef: {name: target}}]
      command: [sh, -ec, "until nc -z $HOST $PORT; do sleep 1; done; sh /scripts/wait.sh"]
      volumeMounts: [{name: scripts, mountPath: /scripts}]
  containers: [{name: web, image: "web:1"}]
  volumes: [{name: scripts, configMap: {name: target}}]
"""


class TestData:
    """What overlays make of ConfigMaps decides what a container is given, and which scripts it runs."""

    MADE = "configMapGenerator: [{name: target, literals: [HOST=other, PORT=80, wait.sh=true]}]\n"
    ASKED = "until nc -z $HOST $PORT"
    PLACES: ClassVar = {"HOST": ("base/app.yaml", ASKED), "wait.sh": ("prod/kustomization.yaml", "until nc -z web 80")}

    @staticmethod
    def codes(base: dict[str, str], prod: dict[str, str]) -> list[tuple[str, str, str]]:
        taken = {"base/app.yaml": READS, "base/kustomization.yaml": "resources: [app.yaml, service.yaml, map.yaml]\n"}
        return told(run(taken | base | prod, "INIT503"))

    @pytest.mark.parametrize(
        "text",
        [
            "patches: [{path: p.yaml}]\n",
            f"patches:\n  - patch: |-\n      {MAP.splitlines()[0]}\n      kind: ConfigMap\n{HELD}",
            "patches:\n  - target: {kind: ConfigMap}\n    patch: '[{op: replace, path: /data/HOST, value: web}]'\n",
        ],
        ids=["file", "text", "operations"],
    )  # fmt: skip
    def test_a_patch_sets_a_variable(self, text: str) -> None:
        files = overlay(text) | {"prod/p.yaml": HEAD + "data: {HOST: web}\n"}
        assert self.codes({"base/map.yaml": MAP}, files) == [("INIT503", *self.PLACES["HOST"])]
        assert self.codes({"base/map.yaml": MAP}, overlay("")) == []

    def test_a_patch_writes_a_script(self) -> None:
        script = 'data: {wait.sh: "until nc -z web 80; do sleep 1; done"}\n'
        files = patched(HEAD + script)
        found = [("INIT503", "prod/p.yaml", "until nc -z web 80")]
        assert self.codes({"base/map.yaml": MAP}, files) == found

    def test_a_generator_merges(self) -> None:
        made = {"base/kustomization.yaml": "resources: [app.yaml, service.yaml]\n" + self.MADE}
        merge = "configMapGenerator: [{name: target, behavior: merge, literals: [HOST=web]}]\n"
        assert self.codes(made, overlay(merge)) == [("INIT503", *self.PLACES["HOST"])]
        assert self.codes(made, overlay(merge.replace("HOST=web", "HOST=else"))) == []
        assert self.codes(made, overlay(merge.replace("merge", "replace"))) == []
        whole = merge.replace("merge", "replace").replace("HOST=web", "HOST=web, PORT=80")
        assert self.codes(made, overlay(whole)) == [("INIT503", *self.PLACES["HOST"])]

    def test_one_overlay_is_not_the_other(self) -> None:
        made = {"base/kustomization.yaml": "resources: [app.yaml, service.yaml]\n" + self.MADE}
        merge = "configMapGenerator: [{name: target, behavior: merge, literals: [HOST=web]}]\n"
        both = overlay(merge) | overlay(merge.replace("HOST=web", "HOST=else"), "dev")
        assert self.codes(made, both) == [("INIT503", *self.PLACES["HOST"])]

    def test_what_a_patch_takes_away_is_not_known(self) -> None:
        base = {"base/map.yaml": MAP.replace("HOST: other", "HOST: web")}
        assert self.codes(base, overlay("")) == [("INIT503", *self.PLACES["HOST"])]
        assert self.codes(base, patched(HEAD + "data: {HOST: null}\n")) == []

    @pytest.mark.parametrize(
        "text",
        [
            "patches: [{path: gone.yaml}]\n",
            "patches: [{path: p.yaml, target: {kind: ConfigMap, labelSelector: a=b}}]\n",
            "replacements: [{targets: [{select: {kind: ConfigMap}, fieldPaths: [data.HOST]}]}]\n",
            "configMapGenerator: [{name: target, behavior: merge, files: [gone.sh]}]\n",
            "patches:\n  - target: {kind: ConfigMap}\n    patch: '[{op: replace, path: /data, value: {}}]'\n",
        ],
    )  # fmt: skip
    def test_silent_where_a_change_is_not_known(self, text: str) -> None:
        base = {"base/map.yaml": MAP.replace("HOST: other", "HOST: web")}
        assert self.codes(base, overlay(text) | {"prod/p.yaml": MAP}) == []


def test_a_service_that_a_patch_changes_is_named() -> None:
    ports = "patches:\n  - target: {kind: Service}\n    patch: '[{op: replace, path: /spec/ports/0/port, value: 81}]'\n"
    base = {
        "base/app.yaml": BASE.replace('[sh, -ec, "tar', '[sh, -ec, "nc -z web 80; tar'),
        "base/service.yaml": SERVICE,
    }
    (found,) = run(base | overlay(ports), "INIT506").active
    assert "exposes `81` only, as a kustomization patches it" in found.message
    assert [(one.place.source.path, one.message) for one in found.related] == [
        ("base/service.yaml", "Service `web` is declared here, and patched")
    ]


class TestSilence:
    PATCH = patch("initContainers: [{name: unpack, env: [{name: A, value: b}]}]")

    def test_comments_where_it_was_written(self) -> None:
        comment = "# initlint: ignore[self-wait]"
        assert told(run(patched(patch(TestPlaces.COMMAND).rstrip() + f" {comment}\n"))) == []
        base = {"base/app.yaml": BASE.replace('C /data"]', 'C /data"] # initlint: ignore[read-before-write]')}
        assert told(run(base | patched(self.PATCH))) == []

    def test_annotations_of_the_workload(self) -> None:
        said = (
            "annotations: {ignore.initlint.dev/read-before-write: known, ignore.initlint.dev/undeclared-volume: known}"
        )
        base = {"base/app.yaml": BASE.replace("metadata: {name: web}", f"metadata: {{name: web, {said}}}")}
        text = patch("initContainers: [{name: unpack, volumeMounts: [{name: date, mountPath: /d}]}]")
        assert told(run(base | patched(text))) == []


@pytest.mark.parametrize(
    "text",
    [
        "patches: [{path: p.yaml, target: {kind: Deployment, labelSelector: app=web}}]",
        "patches: [{path: p.yaml, target: {kind: Deployment, name: '[w]eb'}}]",
        "patches: [{path: gone.yaml}, {path: p.yaml}]",
        "patches: [{path: p.yaml}]\nreplacements: [{targets: [{select: {kind: Deployment}, fieldPaths: [a.volumes]}]}]",
    ],
)  # fmt: skip
def test_silent_where_a_patch_is_not_known(text: str) -> None:
    assert told(run(overlay(f"{text}\n") | {"prod/p.yaml": TestSilence.PATCH})) == []


@pytest.mark.parametrize(
    "text",
    [
        "patches: [{path: p.yaml, target: {kind: Deployment, labelSelector: app=web}}]\n",
        "replacements: [{targets: [{select: {kind: Deployment}, fieldPaths: [spec.initContainers.0.command]}]}]\n",
    ],
)  # fmt: skip
def test_a_script_that_something_may_replace_is_not_judged(text: str) -> None:
    script = "wget -O /data/model http://models/1; echo done"
    base = {
        "base/app.yaml": BASE.replace("wget -O /data/model http://models/1", script).replace('-ec, "wget', '-c, "wget')
    }
    files = overlay(text) | {"prod/p.yaml": patch("initContainers: [{name: fetch, command: ['true']}]")}
    assert run(base | overlay(""), "INIT302", "INIT303", "INIT306").active
    assert run(base | files, "INIT302", "INIT303", "INIT306").active == ()


def test_a_target_goes_before_the_name_of_the_patch() -> None:
    text = TestSilence.PATCH.replace("name: web", "name: any")
    files = overlay("patches: [{path: p.yaml, target: {kind: Deployment, name: web}}]\n") | {"prod/p.yaml": text}
    assert told(run(files)) == [("INIT205", "base/app.yaml", "/data/model")]


@pytest.mark.parametrize(
    ("changes", "metadata"),
    [
        ("namePrefix: a-\n", "{name: a-web}"), ("namePrefix: a-\n", "{name: web}"),
        ("namespace: x\n", "{name: web, namespace: x}"),
        ("namespace: x\nnameSuffix: -b\n", "{name: web-b, namespace: x}"),
    ],
)  # fmt: skip
def test_a_patch_may_call_an_object_as_kustomizations_do_by_then(changes: str, metadata: str) -> None:
    base = {"base/kustomization.yaml": TAKES + changes}
    text = TestSilence.PATCH.replace("{name: web}", metadata)
    found = [("INIT205", "base/app.yaml", "/data/model")]
    assert told(run(base | patched(text))) == found
    target = f"{{kind: Deployment, name: {metadata.split()[1].strip(',}')}}}"
    files = overlay(f"patches: [{{path: p.yaml, target: {target}}}]\n") | {"prod/p.yaml": TestSilence.PATCH}
    assert told(run(base | files)) == found


@pytest.mark.parametrize("metadata", ["{name: b-web}", "{name: web, namespace: y}"])
def test_what_an_object_is_called_only_later_is_not_known(metadata: str) -> None:
    text = TestSilence.PATCH.replace("{name: web}", metadata)
    base = {"base/kustomization.yaml": TAKES + "namePrefix: a-\n"}
    assert (
        told(run(base | overlay("namePrefix: b-\nnamespace: y\npatches: [{path: p.yaml}]\n") | {"prod/p.yaml": text}))
        == []
    )


class TestContext:
    """What is found in a patch is of its file, what is found in the base of the base."""

    def test_of_a_patch_whose_base_only_answers(self) -> None:
        files = patched(patch(TestPlaces.COMMAND))
        assert told(run(files, context=("base/app.yaml", "prod/kustomization.yaml"))) != []
        undeclared = patched(patch("containers: [{name: web, volumeMounts: [{name: date, mountPath: /d}]}]"))
        assert told(run(undeclared, context=("base/app.yaml", "prod/kustomization.yaml"))) == [
            ("INIT201", "prod/p.yaml", "date")
        ]

    def test_of_a_base_whose_patch_only_answers(self) -> None:
        context = ("prod/p.yaml", "prod/kustomization.yaml")
        assert [code for code, _, _ in told(run(patched(TestSilence.PATCH), context=context))] == ["INIT205"]

    def test_what_a_patch_breaks_in_its_base_is_told_of_the_patch(self) -> None:
        for checked in ("prod/p.yaml", "prod/kustomization.yaml"):
            files = PROJECT | patched(TestSilence.PATCH)
            found = told(run(files, context=tuple(files.keys() - {checked})))
            assert found == [("INIT205", "base/app.yaml", "/data/model")]

    def test_of_neither(self) -> None:
        context = ("base/app.yaml", "prod/p.yaml", "prod/kustomization.yaml")
        assert told(run(patched(TestSilence.PATCH), context=context)) == []


def test_neither_the_order_of_files_nor_processes_matter() -> None:
    files = PROJECT | patched(TestSilence.PATCH) | patched(patch(TestPlaces.COMMAND), "dev")
    sources = [Source(path, text) for path, text in files.items()]
    expected = run(files).active
    assert len(expected) == 2
    for order in list(permutations(sources))[::500]:
        assert check_sources(list(order), Settings(select=RULES)).active == expected
    alone = analyse_all(sources, Settings(jobs=1)).summaries
    apart = analyse_all(sources, Settings(jobs=2)).summaries
    assert [one.built for one in alone] == [one.built for one in apart]


def test_of_very_many_overlays_always_the_same_are_looked_at() -> None:
    """The order of a set of names is another one in each process."""
    script = (
        "from tests.test_built import *\n"
        "every = dict(one for at in range(40) for one in patched(TestSilence.PATCH, f'o{at}').items())\n"
        "print([(one.code, [str(it.place.source.path) for it in one.related]) for one in run(every).active])\n"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True,
            check=True,
        ).stdout
        for seed in "123"
    }  # fmt: skip
    assert len(told) == 1
    assert "o0/kustomization.yaml" in told.pop()


@pytest.mark.skipif(not shutil.which("kustomize"), reason="kustomize is not installed, with which it is compared")
@pytest.mark.parametrize("text", [TestSilence.PATCH, patch(TestPlaces.COMMAND), TestOverlays.READ_ONLY])
def test_as_kustomize_builds_it(text: str, tmp_path: Path) -> None:
    """The same is found in what kustomize prints."""
    for name, said in (PROJECT | patched(text)).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(said, "utf-8")
    done = subprocess.run(["kustomize", "build", tmp_path / "prod"], capture_output=True, text=True, check=True)
    printed = check_sources([Source("out.yaml", done.stdout)], Settings(select=RULES))
    assert [one.message for one in printed.active] == [one.message for one in run(patched(text)).active]
