"""What is said of the ways in which a script can end, compared with what real shells make of it."""

from __future__ import annotations

import itertools
import json
import os
import random
import re
import signal
import subprocess
from pathlib import Path

import pytest

from initlint.shell.container.scripts import scripts
from initlint.shell.language.parse import parse
from initlint.shell.outcome.flags import flags_of
from initlint.shell.outcome.status import verdict
from tests.helpers import pod, real

# Each call of `c` succeeds or fails as the next bit says; after the last one, in turns.
_PRELUDE = """c() {
  b=${BITS%"${BITS#?}"}; BITS=${BITS#?}; case $b in 1) return 0;; 0) return 1;; esac
  T=$((1-T)); return $T
}
"""
_FLAGS = "ok=0; rc=0; go=true; "
_BITS = ["".join(bits) for bits in itertools.product("01", repeat=5)]
_SHELLS = {"dash": ["dash"], "bash": ["bash"], "busybox": ["busybox", "sh"]}


class Grammar:
    """Small scripts of the test's own, of everything that decides an exit status."""

    def __init__(self, seed: int) -> None:
        self.choose = random.Random(seed).choice

    def block(self, depth: int = 0, *, in_loop: bool = False) -> str:
        return "; ".join(self.statement(depth, in_loop) for _ in range(self.choose((1, 1, 2))))

    def simple(self) -> str:
        return self.choose(["c", "c", "true", "false", "( c; c )", "{ c; c; }"])

    def leaf(self, depth: int, in_loop: bool) -> str:
        inner = ["true", "false", "exit 1", "exit 0", "exit", "exit $?", "c >/dev/null", "set +e", "echo x >&2"]
        flags = ["ok=1", "ok=0", '[ "$ok" = 1 ]', "[ $ok -ne 1 ] || c", '[ -n "$ok" ]', "rc=$?",
                 '[ "$rc" -eq 0 ]', "[ $rc != 0 ] && exit $rc", "go=true", "go=false", "$go", "! $go || c"]  # fmt: skip
        leaves = ["c", "c", "c", "echo x", "set -e", "x=$(c)", *flags, *(inner if depth else [])]
        waiting = [] if depth else ["c & wait"]
        leaving = ["break", "continue", "c && break", "c || continue"] if in_loop else []
        return self.choose([*leaves, *waiting, *leaving])

    def action(self) -> str:
        return self.choose(["true", "false", "c", "exit 0", "exit 3", "exit", "[ $? -eq 0 ] || exit 3", "c; exit $?"])

    def statement(self, depth: int, in_loop: bool = False) -> str:
        if depth > 1 or self.choose((0, 0, 1)):
            return self.leaf(depth, in_loop)
        one, other = (self.block(depth + 1, in_loop=in_loop) for _ in range(2))
        body = self.block(depth + 1, in_loop=True)
        alone, again = (self.block(depth + 1) for _ in range(2))
        return self.choose([
            f"{{ {one}; }} && {{ {other}; }}", f"{{ {one}; }} || {{ {other}; }}",
            f"! {self.choose(['c', '( c; c )', 'true'])}",
            f"if {one}; then {other}; fi", f"if c; then {one}; else {other}; fi", f"while c; do {body}; done",
            f"if {one}; then c; elif c; then {other}; fi", f"until c; do {body}; done",
            f"for i in 1 2; do {body}; done", f"for i in $none; do {body}; done", f"( {alone} )",
            f"{self.simple()} | {self.simple()}",
            f"c | c | {self.simple()} || {{ {one}; }}", f"! c | c && {{ {one}; }}", f"{{ {alone}; }} | {{ {again}; }}",
            f"case x in a) {one};; *) {other};; esac", f"case $x in a) {one};; esac",
            f"c; if [ $? -ne 0 ]; then {one}; fi", f"x=$( {alone})", f"! ( {alone} )",
            f"f() {{ {alone}; }}; f", f"f() {{ {alone}; return; }}; f && c", f"if f; then {one}; fi",
            f"f() {{ c || return 1; {alone}; }}; f || {{ {other}; }}", f"f() {{ {alone}; }}; if f; then c; fi",
            f"f() {{ if c; then return 0; fi; {alone}; return $?; }}; f; {one}",
            f"trap '{self.action()}' EXIT; {one}", f"( trap '{self.action()}' EXIT; {alone} )",
            f"trap '{self.action()}' EXIT; {one}; trap - EXIT", f"{{ {one}; }} >/dev/null",
        ])  # fmt: skip


class CallGrammar(Grammar):
    """Scripts whose functions run what they are given."""

    def simple(self) -> str:
        bodies = [
            '"$@"',
            'shift; "$@" || return 3',
            '"$@" && return; exit 2',
            'shift 2; ! "${@:1}"; c',
            "for i in 1 2; do $* && break; done",
        ]
        return f"f() {{ {self.choose(bodies)}; }}; f {self.choose(['c', 'x c', 'false c', 'c c'])}"

    def leaf(self, depth: int, in_loop: bool) -> str:
        found = super().leaf(depth, in_loop)
        return f"{{ {self.simple()}; }}" if found == "c" else found


def shell(name: str) -> list[str]:
    """How the shell is called; a test that needs one that is not here is skipped."""
    real(_SHELLS[name][0])
    return _SHELLS[name]


def run(command: list[str], program: str) -> list[str] | None:
    """The lines that a shell prints for a program; None if it hangs."""
    with subprocess.Popen([*command, "-c", program], stdout=subprocess.PIPE, start_new_session=True) as process:
        try:
            out, _ = process.communicate(timeout=3)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return None
    return out.decode().split()


def statuses(command: list[str], script: str) -> set[bool] | None:
    """Whether a shell ends the script with success, for each way in which its commands may go; None if it hangs."""
    # A shell of its own for each way: its options and traps are then those of a script.
    program = f"{_PRELUDE}for BITS in {' '.join(_BITS)}; do ( T=0; {script}\n) >/dev/null 2>&1; echo $?; done"
    lines = run(command, program)
    return None if lines is None else {line == "0" for line in lines}


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("name", _SHELLS)
def test_real_shells_agree(name: str, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a shell does in any of the ways is among what is said to be possible."""
    monkeypatch.chdir(tmp_path)
    script = _FLAGS + (CallGrammar if seed % 4 == 3 else Grammar)(seed).block()
    said, observed = verdict(parse(script)), statuses(shell(name), script)
    if said is not None and observed is not None:
        possible = {one for one, can in ((True, said.can_succeed), (False, said.can_fail)) if can}
        assert observed <= possible, script


def test_little_is_unknown() -> None:
    unknown = sum(verdict(parse(Grammar(seed).block())) is None for seed in range(400))
    assert unknown <= 40


class LossGrammar(Grammar):
    """Scripts whose commands have names of their own, so that one of them can be told to fail."""

    def script(self) -> tuple[str, list[str]]:
        """A script, and the names of its commands."""
        numbers = itertools.count(1)
        text = re.sub(
            r"(?<![\w$])c(?![\w)])|(?<=\()c(?=\))",
            lambda _: f"c{next(numbers)}",
            self.block().replace("case x", "case $x"),
        )
        return _FLAGS + text, [f"c{number}" for number in range(1, next(numbers))]


def lost_in(command: list[str], script: str, names: list[str]) -> set[str] | None:
    """The commands that a shell lets fail, and ends with success all the same, in any of the ways of the others."""
    defined = "".join(f"{name}() {{ run {name}; }}\n" for name in names)
    program = f"""{_PRELUDE}
f() {{ c; }}
run() {{ if [ "$1" = "$K" ]; then : > hit; return 1; fi; n=${{1#c}}; if [ $((n & M)) = 0 ]; then c; else ! c; fi; }}
{defined}
for K in {" ".join(names) or "c0"}; do for x in a b; do none=${{x#a}}; for M in 0 2; do
for BITS in {" ".join(_BITS[::2])}; do
  rm -f hit; ( T=0; {script}
  ) >/dev/null 2>&1 && if [ -e hit ]; then echo $K; fi
done; done; done; done"""
    lines = run(command, program)
    return None if lines is None else set(lines)


@pytest.mark.no_cover
@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("name", _SHELLS)
def test_what_is_said_to_be_lost_is_lost(name: str, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    script, names = LossGrammar(seed).script()
    container = pod(f"{{initContainers: [{{name: a, command: [sh, -c, {json.dumps(script)}]}}]}}").init_containers[0]
    said = {step.command.name for step in scripts(container)[0].swallowed}
    observed = lost_in(shell(name), script, names)
    assert observed is None or said <= observed, script


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a=0; [ "$a" = 1 ]', {"a"}), ("a=''; [[ -z $a ]]", {"a"}), ("a=x b=y; [ ${a} != x ]; [ $b = y ]", {"a", "b"}),
        ("a=0; echo $a", set()), ("[ $a = 1 ]", set()), ("a=$b; [ $a = 1 ]", set()), ("a=0; a+=1; [ $a = 1 ]", set()),
        ("a=0; read a; [ $a = 1 ]", set()), ("a=0; ((a++)); [ $a = 1 ]", set()), ("a=0; eval x; [ $a = 1 ]", set()),
        ("a=0; . x; [ $a = 1 ]", set()), ("a=0; trap 'a=1' INT; [ $a = 1 ]", set()), ("local a=0; [ $a = 1 ]", set()),
        ("local a; a=0; [ $a = 1 ]", set()), ("for a in 1; do :; done; a=0; [ $a = 1 ]", set()),
        ("a=0 b=0 c=0 d=0 e=0; [ $a = 1 ]; [ $b = 1 ]; [ $c = 1 ]; [ $d = 1 ]; [ $e = 1 ]", set()),
    ],
)  # fmt: skip
def test_flags(text: str, expected: set[str]) -> None:
    assert flags_of(text) == expected


@pytest.mark.parametrize(
    ("text", "can_succeed"),
    [
        ('a=0; [ "$a" = 1 ]', False), ("a=1; [ $a -ge 1 ]", True), ("a=1; [ $a -lt 1 ]", False),
        ("a=x; [ $a = y ]", False), ("a=; [ -n \"$a\" ]", False), ("a=; [ -n $a ]", True), ("a=; [ -z \"$a\" ]", True),
        ("a=x; [ -z $a ]", False), ("a=no; (a=yes); [ $a = yes ]", False), ("a=x; [ $a -eq 1 ]", True),
        ("f() { a=1; }; a=0; f; [ \"$a\" = 1 ]", True), ("f() { a=1; }; a=0; [ \"$a\" = 1 ]", False),
        ("a=1; [ \"$a\" ]", True), ("a=; [ \"$a\" ]", False), ("a=true; $a", True), ("a=true; ! $a", False),
        ("a=x; $a", True), ("a=false; if $a; then :; else exit 1; fi", False), ("true; a=$?; [ $a = 0 ]", True),
        ("false; a=$?; [ $a -eq 0 ]", False), ("false; a=$?; [ $a -ne 0 ] && exit $a", False),
        ("false; a=$?; [ $a = 1 ]", True),
    ],
)  # fmt: skip
def test_what_flags_decide(text: str, can_succeed: bool) -> None:
    found = verdict(parse(text))
    assert found is not None
    assert found.can_succeed is can_succeed
