"""What commands do, by their words; what is not known of a word is never claimed."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest
import yaml

from initlint.shell import syntax, table
from initlint.shell.commands import of_test, understand
from initlint.shell.meaning import Effect, Meaning, Probe
from initlint.shell.parse import parse
from initlint.shell.values import UNKNOWN, Argument, Value, whole
from tests.conftest import ROOT

CWD = whole("/w")


def value(word: syntax.Word) -> Value:
    """What is known of a word if no variable is."""
    known = whole("")
    for part in word.parts:
        match part:
            case syntax.Literal():
                known += whole(part.text)
            case syntax.Pattern():
                known += Value(re.split(r"[*?\[{$~<]", part.text)[0], may_be_empty=False)
            case _:
                known += UNKNOWN
    return known


def arguments(text: str) -> list[Argument]:
    (item,) = parse(text).body.items
    assert isinstance(item.statement, syntax.Simple | syntax.Test)
    return [Argument(word.start, word.end, value(word), word) for word in item.statement.words]


def meaning(text: str) -> Meaning:
    return understand(arguments(text), CWD)


def shown(known: Value) -> str:
    return known.known + ("" if known.is_whole else "…")


def effect(one: Effect) -> str:
    """An effect as text: `writes /dst/{a b}`; a directory ends with a slash."""
    names = "{" + " ".join(map(shown, one.names)) + "}" if one.names else ""
    return f"{one.action.value} {shown(one.path)}{'/' if one.is_directory else ''}{names}"


def effects(text: str) -> str:
    return ", ".join(map(effect, meaning(text).effects))


def probe(one: Probe) -> str:
    host, port = shown(one.host) if one.host else "", f":{shown(one.port)}" if one.port else ""
    return f"{one.kind.value} {host}{port}{shown(one.path) if one.path else ''}"


def probes(text: str) -> str:
    return ", ".join(map(probe, meaning(text).probes))


def test_the_table_has_its_form() -> None:
    raw = yaml.load((ROOT / "initlint/shell/commands.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    schema = json.loads((ROOT / "schemas/commands.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate({str(name): entry for name, entry in raw.items()})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cp a /b", "reads /w/a, writes /b{a}"),
        ("cp -r a/b /dst/", "reads /w/a/b, writes /dst/{b}"),
        ("cp -a x/. /dst", "reads /w/x/, writes /dst/{…}"),
        ("cp -t /d a b", "writes /d/{a b}, reads /w/a, reads /w/b"),
        ("cp -rt/d a", "writes /d/{a}, reads /w/a"),
        ("cp --target-directory=/d -- -a", "writes /d/{-a}, reads /w/-a"),
        ("cp $OPTIONS /a /b", "reads /a, writes /b{a}"),
        ("cp $FILES /b", "reads …, writes /b{…}"),
        ("cp /a $TARGET", "reads /a, writes …{a}"),
        ("cp /a /b $X", "reads /a"),
        ("cp --frobnicate /a /b /c", "reads /b, writes /c{b}"),
        ("mv /a/lib*.jar /libs", "reads /a/lib…, removes /a/lib…, writes /libs{lib…}"),
        ("ln -sf /opt/x /usr/bin/y", "links /usr/bin/y{x}"),
        ("ln -s /opt/x", "links /w/x"),
        ("mkdir -pm 0755 /a", "makes directory /a/"),
        ("tar xzf a.tgz -C /data", "reads /w/a.tgz, writes /data/{…}"),
        ("tar -czf /b/x.tgz -C /data .", "writes /b/x.tgz, reads /data/"),
        ("wget -qP /models https://e.com/d/m.bin", "writes /models/{m.bin}"),
        ("wget -O- https://e.com/d/m.bin", ""),
        ("curl -sLO 'https://e.com/a.bin?x=1'", "writes /w/a.bin"),
        ("git clone https://github.com/a/b.git", "writes /w/b/"),
        ("git -C /d clone $REPOSITORY src", "writes /d/src/{…}"),
        ("sed -i.bak -e s/a/b/ /c", "changes /c"),
        ("sed -e s/a/b/ /c", "reads /c"),
        ("frobnicate /x", ""),
    ],
)
def test_effects(text: str, expected: str) -> None:
    assert effects(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nc -zvw2 db 5432", "port db:5432"),
        ("nc -z $HOST 5432", "port …:5432"),
        ("nc -z $HOST $PORT", "port …"),
        ("nc -l -p 80", ""),
        ("curl -s http://web:8080/health?x=1", "http web:8080/health?x=1"),
        ("curl -s http://web", "http web:80"),
        ("nslookup db.$NAMESPACE.svc", "name db.…"),
        ("getent hosts db", "name db"),
    ],
)
def test_probes(text: str, expected: str) -> None:
    assert probes(text) == expected


def test_tests_look() -> None:
    found = of_test(arguments("[ -f /a/b ]"), CWD)
    assert list(map(effect, found.effects)) == ["looks at /a/b"]
    assert found.probe
    assert found.probe.path == whole("/a/b")


def test_names_are_known_once() -> None:
    text = (ROOT / "initlint/shell/commands.yaml").read_text(encoding="utf-8")
    names = list(table.builtin().names)
    assert text.count("\n  also:") == sum(
        len(one) > 0 for one in re.findall(r"^\S.*:\n  also: (.*)", text, re.MULTILINE)
    )
    assert {"cp", "git clone", "true", "ncat", "getent ahosts"} <= set(names)
