"""Where scripts wait, what for, and what ends that."""

from __future__ import annotations

import json

import pytest

from initlint.shell.waiting.loops import Bound
from tests.helpers import check, script


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


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("for ((i=0; i<30; i++)); do nc -z a 1 && break; sleep 2; done", 60),
        ("for ((i=60; i>0; i-=2)); do nc -z a 1 && break; sleep 2; done", 60),
        ("i=0; while ((i++ < 30)); do nc -z a 1 && exit 0; sleep 2; done", 60),
        ("i=0; while [ $((i++)) -lt 30 ]; do nc -z a 1 && exit 0; sleep 2; done", 60),
        ("i=0; until nc -z a 1; do [ $((++i)) -gt 9 ] && exit 1; sleep 10; done", 90),
        ("while true; do nc -z a 1 && break; i=$((i+1)); [ $i -ge 30 ] && exit 1; sleep 2; done", 58),
        ("for i in `seq 1 30`; do nc -z a 1 && break; sleep 2; done", 60),
        ("for i in $(seq 0 10 290); do nc -z a 1 && break; sleep 2; done", 60),
        ("for i in $(seq 30); do nc -w 3 -z a 1 && break; sleep 2; done", 150),
        ("for i in $(seq 60); do timeout 5 nc -z a 1 && break; sleep 1; done", 360),
        ("for i in {1..30}; do nc -z a 1 && break; sleep 2; done", 60),
        ("for i in {0..60..2}; do nc -z a 1 && break; sleep 2; done", 62),
        ("for i in 1 2 3 4 5; do if nc -z a 1; then exit 0; fi; sleep 60; done; exit 1", 300),
        ("i=0; until nc -z a 1; do let i=i+1; if [[ $i -gt 30 ]]; then exit 1; fi; sleep 2; done", 60),
        ("i=0; until nc -z a 1; do if [ $i -gt 9 ]; then exit 1; fi; i=$((i+1)); sleep 10; done", 100),
        ("MAX=60; n=0; until nc -z a 1 || [ $n -eq $MAX ]; do n=$((n+1)); sleep 5; done", 300),
        ("T=60; until pg_isready -h db || [ $T -eq 0 ]; do echo $((T--)); sleep 5; done", 300),
        ("T=60; until pg_isready -h db -t 3 || [ 0 = $T ]; do T=$((T - 1)); sleep 5; done", 483),
        ('n=0; while ! nc -z a 1 && [ "$n" -lt 20 ]; do n=`expr $n + 1`; sleep 10; done', 200),
        ("n=0; while [ $n -ne 20 ]; do nc -z a 1 && break; n=$(expr $n + 1); sleep 10; done", 200),
        ("n=3; while [ $n != 3 ]; do nc -z a 1 && break; n=$((n + 1)); sleep 10; done", 0),
        ('e=0; until nc -z a 1; do sleep 5; e=$((e+5)); if [ "$e" -ge "${T:-600}" ]; then exit 1; fi; done', 600),
        ("i=0; while [ $i -lt 9 ]; do if curl -f --max-time 4 a; then exit; else sleep 6; fi; i=$((i+1)); done", 90),
        ("ask() { curl -f a; }; i=0; until ask; do i=$((i+1)); test $i -lt 12 || exit 1; sleep 5; done", 55),
        ('i=0; while [ "$(curl -s a)" != ok ]; do i=$((i+1)); [ $i -gt 9 ] && exit 1; sleep 10; done', 90),
        ("i=0; while [ $i -lt 5 ]; do nc -z a 1 && { sleep 100; exit 0; }; sleep 2; i=$((i+1)); done", 10),
        ("i=0; until (nc -z a 1) || { [ $i -ge 5 ]; }; do : $((i+=1)); sleep 2; done", 10),
        ("i=0; until nc -z a 1 | grep -q x || [ $i -ge 5 ]; do i=$[i+1]; kubectl wait --timeout=2s pod/a; done", 10),
        ("end=$((SECONDS+300)); while [ $SECONDS -lt $end ]; do nc -z a 1 && break; sleep 2; done", 300),
        ("end=$(( $(date +%s) + 300 )); until nc -z a 1; do [ $(date +%s) -ge $end ] && exit 1; sleep 2; done", 300),
        ("s=$(date +%s); until nc -z a 1; do n=$(date +%s); [ $((n - s)) -gt 300 ] && exit 1; sleep 2; done", 300),
        ("until nc -z a 1 || [ $SECONDS -gt 120 ]; do sleep 2; done", 120),
        ("for i in $(seq 90); do nc -z a 1 && break; [ $i -gt 20 ] && exit 1; sleep 2; done", 40),
        ("for i in {9..1}; do nc -z a 1 && break; if ((i < 3)); then echo late; break; fi; sleep 2; done", 14),
        ("for i in $(seq 9); do nc -z a 1 && break; [ $i -eq 4 ] && echo late && exit 1; sleep 2; done", 6),
        ("for i in $(seq 9); do nc -z a 1 && break; [ $i -gt 9 ] && exit 1; sleep 2; done", 18),
        ("for i in 1 2 3; do nc -z a 1 && break; [ -f /failed ] && exit 1; sleep 2; done", 6),
        ("for i in $(seq 90); do nc -z a 1 && break; [ $SECONDS -gt 60 ] && exit 1; sleep 2; done", 60),
        ("timeout 60 bash -c 'for i in $(seq 9); do nc -z a 1 && break; sleep 2; done'", 18),
        ("timeout 10 bash -c 'for i in $(seq 9); do nc -z a 1 && break; sleep 2; done'", 10),
    ],
)  # fmt: skip
def test_how_long_a_wait_lasts(text: str, seconds: float) -> None:
    (wait, *_) = script(text, shell="bash").waits
    assert wait.lasting
    assert (wait.lasting.seconds, wait.lasting.is_all) == (seconds, True)


@pytest.mark.parametrize(
    "text",
    [
        "until nc -z a 1; do sleep 2; done",
        "for i in $(seq $N); do nc -z a 1 && break; sleep 2; done",
        "for i in $(seq 1 2 3 4); do nc -z a 1 && break; sleep 2; done",
        "for i in $(seq 1 0 3); do nc -z a 1 && break; sleep 2; done",
        "for i in $LIST; do nc -z a 1 && break; sleep 2; done",
        "for i in 1 2 3; do nc -z a 1 || exit 1; sleep 2; done",
        "N=9; i=0; until nc -z a 1 || [ $i -gt $N ]; do i=$((i+1)); N=$((N+1)); sleep 2; done",
        "i=$START; until nc -z a 1 || [ $i -gt 9 ]; do i=$((i+1)); sleep 2; done",
        "i=0; until nc -z a 1 || [ $i -gt 9 ]; do i=$((i*2)); sleep 2; done",
        "i=0; until nc -z a 1 || [ $i -gt 9 ]; do i=$((i+1)); sleep 2; i=$((i+1)); done",
        "i=0; until nc -z a 1 || [ $i -lt -9 ]; do i=$((i+1)); sleep 2; done",
        "i=1; until nc -z a 1 || [ $i -eq 0 ]; do i=$((i+1)); sleep 2; done",
        "end=$END; until nc -z a 1 || [ $SECONDS -gt $end ]; do sleep 2; done",
        "until nc -z a 1 || [ $SECONDS -gt 9 -o -e /x ]; do sleep 2; done",
        "timeout $T sh -c 'for i in 1 2 3; do nc -z a 1 && break; sleep 2; done'",
        "for i in $(seq 90); do nc -z a 1 && break; [ $i -gt $MOST ] && exit 1; sleep 2; done",
        "for i in $(seq 90); do nc -z a 1 && break; [ $i -gt 9 ] && [ -f /x ] && exit 1; sleep 2; done",
        "for i in $(seq 90); do nc -z a 1 && break; [ $SECONDS -gt $MOST ] && exit 1; sleep 2; done",
    ],
)
def test_how_long_a_wait_lasts_is_not_known(text: str) -> None:
    assert script(text).waits[0].lasting is None


def test_what_takes_a_time_that_is_not_known_makes_the_rest_a_part() -> None:
    lasts = [script(f"for i in 1 2 3; do nc -z a 1 && break; sleep 2; {more}; done").waits[0].lasting
             for more in ("true", "sleep $X", "warm-up", "for j in 1 2; do sleep 1; done")]  # fmt: skip
    assert [(one.seconds, one.is_all, one.is_exact) for one in lasts if one] == [
        (6, True, False), (6, False, False), (6, False, False), (6, False, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("until nc -z a 1; do sleep 1; done", [("a:1",)]),
        ("for s in a:1 b:2; do until nc -z ${s%:*} ${s#*:}; do sleep 1; done; done", [("a:1", "b:2")]),
        ("f() { until nc -z $1 1; do sleep 1; done; }; f a; f b", [("a:1",), ("b:1",)]),
        ("f() { until nc -z $1 1; do sleep 1; done; }; for s in a b; do f $s; done", [("a:1", "b:1")]),
        ("for s in a $B; do until nc -z $s 1; do sleep 1; done; done", [()]),
        ("until nc -z $A 1; do sleep 1; done", [()]),
        ("until true; do sleep 1; done; until test -f /a/b; do sleep 1; done", [("/a/b",)]),
    ],
)
def test_what_is_awaited_in_each_round(text: str, targets: list[tuple[str, ...]]) -> None:
    assert [one.targets for one in script(text).waits] == targets


@pytest.mark.parametrize(
    ("hosts", "told"),
    [
        ("a b", "waits for `a:1` and `b:1`, and nothing"),
        ("a b c", "waits for `a:1`, `b:1` and `c:1`, and nothing"),
        ("a b c d e", "waits for `a:1`, `b:1`, `c:1` and 2 more, and nothing"),
        ("a $X", "waits until `nc` succeeds, and nothing"),
    ],
)
def test_the_message_tells_what_a_loop_awaits(hosts: str, told: str) -> None:
    text = f"for s in {hosts}; do until nc -z $s 1; do sleep 1; done; done"
    calls = f"f() {{ until nc -z $1 1; do sleep 1; done; }}; {'; '.join(f'f {one}' for one in hosts.split())}"
    assert told in message(text)
    assert told in message(calls)


def message(text: str) -> str:
    fields = json.dumps([{"name": "wait", "image": "busybox:1", "command": ["sh", "-c", text]}])
    (found,) = check(f"{{kind: Pod, apiVersion: v1, spec: {{initContainers: {fields}}}}}", select="INIT501")
    return found.message


def test_a_wait_that_an_error_of_its_own_test_ends_is_not_called_endless() -> None:
    text = "while [ $(redis-cli -h cache ping) != PONG ]; do sleep 1; done"
    container = f"{{name: a, image: redis, command: [sh, -c, {json.dumps(text)}]}}"
    spec = f"{{initContainers: [{container}], containers: [{{name: b, image: b}}]}}"
    manifest = f"{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {spec}}}"
    assert [one.code for one in check(manifest, ignore="INIT604") if one.code in ("INIT308", "INIT501")] == ["INIT308"]


def test_what_only_lacks_the_policy_of_a_sidecar_is_no_sibling() -> None:
    text = """
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  initContainers:
    - name: proxy
      image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.11.0
      args: [--port=5432, "shop:region:orders"]
    - name: migrate
      image: postgres:16
      command: [sh, -ec, "until pg_isready -h 127.0.0.1; do sleep 1; done"]
  containers: [{name: web, image: "web:1"}]
"""
    assert {one.rule for one in check(text)} == {"sidecar-without-restart-policy", "unbounded-wait"}
