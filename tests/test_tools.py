"""Which programs an image is said not to have, and when nothing is said: they may have been brought."""

from __future__ import annotations

import json

import pytest

from initlint.kube.pods.container import Container
from initlint.shell.questions.tools import missing_tools
from tests.helpers import check, pod


def container(image: str, command: list[str], more: str = "") -> Container:
    text = f"{{containers: [{{name: a, image: {json.dumps(image)}, command: {json.dumps(command)}{more}}}]}}"
    return pod(text).containers[0]


def missing(image: str, script: str, more: str = "") -> list[str]:
    return [tool.name for tool in missing_tools(container(image, ["sh", "-c", script], more))]


@pytest.mark.parametrize(
    ("image", "script", "tools"),
    [
        ("alpine", "curl a; jq b; curl c", ["curl", "jq"]),
        ("alpine", "x=$(curl -s a) && echo $x", ["curl"]),
        ("alpine", "cat a | jq . > b", ["jq"]),
        ("alpine", "timeout 5 bash -c 'curl a'", ["bash", "curl"]),
        ("alpine", "sudo chown a b", ["sudo"]),
        ("alpine", "/usr/bin/curl a", ["/usr/bin/curl"]),
        ("alpine", "curl a || exit 1", ["curl"]),
        ("alpine", "curl a || { echo failed; exit 1; }", ["curl"]),
        ("alpine", "until curl a; do echo waiting; n=$((n+1)); sleep 1; done", ["curl"]),
        ("alpine", "if [ -f x ]; then curl a; fi", ["curl"]),
        ("alpine", "f() { curl a; }; f", ["curl"]),
        ("alpine", "find . | xargs rename", []),
        ("busybox", "apk add curl; curl a", ["apk"]),
        ("debian:12", "wget a; nslookup b; ps", ["wget", "nslookup", "ps"]),
        ("debian:12", "apt-get update && apt-get install -y curl && curl a", []),
        ("debian:12", "pip install awscli; aws s3 ls", ["pip"]),
        ("python:3.12-slim", "pip install awscli; aws s3 ls", []),
        ("node:22-alpine", "npm ci && npx prisma migrate deploy && bash ./seed.sh", ["bash"]),
        ("python:3.12-slim", "python3 -m pip install httpie && http a && curl b", ["curl"]),
        ("node:22", "corepack enable; pnpm a", []),
        ("alpine", "curl a | b || (wget a | c)", []),
        ("alpine", "a && curl a || wget a", []),
        ("alpine", "if a && b; then c; else curl a; fi", []),
        ("alpine", "a | b || curl a", []),
        ("alpine", "command -v curl || exit 1; curl a", []),
        ("alpine", "for t in curl jq; do command -v $t; done; curl a", []),
        ("alpine", "[ -x /usr/bin/curl ] && curl a", []),
        ("alpine", "curl a || wget b", []),
        ("alpine", "if curl a; then echo ok; else wget b; fi", []),
        ("alpine", "wget b || curl a", []),
        ("alpine", "test -f a || curl a", ["curl"]),
        ("alpine", "cp /x/curl /usr/bin; curl a", []),
        ("alpine", "ln -s /x/y /usr/local/bin/curl; curl a", []),
        ("alpine", "wget -O- a > /usr/bin/curl; curl a", []),
        ("alpine", "PATH=$PATH:/x; curl a", []),
        ("alpine", "PATH=/x:$PATH curl a", []),
        ("alpine", "$INSTALL curl; curl a", []),
        ("alpine", "/x/install; curl a", []),
        ("alpine", "sh /x/install; curl a", []),
        ("alpine", "wget -qO- a | sh; curl a", []),
        ("alpine", "alias curl='wget -O-'; curl a", []),
        ("alpine", "curl a; apk add curl", ["curl"]),
        ("alpine", "for i in 1 2; do curl a; apk add curl; done", []),
        ("alpine", "cat > x <<EOF\ncurl a\nEOF\n", []),
        ("alpine", "curl 'a", []),
        ("busybox", "source x; declare y; pushd z; let a; shopt b", []),
        ("busybox", "my-tool", []),
    ],
)  # fmt: skip
def test_tools_of_a_script(image: str, script: str, tools: list[str]) -> None:
    assert missing(image, script) == tools


@pytest.mark.parametrize(
    ("command", "tools"),
    [
        (["curl", "a"], ["curl"]),
        (["tini", "--", "curl", "a"], ["tini"]),
        (["timeout", "60", "curl", "a"], ["curl"]),
        (["env", "A=b", "/bin/bash", "-c", "jq"], ["/bin/bash"]),
        (["bash", "/scripts/run.sh"], ["bash"]),
        (["$(TOOL)", "a"], []),
        (["/curl"], []),
        (["sh", "/scripts/run.sh"], []),
        (["chroot", "/host", "curl"], []),
    ],
)
def test_tools_of_a_command(command: list[str], tools: list[str]) -> None:
    found = list(missing_tools(container("alpine", command, ", env: [{name: TOOL, valueFrom: {}}]")))
    assert [tool.name for tool in found] == tools
    assert all(tool.is_first for tool in found)


@pytest.mark.parametrize(
    ("path", "tools"),
    [("/usr", []), ("/", []), ("/usr/bin", []), ("/bin/", []), ("/usr/bin/curl", []), ("/usr/bin/jq", ["curl"]),
     ("/opt/bin", ["curl"]), ("/usr/bin2", ["curl"])],
)  # fmt: skip
def test_what_a_volume_may_bring(path: str, tools: list[str]) -> None:
    assert missing("alpine", "curl a", f", volumeMounts: [{{name: v, mountPath: {path}}}]") == tools


def test_a_path_of_the_manifest() -> None:
    assert missing("alpine", "curl a", ", env: [{name: PATH, value: /x}]") == []
    assert missing("alpine", "curl a", ", env: [{name: PATH, valueFrom: {}}]") == []


def test_what_is_said_of_a_tool() -> None:
    (shell,) = missing_tools(container("gcr.io/distroless/static", ["sh", "-c", "curl a"]))
    assert (shell.name, shell.has_no_shell, shell.is_first) == ("sh", True, True)
    (waits,) = missing_tools(container("alpine", ["sh", "-c", "until curl a; do sleep 1; done"]))
    assert (waits.in_loop, waits.is_first) == (True, False)


def test_what_to_do_without_a_tool() -> None:
    shell = "{name: a, image: 'alpine:3.20', command: [sh, -ec, 'sudo chown 1 /d; dig db; jq . /d/x']}"
    text = "{apiVersion: v1, kind: Pod, spec: {initContainers: [%s], containers: [{name: b, image: b}]}}"
    assert [one.help for one in check(text % shell, select="missing-tool")] == [
        "leave `sudo` out, and let the container run as root where a command needs it (`runAsUser: 0`)",
        "use `nslookup`, which it has, or take an image that has `dig`",
        "take an image that has `jq`",
    ]
