"""Where scripts wait, what for, and what ends that."""

from __future__ import annotations

import pytest

from initlint.shell.loops import Bound
from tests.test_walk import script


@pytest.mark.parametrize(
    ("text", "bound", "limit", "head"),
    [
        ("until nc -z a 1; do sleep 1; done", Bound.PROBE, None, "until nc -z a 1"),
        ("while :; do nc -z a 1 && break; sleep 1; done", Bound.PROBE, None, "while :"),
        ("kubectl rollout status deploy/a", Bound.PROBE, None, "kubectl rollout status deploy/a"),
        ("wait-for-it.sh a:1 -t 0 -- echo ok", Bound.PROBE, None, "wait-for-it.sh a:1"),
        ("wait-for-it a:1 -t 30", Bound.CLOCK, 30, "wait-for-it a:1"),
        ("kubectl wait --for=condition=complete job/a", Bound.CLOCK, 30, "kubectl wait --for=condition=complete job/a"),
        ("timeout 2m sh -c 'until nc -z a 1; do sleep 1; done'", Bound.CLOCK, 120, "until nc -z a 1"),
        ("timeout $T sh -c 'until nc -z a 1; do sleep 1; done'", Bound.CLOCK, None, "until nc -z a 1"),
        ("for i in $(seq 30); do redis-cli -h a ping && break; sleep 1; done", Bound.LIST, None, "for i in $(seq 30)"),
        ("i=0; while [ $i -lt 9 ]; do nc -z a 1 && break; sleep 1; done", Bound.STUCK, None, "while [ $i -lt 9 ]"),
        ("timeout 0 sh -c 'until nc -z a 1; do sleep 1; done'", Bound.PROBE, None, "until nc -z a 1"),
        ("timeout inf sh -c 'until nc -z a 1; do sleep 1; done'", Bound.PROBE, None, "until nc -z a 1"),
        ("timeout 9 timeout 0s sh -c 'until nc -z a 1; do sleep 1; done'", Bound.CLOCK, 9, "until nc -z a 1"),
        (
            "kubectl wait --for=condition=ready pod/a --timeout=-1s",
            Bound.PROBE,
            None,
            "kubectl wait --for=condition=ready pod/a",
        ),
        (
            "kubectl wait pod/a --for=condition=ready --timeout=0",
            Bound.CLOCK,
            0,
            "kubectl wait pod/a",
        ),
        ("(sleep 60; kill -9 $PPID) & until nc -z a 1; do sleep 1; done", Bound.CLOCK, None, "until nc -z a 1"),
        ("until wget -O /m/a http://a/m; do echo again; done", Bound.PROBE, None, "until wget -O /m/a http://a/m"),
    ],
)
def test_wait(text: str, bound: Bound, limit: float | None, head: str) -> None:
    found = script(text)
    (wait,) = found.waits
    assert (wait.bound, wait.limit, found.script.text[wait.start : wait.end]) == (bound, limit, head)
    assert wait.probes


@pytest.mark.parametrize(
    "text",
    ["nc -z a 1", "kubectl rollout status deploy/a --watch=false",
     "while read x; do nc -z $x 1; done", "while true; do sync; sleep 5; done",
     "for f in a b; do cp $f /d; done",
     "while [ $# -gt 0 ]; do shift; done", "sleep 5", "for i in 1 2; do [ -f $i ] && cp $i /d; done"],
)  # fmt: skip
def test_what_is_no_wait(text: str) -> None:
    assert script(text).waits == ()


@pytest.mark.parametrize(
    ("text", "pauses"),
    [
        ("until nc -z a 1; do sleep 1; done", True), ("until nc -z a 1; do :; done", False),
        ("until nc -z a 1; do my-pause; done", None),
        ("until timeout 5 tail -f /log; do :; done", True), ("until grep -q up /a; do tail -n1 /a; done", False),
        ("p() { sleep 1; }; until nc -z a 1; do p; done", True),
        ("until kubectl wait --for=condition=ready pod/a; do echo again; done", True),
    ],
)  # fmt: skip
def test_pause(text: str, pauses: bool | None) -> None:
    assert script(text).waits[0].pauses is pauses
