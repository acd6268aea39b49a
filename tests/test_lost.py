"""Which failures nothing sees: by what depends on a command, and what looks whether it has failed."""

from __future__ import annotations

import json

import pytest

from initlint.shell.scripts import scripts
from tests.helpers import pod


def lost(text: str, options: str = "-c") -> list[str]:
    container = f"{{name: a, command: [sh, {options}, {json.dumps(text)}], volumeMounts: [{{name: d, mountPath: /d}}]}}"
    (script,) = scripts(pod(f"{{initContainers: [{container}]}}").init_containers[0])
    return [script.script.text[one.command.start : one.command.end] for one in script.lost]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mkdir -p /x/y; chown 1 /x/y", []), ("cp a /d; chown -R 1 /d", ["cp a /d"]),
        ("cp a /d/; echo x > /d/marker", ["cp a /d/"]), ("git clone http://x /r; cd /r; make", []),
        ("wget -O /x http://a; tar xf /x", []), ("apk add curl; curl -fo /x http://y; chmod +x /x", []),
        ("wget -O $T/x http://a; [ -s ${T}/x ] || exit 1; cp b c", []), ("python a.py; chown 1 /c", ["python a.py"]),
        ("python a.py; test -f /made || exit 1; chown 1 /c", []), (". /lib; setup; chown 1 /c", []),
        ("cp a b; rc=$?; chown 1 /c; exit $rc", ["chown 1 /c"]), ("rm -r /x; chown 1 /c", []),
        ("kubectl apply -f x; kubectl wait pod/x", []), ("wget -O /x http://a; chmod +x /x || true", ["wget -O /x http://a"]),
        ("T=$(curl -f http://x); echo $T > /c", ["curl -f http://x"]),
        ("T=$(curl -f http://x); [ -n \"$T\" ] || exit 1; echo $T > /c", []),
        ("wget -O /x http://a & cp b c; wait", ["wget -O /x http://a", "cp b c"]),
    ],
)  # fmt: skip
def test_without_errexit(text: str, expected: list[str]) -> None:
    assert lost(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cp a b; cp c d", []), ("cp a b && cp c d; ls", ["cp a b"]), ("f() { cp a b; ls; }; f; ls", []),
        ("f() { cp a b; ls; }; if f; then ls; fi", ["cp a b"]), ("f() { cp a b || return 1; ls; }; f || exit 1", []),
        ("wget -O /x http://a & wait", ["wget -O /x http://a"]), ("T=$(curl -f http://x); ls", []),
        ("export T=$(curl -f http://x); ls", ["curl -f http://x"]), ("sh -c 'cp a b; ls'", ["cp a b"]),
        ("bash -e <<'X'\ncp a b\nls\nX\n", []), ("set +e; cp a b; ls", ["cp a b"]),
    ],
)  # fmt: skip
def test_with_errexit(text: str, expected: list[str]) -> None:
    assert lost(text, "-ec") == expected
