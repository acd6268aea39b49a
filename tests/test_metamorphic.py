"""The same Pod spec, written in any way and wrapped in any kind, gives the same findings."""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from initlint.report import Report
from initlint.run import check_sources
from initlint.settings import Settings
from initlint.shell.language.shells import is_shell, text_index
from initlint.testing import cases
from initlint.text.source import Source
from tests.conftest import ROOT
from tests.styles import (
    Spec,
    as_ascii_json,
    as_block,
    as_flow,
    as_json,
    by_ruamel,
    mappings,
    pods,
    quoted,
    with_anchors,
    with_comments,
    with_crlf,
)

# Many runs of what other tests cover already: to count its lines again takes longer than to run it.
pytestmark = pytest.mark.no_cover

SMALL = {"requests": {"cpu": "10m", "memory": "1Mi"}, "limits": {"memory": "1Mi"}}

# One of each finding that does not depend on the kind of workload.
SPEC: Spec = {
    "initContainers": [
        {"name": "fetch", "image": "fetch:1", "resources": SMALL,
         "volumeMounts": [{"name": "models", "mountPath": "/models"}, {"name": "confg", "mountPath": "/config"}]},
        {"name": "proxy", "image": "envoyproxy/envoy:v1.31.0", "resources": SMALL},
        {"name": "keep", "image": "busybox:1.36", "command": ["sh", "-c", "sleep infinity"]},
    ],
    "containers": [{"name": "server", "image": "server:1", "args": ["--größe=1", "--models=/models"]}],
    "volumes": [{"name": "models", "emptyDir": {}}, {"name": "config", "configMap": {"name": "app"}}],
}  # fmt: skip
EXPECTED = {
    ("INIT101", "proxy", "envoyproxy/envoy:v1.31.0"),
    ("INIT101", "keep", "sleep"),
    ("INIT201", "fetch", "confg"),
    ("INIT203", "fetch", "models"),
    ("INIT401", "keep", "keep"),
}

METADATA = {"name": "app", "labels": {"app": "app"}}
SELECTING = {"selector": {"matchLabels": {"app": "app"}}}


def pod(spec: Spec) -> Spec:
    return {"apiVersion": "v1", "kind": "Pod", "metadata": METADATA, "spec": spec}


def controller(api_version: str, kind: str, **more: Any) -> Callable[[Spec], Spec]:
    def wrap(spec: Spec) -> Spec:
        template = {"metadata": METADATA, "spec": spec}
        return {"apiVersion": api_version, "kind": kind, "metadata": METADATA, "spec": {**more, "template": template}}

    return wrap


def job(spec: Spec) -> Spec:
    return controller("batch/v1", "Job")({**spec, "restartPolicy": "Never"})


def cron_job(spec: Spec) -> Spec:
    inner = {"spec": job(spec)["spec"]}
    return {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": METADATA,
            "spec": {"schedule": "@daily", "jobTemplate": inner}}  # fmt: skip


def listed(spec: Spec) -> Spec:
    other = {"apiVersion": "v1", "kind": "Service", "metadata": METADATA, "spec": {}}
    return {
        "apiVersion": "v1",
        "kind": "List",
        "items": [other, controller("apps/v1", "Deployment", **SELECTING)(spec)],
    }


WRAPPERS: dict[str, Callable[[Spec], Spec]] = {
    "Pod": pod,
    "PodTemplate": lambda spec: {"apiVersion": "v1", "kind": "PodTemplate", "metadata": METADATA,
                                 "template": {"metadata": METADATA, "spec": spec}},
    "ReplicationController": controller("v1", "ReplicationController"),
    "Deployment": controller("apps/v1", "Deployment", **SELECTING),
    "StatefulSet": controller("apps/v1", "StatefulSet", **SELECTING),
    "DaemonSet": controller("apps/v1", "DaemonSet", **SELECTING),
    "ReplicaSet": controller("apps/v1", "ReplicaSet", **SELECTING),
    "Job": job,
    "CronJob": cron_job,
    "List": listed,
    "Rollout": controller("argoproj.io/v1alpha1", "Rollout", **SELECTING),
}  # fmt: skip


WRITERS = [as_json, as_ascii_json, as_block, as_flow, with_anchors, quoted("'"), quoted('"'), quoted("|"), quoted(">"),
           by_ruamel, with_crlf, with_comments]  # fmt: skip


def check(text: str) -> Report:
    return check_sources([Source("app.yaml", text)], Settings())


def found(report: Report) -> set[tuple[str, str | None, str]]:
    """Rule, container, and the text that is pointed at, whatever its quotes."""
    places = [(one, one.place.source.text[one.place.span.start : one.place.span.end]) for one in report.active]
    return {(one.code, one.container, text.strip("\"'")) for one, text in places}


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("kind", WRAPPERS)
def test_same_findings(kind: str, write: Callable[[Spec], str]) -> None:
    report = check(write(WRAPPERS[kind](SPEC)))
    assert found(report) == EXPECTED
    assert len(report.active) == len(EXPECTED)


@pytest.mark.parametrize("kind", WRAPPERS)
def test_fingerprints_do_not_depend_on_how_it_is_written(kind: str) -> None:
    value = WRAPPERS[kind](SPEC)
    plain = {one.fingerprint for one in check(as_block(json.loads(json.dumps(value)))).active}
    assert plain
    for write in (with_crlf, with_comments):
        assert {one.fingerprint for one in check(write(value)).active} == plain


@given(st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_order_of_keys_and_of_lists_without_order_changes_nothing(random: Any) -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            keys = random.sample(list(value), len(value))
            return {key: shuffled(value[key]) for key in keys}
        return [shuffled(item) for item in value] if isinstance(value, list) else value

    spec = shuffled(SPEC)
    random.shuffle(spec["volumes"])
    random.shuffle(spec["initContainers"][0]["volumeMounts"])
    assert found(check(as_block(pod(json.loads(json.dumps(spec)))))) == EXPECTED


@pytest.mark.parametrize("file", sorted(ROOT.glob("rules/*/bad.yaml")), ids=lambda path: path.parent.name)
def test_findings_do_not_change_when_lines_are_added_above(file: Path) -> None:
    """Every example of every rule, moved down: the same findings, three lines later."""
    name = file.parent.name.replace("_", "-")
    for case in cases(file.read_text("utf-8")):
        sources = case.sources()
        if any(source.text.lstrip()[:1] in "{[%" for source in sources):
            continue
        moved = [Source(source.path, "# one\n# two\n# three\n" + source.text) for source in sources]
        before, after = (check_sources(one, Settings(select=(name,))).active for one in (sources, moved))
        assert [(one.code, one.place.start.line + 3, one.place.start.column, one.fingerprint) for one in before] == [
            (one.code, one.place.start.line, one.place.start.column, one.fingerprint) for one in after
        ]


MOVED = Settings(ignore=("complex-script",))
# They say something else of a script that is not all.
OF_THE_WHOLE = ("INIT302", "INIT311")


def in_place(_: list[str], __: str) -> None:
    """A script stays where it is."""


def as_file(words: list[str], key: str) -> list[str]:
    """The command with a file in place of the script."""
    index = text_index(words) or 0
    options = [re.sub("c", "", word) if word[:2] != "--" else word for word in words[1:index]]
    options = [word for word in options if word != "-"]
    return [words[0], *options, f"/scripts/of/all/{key}", *words[index + 2 :]]


def behind_another(words: list[str], key: str) -> list[str]:
    """The same from a script that does something else before."""
    return ["sh", "-c", f"true; exec {shlex.join(as_file(words, key))}"]


Move = Callable[[list[str], str], list[str] | None]


def mount_scripts(documents: list[Any], move: Move) -> dict[str, str]:
    """Give each init container a mount for its script, and tell it to run that; the scripts by their keys."""
    scripts: dict[str, str] = {}
    found = {id(spec): spec for document in documents for spec in pods(document)}
    for spec in found.values():
        for container in mappings(spec["initContainers"]):
            words = [*container.get("command", ()), *container.get("args", ())] if container.get("command") else []
            is_plain = all(isinstance(word, str) for word in words) and is_shell(words[0] if words else None)
            index = text_index(words) if is_plain else None
            # In a file, Kubernetes expands nothing, and `$0` is the file.
            if index is None or any(sign in words[index] for sign in ("$$", "$(", "$0")):
                continue
            # `sh -c 'cp a b' 'chmod 1 b'` never runs the second one, which is a defect of that line and not of a file.
            if any(" " in word for word in words[index + 1 :]):
                continue
            key = f"script-{len(scripts)}.sh"
            scripts[key] = words[index]
            _append(container, "volumeMounts", {"name": "scripts-of-all", "mountPath": "/scripts/of/all"})
            if command := move(words, key):
                container["command"] = command
                container.pop("args", None)
        _append(spec, "volumes", {"name": "scripts-of-all", "configMap": {"name": "scripts-of-all"}})
    return scripts


def _append(node: dict[str, Any], key: str, item: dict[str, Any]) -> None:
    """Add to a list that may be null."""
    node[key] = [*(node.get(key) or ()), item]


def with_scripts(text: str, move: Move) -> list[Source]:
    """An example, and the ConfigMap with its scripts; nothing if it has none that can be moved, or is not read."""
    try:
        documents = list(yaml.load_all(text, yaml.CSafeLoader))
    except yaml.YAMLError:
        return []
    scripts = mount_scripts(documents, move)
    held = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "scripts-of-all"}, "data": scripts}
    manifest = yaml.safe_dump_all(documents, sort_keys=False)
    return [Source("app.yaml", manifest), Source("map.yaml", yaml.safe_dump(held))] if scripts else []


@pytest.mark.parametrize("name", ["bad.yaml", "good.yaml"])
@pytest.mark.parametrize("rule", sorted(path.parent for path in ROOT.glob("rules/*/bad.yaml")), ids=lambda it: it.name)
def test_a_script_in_a_config_map_is_the_same_script(rule: Path, name: str) -> None:
    """Every script of every second example, moved: the same findings, but that an inline script is too large.

    Run from another script, as every third one is tried, there may be fewer.
    """
    for number, case in enumerate(cases((rule / name).read_text("utf-8"))[::2]):
        (source, *others) = case.sources()
        moves = (in_place, as_file, behind_another)[: 2 + (number % 3 == 0)]
        texts = [with_scripts(source.text, move) for move in moves] if not others else []
        for before, after, *behind in [map(said, texts)] if texts and texts[0] else []:
            assert before == after, case.name
            assert not [one for all_ in behind for one in all_ - before if not one.startswith(OF_THE_WHOLE)], case.name


def said(sources: list[Source]) -> Counter[str]:
    return Counter(f"{one.code} {one.container} {one.message}" for one in check_sources(sources, MOVED).active)


def test_scripts_of_examples_are_moved() -> None:
    examples = cases((ROOT / "rules/cannot_fail/bad.yaml").read_text("utf-8"))
    scripts = [with_scripts(one.sources()[0].text, as_file) for one in examples]
    assert sum(map(bool, scripts)) > 5
    assert all(
        found.path == "map.yaml" for found in check_sources(scripts[0], Settings(select=("cannot-fail",))).active
    )


SUFFIX = "-of-the-pod"


def with_volumes_renamed(documents: list[Any]) -> None:
    """Give other names to the volumes of Pods, wherever these say them."""
    for spec in {id(spec): spec for document in documents for spec in pods(document)}.values():
        volumes = [
            one for one in spec.get("volumes") or () if isinstance(one, dict) and isinstance(one.get("name"), str)
        ]
        names = {one["name"] for one in volumes}
        for one in [*volumes, *_uses(spec)]:
            for key in ("name", "volumeName"):
                if isinstance(one.get(key), str) and one[key] in names:
                    one[key] += SUFFIX


def _uses(spec: Spec) -> Iterator[Spec]:
    """Mounts, devices, and the files that variables are read from."""
    for kind in ("initContainers", "containers"):
        for container in mappings(spec.get(kind)):
            for key in ("volumeMounts", "volumeDevices"):
                yield from filter(None, container.get(key) or ())
            values = ((variable or {}).get("valueFrom") or {} for variable in container.get("env") or ())
            yield from (one["fileKeyRef"] for one in values if one.get("fileKeyRef"))


@pytest.mark.parametrize("name", ["bad.yaml", "good.yaml"])
@pytest.mark.parametrize("rule", sorted(path.parent for path in ROOT.glob("rules/*/bad.yaml")), ids=lambda it: it.name)
def test_how_volumes_are_called_does_not_matter(rule: Path, name: str) -> None:
    for case in cases((rule / name).read_text("utf-8"))[1::2]:
        (source, *others) = case.sources()
        # A claim is the volume of its name, and annotations speak of volumes, too.
        if others or "volumeClaimTemplates" in source.text or "nnotations" in source.text:
            continue
        try:
            documents = list(yaml.load_all(source.text, yaml.CSafeLoader))
        except yaml.YAMLError:
            continue
        plain = yaml.safe_dump_all(documents, sort_keys=False)
        with_volumes_renamed(documents)
        renamed = yaml.safe_dump_all(documents, sort_keys=False)
        if renamed != plain:
            before, after = (said([Source("app.yaml", text)]) for text in (plain, renamed))
            assert Counter(one.replace(SUFFIX, "") for one in after.elements()) == before, case.name
