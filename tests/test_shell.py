"""Scripts as a shell reads them; what is said of their exit status is compared with what real shells do."""

from __future__ import annotations

import itertools
import json
import os
import pickle
import random
import shutil
import signal
import subprocess
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initlint.shell import syntax
from initlint.shell.parse import MAX_CHARACTERS, parse
from initlint.shell.scripts import scripts
from initlint.shell.status import verdict
from initlint.shell.syntax import Literal, Pattern, Quote, Variable
from tests.conftest import corpus
from tests.helpers import pod


def only(text: str) -> syntax.Statement:
    (item,) = parse(text).body.items
    return item.statement


def words(text: str) -> list[str | None]:
    command = only(text)
    assert isinstance(command, syntax.Simple)
    return [word.text for word in command.words]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cp -r a 'b c' \"d\"e\\ f", ["cp", "-r", "a", "b c", "de f"]),
        ('echo "a\\"b" \'$x\'', ["echo", 'a"b', "$x"]),
        ("rm *.txt ~/x $y a{b,c}", ["rm", None, None, None, None]),
        ("ls größe 🙂", ["ls", "größe", "🙂"]),
    ],
)
def test_words(text: str, expected: list[str | None]) -> None:
    assert words(text) == expected


def test_parts_of_words() -> None:
    command = only('x "$a-${b:-c}" $1 `d` ${#e} $((1+2))')
    assert isinstance(command, syntax.Simple)
    first = command.words[1].parts
    assert first == (Variable("a", Quote.DOUBLE), Literal("-", Quote.DOUBLE), Variable("b", Quote.DOUBLE, ":-c"))
    assert command.words[2].parts == (Variable("1"),)
    assert isinstance(command.words[3].parts[0], syntax.Substitution)
    assert [word.parts for word in command.words[4:]] == [(Pattern("${#e}"),), (Pattern("$((1+2))"),)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a", syntax.Simple), ("x=1", syntax.Simple), ("export x=1", syntax.Simple), ("> f", syntax.Simple),
        ("a | b | c", syntax.Pipeline), ("! a", syntax.Not), ("a && b || c", syntax.AndOr), ("[ -f x ]", syntax.Test),
        ("[[ $a == b* ]]", syntax.Test), ("((i++))", syntax.Test), ("if a; then b; fi", syntax.If),
        ("while a; do b; done", syntax.While), ("until a; do b; done", syntax.While), ("( a )", syntax.Subshell),
        ("for i in 1 2; do a; done", syntax.For), ("for ((;;)); do a; done", syntax.For), ("{ a; }", syntax.Group),
        ("case a in b) c;; esac", syntax.Case), ("f() { a; }", syntax.Function), ("if a; then b; fi > f", syntax.Group),
    ],
)  # fmt: skip
def test_statements(text: str, kind: type) -> None:
    assert isinstance(only(text), kind)


def test_structure() -> None:
    script = parse("a & b\nif c; then d; elif e; then f; else g; fi # end\n")
    first, second, third = script.body.items
    assert (first.in_background, second.in_background) == (True, False)
    assert isinstance(third.statement, syntax.If)
    assert len(third.statement.branches) == 2
    assert third.statement.otherwise is not None
    redirected = only('cmd > "$f" 2>&1 <<EOF\nx $y\nEOF\n')
    assert isinstance(redirected, syntax.Simple)
    assert [(one.operator, one.descriptor) for one in redirected.redirects] == [(">", ""), (">&", "2"), ("<<", "")]
    assert isinstance(only("a && b > f"), syntax.AndOr)


@pytest.mark.parametrize("text", [">{\U000f7f12\U000e8591\xf9\xc9", "n\U00031acd\xb2{\U0010d136\n", "a{\0\ud800"])
def test_characters_that_crashed_the_parser(text: str) -> None:
    assert parse(text).text == text


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    script = parse(text)
    assert pickle.loads(pickle.dumps(script)) == script
    for item in script.body.items:
        assert 0 <= item.statement.start <= item.statement.end <= len(text)


@pytest.mark.parametrize(
    "text",
    ["a | " * 4_000, "(" * 8_000, "$(" * 8_000, "'" * 9_001, "x" * (MAX_CHARACTERS + 1), "{ " * 8_000, "if " * 5_000,
     "`" * 5_001, "<<E " * 4_000, "${" * 8_000, '"$(' * 5_000, "\0" * 99, "[[ " * 5_000, "a && " * 3_000],
    ids=range(14),
)  # fmt: skip
def test_hostile_text(text: str) -> None:
    tracemalloc.start()
    verdict(parse(text))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50_000_000


@pytest.mark.parametrize(
    ("text", "can_succeed", "can_fail"),
    [
        ("", True, False), ("a", True, True), ("a; echo", True, False), ("set -e; a; echo", True, True),
        ("set -e; a || true; echo", True, False), ("a; exit 0", True, False), ("a; exit 3", False, True),
        ("a | true", True, False), ("set -o pipefail; a | true", True, True), ("false", False, True),
        ("! false", True, False),
        ("if a; then exit 1; fi", True, True), ("a; [ $? -eq 0 ] || exit 1", True, True),
        ("set -e; false | true", True, False),
        ("while true; do a && break; done; echo", True, False), ("while true; do a; done", False, False),
        ("set -e; if a; then b; fi", True, True), ("set -e; x=$(a); echo", True, True), ("export x=$(a)", True, False),
        ("set -e; ( a; b ); echo", True, True), ("a && b; echo", True, False), ("set -e; a && b; echo", True, True),
        ("f() { a; echo; }; f", True, False), ("set -e; f() { a; echo; }; f", True, True), ("exec a", True, True),
        ("case x in *) a;; esac", True, True), ("case $x in a) false;; esac", True, True),
        ("set -e +e; a; :", True, False),
        ("a > f; echo", True, False), ("echo > f", True, True), ("set -eo pipefail; a | b; echo", True, True),
    ],
)  # fmt: skip
def test_verdict(text: str, can_succeed: bool, can_fail: bool) -> None:
    assert verdict(parse(text)) == (can_succeed, can_fail)


@pytest.mark.parametrize(
    "text", ["trap 'exit 2' EXIT; a", "f() { f; f; }; f", "for i in a; do for j in b; do break 2; done; done"]
)
def test_what_is_not_followed_is_not_clear(text: str) -> None:
    assert verdict(parse(text)) is None


def test_options_of_the_shell() -> None:
    assert verdict(parse("a; echo"), errexit=True) == (True, True)
    assert verdict(parse("a | true"), pipefail=True) == (True, True)


@pytest.mark.parametrize(
    ("container", "options"),
    [
        ("command: [sh, -c, a]", "-c"), ("command: [/bin/bash, -exc], args: [a]", "-exc"),
        ("command: [sh, -e, -c, a]", "-e -c"), ("command: [bash, -euo, pipefail, -c, a]", "-euo pipefail -c"),
        ("command: [tini, --, sh, -c, a]", "-c"), ("command: [env, X=1, sh, -ec, a]", "-ec"),
        ("command: [python, -c, a]", None), ("command: [sh, a, -c, b]", None), ("args: [sh, -c, a]", None),
        ("command: [sh]", None), ("command: []", None), ("command: a", None),
    ],
)  # fmt: skip
def test_which_text_is_a_script(container: str, options: str | None) -> None:
    found = scripts(pod(f"{{containers: [{{name: a, image: x, {container}}}]}}").containers[0])
    assert [(one.options, one.node.value) for one in found if one.is_shell] == ([(options, "a")] if options else [])


def test_every_real_script_but_a_broken_one_is_understood() -> None:
    texts = [json.loads(line)["script"] for line in corpus("scripts.jsonl").read_text("utf-8").splitlines()]
    assert sum(parse(text).has_errors for text in texts) <= 1
    assert sum(verdict(parse(text)) is None for text in texts) < len(texts) / 20


# Each call of `c` succeeds or fails as the next bit says; after the last one, in turns.
_PRELUDE = """c() {
  b=${BITS%"${BITS#?}"}; BITS=${BITS#?}; case $b in 1) return 0;; 0) return 1;; esac
  T=$((1-T)); return $T
}
"""
_BITS = ["".join(bits) for bits in itertools.product("01", repeat=5)]


class Grammar:
    """Small scripts of the test's own, of everything that decides an exit status."""

    def __init__(self, seed: int) -> None:
        self.choose = random.Random(seed).choice

    def block(self, depth: int = 0) -> str:
        return "; ".join(self.statement(depth) for _ in range(self.choose((1, 1, 2))))

    def simple(self) -> str:
        return self.choose(["c", "c", "true", "false", "( c; c )", "{ c; c; }"])

    def statement(self, depth: int) -> str:
        if depth > 1 or self.choose((0, 0, 1)):
            inner = [
                "true",
                "false",
                "exit 1",
                "exit 0",
                "exit",
                "exit $?",
                "c >/dev/null",
                "set -e",
                "set +e",
                "x=$(c)",
            ]
            return self.choose(["c", "c", "c", "echo x", *(inner if depth else ["set -e", "x=$(c)"])])
        one, other = self.block(depth + 1), self.block(depth + 1)
        return self.choose([
            f"{{ {one}; }} && {{ {other}; }}", f"{{ {one}; }} || {{ {other}; }}", f"! {self.simple()}",
            f"if {one}; then {other}; fi", f"if c; then {one}; else {other}; fi", f"while c; do {one}; done",
            f"until c; do {one}; done", f"for i in 1 2; do {one}; done", f"( {one} )",
            f"{self.simple()} | {self.simple()}",
            f"case x in a) {one};; *) {other};; esac", f"c; if [ $? -ne 0 ]; then {one}; fi", f"x=$({one})",
            "while c; do c || break; done", f"f() {{ {one}; }}; f",
            f"f() {{ c || return 1; {one}; }}; f || {{ {other}; }}",
            f"for i in 1 2; do c || continue; {one}; done",
        ])  # fmt: skip


def statuses(shell: str, script: str) -> set[bool] | None:
    """Whether a shell ends the script with success, for each way in which its commands may go; None if it hangs."""
    program = f"{_PRELUDE}for BITS in {' '.join(_BITS)}; do ( T=0; {script}\n) >/dev/null 2>&1; echo $?; done"
    with subprocess.Popen([shell, "-c", program], stdout=subprocess.PIPE, start_new_session=True) as process:
        try:
            out, _ = process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return None
    return {line == b"0" for line in out.split()}


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_real_shells_agree(shell: str, seed: int, tmp_path: Path) -> None:
    """What a shell does in any of the ways is among what is said to be possible."""
    if not shutil.which(shell):
        pytest.skip(f"no {shell} here to compare with")
    script = Grammar(seed).block()
    said = verdict(parse(script))
    observed = statuses(shell, script)
    if said is not None and observed is not None:
        possible = {one for one, can in ((True, said.can_succeed), (False, said.can_fail)) if can}
        assert observed <= possible, script


def test_little_is_unknown() -> None:
    unknown = sum(verdict(parse(Grammar(seed).block())) is None for seed in range(200))
    assert unknown <= 20
