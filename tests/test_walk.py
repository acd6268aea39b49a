"""The commands of a script where they run: words, working directory, guards, loops, and their places."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initlint.finding import place_of
from initlint.shell.container.scripts import scripts
from initlint.shell.language.command import Command
from initlint.shell.language.text import of_kubernetes, of_quoted
from initlint.shell.language.values import UNKNOWN, Value, resolve, whole
from tests.conftest import corpus
from tests.helpers import pod, script


def commands(text: str, env: str = "", image: str = "x") -> list[Command]:
    found = script(text, env, image=image).commands
    assert found is not None
    return list(found)


def words(text: str, env: str = "") -> list[list[str | None]]:
    return [one.words for one in commands(text, env, "busybox") if one.arguments]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x=/data; cp a $x/b", [["cp", "a", "/data/b"]]),
        ('x="$HOST:1"; nc $x', [["nc", "db:1"]]),
        ("cp ${X:-/d}/a ${HOST:-b} ${HOST%b}", [["cp", "/d/a", "db", "d"]]),
        ("cp ${X:-'/d'}/a ${X:-$Y} ${HOME:-/d} ${A_SERVICE_HOST:-a}", [["cp", "/d/a", None, "/root", None]]),
        ('read X; cp ${X:-/d} ${X:-"a"b}; rm ${Z-"a"b}', [["read", "X"], ["cp", None, None], ["rm", None]]),
        (': "${X:=/d}" ${HOST:=e}; cp $X $HOST', [[":", "/d", "db"], ["cp", "/d", "db"]]),
        (". ./lib; cp ${X:-/d}", [[".", "./lib"], ["cp", None]]),
        ("f() { rm $1 $2; }; f a; f b c", [["f", "a"], ["rm", "a", None], ["f", "b", "c"], ["rm", "b", "c"]]),
        ("r() { n=$1; shift; $n \"$@\" $1; }; f() { r nice cp $1 /d; }; f a",
         [["f", "a"], ["r", "nice", "cp", "a", "/d"], ["shift"], ["cp", "a", "/d", "cp"]]),
        ("f() { while a; do shift; done; cp $1; }; f b", [["f", "b"], ["a"], ["shift"], ["cp", None]]),
        ("f() { cp " + '"$@" ' * 50 + "; }; f a a a a a a a a a", [["f", *"a" * 9], ["cp", *"a" * 450]]),
        ("if a; then x=1; else x=2; fi; rm $x", [["a"], ["rm", None]]),
        ("if a; then x=1; else exit; fi; rm $x", [["a"], ["exit"], ["rm", "1"]]),
        ("x=1; while a; do rm $x; x=2; done", [["a"], ["rm", None]]),
        ("for f in a b; do rm /d/$f; done", [["rm", None]]),
        ("(x=1); x=2 | a; rm ${x}", [["a"], ["rm", None]]),
        ("read x; rm $x", [["read", "x"], ["rm", None]]),
        ("env -i A=b timeout 5 tini -- nice cp a b", [["cp", "a", "b"]]),
        ("find . | xargs -n 1 rm -r", [["find", "."], ["rm", "-r", None]]),
        ("xargs -I{} cp {} /d/", [["cp", None, "/d/"]]),
        ("xargs -0 -I % cp -v % /d", [["cp", "-v", None, "/d"]]),
        ("sh -c 'rm $HOST'", [["sh", "-c", "rm $HOST"], ["rm", "db"]]),
        ("bash <<'EOF'\nrm $HOST\nEOF\n", [["bash"], ["rm", "db"]]),
        ("x=a; . ./lib; rm $x", [[".", "./lib"], ["rm", None]]),
        ("rm $(dirname /a/b) $(basename /a/b.c .c) $(echo c)", [["dirname", "/a/b"], ["basename", "/a/b.c", ".c"],
                                                                ["echo", "c"], ["rm", "/a", "b", "c"]]),
    ],
)  # fmt: skip
def test_words(text: str, expected: list[list[str | None]]) -> None:
    assert words(text, "{name: HOST, value: db}") == expected


def test_a_default_is_not_known_to_be_taken_where_variables_come_from_elsewhere() -> None:
    found = script("cp ${X:-/d} a", more=", envFrom: [{configMapRef: {name: a}}]", image="busybox").commands
    assert found is not None
    assert found[0].words == ["cp", None, "a"]


def test_an_image_of_which_nothing_is_known_may_set_where_files_lie() -> None:
    (found,) = commands("cp ${X:-/d} ${Y:-a}")
    assert found.words == ["cp", None, "a"]


@pytest.mark.parametrize(
    ("text", "cwd"),
    [
        ("rm", None), ("cd /a; rm", "/a"), ("cd /a; cd b/../c; rm", "/a/c"), ("cd /a; (cd /b); rm", "/a"),
        ("mkdir /a && cd /a && rm", "/a"), ("cd $X; rm", None), ("if a; then cd /a; fi; rm", None),
        ("cd /a || exit 1; rm", "/a"), ("cd /a; cd -; rm", None), ("cd /a; pushd /b; popd; rm", None),
        ("[ -d /a ] && cd /a; rm", None),
    ],
)  # fmt: skip
def test_working_directory(text: str, cwd: str | None) -> None:
    assert commands(text)[-1].cwd.text == cwd


@pytest.mark.parametrize(
    ("path", "cwd", "expected"),
    [
        (whole("/a/../b/"), UNKNOWN, whole("/b")), (whole("a"), UNKNOWN, UNKNOWN),
        (whole("a"), whole("/x"), whole("/x/a")), (Value("/a/b"), UNKNOWN, Value("/a/b")),
        (Value("b"), whole("/a"), Value("/a/b")), (UNKNOWN, whole("/a"), UNKNOWN),
        (whole(""), whole("/a"), UNKNOWN), (whole("/"), UNKNOWN, whole("/")), (whole("."), whole("/"), whole("/")),
    ],
)  # fmt: skip
def test_paths(path: Value, cwd: Value, expected: Value) -> None:
    assert resolve(path, cwd) == expected


def guards(text: str) -> list[tuple[str, bool]]:
    found = script(text)
    assert found.commands
    return [
        (found.script.text[one.start : one.statement.end], one.succeeded) for one in found.commands[-1].context.guards
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[ -f /a ] && exit 0; rm", [("[ -f /a ]", False)]), ("[ -f /a ] || rm", [("[ -f /a ]", False)]),
        ("if [ -f /a ]; then exit; fi; rm", [("[ -f /a ]", False)]), ("if a; then b; else rm; fi", [("a", False)]),
        ("a && { rm; }", [("a", True)]), ("while a; do rm; done", [("a", True)]),
        ("until a; do rm; done", [("a", False)]),
        ("if a; then b; fi; rm", []), ("a || exit 1\nrm", [("a", True)]),
    ],
)  # fmt: skip
def test_guards(text: str, expected: list[tuple[str, bool]]) -> None:
    assert guards(text) == expected


def test_context() -> None:
    one = commands("set -eo pipefail; while a; do b | c >/dev/null 2>&1; done; timeout 9 d & ( e )")
    by_name = {command.name: command for command in one}
    loop = by_name["a"].context.header
    assert by_name["b"].context.loops == (loop,)
    assert by_name["b"].context.errexit is True
    assert by_name["b"].context.pipefail is True
    assert by_name["c"].context.stage == (1, 2)
    assert by_name["c"].context.silent == {"1", "2"}
    assert by_name["d"].context.in_background
    assert by_name["d"].context.limit == whole("9")
    assert (by_name["d"].context.depth, by_name["e"].context.depth) == (1, 1)
    assert by_name["a"].context.is_checked


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("sh -c 'rm x'", "rm x"), ('bash -ec "echo \\"a\\"; rm x"', "rm x"), ("bash <<EOF\nrm x\nEOF\n", "rm x"),
        ("timeout 5 sh -c 'sh -c \"rm x\"'", "rm x"), ("sh -c r'm' ", "r'm'"),
    ],
)  # fmt: skip
def test_places_of_scripts_in_scripts(text: str, place: str) -> None:
    found = script(text)
    assert found.commands
    last = found.commands[-1]
    assert last.name == "rm"
    assert found.script.text[last.start : last.end] == place


@pytest.mark.parametrize("command", ['["rm", "-r", "a b"]', "[tini, --, rm, -r, a b]", "[rm]\n, args: [-r, a b]"])
def test_commands_without_a_shell(command: str) -> None:
    (found,) = scripts(pod(f"{{containers: [{{name: a, image: x, command: {command}}}]}}").containers[0])
    assert found.commands
    (only,) = found.commands
    assert only.words == ["rm", "-r", "a b"]
    argument = only.arguments[2]
    (start, end) = place_of(found.span(argument.start, argument.end), found.node.source).span
    assert found.node.source.text[start:end].strip('"') == "a b"


def test_kubernetes_expands_first() -> None:
    text = of_kubernetes("a $$x $(DB) $(hostname) $$(X) $(my.v)", frozenset({"DB", "my.v"}))
    assert text.text == "a $x ${DB} $(hostname) $(X) ${my_v}"
    written = "a $$x $(DB) $(hostname) $$(X) $(my.v)"
    assert [written[text.origin(text.text.index(word))] for word in ("x", "hostname", "X", "my")] == [
        "x",
        "h",
        "X",
        "m",
    ]
    found = script("rm $(DIR)/$$a '$(DIR)'; a=b", "{name: DIR, value: /d}")
    assert found.commands
    assert found.commands[0].words == ["rm", None, "/d"]
    assert found.commands[0].arguments[1].value == Value("/d/", False, False)
    (start, end) = place_of(found.span(found.commands[1].start, found.commands[1].end), found.node.source).span
    assert found.node.source.text[start:end] == "a=b"


@given(st.text(st.sampled_from('ab\\"$`'), max_size=30))
def test_what_double_quotes_hold(text: str) -> None:
    inner = of_quoted(text)
    assert [text[inner.origin(index)] for index in range(len(inner.text))] == list(inner.text)


def test_real_scripts_are_followed() -> None:
    texts = [json.loads(line)["script"] for line in corpus("scripts.jsonl").read_text("utf-8").splitlines()]
    followed = [script(text).commands is not None for text in texts]
    assert sum(followed) >= len(texts) - 1


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("${f%.age}", "/e/"),
        ("${f%%.*}", "/e/"),
        ("${f%e*}", ""),
        ("${f%*.age}", ""),
        ("${f%'.age'}", ""),
        ("${f#/e/}", ""),
    ],
)
def test_what_is_taken_off_an_end_leaves_the_beginning(word: str, known: str) -> None:
    found = commands(f"for f in /e/*.age; do rm {word}; done")[-1].arguments[-1].value
    assert (found.known, found.is_whole) == (known, False)
