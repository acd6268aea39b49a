"""What ends a loop, and what it asks for."""

from __future__ import annotations

import pytest

from initlint.shell.waiting.loops import Bound, loops
from tests.helpers import script


def found(text: str) -> list[tuple[Bound, list[list[str | None]]]]:
    walk = script(text).walk
    assert walk is not None
    return [(one.bound, [command.words for command in one.asked]) for one in loops(walk)]


NC: list[list[str | None]] = [["nc", "-z", "a", "1"]]


@pytest.mark.parametrize(
    "text",
    [
        "until nc -z a 1; do sleep 1; done",
        "while ! nc -z a 1; do sleep 1; done",
        "while true; do nc -z a 1 && break; sleep 1; done",
        "while :; do if nc -z a 1; then exit 0; fi; done",
        "while [ 1 ]; do nc -z a 1 && exit; done",
        "f() { nc -z a 1; }; until f; do sleep 1; done",
        "ok=0; while [ $ok -eq 0 ]; do if nc -z a 1; then ok=1; fi; sleep 1; done",
        "timeout 60 sh -c 'until nc -z a 1; do sleep 1; done'",
        "while true; do nc -z a 1 && break 1; i=$((i+1)); done",
        "until nc -z a 1 2>/dev/null; do echo waiting; done",
        "while true; do sleep 1; nc -z a 1; [ $? -eq 0 ] && break; done",
        "while ! { nc -z a 1; }; do sleep 1; done",
        'until [ -n "$a" ]; do a=$(nc -z a 1); done',
        "s=1; while [ $s -ne 0 ]; do nc -z a 1; s=$?; sleep 1; done",
        "wait_for() { until nc -z $1 $2; do sleep 1; done; }; wait_for a 1",
    ],
)
def test_a_loop_that_only_what_it_asks_for_ends(text: str) -> None:
    assert found(text) == [(Bound.PROBE, NC)]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("for i in $(seq 1 30); do nc -z a 1 && exit 0; done; exit 1", Bound.LIST),
        ("for ((i=0;i<10;i++)); do nc -z a 1 && break; done", Bound.COUNTER),
        ("i=0; until nc -z a 1; do i=$((i+1)); if [ $i -gt 30 ]; then exit 1; fi; done", Bound.COUNTER),
        ("i=0; until nc -z a 1 || [ $i -ge 30 ]; do let i++; done", Bound.COUNTER),
        ("n=0; until nc -z a 1; do n=`expr $n + 1`; [ \"$n\" -ge 10 ] && exit 1; done", Bound.COUNTER),
        ("t=60; while [ $t -gt 0 ]; do nc -z a 1 && break; let t-=1; done", Bound.COUNTER),
        ("until nc -z a 1; do if [ $((++i)) -ge 5 ]; then exit 1; fi; done", Bound.COUNTER),
        ("t=0; until nc -z a 1; do t+=1; ((t > 30)) && exit 1; done", Bound.COUNTER),
        ("while ((i < 5)); do nc -z a 1 && break; ((i+=1)); done", Bound.COUNTER),
        ("n=0; while [ $n -lt 9 ]; do n=$[n+1]; nc -z a 1 && break; done", Bound.COUNTER),
        ("end=$((SECONDS+60)); until nc -z a 1; do [ $SECONDS -gt $end ] && exit 1; done", Bound.CLOCK),
        ("until nc -z a 1; do now=$(date +%s); if [ $((now-start)) -gt 60 ]; then exit 1; fi; done", Bound.CLOCK),
        ("D=$(( $(date +%s) + 60 )); until nc -z a 1; do test $(date +%s) -lt $D || exit 1; done", Bound.CLOCK),
        ("C=0; while [ $C -lt 30 ]; do if nc -z a 1; then break; fi; sleep 1; done", Bound.STUCK),
        ("C=1; while [[ C -le 5 ]]; do nc -z a 1 && exit 0; done", Bound.STUCK),
        ("C=1; while test $C -le 5; do nc -z a 1 && exit 0; done", Bound.STUCK),
        ("i=9; while [ $i -gt 0 ]; do nc -z a 1 && break; (i=$((i-1))); done", Bound.STUCK),
        ("i=1; while true; do nc -z a 1 && break; if [ \"$i\" -ge \"$MAX\" ]; then exit 1; fi; done", Bound.STUCK),
        ("i=0; while ((i < 5)); do nc -z a 1 && break; done", Bound.STUCK),
        ("while [ $COUNT -le 5 ]; do nc -z a 1 && exit 0; done", Bound.UNKNOWN),
        ("while [ \"$MODE\" = x ]; do nc -z a 1 && exit 0; done", Bound.UNKNOWN),
    ],
)  # fmt: skip
def test_a_loop_that_something_else_ends(text: str, bound: Bound) -> None:
    assert [one[0] for one in found(text)] == [bound]
    assert NC[0] in found(text)[0][1]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("while true; do sleep 3600; done", Bound.NEVER), ("while sleep 10; do a; done", Bound.NEVER),
        ("until false; do a; done", Bound.NEVER), ("for ((;;)); do a; done", Bound.NEVER),
        ("while read line; do echo $line; done < f", Bound.INPUT), ("while [ $# -gt 0 ]; do shift; done", Bound.INPUT),
        ("while [ -n \"$1\" ]; do shift; done", Bound.INPUT), ("for f in *; do a; done", Bound.LIST),
        ("while true; do (exit 1); a; done", Bound.NEVER),
        ("while true; do for i in 1; do break; done; done", Bound.LIST),
    ],
)  # fmt: skip
def test_a_loop_that_asks_for_nothing(text: str, bound: Bound) -> None:
    assert bound in [one[0] for one in found(text)]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("until [ -f /data/ready ]; do sleep 1; done", [["[", "-f", "/data/ready"]]),
        ('while [ "$s" != ready ]; do s=$(kubectl get x); sleep 2; done', [["kubectl", "get", "x"]]),
        ("while :; do curl a | grep ok && exit; done", [["curl", "a"], ["grep", "ok"]]),
        ("until (echo > /dev/tcp/a/1) >/dev/null 2>&1; do :; done", [["echo"]]),
        ("while ! test -e /run/x; do :; done", [["test", "-e", "/run/x"]]),
    ],
)
def test_what_a_loop_asks_for(text: str, asked: list[list[str | None]]) -> None:
    assert found(text) == [(Bound.PROBE, asked)]


def test_the_head_of_a_loop() -> None:
    texts = [
        "until a; do b; done",
        "for i in 1 2; do b; done",
        "for ((;;)); do b; done",
        "while ! (a && b); do c; done",
    ]
    for text in texts:
        walk = script(text).walk
        assert walk is not None
        start, end = loops(walk)[0].head
        assert text[start:end] == text.partition(";" if "((" not in text else "; do")[0]


def test_the_next_round_of_the_loop_around_ends_the_inner_one() -> None:
    _, inner = found("for h in a b; do while :; do nc -z $h 1 && continue 2; done; done")
    assert inner == (Bound.PROBE, [["nc", "-z", None, "1"]])
    assert found("for h in a b; do while :; do nc -z $h 1 && continue; done; done")[1][0] is Bound.NEVER
