"""Which commands are said to need root, and as whom."""

from __future__ import annotations

import json

import pytest

from initlint.kube.pods.container import Container
from initlint.shell.container.user import user_of
from initlint.shell.questions.privilege import forbidden
from tests.helpers import pod


def container(script: str = "", own: str = "", of_pod: str = "", image: str = "own:1") -> Container:
    command = json.dumps(["sh", "-c", script])
    fields = f"name: a, image: {json.dumps(image)}, securityContext: {{{own}}}, command: {command}"
    return pod(f"{{securityContext: {{{of_pod}}}, containers: [{{{fields}}}]}}").containers[0]


@pytest.mark.parametrize(
    ("own", "of_pod", "image", "uid", "is_root"),
    [
        ("runAsUser: 1000", "runAsUser: 0", "busybox", 1000, False),
        ("", "runAsUser: 1000", "busybox", 1000, False),
        ("runAsUser: 0", "runAsNonRoot: true", "own:1", 0, True),
        ("", "", "busybox", 0, True),
        ("", "", "bitnami/kubectl:1.28", 1001, False),
        ("", "", "curlimages/curl", 100, False),
        ("", "", "memcached", None, False),
        ("", "", "own:1", None, None),
        ("runAsNonRoot: true", "", "own:1", None, False),
        ("", "runAsNonRoot: true", "busybox", None, False),
        ("runAsNonRoot: false", "runAsNonRoot: true", "own:1", None, None),
        ("runAsUser: '${UID}'", "", "busybox", None, None),
        ("runAsUser: 1e3", "", "busybox", None, None),
    ],
)
def test_user(own: str, of_pod: str, image: str, uid: int | None, is_root: bool | None) -> None:
    user = user_of(container(own=own, of_pod=of_pod, image=image))
    assert (user.uid, user.is_root) == (uid, is_root)


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("chown 999 a", ["runs `chown 999`"]),
        ("chown 999:1000 a; chown 999:1000 b", ["runs `chown 999:1000`"]),
        ("chown -R root a", ["runs `chown root`"]),
        ("chown nobody. a", ["runs `chown nobody.`"]),
        ("find a | xargs chown 0", ["runs `chown 0`"]),
        ("chown 1000:0 a", []),
        ("chown :0 a", []),
        ("chown postgres a", []),  # it may have any number in an image that is not known
        ("chown $U a", []),
        ("chown", []),
        ("timeout 5 /bin/chown 999 a", ["runs `chown 999`"]),
        ("./chown 999 a", []),
        ("chown() { true; }; chown 999 a", []),
        ("sysctl -w a=b", ["runs `sysctl -w`"]),
        ("sysctl a=b", ["runs `sysctl`"]),
        ("sysctl -p", ["runs `sysctl`"]),
        ("echo 1 | tee /proc/sys/vm/swappiness", ["writes `/proc/sys/vm/swappiness`"]),
        ("apt-get -y install curl", ["runs `apt-get`"]),
        ("yum install -y curl", ["runs `yum install`"]),
        ("yum list installed", []),
        ("apk add --root=/x curl", []),
        ("ip link set eth0 up; ip addr show", ["runs `ip link`"]),
        ("swapoff -a", ["runs `swapoff`"]),
        ("chpasswd < a", ["runs `chpasswd`"]),
        ("mount; mount -l; useradd --help; apt-get -s install curl; yum --downloadonly install curl", []),
        ("iptables -L", ["runs `iptables`"]),
        ("nsenter -t 1 -m -- chown 999 a", ["runs `nsenter`"]),
        ("chown 999 a || exit 1", ["runs `chown 999`"]),
        ("chown 999 a || true", []),
        ("if [ $UID = 0 ]; then chown 999 a; fi", []),
        ("su root -c 'chown 999 a'", []),
        ("gosu root chown 999 a", []),
    ],
)
def test_what_needs_root(script: str, found: list[str]) -> None:
    assert [one.what for one in forbidden(container(script, "runAsUser: 1000"))] == found
    assert [one for one in forbidden(container(script, "runAsUser: 0")) if not one.capability] == []


@pytest.mark.parametrize(
    ("script", "security", "found"),
    [
        ("iptables -L; ip link set eth0 up; nft -f x", "runAsUser: 0", ["NET_ADMIN"]),
        ("iptables -L", "capabilities: {add: [SYS_ADMIN]}", ["NET_ADMIN"]),
        ("iptables -L", "capabilities: {add: [NET_ADMIN]}", []),
        ("iptables -L", "privileged: true", []),
        ("iptables -V; ip route", "runAsUser: 0", []),
        ("chown 5 a; iptables -L", "runAsUser: 0, capabilities: {drop: [ALL]}", ["CHOWN", "NET_ADMIN"]),
        ("chown 5 a", "runAsUser: 0, capabilities: {drop: [ALL], add: [CAP_CHOWN]}", []),
        ("chown 0:5 a; chown root a; chown :5 a", "runAsUser: 0, capabilities: {drop: [CHOWN]}", []),
        ("chown 5 a", "capabilities: {drop: [ALL]}", []),
    ],
)
def test_what_root_needs_a_capability_for(script: str, security: str, found: list[str]) -> None:
    assert [one.capability for one in forbidden(container(script, security))] == found


def test_names_of_services_are_known_in_images_that_are() -> None:
    assert len(list(forbidden(container("chown postgres a", "runAsUser: 1000", image="postgres:16")))) == 1
    assert list(forbidden(container("chown postgres a", "runAsUser: 999", image="postgres:16"))) == []


def test_of_a_user_without_a_number_only_root_is_another() -> None:
    found = forbidden(container("chown 1000 a; chown 0 a; chown root a", image="memcached"))
    assert [one.what for one in found] == ["runs `chown 0`", "runs `chown root`"]
