"""Which hosts are the Pod itself, and what is said of them."""

from __future__ import annotations

import pytest

from initlint.kube.pods.container import Container
from initlint.shell.questions.local import asked_of_pod, served_ports
from tests.helpers import pod

ENV = """[{name: PORT, value: "8080"}, {name: H, value: localhost},
 {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}},
 {name: ME, valueFrom: {fieldRef: {fieldPath: metadata.name}}},
 {name: NODE, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}]"""


def container(script: str, more: str = "") -> Container:
    init = f"{{name: a, image: busybox, command: [sh, -c, {script!r}], env: {ENV}}}"
    return pod(f"{{initContainers: [{init}], containers: [{{name: x, image: x}}]{more}}}").init_containers[0]


def asked(script: str, more: str = "") -> list[str]:
    return [one.text for one in asked_of_pod(container(f"until {script}; do sleep 1; done", more))]


@pytest.mark.parametrize(
    ("script", "text"),
    [
        ("nc -z localhost 80", "localhost:80"), ("nc -z 127.0.0.1 $PORT", "127.0.0.1:8080"),
        ("nc -z $H $PORT", "localhost:8080"), ("nc -z 0.0.0.0 80", "0.0.0.0:80"), ("nc -z app 80", "app:80"),
        ("nc -z $HOSTNAME 80", "$HOSTNAME:80"), ('nc -z "${HOSTNAME}" ${PORT}', "${HOSTNAME}:8080"),
        ("nc -z $(hostname) 80", "$(hostname):80"), ("nc -z `hostname -i` 80", "`hostname -i`:80"),
        ("wget -q http://$(hostname -i):80/", "$(hostname -i):80"), ("wget -q http://$IP:80/x", "$IP:80"),
        ("nc -z $ME 80", "$ME:80"), ("curl -sf http://${IP}:${PORT}/", "${IP}:8080"),
        ("pg_isready", "localhost:5432"), ("mysqladmin ping --silent", "localhost:3306"),
    ],
)  # fmt: skip
def test_the_own_pod(script: str, text: str) -> None:
    assert asked(script) == [text]


@pytest.mark.parametrize(
    "script",
    ["nc -z $NODE 80", "nc -z $OTHER 80", "nc -z $(get-host) 80", "nc -z $HOSTNAME.db 80", "nc -z $HOSTNAME $OTHER",
     "nc -z ${HOSTNAME%-*} 80", "nc -z $(hostname).db 80", "nc -z ${OTHER}$HOSTNAME 80", "PGHOST=db pg_isready",
     "nc -z web 80", "wget -q http://db:80/$HOSTNAME", "! nc -z localhost 80"],
)  # fmt: skip
def test_other_hosts(script: str) -> None:
    assert asked(script) == []


def test_a_variable_that_the_script_sets() -> None:
    found = asked_of_pod(container("ME2=$(hostname -i); until nc -z $ME2 80; do sleep 1; done"))
    assert [one.text for one in found] == ["$ME2:80"]


def test_the_name_that_a_pod_is_given() -> None:
    assert asked("nc -z me 80", ", hostname: me") == ["me:80"]
    assert asked("nc -z app 80", ", hostname: me") == []


def test_host_and_port_in_variables_of_their_own() -> None:
    spec = """{containers: [{name: a, image: a, env: [{name: DB_HOST, value: 127.0.0.1}, {name: DB_PORT, value: "5432"},
     {name: X_HOST, value: db}, {name: X_PORT, value: "1"}, {name: Y_HOST, value: localhost},
     {name: HOST, value: "::1"}, {name: PORT, value: "80"}]}]}"""
    assert [one.text for one in asked_of_pod(pod(spec).containers[0])] == ["127.0.0.1:5432", "::1:80"]


@pytest.mark.parametrize(
    ("fields", "ports"),
    [
        ("image: postgres", ["5432"]), ("image: postgres, ports: [{containerPort: 1}]", ["1"]), ("image: x", []),
        ("image: postgres, command: [x]", []), ("image: postgres, args: [-p, '1']", []),
        ("image: postgres, envFrom: [{configMapRef: {name: x}}]", []),
        ("image: cloud-sql-connectors/cloud-sql-proxy, args: [--port=1, a]", ["1"]),
        ("image: cloud-sql-connectors/cloud-sql-proxy, args: ['a?port=1', 'b?port=2']", ["1", "2"]),
        ("image: cloud-sql-connectors/cloud-sql-proxy, args: [--port, '1', a]", ["1"]),
        ("image: cloud-sql-connectors/cloud-sql-proxy, args: [a]", ["5432", "3306", "1433"]),
        ("image: cloud-sql-connectors/cloud-sql-proxy, args: [--unix-socket, /sql, a]", []),
        ("image: cloud-sql-connectors/cloud-sql-proxy, args: [a], env: [{name: CSQL_PROXY_PORT, value: '1'}]", []),
        ("image: cloud-sql-connectors/cloud-sql-proxy, args: [a], envFrom: [{configMapRef: {name: x}}]", []),
        ("image: x, command: [/cloud_sql_proxy], args: ['-instances=a:b:c=tcp:0.0.0.0:1']", ["1"]),
        ("image: x, command: [server, --port=1]", []),
    ],
)  # fmt: skip
def test_served_ports(fields: str, ports: list[str]) -> None:
    assert list(served_ports(pod(f"{{containers: [{{name: a, {fields}}}]}}").containers[0])) == ports
