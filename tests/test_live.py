"""What a live cluster answers: nothing that the server, a controller or a webhook has added is held against anybody."""

from __future__ import annotations

import json
from typing import Any

import pytest

from initlint import check_text
from initlint.report import Report
from tests.conftest import ROOT

TEXT = (ROOT / "fixtures" / "live" / "cluster.json").read_text("utf-8")
TEMPLATED = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"]
MOUNT = {"name": "gone", "mountPath": "/x"}


def answer(*kinds: str, mutate: bool = False) -> Report:
    """The report of what `kubectl get -o json` answers for some kinds; mutated, each Pod mounts what is not there."""
    told = json.loads(TEXT)
    told["items"] = [item for item in told["items"] if not kinds or item["kind"] in kinds]
    for item in told["items"] if mutate else []:
        spec(item)["containers"][0].setdefault("volumeMounts", []).append(MOUNT)
    return check_text(json.dumps(told, indent=4))


def spec(item: dict[str, Any]) -> dict[str, Any]:
    inner: dict[str, Any] = item["spec"]
    if "jobTemplate" in inner:
        inner = inner["jobTemplate"]["spec"]
    if "template" in inner:
        inner = inner["template"]["spec"]
    return inner


def objects(report: Report) -> list[str]:
    return [str(one.object) for one in report.active]


def test_a_sound_cluster_is_silent() -> None:
    report = answer()
    assert objects(report) == []
    assert report.problems == ()
    assert report.workloads == 5


@pytest.mark.parametrize("kind", TEMPLATED)
def test_each_kind_alone_is_silent(kind: str) -> None:
    """A Job of a CronJob, without it, stands for one that somebody wrote."""
    assert objects(answer(kind)) == []


def test_each_defect_is_told_once_and_of_what_somebody_wrote() -> None:
    report = answer(mutate=True)
    written = ["Deployment/checkout", "StatefulSet/search", "DaemonSet/log-agent", "CronJob/sales-report"]
    assert sorted(objects(report)) == sorted([*written, "Pod/kube-scheduler-node-1"])
    assert {one.code for one in report.active} == {"INIT201"}
    assert {one.container for one in report.active} >= {"checkout", "search", "agent", "report"}


def test_of_pods_alone_the_first_of_each_owner_speaks() -> None:
    report = answer("Pod", mutate=True)
    undeclared = [str(one.object) for one in report.active if one.code == "INIT201"]
    assert undeclared == [
        "Pod/checkout-5d4f8c9b7d-2xk9v",
        "Pod/search-0",
        "Pod/log-agent-9hx2c",
        "Pod/sales-report-29541240-k8w2m",
        "Pod/kube-scheduler-node-1",
    ]


@pytest.mark.parametrize("kind", TEMPLATED)
def test_every_kind_is_looked_at(kind: str) -> None:
    report = answer(kind, mutate=True)
    assert [str(one.object).split("/")[0] for one in report.active] == [kind]


def test_what_a_custom_resource_owns_is_no_copy() -> None:
    told = json.loads(TEXT)
    pods = [item for item in told["items"] if item["kind"] == "Pod"][:2]
    for pod in pods:
        pod["metadata"]["ownerReferences"][0] |= {"kind": "Workflow", "apiVersion": "argoproj.io/v1alpha1"}
        spec(pod)["containers"][0]["volumeMounts"].append(MOUNT)
    report = check_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": pods}))
    assert [one.code for one in report.active].count("INIT201") == 2
