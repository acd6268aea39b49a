"""Which failures nothing sees: by what depends on a command, and what looks whether it has failed."""

from __future__ import annotations

import json

import pytest

from initlint.shell.container.script import ContainerScript
from initlint.shell.container.scripts import scripts
from tests.helpers import pod


def script_of(text: str, options: str) -> ContainerScript:
    container = f"{{name: a, command: [sh, {options}, {json.dumps(text)}], volumeMounts: [{{name: d, mountPath: /d}}]}}"
    (script,) = scripts(pod(f"{{initContainers: [{container}]}}").init_containers[0])
    return script


def lost(text: str, options: str = "-c") -> list[str]:
    script = script_of(text, options)
    return [script.script.text[slice(*one.command.place)] for one in script.swallowed]


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
        ("for f in a b; do cp $f /d; done", ["cp $f /d"]), ("for f in a; do cp $f /d; done", []),
        ("for f in *; do cp $f /d || exit 1; done", []),
        ("for i in 1 2; do cp a b && exit; sleep $i; done; exit 1", []),
        ("while read f; do cp \"$f\" /d; done < /l", ["cp \"$f\" /d"]), ("while read f; do cp a /d; done", []),
        ("f() { cp a b; return $?; }; f; ls", ["cp a b"]),
        ("if cp a b; then echo ok; else echo failed >&2; fi", ["cp a b"]),
        ("if cp a b; then ls; else echo failed > /status; fi", []), ("if cp a b; then ls; else echo skipped; fi", []),
        ("if cp a b; then ls; else echo failed; exit 1; fi", []), ("cp a b && echo ok || echo failed", ["cp a b"]),
        ("cp a b || echo failed", []), ("cp a b && echo ok || echo 'failed, going on without' >&2", []),
        ("server & until nc -z localhost 1; do sleep 1; done; load; kill %1", ["load"]),
        ("f() { cp a b; return $?; }; f || exit 1; ls", []),
        ("(cp a b; ls) & p=$!; wait $p", ["cp a b"]), ("(cp a b && ls) & p=$!; wait $p", []),
        ("cp a b & wait $!; ls", ["cp a b"]), ("cp a b & wait $!", []), ("cp a b & wait $! || exit 1; ls", []),
        ("cp a b; echo \"ended with $?\"", ["cp a b"]), ("cp a b; echo $? > /status", []),
        ("wget -O /x http://a & cp b c; wait", ["wget -O /x http://a", "cp b c"]),
        ("cp a b; rc=$?; if [ $rc -ne 0 ]; then echo failed; fi; ls", ["cp a b"]),
        ("cp a b; rc=$?; [ \"$rc\" = 0 ] && echo ok || echo failed; ls", ["cp a b"]),
        ("cp a b; rc=$?; if [ $rc -ne 0 ]; then ls x; fi; ls", []), ("cp a b; rc=$?; case $rc in 1) ls;; esac", []),
        ("cp -r a .; rc=$?; echo \"rc=$rc\" >&2", ["cp -r a ."]), ("cp a b; rc=$?; . /lib; report", []),
        ("cp a b; rc=$?; [ $rc -ne 0 ] && echo \"failed: $rc\" >&2; ls", ["cp a b"]),
        ("cp a b; rc=$?; [ $rc -ne 0 ] && echo \"continuing: $rc failed\"; ls", []),
        ("f() { cp a b; echo over; }; if ! f; then exit 1; fi; ls", ["cp a b"]),
        ("if ! cp a b; then exit 1; fi; ls", []),
        ("f() { cp a b; echo over; }; ! f && exit 1; ls", ["cp a b"]), ("! cp a b && exit 1; ls", []),
        ("f() { cp a b; echo over; }; while ! f; do sleep 1; done; ls", ["cp a b"]),
        ("needs-upgrade && cp a b; cp c d || exit 1", ["cp a b"]),
        ("needs-upgrade; cp c d || exit 1", ["needs-upgrade"]),
        ("upgrade && cp a b; cp c d || exit 1", ["upgrade", "cp a b"]),
        ("cp a b; cp c d; if [ $? -ne 0 ]; then exit 1; fi; ls", ["cp a b"]),
        ("cp a b; cp c d; rc=$?; if [ $rc -ne 0 ]; then exit $rc; fi; ls", ["cp a b"]),
        ("cp a b; x=$?; cp c d; y=$?; if [ $x -ne 0 ] || [ $y -ne 0 ]; then exit 1; fi; ls", []),
        ("f() { [ -f /e ] && . /e; cp a b; }; for i in 1 2; do if f; then exit 0; fi; done; exit 1", []),
        ("cp a b; rc=$?; echo \"ended with $rc\"", ["cp a b"]), ("cp a b; rc=$?; if (( rc > 1 )); then ls; fi", []),
        ("wget -O /t/a http://x; unzip -o /t/a; rm /t/a", ["unzip -o /t/a"]),
        ("wget -O /t/a http://x; chown 1 /x; rm -f /t/a", ["wget -O /t/a http://x", "chown 1 /x"]),
        ("for f in /m/*; do [ -e $f ] || continue; kubectl apply -f $f; done", ["kubectl apply -f $f"]),
        ("for f in $(curl -f http://x); do cp $f /d || exit 1; done", ["curl -f http://x"]),
        ("cp -r /a/* /d/; for f in /d/*.x; do sed -i s/a/b/ $f; done", ["sed -i s/a/b/ $f"]),
        ("cp -r /a/* /d/; for f in /e/*.x; do sed -i s/a/b/ $f; done", ["cp -r /a/* /d/", "sed -i s/a/b/ $f"]),
        ("foo upgrade; foo adduser || true", ["foo upgrade"]), ("foo upgrade; foo check || exit 1", []),
        ("until foo start; do sleep 1; done; foo stop; ls", []),
        ("apt-get install x; cp /etc/x/y /d", []), ("apt-get install x; cp /app/y /d", ["apt-get install x"]),
        ("kubectl apply -f - <<E\nkind: Namespace\nmetadata:\n  name: n\nE\nkubectl -n n apply -f x", []),
        ("kubectl create ns n; helm -n m install a b", ["kubectl create ns n"]),
        ("git config a b; git clone http://x /r", []), ("git config a b; cp a /d", ["git config a b"]),
        ("docker login r; timeout 9 docker pull r/x", []), ("composer install; php artisan migrate", []),
        ("npm ci; node seed.js", []), ("npm ci; python seed.py", ["npm ci"]), ("gpg --import k; gpg -d -o /x f", []),
        ("cp k ~/.ssh/id; git clone git@h:x /r", []), ("cp k ~/.ssh/id; curl -fo /x http://y", ["cp k ~/.ssh/id"]),
        ("terraform init; terraform init", ["terraform init"]), ("bundle install; bundle exec rake x", []),
        ("out=$(alembic upgrade head); echo $out", ["alembic upgrade head"]), ("n=$(psql -c 'select 1'); echo $n", []),
        ("redis-cli -h c SET a b; redis-cli -h c PING", []), ("mongosh <<E\ndb.a.drop()\nE\necho", ["mongosh"]),
        ("out=$(alembic upgrade head); echo $out | grep -q ok", []), ("rm $X; cp a /d", []),
        ("cd /r && git fetch; echo ok", ["git fetch"]), ("git clone http://x /r; cd /r; make; ls", ["make"]),
        ("chown 1 /x; chmod 1 /x", []), ("chown 1 /x; chmod 1 /y", ["chown 1 /x"]),
        ("alembic upgrade head | tee /log; cp a /d", []), ("echo a | tee /x; cp a /d", ["tee /x"]),
        ("r() { until \"$@\"; do [ $n -gt 1 ] && return 1; done; }; r cp a /d; ls", ["cp a /d"]),
        ("r() { \"$@\" || return 1; }; r cp a /d; ls", ["cp a /d"]),
        ("r() { \"$@\" || return 1; }; r cp a /d || true", []),
        ("r() { \"$@\" && return; return 1; }; r cp a /d || true; ls", []), ("(cp a /d || exit 1); ls", ["cp a /d"]),
        ("r() { shift; \"$@\"; ls; }; r x cp a /d", ["cp a /d"]), ("r() { \"${@:2}\"; ls; }; r x cp a /d", ["cp a /d"]),
        ("r() { set -e; shift 2; $*; ls; }; r x y cp a /d", []),
        ("r() { shift; \"$@\" || exit 1; ls; }; r x cp a /d", []),
        ("r() { [ $1 ] && shift; \"$@\"; ls; }; r x cp a /d", []), ("r() { set -- ls; \"$@\"; ls; }; r cp a /d", []),
        ("f() { cp a /d; ls; }; r() { echo $1; \"$@\"; }; r f", ["cp a /d"]), ("r() { \"$@\"; ls; }; r", []),
        ("export T=$(curl -f http://x); sed s/a/$T/ b > /d/c", ["curl -f http://x"]),
        ("T=$(curl -f http://x); sed s/a/b/ $T > /d/c", []),
        ("useradd app; chown nobody /d; ls", ["useradd app", "chown nobody /d"]),
        ("useradd app; chown app:app /d", []), ("useradd app; chown nobody /d", ["useradd app"]),
        ("apk add bash; bash -c 'cp a /d'", []), ("server & cp a /d", []), ("nsenter -t 1 -m sh -c 'cp a b; ls'", []),
        ("nsenter -t 1 -m cp a b; ls", ["nsenter -t 1 -m cp a b"]),
        ("cp a b; [ $? = 0 ] && echo ok || echo failed", ["cp a b"]),
        ("cp a b; [ $? = 0 ] && echo ok || exit 1; ls", []),
        ("cp a b; [ $? = 0 ] || echo failed", []), ("if cp a b; then ls; else echo 'cannot copy'; fi", ["cp a b"]),
        ("coproc x; cp a b", []), ("setopt ERR_EXIT PIPE_FAIL; cp a b; ls", []),
        ("setopt nullglob; cp a b; ls", ["cp a b"]),
        ("{ cp a b; echo $? > /rc; } | tee /log; exit $(cat /rc)", []), ("su app -c 'cp a b; ls'", ["cp a b"]),
        ("cp a b; sleep infinity", []), ("sleep infinity & cp a b; ls", ["cp a b"]),
        ("cp a b || n=1; ls", ["cp a b"]), ("cp a b || n=1; exit $n", []), ("cp a b || h=localhost; ls", []),
        ("cp a b || n=1; export n; ls", []), ("set -a; cp a b || n=1; ls", []),
        ("cp a b || { echo x; n=1; }", ["cp a b"]),
        ("(cp a b || exit 1; (cp c d) || exit 1) & q=$!; ls; wait $q", []),
        ("(ls & q=$!; cp a b && wait $q) & q=$!; wait $q", []),
        ("if ! cp a b; then n=$((n+1)); fi; ls", ["cp a b"]), ("if cp a b; then ls; else n=1; fi", ["cp a b"]),
        ("cp a b || n=1; trap 'exit $n' EXIT; ls", []), (". x; cp a b || n=1", []),
        ("until cp a b; do [ $n -gt 5 ] && break; sleep 1; done", ["cp a b"]),
        ("until cp a b; do [ $n -lt 5 ] || break; sleep 1; done; ls", ["cp a b"]),
        ("while ! cp a b && [ $n -lt 5 ]; do sleep 1; done", ["cp a b"]),
        ("until cp a b || [ $n -gt 5 ]; do sleep 1; done", ["cp a b"]), ("until cp a b; do sleep 1; done; ls", []),
        ("until cp a b; do [ $n -gt 5 ] && exit 1; done; ls", []), ("while cp a b; do sleep 1; done", []),
        ("until cp a b || cp c d; do [ $n -gt 5 ] && break; done", ["cp c d"]),
        ("until cp a b; do [ $n -gt 5 ] && echo skipped && break; done", []),
        ("until cp a b; do n=$((n+1)); [ $n -gt 5 ] && break; done; [ $n -lt 5 ]", []),
        ("r() { until \"$@\"; do [ $n -gt 5 ] && break; done; }; r cp a b", ["cp a b"]),
        ("cp a b & p=$!; cp c d & q=$!; wait $p; wait $q", ["cp a b"]),
        ("cp a b & p=$!; cp c d & q=$!; wait $p && wait $q", []), ("cp a b; ls & wait $!", ["cp a b"]),
        ("cp a b & cp c d & for p in $(jobs -p); do wait $p; done", ["cp a b", "cp c d"]),
        ("cp a b & cp c d & for p in $(jobs -p); do wait $p || exit; done", []),
        ("cp a b & p+=($!); cp c d & p+=($!); wait \"${p[@]}\"", ["cp a b", "cp c d"]),
        ("f() { cp $1 /d; }; f a & p=$!; f b & q=$!; wait $p; wait $q", ["cp $1 /d"]),
        ("f() { cp $1 /d; }; f a & p=$!; f b & q=$!; wait $p && wait $q", []),
        ("cp x /d/; du /d/*", []), ("cp x /d/; cp y /d/; ls /d/*", ["cp x /d/", "cp y /d/"]),
        ("cp x.b /d/; ls /d/*.c", ["cp x.b /d/"]),
        ("mc mb -p m/b; mc cp /d/x m/b/x", []), ("mc mb -p m/a; mc mb -p m/b", ["mc mb -p m/a"]),
        ("kubectl create cm a; kubectl label cm a x=y", []),
        ("kubectl create cm a; kubectl create secret generic a", ["kubectl create cm a"]),
        ("vault write auth/k/login role=a > /d/t; vault kv get x > /d/y", []),
        ("helm dependency build /d/c; helm upgrade --install a /d/c", []),
        ("r() { until \"$@\"; do [ $n -gt 1 ] && return 1; done; }; r wget -O /a http://f/a; r wget -O /b http://f/b",
         ["wget -O /a http://f/a"]),
        ("cp a b; echo x; exit $?", ["cp a b"]), ("cp a b; echo x; [ $? -eq 0 ] || exit 1; ls", ["cp a b"]),
        ("cp a b; echo x; case $? in 0) ;; *) exit 1;; esac; ls", ["cp a b"]),
        ("cp a b; case $? in 1) exit 1;; esac", []),
        ("for m in a b; do wget -O /d/$m http://m/$m & done; wait; ls /d", ["wget -O /d/$m http://m/$m"]),
        (". ./common.sh; cp a /d; chown 1 /d", []), ("cp a /d; . ./common.sh; chown 1 /d", ["cp a /d"]),
        (". /venv/bin/activate; cp a /d; chown 1 /d", ["cp a /d"]), (". $X/nvm.sh; cp a /d; chown 1 /d", ["cp a /d"]),
        (". ./common.sh; set +e; cp a /d; chown 1 /d", ["cp a /d"]), ("git config --global a b; cp a /d", []),
        ("cat /l | while read f; do cp $f /d || n=1; done; exit $n", ["cp $f /d"]),
        ("(cp a b || n=1); exit $n", ["cp a b"]),
        ("cat /l | { while read f; do cp $f /d || n=1; done; exit $n; }", []), ("(cp a b || n=1; exit $n)", []),
        ("shopt -s lastpipe; cat /l | while read f; do cp $f /d || n=1; done; exit $n", []),
        ("f() { exit $n; }; (cp a b || n=1; f)", []), ("while read f; do cp $f /d || n=1; done < /l; exit $n", []),
        ("exec cp a b; ls", []), ("wget -O /x http://a; exec tar xf /x", []),
        ("command cp a b; ls", ["command cp a b"]),
        ("cp a /d; command -v ls", ["cp a /d"]), ("wget -O /x http://a; exec /y", ["wget -O /x http://a"]),
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
        ("cp a /d & p=$!; for i in $p; do wait $i; done; ls", []), ("cp a /d & for i in $P; do ls; done", []),
        ("cp a /d & for i in $P; do if ! wait $i; then exit 1; fi; done; ls", []),
        ("cp a /d & for i in $P; do wait $i || f=1; done; exit $f", []),
        ("cp a b & p=$!; cp c d & q=$!; wait $p; wait $q", []), ("cp a b || n=1; ls", ["cp a b"]),
        ("cp a b & p=$!; cp c d & q=$!; wait $p $q", ["cp a b"]), ("exec cp a b; ls", []),
        ("for i in 1 2; do cp $i /d & p=\"$p $!\"; done; for i in $p; do wait $i; done", []),
        ("until cp a b; do [ $n -gt 5 ] && break; sleep 1; done; ls", ["cp a b"]),
    ],
)  # fmt: skip
def test_with_errexit(text: str, expected: list[str]) -> None:
    assert lost(text, "-ec") == expected


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("mkdir a", "-c", True),
        ("mkdir a; cp b a/", "-c", False),
        ("mkdir a; cp b a/", "-ec", True),
        ("mkdir a && cp b a/", "-c", True),
        ("mkdir a || true", "-ec", False),
        ("mkdir a && cp b a/; if [ $? -ne 0 ]; then exit 1; fi; echo done", "-ec", True),
        ("mkdir a; if [ $? -ne 0 ]; then echo there; fi", "-c", False),
        ("if ! mkdir a; then exit 3; fi; echo done", "-c", True),
        ("if mkdir a; then cp b a/; fi; echo done", "-ec", False),
        ("sh -ec 'mkdir a; cp b a/'", "-c", True),
    ],
)
def test_what_a_failure_comes_to(text: str, options: str, expected: bool) -> None:
    """Also where something looks at it."""
    script = script_of(text, options)
    command = next(one for one in script.commands or () if one.name == "mkdir")
    assert script.fails_with(command) is expected


def given_up(text: str) -> int:
    return len(script_of(text, "-c").given_up)


@pytest.mark.parametrize(
    "text",
    [
        "timeout 60 sh -c 'until nc -z db 1; do sleep 2; done'; echo ok",
        "for i in $(seq 9); do nc -z db 1 && break; sleep 2; done",
        "for i in $(seq 9); do nc -z db 1 && exit 0; sleep 2; done",
        "for i in 1 2 3 4 5; do if nc -z db 1; then break; fi; sleep 5; done; echo done",
        "i=0; while [ $i -lt 9 ]; do nc -z db 1 && break; i=$((i+1)); sleep 2; done",
        "i=0; until nc -z db 1; do i=$((i+1)); if [ $i -gt 9 ]; then echo timeout; break; fi; sleep 2; done",
        "i=0; until nc -z db 1 || [ $i -eq 9 ]; do i=$((i+1)); sleep 2; done; echo up",
        "i=0; while ! nc -z db 1 && [ $i -lt 9 ]; do i=$((i+1)); sleep 2; done",
        "kubectl wait --for=create pod/x --timeout=60s; echo ready",
        "kubectl wait --for=create pod -l app=db --timeout=60s; kubectl wait --for=create job/x --timeout=60s",
        "wait-for-it db:5432 -t 60; wait-for-it redis:6379 -t 60",
        "i=0; until nc -z db 1; do i=$((i+1)); if [ $i -gt 9 ]; then echo 'gave up'; exit 0; fi; sleep 2; done",
        "set -e; for i in $(seq 9); do nc -z db 1 && break; sleep 2; done; echo ok",
        "w() { for i in $(seq 9); do nc -z $1 $2 && return 0; sleep 2; done; }; w db 1; echo up",
        "end=$((SECONDS+60)); while [ $SECONDS -lt $end ]; do nc -z db 1 && break; sleep 2; done",
        "timeout 60 sh -c 'until nslookup db | grep -q A; do sleep 1; done'; echo ok",
        "for i in 1 2 3; do nslookup db | grep -q A && break; sleep 2; done",
        "timeout 60 sh -c 'until [ -f /v/ready ]; do sleep 1; done'; echo ok",
        "for i in 1 2; do if kubectl get job x -o name | grep -q x; then break; fi; sleep 2; done",
    ],
)
def test_a_wait_that_is_given_up_with_success(text: str) -> None:
    assert given_up(text)


@pytest.mark.parametrize(
    "text",
    [
        "timeout 60 sh -c 'until nc -z db 1; do sleep 2; done'",
        "timeout 60 sh -c 'until nc -z db 1; do sleep 2; done' || true",
        "timeout 60 sh -c 'until nc -z db 1; do sleep 2; done' || echo \"db not up\"",
        "timeout 60 sh -c 'until nc -z db 1; do sleep 2; done' || exit 1; echo up",
        "timeout 60 sh -c 'until nc -z db 1; do sleep 2; done' && echo up",
        "set -e; timeout 60 sh -c 'until nc -z db 1; do sleep 2; done'; echo up",
        "for i in $(seq 9); do nc -z db 1 && exit 0; sleep 2; done; exit 1",
        "for i in $(seq 9); do nc -z db 1 && break; sleep 2; done; nc -z db 1",
        'for i in $(seq 9); do nc -z db 1 && break; sleep 2; done; echo "continuing anyway"',
        "for i in $(seq 9); do nc -z db 1 && break; sleep 2; [ $i -eq 9 ] && exit 1; done; echo up",
        "for i in $(seq 9); do nc -z db 1 && break; if [ $i = 9 ]; then echo no; exit 1; fi; sleep 2; done; echo up",
        "i=0; until nc -z db 1; do i=$((i+1)); if [ $i -gt 9 ]; then exit 1; fi; sleep 2; done; echo up",
        "i=0; until nc -z db 1 || [ $i -eq 9 ]; do i=$((i+1)); sleep 2; done; [ $i -lt 9 ]",
        "i=0; until nc -z db 1 || [ $i -eq 9 ]; do i=$((i+1)); sleep 2; done; if [ $i -eq 9 ]; then exit 1; fi; echo",
        'ok=0; for i in $(seq 9); do nc -z db 1 && { ok=1; break; }; sleep 2; done; [ "$ok" = 1 ]',
        "ok=0; for i in $(seq 9); do nc -z db 1 && { ok=1; break; }; sleep 2; done; test $ok = 1 || exit 1; echo yes",
        "w() { for i in $(seq 9); do nc -z $1 $2 && return 0; sleep 2; done; return 1; }; w db 1 || exit 1; echo up",
        "w() { for i in $(seq 9); do nc -z $1 $2 && return 0; sleep 2; done; return 1; }; set -e; w db 1; echo up",
        "kubectl wait --for=create pod/x --timeout=60s",
        "kubectl wait --for=create pod/x --timeout=60s && echo ready",
        "kubectl wait --for=create pod/x --timeout=60s || exit 1; echo ready",
        'kubectl wait --for=create pod/x --timeout=60s; rc=$?; echo "rc=$rc"; exit $rc',
        "kubectl wait --for=create pod/x --timeout=60s; exit $?",
        "kubectl wait --for=delete pod/x --timeout=60s; echo gone",
        "until nc -z db 1; do sleep 2; done; echo up",
        "wait-for-it db:5432 -t 60; alembic upgrade head",
        "wait-for-it db:5432 -t 60 -- echo up",
        "wait-for-it db:5432 -t 0; echo up",
        "for i in $(seq 9); do nc -z db 1 && break; sleep 2; done; psql -h db -c 'create database x'",
        'for i in 1 2 3; do echo "waiting $i"; sleep 1; done',
        "for h in a b c; do until nc -z $h 80; do sleep 1; done; done",
        "for h in a b c; do until nc -z $h 80; do sleep 1; done; done; echo up",
        "for i in $(seq 9); do nc -z db 1 && ok=1 && break; sleep 2; done; exit $((1-ok))",
        "for i in $(seq 9); do nc -z db 1 && break; sleep 2; done; exit $?",
        "for i in $(seq 9); do wget -qO- http://db/ready && s=0 && break || s=$?; sleep 2; done; (exit $s)",
        "for i in $(seq 9); do nc -z db 1 && touch /tmp/up && break; sleep 2; done; cat /tmp/up",
        "for i in $(seq 9); do nc -z db 1 && break; sleep 2; false; done",
        "while [ $i -lt 10 ]; do kubectl get pods; sleep 1; i=$((i+1)); done",
        "for i in $(seq 30); do [ -f /data/ready ] && break; sleep 1; done; exec /app",
        "timeout 9 sh -c 'until nslookup db | grep -q A; do sleep 2; done'",
        'timeout 60 sh -c \'until [ "$(curl -s -o /dev/null -w "%{http_code}" http://x)" = 200 ]; do sleep 1; done\'',
        "timeout 60 bash -c 'while [[ \"$(curl -s http://x)\" != ok ]]; do sleep 1; done'",
        "timeout 60 sh -c 'until curl -s http://x | jq -e .ready; do sleep 1; done'",
        "timeout 60 sh -c 'while ! kubectl get pod -l a=b | grep Running; do sleep 1; done' || exit 1; echo ok",
        'for i in 1 2 3; do s=$(curl -s http://x); [ "$s" = ok ] && exit 0; sleep 1; done; exit 1',
        'for i in 1 2 3; do s=$(curl -s http://x); if [ "$s" = ok ]; then exit; fi; sleep 1; done; exit 1',
        "timeout 60 sh -c 'until nc -z a 1 && nc -z b 1; do sleep 1; done'",
        "timeout 60 sh -c 'until nc -z a 1 || nc -z b 1; do sleep 1; done'",
        "timeout 60 sh -c 'until nc -z a 1; do sleep 1; done; until nc -z b 1; do sleep 1; done'",
        "set -e; timeout 60 sh -c 'until nc -z a 1; do sleep 1; done; until nc -z b 1; do sleep 1; done'; echo ok",
        "kubectl wait --for=create pod/x --timeout=60s | cat; exit ${PIPESTATUS[0]}",
        'x=$(kubectl wait --for=create pod/x --timeout=60s); echo "$x"',
        "wget --tries=5 -qO- http://x/ready",
        "timeout 60 tail -f /v/log | grep -q ready",
        "while read l; do echo $l; done < <(timeout 60 kubectl get pods -w)",
        "n=0; until nc -z db 1; do n=$((n+1)); test $n -lt 9 || exit 1; sleep 1; done; echo ok",
        "n=0; until nc -z db 1; do n=$((n+1)); if ((n > 9)); then exit 1; fi; sleep 1; done; echo ok",
        "n=0; until nc -z db 1; do if [ $((n++)) -gt 9 ]; then echo no >&2; false; exit; fi; sleep 1; done; echo ok",
        "n=0; until nc -z db 1; do n=$((n+1)); [ $n -gt 9 ] && kill $$; sleep 1; done; echo ok",
        'die() { echo "$1"; exit 1; }; until nc -z db 1; do n=$((n+1)); [ $n -gt 9 ] && die no; sleep 1; done; echo ok',
        "n=9; until nc -z db 1; do n=$((n-1)); [ $n -gt 0 ] || { echo no; exit 1; }; sleep 1; done; echo ok",
        "n=9; while [ $n -gt 0 ]; do nc -z db 1 && break; n=$((n-1)); sleep 1; done; [ $n -gt 0 ]",
        "n=9; while [ $n -gt 0 ]; do nc -z db 1 && break; n=$((n-1)); sleep 1; done; exit $((n == 0))",
    ],
)
def test_a_wait_that_is_given_up_with_failure_or_on_purpose(text: str) -> None:
    assert not given_up(text)
