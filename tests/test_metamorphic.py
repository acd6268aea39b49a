"""The same Pod spec, written in any way and wrapped in any kind, gives the same findings."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from initlint.report import Report
from initlint.run import check_sources
from initlint.settings import Settings
from initlint.source import Source
from initlint.testing import cases
from tests.conftest import ROOT

Spec = dict[str, Any]
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


def as_json(value: Spec) -> str:
    return json.dumps(value, indent=2)


def as_ascii_json(value: Spec) -> str:
    return json.dumps(value, separators=(",", ":"))


def as_block(value: Spec) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True)


def as_flow(value: Spec) -> str:
    return yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10_000)


def with_anchors(value: Spec) -> str:
    """PyYAML's dumper anchors what occurs twice: here, resources and metadata."""
    text = yaml.dump(value, sort_keys=False)
    assert "*id00" in text
    return text


def quoted(style: str) -> Callable[[Spec], str]:
    def dump(value: Spec) -> str:
        copy = json.loads(json.dumps(value))
        return str(yaml.safe_dump(copy, default_style=style, sort_keys=False, allow_unicode=True))

    return dump


def by_ruamel(value: Spec) -> str:
    stream = io.StringIO()
    YAML().dump(json.loads(json.dumps(value)), stream)
    return stream.getvalue()


def with_crlf(value: Spec) -> str:
    return as_block(json.loads(json.dumps(value))).replace("\n", "\r\n")


def with_comments(value: Spec) -> str:
    lines = as_block(json.loads(json.dumps(value))).splitlines()
    return "# first\n---\n" + "".join(f"{line}\n\n   # {{{{ comment }}}}\n" for line in lines)


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
    styles = [as_block(json.loads(json.dumps(value))), as_json(value), with_crlf(value), with_comments(value)]
    plain = {one.fingerprint for one in check(styles[0]).active}
    for text in (styles[2], styles[3]):
        assert {one.fingerprint for one in check(text).active} == plain


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
