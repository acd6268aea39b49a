"""Which quotas and limit ranges are for a Pod, and what its init containers break of them."""

from __future__ import annotations

import pytest

from initlint.run import check_sources
from initlint.settings import Settings
from initlint.text.source import Source

APP = "{name: b, image: 'b:1', resources: {limits: {cpu: 1, memory: 1Gi}}}"


def pod(resources: str = "{}", more: str = "", namespace: str = "n") -> str:
    init = f"{{name: a, image: 'a:1', resources: {resources}}}"
    spec = f"{{initContainers: [{init}], containers: [{APP}]{more}}}"
    return (
        f"{{apiVersion: v1, kind: Pod, metadata: {{name: p{namespace and f', namespace: {namespace}'}}}, spec: {spec}}}"
    )


def quota(more: str = "", hard: str = "limits.cpu: 8", namespace: str = "n") -> str:
    meta = f"{{name: q{namespace and f', namespace: {namespace}'}}}"
    return f"{{apiVersion: v1, kind: ResourceQuota, metadata: {meta}, spec: {{hard: {{{hard}}}{more}}}}}"


def limits(item: str) -> str:
    spec = f"{{limits: [{{type: Container, {item}}}]}}"
    return f"{{apiVersion: v1, kind: LimitRange, metadata: {{name: l, namespace: n}}, spec: {spec}}}"


def found(**files: str) -> list[str]:
    """What is found, with the text of the places that it speaks of; `__` stands for a slash in a path."""
    sources = [Source(f"{path.replace('__', '/')}.yaml", text) for path, text in files.items()]
    report = check_sources(sources, Settings(select=("INIT406",), jobs=1))
    texts = [[place.source.text[slice(*place.span)] for place, _ in one.related] for one in report.active]
    return [f"{one.message} {' '.join(text)}" for one, text in zip(report.active, texts, strict=True)]


def scoped(name: str, operator: str, values: str = "") -> str:
    return f", scopeSelector: {{matchExpressions: [{{scopeName: {name}, operator: {operator}, values: [{values}]}}]}}"


@pytest.mark.parametrize(
    ("scopes", "more", "is_for"),
    [
        ("", "", True), (", scopes: [NotTerminating]", "", True), (", scopes: [Terminating]", "", False),
        (", scopes: [Terminating]", ", activeDeadlineSeconds: 9", True), (", scopes: [NotBestEffort]", "", True),
        (", scopes: [NotTerminating]", ", activeDeadlineSeconds: 9", False), (", scopes: [BestEffort]", "", False),
        (", scopes: [NotBestEffort, Terminating]", "", False), (", scopes: [PriorityClass]", "", False),
        (", scopes: [PriorityClass]", ", priorityClassName: low", True),
        (scoped("PriorityClass", "In", "low, lower"), ", priorityClassName: low", True),
        (scoped("PriorityClass", "In", "high"), ", priorityClassName: low", False),
        (scoped("PriorityClass", "NotIn", "high"), ", priorityClassName: low", True),
        (scoped("PriorityClass", "NotIn", "high"), "", False), (scoped("PriorityClass", "DoesNotExist"), "", False),
        (scoped("CrossNamespacePodAffinity", "Exists"), "", False),
    ],
)  # fmt: skip
def test_scopes(scopes: str, more: str, is_for: bool) -> None:
    assert bool(found(q=quota(scopes), p=pod(more=more))) is is_for


@pytest.mark.parametrize(
    ("item", "resources", "said"),
    [
        ("max: {cpu: 1}", "{limits: {cpu: 2}}", "a cpu limit of 2, where LimitRange `l` wants at most 1"),
        ("max: {cpu: 1}", "{requests: {cpu: 2}}", "request of 2 and no limit, for which LimitRange `l` sets 1"),
        ("default: {memory: 1Gi}", "{requests: {memory: 2Gi}}", "a memory request of 2Gi and no limit, for which "),
        ("min: {memory: 1Gi}", "{limits: {memory: 5Mi}}", "a memory request of 5Mi, where LimitRange `l` wants at"),
        ("maxLimitRequestRatio: {cpu: 2}", "{requests: {cpu: 1}, limits: {cpu: 3}}", "where LimitRange `l` allows 2"),
    ],
)  # fmt: skip
def test_limit_ranges(item: str, resources: str, said: str) -> None:
    (one,) = found(limits=limits(item), p=pod(resources))
    assert said in one


@pytest.mark.parametrize(
    ("item", "resources"),
    [
        ("max: {cpu: 1}", "{limits: {cpu: 1}}"), ("max: {example.com/x: 1}", "{limits: {example.com/x: 2}}"),
        ("default: {memory: 1Gi}", "{requests: {memory: 2Gi}, limits: {memory: 2Gi}}"),
        ("default: {memory: 1Gi}", "{requests: {memory: 1Gi}}"), ("max: {cpu: much}", "{limits: {cpu: 2}}"),
        ("maxLimitRequestRatio: {cpu: 2}", "{requests: {cpu: 500m}, limits: {cpu: 1}}"),
        ("maxLimitRequestRatio: {cpu: 2}", "{limits: {cpu: 3}}"),
    ],
)  # fmt: skip
def test_within_limits(item: str, resources: str) -> None:
    assert found(limits=limits(item), p=pod(resources)) == []


BARE = {"q": quota(namespace=""), "p": pod(namespace="")}


@pytest.mark.parametrize(
    ("files", "count"),
    [
        ({"a__q": BARE["q"], "a__p": BARE["p"]}, 1), ({"a__q": BARE["q"], "b__p": BARE["p"]}, 0),
        ({"a__q": BARE["q"], "b__p": pod()}, 0), ({"a__q": quota(), "b__p": pod()}, 1),
        ({"a__q": BARE["q"], "b__p": BARE["p"], "kustomization": "{namespace: t, resources: [a/q.yaml, b/p.yaml]}"}, 1),
        ({"a__q": BARE["q"], "a__p": BARE["p"], "a__kustomization": "{namespace: t, resources: [q.yaml]}"}, 0),
        ({"q": BARE["q"], "p": BARE["p"], "kustomization": "{resources: [p.yaml], patches: [{path: q.yaml}]}"}, 0),
        ({"q": BARE["q"], "p": BARE["p"], "kustomization":
          "{resources: [p.yaml, q.yaml], patches: [{target: {kind: ResourceQuota}, "
          "patch: '[{op: replace, path: /spec/hard, value: {}}]'}]}"}, 0),
    ],
)  # fmt: skip
def test_namespaces(files: dict[str, str], count: int) -> None:
    assert len(found(**files)) == count


def test_where_it_is_said() -> None:
    (one,) = found(q=quota(hard="limits.cpu: 8, requests.memory: 9Gi"), p=pod())
    assert "sets no cpu limit and no memory request, which" in one
    assert one.endswith(" 8 9Gi")


def test_a_quantity_that_cannot_be_meant_decides_nothing() -> None:
    found = check_sources(
        [Source("pod.yaml", pod("{requests: {cpu: 500Mi}}"))], Settings(select=("INIT402", "INIT405"))
    )
    assert [one.code for one in found.active] == ["INIT405"]


@pytest.mark.parametrize(
    ("resources", "codes"),
    [
        ("{requests: {cpu: 6}}", ["INIT406"]),
        ("{limits: {cpu: 6}}", ["INIT406"]),
        ("{requests: {cpu: 3}}", ["INIT402"]),
        ("{requests: {cpu: 6, memory: 8Gi}}", ["INIT402", "INIT406"]),
    ],
)
def test_what_breaks_a_quota_is_not_told_to_dominate_too(resources: str, codes: list[str]) -> None:
    sources = [Source("q.yaml", quota(hard="requests.cpu: 4")), Source("p.yaml", pod(resources))]
    found = check_sources(sources, Settings(select=("INIT402", "INIT406"), jobs=1)).active
    assert sorted(one.code for one in found) == codes
