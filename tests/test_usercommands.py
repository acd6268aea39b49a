"""Commands that a configuration adds to the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from initlint.errors import InitlintError
from initlint.run import check_sources
from initlint.text.source import Source
from tests.helpers import configured

COMMANDS = """\
commands:
  fetch-model: {options: {-o --output: write}, operands: url, is: significant}
  wait-for-acme: {operands: address, is: waits, probe: port}
"""
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  initContainers:
    - name: fetch
      image: tools:1
      command: [sh, -c, "fetch-model -o /m/x https://a; wait-for-acme db:1"]
  containers: [{name: app, image: app:1}]
"""


def waits(tmp_path: Path, text: str) -> list[str]:
    found = check_sources([Source("a.yaml", POD)], configured(tmp_path, text)).active
    return [one.message for one in found if one.rule == "unbounded-wait"]


def test_a_command_of_ones_own_is_understood(tmp_path: Path) -> None:
    assert waits(tmp_path, "select: [ALL]") == []
    (message,) = waits(tmp_path, COMMANDS)
    assert "waits for `db:1`" in message


def test_a_command_may_begin_as_another_one_of_ones_own(tmp_path: Path) -> None:
    (message,) = waits(
        tmp_path,
        COMMANDS.replace("commands:", "commands:\n  other: {like: curl, limit: 1.5}\n  more: {like: other}", 1),
    )
    assert "waits for `db:1`" in message


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("commands: {a: {options: {-o: writ}}}", "`writ` is no role of `-o`: did you mean `write`?", 1),
        ("commands:\n  a:\n    operand: url\n", "unknown key `operand`: did you mean `operands`?", 3),
        ("commands:\n  a: [b]\n", "expected a mapping: what the command's options and operands are", 2),
        ("commands: [a]\n", "expected a mapping of commands", 1),
        ("commands: {a: {options: -o}}\n", "expected `options` to be a mapping", 1),
        ("commands: {a: {is: {waits: true}}}\n", "expected `is` to be words", 1),
        ("commands: {a: {is: [waits]}}\n", "expected `is` to be words", 1),
        ("commands: {a: {is: waits signifcant}}\n", "`signifcant` is no word of `is`: did you mean `significant`?", 1),
        ("commands: {a: {operands: url wite...?}}\n", "`wite` is no role of an operand: did you mean `write`?", 1),
        ("commands: {a: {with: {-x: {operand: url}}}}\n", "unknown key `operand`: did you mean `operands`?", 1),
        ("commands: {a: {style: gn}}\n", "`gn` is no `style`: did you mean `gnu`?", 1),
        ("commands: {a: {limit: long}}\n", "expected `limit` to be a number, found `long`", 1),
        ("commands:\n  a: {like: curll}\n", "no command is known as `curll`: did you mean `curl`?", 2),
        (
            "commands:\n  a: {like: b}\n  b: {like: a}\n",
            "`a` is like itself in the end: name a command that initlint knows",
            2,
        ),
    ],
)
def test_mistakes_are_shown_where_they_are(tmp_path: Path, text: str, message: str, line: int) -> None:
    with pytest.raises(InitlintError) as raised:
        configured(tmp_path, text)
    assert raised.value.source is not None
    assert raised.value.span is not None
    assert str(raised.value) == message
    assert raised.value.source.position(raised.value.span.start).line == line
