"""Files of ConfigMaps that a script reads in: their functions, variables and options are those of the script."""

from __future__ import annotations

import json

import pytest

from initlint.finding import Diagnostic
from tests.mounted import check, config_map, job

LIBRARY = """\
wait_for() {
  until nc -z "$1" "$2"; do
    sleep 1
  done
}
"""

WAITING = "until nc -z db 5432; do\n  sleep 1\ndone\n"


def found(library: str, command: str, select: str = "unbounded-wait") -> list[Diagnostic]:
    text = json.dumps(["sh", "-c", command])
    return check({"cm.yaml": config_map(library, "lib.sh"), "job.yaml": job(text)}, select)


@pytest.mark.parametrize(
    "command",
    [
        ". /scripts/lib.sh\nwait_for db 5432",
        "source /scripts/lib.sh && wait_for db 5432",
        "cd /scripts; . ./lib.sh; wait_for db 5432",
        '[ -f /scripts/lib.sh ] && . /scripts/lib.sh; wait_for "db" 5432',
        "LIB=/scripts\n. ${LIB}/lib.sh quiet\nwait_for db 5432",
    ],
)
def test_a_function_of_a_library_waits(command: str) -> None:
    (one,) = found(LIBRARY, command)
    assert (one.path, one.place.start.line, one.container) == ("cm.yaml", 7, "load")
    assert "`db:5432`" in one.message
    assert [related.place.source.path for related in one.related] == ["job.yaml"]


@pytest.mark.parametrize("command", [". /scripts/lib.sh", ". lib.sh; wait_for db 5432", ". /etc/lib.sh; wait_for db 1"])
def test_what_is_not_called_or_not_known_is_silent(command: str) -> None:
    assert not found(LIBRARY, command)


def test_a_library_sets_variables() -> None:
    (one,) = found("HOST=db\nPORT=${PORT:-5432}\n", '. /scripts/lib.sh; until nc -z "$HOST" "$PORT"; do sleep 1; done')
    assert (one.path, "`db:5432`" in one.message) == ("job.yaml", True)


@pytest.mark.parametrize(
    ("library", "count"),
    [("set -e\n", 0), ("set -u\n", 1), ("return\nset -e\n", 1), ("true() { set -e; }\ntrue\n", 0)],
)
def test_a_library_sets_options(library: str, count: int) -> None:
    command = ". /scripts/lib.sh\nwget -O /data/x https://example.com/x\necho done"
    assert len(found(library, command, "cannot-fail")) == count


@pytest.mark.parametrize(
    "line",
    [
        '. "$(dirname "$0")/lib.sh"',
        ". ${0%/*}/lib.sh",
        'HERE=$(cd "$(dirname "$0")" && pwd)\n    . "$HERE/lib.sh"',
        'source "$(cd -P -- "$(dirname "${BASH_SOURCE[0]}")" && pwd)/lib.sh"',
        'cd "$(dirname "$BASH_SOURCE")"\n    . ./lib.sh',
    ],
)
@pytest.mark.parametrize("command", ["bash /scripts/main.sh", "/scripts/main.sh a b"])
def test_a_script_finds_what_lies_beside_it(line: str, command: str) -> None:
    both = config_map(LIBRARY, "lib.sh") + f"  main.sh: |\n    #!/bin/bash\n    {line}\n    wait_for db 5432\n"
    found = check({"cm.yaml": both, "job.yaml": job(json.dumps(command.split()))}, "unbounded-wait")
    assert [(one.path, one.place.start.line) for one in found] == [("cm.yaml", 7)]


MAIN = """\
  main.sh: |
    #!/bin/sh
    . "$(dirname "$0")/lib.sh"
    wait_for db 5432
    wait_for cache 6379
"""


@pytest.mark.parametrize(
    "command",
    [
        "echo start; sh /scripts/main.sh; echo done",
        "set -e; /scripts/main.sh; . /scripts/lib.sh",
        "step() { sh /scripts/main.sh $1; }; step one; echo; step two",
    ],
)
def test_a_file_that_a_script_runs_reads_in_another(command: str) -> None:
    both = config_map(LIBRARY, "lib.sh") + MAIN
    found = check({"cm.yaml": both, "job.yaml": job(json.dumps(["sh", "-c", command]))}, "unbounded-wait")
    assert {(one.path, one.place.start.line) for one in found} == {("cm.yaml", 7)}
    assert {related.place.source.path for one in found for related in one.related} == {"job.yaml"}


def test_a_library_reads_in_another() -> None:
    chain = config_map(LIBRARY, "lib.sh") + "  both.sh: |\n    . /scripts/lib.sh\n    . /scripts/both.sh\n    HOST=db\n"
    command = '. /scripts/both.sh; wait_for "$HOST" 5432; until nc -z "$HOST" 1; do sleep 1; done'
    found = check({"cm.yaml": chain, "job.yaml": job(json.dumps(["sh", "-c", command]))}, "unbounded-wait")
    assert {(one.path, one.place.start.line) for one in found} == {("cm.yaml", 7), ("job.yaml", 11)}


@pytest.mark.parametrize(
    "command",
    [
        "sh < /scripts/lib.sh", "bash -e </scripts/lib.sh", "cd /scripts; sh < lib.sh",
        'eval "$(cat /scripts/lib.sh)"', 'sh -c "$(cat /scripts/lib.sh)"',
        'cd /scripts && bash -ec "$(cat lib.sh)" x y', "echo; exec sh < /scripts/lib.sh",
    ],
)  # fmt: skip
def test_a_shell_is_fed_with_a_file(command: str) -> None:
    assert [(one.path, one.place.start.line) for one in found(WAITING, command)] == [("cm.yaml", 6)]


@pytest.mark.parametrize(
    "command",
    [
        "sh a < /scripts/lib.sh", "sh 3</scripts/lib.sh", "cat < /scripts/lib.sh",
        'eval "$(cat /scripts/lib.sh; echo)"',
        'echo "$(cat /scripts/lib.sh)"', "sh < /scripts/none.sh", 'sh -c "x$(cat /scripts/lib.sh)"', 'eval "$(cat)"',
    ],
)  # fmt: skip
def test_no_shell_is_fed_with_it(command: str) -> None:
    assert not found(WAITING, command)


def test_what_else_is_called_before_the_folder_is_asked_for_is_not_known() -> None:
    assert not found(LIBRARY, '. "$(mkdir /scripts && pwd)/lib.sh"; wait_for db 5432')
    assert not found(LIBRARY, '. "$(cd /scripts && ls)/lib.sh"; wait_for db 5432')
