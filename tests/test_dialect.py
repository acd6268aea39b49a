"""What scripts use that their shell does not have, held against the shells themselves."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from initlint.shell.container.images import Shell
from initlint.shell.language.balance import imbalance
from initlint.shell.questions.bashisms import BASHISMS
from initlint.shell.questions.dialect import misfits, shell_of
from tests.helpers import real, script

IMAGES = {Shell.DASH: "debian:bookworm", Shell.BUSYBOX: "busybox:1.36", Shell.BASH: "rockylinux:9"}
PROGRAMS = {Shell.DASH: ("dash",), Shell.BUSYBOX: ("busybox", "ash"), Shell.BASH: ("bash",)}


def kinds(text: str, image: str = "debian:12", shell: str = "sh", env: str = "") -> list[str]:
    names = {bashism: name for name, bashism in BASHISMS.items()}
    return [names[one.bashism] for one in misfits(script(text, env, shell=shell, image=image))]


def run(shell: Shell, text: str, folder: Path) -> tuple[int, str]:
    program = PROGRAMS[shell]
    real(program[0])
    done = subprocess.run(
        [*program, "-c", text], cwd=folder, input="", capture_output=True, text=True, timeout=10, check=False
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("git clone x ; done", ("done", "")),
        ("for i in 1 2 do echo; done", ("for", "do")),
        ("if [ -f a ] then b; fi", ("if", "then")),
        ("until a; do b; c done", ("until", "done")),
        ("while true; do; a; done", (";", "")),
        ("a & ; b", (";", "")),
        ("a || || b", ("||", "")),
        ("a;; b", (";;", "")),
        ("f() { a", ("{", "}")),
        ("( a", ("(", ")")),
        ("a 'b", ("'", "'")),
        ("if a; then b; fi; else c", ("else", "")),
        ('a "$(b', ("(", ")")),
        ("case a in b) if c; esac", ("if", "then")),
        ("if a; then b <<-'E'\nc\n  E\nfi", ("<<E", "E")),
    ],
)
def test_what_no_shell_reads(text: str, found: tuple[str, str], tmp_path: Path) -> None:
    broken = imbalance(text)
    assert broken is not None
    assert (broken.text, broken.lacks) == found
    assert all(run(shell, text, tmp_path)[0] != 0 for shell in (Shell.DASH, Shell.BASH))


@pytest.mark.parametrize(
    "text",
    [
        "for i do a; done", "for i in a; do b; done", "for ((i = 0; i < 3; i++)); do a; done", "echo done } fi",
        "case a in (b|c) d;; e) ;; esac", "[[ a =~ ^(b|c)$ ]] && d", "f() (a)", "a <<'E'\nit's\nE\nb",
        "{ a; } > x && b", "a <<E\nb\n  E\nc", "if (( 1 << 2 )); then\n  2\nfi",
        "a # it's", "x=$(b | (c; d)) || e", "if ! a; then b; elif c; then d; else e; fi", "a=(b c)", "$(" * 200,
        "test a = b || <a || exit 2", "until a; do\n  b\ndone 2>&1 | c",
    ],
)  # fmt: skip
def test_of_what_is_right_or_not_understood_nothing_is_said(text: str) -> None:
    assert imbalance(text) is None


# What is used, and a script whose output or status shows whether it is there.
USES = {
    "brace-range": ["echo {1..3}", "for i in {1..3}; do echo $i; done", "echo a{1..3}b"],
    "brace-list": ["touch {a,b}; ls", "mkdir -p d/{a,b}/c; ls d", "for i in x{1,b}; do echo $i; done"],
    "array": ["a=(1 2)\necho ${#a}"],
    "item": ["a[0]=1; echo $?"],
    "subscript": ["x=a; echo ${x[0]}", "true | false; echo ${PIPESTATUS[0]}", 'echo "${x[@]}" ${#x[@]}; echo end'],
    "double-bracket": ["if [[ a == a ]]; then echo yes; fi", "[[ -n a && b =~ ^b ]] && echo yes"],
    "source": ["echo echo hi > lib; source ./lib"],
    "function": ["function f { echo hi; }; f", "function f() { echo hi; }\nf"],
    "function-name": ["wait-for() { echo hi; }; wait-for", "a.b() { echo hi; }; a.b"],
    "here-string": ["cat <<< hi", 'read x <<< "a b"; echo $x'],
    "process": ["cat <(echo hi)", "while read l; do echo $l; done < <(echo hi)"],
    "file": ["echo a > f; x=$(<f); echo $x", 'echo a > f; export x="$(< f)"; echo "$x"', "echo a > f; echo `< f`"],
    "replacement": ["x=aba; echo ${x/a/c}", 'x=aba; echo "${x//a/c}"', "x=aba; echo ${x//a}"],
    "substring": ["x=abc; echo ${x:1:1}", "x=abc; echo ${x:1}", "set -- a b c; echo ${@:2}"],
    "case-change": ["x=abc; echo ${x^^}", "x=ABC; echo ${x,,}", "x=abc; echo ${x^}"],
    "indirection": ["y=1; x=y; echo ${!x}"],
    "transformation": ["x='a b'; echo ${x@Q}"],
    "escapes": ["echo $'a\\tb'", "IFS=$'\\n'; printf '%s|' $IFS a"],
    "arithmetic": ["i=1; ((i++)); echo $i", "i=2; if ((i > 1)); then echo yes; fi", "((3 > 2)) && echo yes"],
    "increment": ["i=1; echo $((i++))", 'i=1; echo "$((i--))"; echo end', "echo $((2**3))"],
    "arithmetic-for": ["for ((i = 0; i < 2; i++)); do echo $i; done"],
    "select": ["select x in a; do echo $x; done; echo end"],
    "let": ["i=1; let i++; echo $i", 'i=1; let "i+=1"; echo $i'],
    "command": ["declare x=1; echo $x", "typeset x=1; echo $x", "pushd / > x; echo $?", "shopt -s nullglob; echo $?",
                "mapfile -t x < /dev/null; echo $?",
                "readarray x < /dev/null; echo $?", "builtin echo hi", "dirs > x; echo $?"],
    "random": ["[ -n \"$RANDOM\" ] && echo yes",
               "[ -n ${RANDOM}x ] && echo $((RANDOM < 0)); test ${RANDOM} -ge 0 && echo yes"],
    "seconds": ["[ -n \"$SECONDS\" ] && echo yes", "SECONDS=0; sleep 1; [ $SECONDS -gt 0 ] && echo yes"],
    "variable": ["true | false; echo $PIPESTATUS", "echo ${BASHPID:+yes}"],
    "read-option": ["echo hi | { read -t 1 x; echo $x; }", "echo hi | { read -n 1 x; echo $x; }",
                    "echo a:b | { read -rd : x; echo $x; }"],
    "read-array": ["echo a b | { read -a x; echo $?; }", "echo a b | { read -ra x; echo $?; }"],
    "read-nothing": ["echo hi | { read; echo $?; }", "echo hi | { read -r; echo $?; }"],
    "echo-option": ["echo -e 'a\\tb' > f; cat f", "echo -e 'b\\na' | sort",
                    "x=$(echo -e a); echo $x", "{ echo -ne 'a'; } > f; cat f"],
    "equals": ["[ a == a ] && echo yes", "if test a == a; then echo yes; fi", "[ -n a -a b == b ] && echo yes"],
    "is-set": ["HOME=x; [ -v HOME ] && echo yes", "test -v HOME && echo yes"],
    "append-both": ["echo a > f; echo b &>> f; sleep 0.2; cat f"],
    "pipe-both": ["ls /nowhere |& wc -l"],
    "fall-through": ["case a in a) echo 1;& b) echo 2;; esac", "case a in a) echo 1;;& *) echo 2;; esac"],
    "append": ["x=a; x+=b; echo $x"],
    "local-option": ["f() { local -r x=1; echo $x; }; f", "f() { local -a x; echo $?; }; f"],
    "export-option": ["f() { :; }; export -f f; echo $?"],
    "printf-variable": ["printf -v x hi; echo $x"],
    "printf-quote": ["printf '%q\\n' 'a b'"],
    "trap-error": ["trap 'echo E' ERR; false; echo end"],
    "signal": ["trap : SIGTERM; echo $?", "sleep 0 & kill -SIGCONT $!; echo $?"],
    "wait-option": ["true & wait -n; echo $?"],
    "pipefail": ["set -o pipefail; echo end", "set -euo pipefail; echo end"],
}  # fmt: skip
PORTABLE = [
    "local_() { local a=1 b; echo $a; }; local_",
    "x=a.b; echo ${x%.*} ${x##*.} ${x:-y} ${#x} ${x:+z}",
    "echo \"{1..3}\" '{a,b}' \\{a,b\\}; x={a,b}; echo $x",
    "i=1; i=$((i + 1)); i=$((i * 2 - 1)); echo $i",
    "cat <<EOF\n[[ a == b ]] {1..3} ((x)) source\nEOF\n",
    "echo 'source [[ ]] $RANDOM' \"let\"",
    "read x < /dev/null; echo $?",
    "printf '%s\\n' -e; printf 'a%%q\\n'",
    "echo -n a; echo a-e",
    "trap 'echo bye' EXIT; trap : TERM INT",
    "[ a = a ] && [ a != b ] && echo yes",
    "case a in a|b) echo 1;; *) echo 2;; esac",
    "set -eu; echo ok",
    "f() { echo $1; }; f a > /dev/null 2>&1; echo $?",
    "mapfile() { echo own; }; mapfile",
    "for x in a b; do echo $x; done",
    "echo a 2>&1 | cat",
    "echo {} a {b}; awk 'BEGIN { print 1, 2 }' < /dev/null",
    "bash -c 'echo {1..3} ${RANDOM:+x}; [[ a ]] && echo yes'",
]


@pytest.mark.parametrize("shell", [Shell.DASH, Shell.BUSYBOX])
@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in USES.items() for text in texts])
def test_what_is_said_is_what_the_shell_does(kind: str, text: str, shell: Shell, tmp_path: Path) -> None:
    """What bash does, another shell does not if and only if that is said of it."""
    said = kind in kinds(text, IMAGES[shell])
    assert said is (shell in BASHISMS[kind].shells)
    assert said is (run(Shell.BASH, text, tmp_path) != run(shell, text, tmp_path))


@pytest.mark.parametrize("shell", [Shell.DASH, Shell.BUSYBOX])
@pytest.mark.parametrize("text", PORTABLE)
def test_what_all_shells_have(text: str, shell: Shell, tmp_path: Path) -> None:
    assert kinds(text, IMAGES[shell]) == []
    assert run(Shell.BASH, text, tmp_path) == run(shell, text, tmp_path)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("ls &> f", "both"), ("echo > /dev/tcp/db/5432", "socket"), ("(: < /dev/udp/$HOST/53) 2>/dev/null", "socket")],
)
def test_what_cannot_be_seen_in_the_output(text: str, kind: str) -> None:
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "grep -E ^[a-b]{1,2}$ f; helm upgrade x --set hosts={a,b}; jq {a,b} f",  # are better off without braces
        'curl -d {"a":1,"b":2} http://x',
        "echo -e 'a\\tb'",
        "echo -e a >&2; echo -e a > /dev/stderr; echo -e a > /dev/null",
        "sort f | while read x; do echo -e a; done",
        'if [ -n "$BASH_VERSION" ]; then [[ a == b ]]; fi',
        "SECONDS=$(date +%s); echo $SECONDS; RANDOM=4; echo $RANDOM",
        "[[ a",
        "echo $((x += 1)); for i in 1; do :; done",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("image", "shell", "expected"),
    [
        ("debian:12", "sh", Shell.DASH),
        ("debian:12", "/bin/sh", Shell.DASH),
        ("debian:12", "bash", None),
        ("alpine", "ash", Shell.BUSYBOX),
        ("own:1", "sh", None),
        ("own:1", "dash", Shell.DASH),
        ("rockylinux:9", "sh", Shell.BASH),
    ],
)
def test_shell_of_a_script(image: str, shell: str, expected: Shell | None) -> None:
    found = script("[[ a ]]", shell=shell, image=image)
    assert shell_of(found) is expected
    assert bool(list(misfits(found))) is (expected is Shell.DASH)


def test_pipefail_depends_on_the_release() -> None:
    assert kinds("set -o pipefail", "debian:13") == []
    assert kinds("set -o pipefail", "debian") == []
    assert kinds("set -o pipefail", "debian:11-slim") == ["pipefail"]


def test_variables_of_the_manifest() -> None:
    assert kinds("echo $SECONDS $RANDOM", env="{name: SECONDS, value: '5'}, {name: RANDOM, valueFrom: {}}") == []


def test_each_kind_once_at_its_first_place_with_the_others() -> None:
    text = "if [ a == b ]; then [[ c ]]; fi\n[ d == e ]\nsh -c '[ f == g ]'\nsh -c \"source x\""
    found = list(misfits(script(text, image="debian:12")))
    assert [(one.text, len(one.where)) for one in found] == [("==", 3), ("[[", 1), ("source", 1)]


def test_an_array_and_its_uses_are_one_defect() -> None:
    (found,) = misfits(script("a=(1 2); a[1]=3; echo ${a[0]}", image="debian:12"))
    assert (found.text, len(found.where)) == ("(1 2)", 3)


def test_every_kind_has_an_example() -> None:
    assert USES.keys() | {"both", "socket"} == BASHISMS.keys()
