"""What an input that is said to be complete does not hold, and what it may hold all the same."""

from __future__ import annotations

import pytest

from initlint.run import check_sources
from initlint.settings import Settings
from initlint.text.source import Source
from tests.objects import SET, thing

HELM = "{apiVersion: helm.cattle.io/v1, kind: HelmChart, metadata: {name: x}}"


def found(script: str, *others: str, namespace: str = "n", more: str = "", jobs: int = 1) -> list[str]:
    """What is waited for in vain, with what may be meant, beside other objects in files of their own."""
    init = f"{{name: a, image: busybox, command: [sh, -c, {script!r}]}}"
    meta = f"{{name: app, namespace: {namespace}}}" if namespace else "{name: app}"
    spec = f"{{initContainers: [{init}], containers: [{{name: b, image: b}}]{more}}}"
    texts = (f"{{apiVersion: v1, kind: Pod, metadata: {meta}, spec: {spec}}}", *others)
    sources = [Source(f"{index}.yaml", text) for index, text in enumerate(texts)]
    report = check_sources(sources, Settings(select=("INIT505",), is_complete=True, jobs=jobs))
    return [f"{one.message.split(' waits for ')[1].split(',')[0]} {one.help or ''}" for one in report.active]


def asks(host: str) -> str:
    return f"until nc -z {host} 80; do sleep 1; done"


@pytest.mark.parametrize(
    ("host", "others", "said"),
    [
        ("db", (), "Service `db`"), ("dbb", (thing("Service", "db-b"),), "did you mean `db-b`"),
        ("db", (thing("Service", "db", "o"),), "did you mean `db.o`"), ("db.n", (), "Service `db` in namespace `n`"),
        ("db.o", (thing("ConfigMap", "x", "o"),), "Service `db` in namespace `o`"),
        ("x-0.db", (SET,), "Service `db` in namespace `n`"), ("x-1.db.n", (SET,), "Service `db` in namespace `n`"),
        ("db.n.svc", (), "in namespace `n`"), ("p-0.db.n.svc.cluster.local.", (), "Service `db` in namespace `n`"),
        ("db", (thing("Lease", "db", api="coordination.k8s.io/v1"),), "Service `db`"),
    ],
)  # fmt: skip
def test_services_that_are_not_there(host: str, others: tuple[str, ...], said: str) -> None:
    (one,) = found(asks(host), *others)
    assert said in one


@pytest.mark.parametrize(
    ("host", "others"),
    [
        ("x-0.db", (SET, thing("Service", "db"))), ("y-0.db", (SET,)), ("x.db", (SET,)), ("x-0.db.example", (SET,)),
        ("db", (thing("Service", "db"),)), ("db", (thing("Service", "db", ""),)), ("db.o", ()), ("db.example.com", ()),
        ("p-0.db", (thing("Service", "db"),)), ("app", ()), ("kubernetes", ()), ("kubernetes.default.svc", ()),
        ("x.kube-system.svc", (thing("ConfigMap", "x", "kube-system"),)), ("DB", ()), ("db", (HELM,)),
        ("db-rw", (thing("Cluster", "db", api="postgresql.cnpg.io/v1"),)),
        ("gw-istio", (thing("Gateway", "gw", api="gateway.networking.k8s.io/v1"),)),
        ("db", (thing("Service", "${NAME}"),)), ("db", ("kind: Service\nname: {{ .x }}",)), ("db", ("a: [",)),
    ],
)  # fmt: skip
def test_what_may_be_there(host: str, others: tuple[str, ...]) -> None:
    assert found(asks(host), *others) == []


@pytest.mark.parametrize(
    ("asked", "others", "count"),
    [
        ("job/x", (), 1), ("job/x", (thing("Job", "x", api="batch/v1"),), 0),
        ("job/x-29", (thing("CronJob", "x", api="batch/v1"),), 0), ("pod/x-0", (SET,), 0),
        ("pod/y-0", (SET,), 1), ("secret/x", (), 0), ("cm/x", (), 0), ("pod", (), 0),
        ("pvc/data-x-0", (SET,), 0),
        ("pvc/data-x", (SET,), 1), ("pvc/logs-x-0", (SET,), 1), ("deploy/x -n o", (), 0), ("deploy/x -A", (), 0),
        ("deploy/x -n n", (), 1), ("deploy/$X", (), 0), ("deploy/x --kubeconfig=/k", (), 0),
    ],
)  # fmt: skip
def test_objects(asked: str, others: tuple[str, ...], count: int) -> None:
    assert len(found(f"kubectl wait --for=condition=Ready {asked}", *others)) == count


def test_what_a_kustomization_renders_itself() -> None:
    text = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nhelmCharts: [{name: x}]\n"
    assert found(asks("db"), text) == []
    assert len(found(asks("db"), text.replace("helmCharts: [{name: x}]\n", ""))) == 1


def test_names_of_the_pod() -> None:
    assert found(asks("db"), more=", hostAliases: [{ip: 1.2.3.4, hostnames: [db]}]") == []
    assert found(asks("db"), more=", hostname: db") == []


def test_one_finding_for_one_object_and_the_same_in_other_processes() -> None:
    script = "until nc -z db 1 && nc -z db 2 && nc -z web 3; do sleep 1; done"
    assert [one.split("`")[1] for one in found(script)] == ["db", "web"]
    assert found(script, thing("Service", "dbs")) == found(script, thing("Service", "dbs"), jobs=2)


def test_without_a_namespace() -> None:
    assert len(found(asks("db"), namespace="")) == 1
    assert found(asks("db"), thing("Service", "db", "o"), namespace="") == []
