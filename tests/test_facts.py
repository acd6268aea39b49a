"""What the commands of a script do with their redirections."""

from __future__ import annotations

import pytest

from tests.helpers import script


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("echo a > /d/f", [("WRITE", "/d/f")]),
        ("cd /d; a >> f < g", [("LOOK", "/d"), ("APPEND", "/d/f"), ("READ", "/d/g")]),
        ("a >/dev/null 2>&1 </dev/stdin", []), ("{ a; } > /d/f", [("WRITE", "/d/f")]),
        ("[ -f /d/f ]", [("LOOK", "/d/f")]), ("test -d /d", [("LOOK", "/d")]),
        ("cat <<E > /f\nx\nE\n", [("WRITE", "/f")]),
        ("nsenter -t 1 -m cp a /b", []), ("cp /a /b", [("READ", "/a"), ("WRITE", "/b")]),
        ("timeout 5 bash -c 'echo > /dev/tcp/db/5432'", []), ("x=/d/f; a > \"$x\"", [("WRITE", "/d/f")]),
    ],
)  # fmt: skip
def test_effects(text: str, expected: list[tuple[str, str]]) -> None:
    effects = [effect for step in script(text).steps for effect in step.meaning.effects]
    assert [(effect.action.name, effect.path.text) for effect in effects] == expected


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("echo > /dev/tcp/db/5432", "db", "5432"), ("(</dev/tcp/db/$PORT)", "db", None),
        ("(</dev/tcp/cache/redis)", "cache", "6379"),
        ("exec 3<>/dev/tcp/$HOST/80", None, None), ("nc -z db 5432", "db", "5432"),
    ],
)  # fmt: skip
def test_probes(text: str, host: str | None, port: str | None) -> None:
    (probe,) = [probe for step in script(text).steps for probe in step.meaning.probes]
    assert (probe.host and probe.host.text, probe.port and probe.port.text) == (host, port)
