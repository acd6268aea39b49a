"""`initlint graph`: the formats, what is said beside them, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from initlint.graph.graph import Graph
from initlint.inputs import Inputs
from initlint.pictures.graph import jsonformat, mermaid, text
from initlint.pictures.graph.collect import collect_graph
from initlint.reporters import Display
from initlint.settings import Settings
from initlint.text.source import Source
from tests.commandline import run
from tests.conftest import ROOT
from tests.goldens import golden
from tests.waiting import looked_up, service, until, workload

GOLDEN = ROOT / "fixtures" / "graph"
RENDER = {"text": text.render, "json": jsonformat.render, "mermaid": mermaid.render}


def graph(*documents: str, context: tuple[Source, ...] = ()) -> Graph:
    source = Source("all.yaml", "---\n".join(documents))
    return collect_graph(Inputs((source,), (), (), context, True, {}), Settings(jobs=1))[0]


@pytest.mark.parametrize("name", RENDER)
def test_output_is_the_golden_one(name: str) -> None:
    path = "fixtures/graph/shop.yaml"
    source = Source(path, (ROOT / path).read_text("utf-8"))
    found = collect_graph(Inputs((source,), (), (), (), True, {}), Settings(jobs=1))[0]
    written = RENDER[name](found, Display()) + "\n"
    assert written == golden(GOLDEN / f"shop.{name}", written)


def test_json_is_of_its_schema() -> None:
    schema = json.loads((ROOT / "schemas" / "graph.schema.json").read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    for found in (
        graph(),
        graph(*map(service, "ab"), workload("a", until("b"), looked_up("a")), workload("b", until("a"))),
    ):
        validator.validate(json.loads(jsonformat.render(found, Display())))
    validator.validate(json.loads((GOLDEN / "shop.json").read_text("utf-8")))


def test_text_fits_the_terminal() -> None:
    names = [f"{letter * 20}-{letter * 19}" for letter in "abc"]
    pairs = zip(names, [*names[1:], names[0]], strict=True)
    found = graph(*map(service, names), *(workload(one, until(other)) for one, other in pairs))
    assert max(map(len, text.render(found, Display()).splitlines())) <= 80


def test_nothing_waits() -> None:
    assert text.render(graph(workload("a"), service("a")), Display()) == "wait for nothing: Deployment/a"
    assert text.render(graph(), Display()) == "no workloads"
    many = [workload(f"a{index}") for index in range(11)]
    assert text.render(graph(*many), Display()) == "wait for nothing: 11 workloads"
    assert mermaid.render(graph(workload("a")), Display()) == "flowchart LR"


def test_a_chain_lasts_as_long_as_its_waits_together() -> None:
    limited = "timeout {} sh -c 'until nc -z {} 80; do sleep 1; done'"
    documents = [*map(service, "abc"), workload("a", limited.format(30, "b")), workload("b", limited.format(15, "c"))]
    shown = text.render(graph(*documents, workload("c")), Display())
    assert shown.endswith("longest chain: Deployment/a → Deployment/b → Deployment/c, at most 45 s")
    without = [*documents[:4], workload("b", until("c")), workload("c")]
    assert text.render(graph(*without), Display()).endswith("→ Deployment/c, without a limit")


@pytest.mark.parametrize(
    ("script", "seconds", "told"),
    [
        (until("b"), 90, "at most 90 s, by activeDeadlineSeconds"),
        ("for i in $(seq 10); do nc -z -w 2 b 80 && exit 0; sleep 3; done; exit 1", 90, "at most 50 s"),
        ("for i in $(seq 10); do nc -z -w 2 b 80 && exit 0; sleep 3; done; exit 1", 40, "at most 40 s, by activeDe"),
        ("for i in $(seq 10); do nc -z b 80 && exit 0; sleep 3; done; exit 1", 90, "about 30 s"),
        ("timeout $LONG sh -c 'until nc -z b 80; do sleep 1; done'", 90, "at most 90 s, by activeDeadlineSeconds"),
    ],
)
def test_how_long_a_wait_lasts(script: str, seconds: int, told: str) -> None:
    job = workload("a", script, kind="Job", extra=f"  activeDeadlineSeconds: {seconds}\n")
    shown = text.render(graph(job.replace("apps/v1", "batch/v1")), Display())
    assert f"waits for b:80, {told}" in " ".join(shown.split())


def test_a_chain_of_unknown_length() -> None:
    unknown = workload("a", "timeout $LONG sh -c 'until nc -z b 80; do sleep 1; done'")
    shown = text.render(graph(service("b"), unknown, workload("b")), Display())
    assert shown.endswith("longest chain: Deployment/a → Deployment/b, how long is not known")


def test_who_waits_for_itself_and_what_is_there_at_once() -> None:
    shown = text.render(graph(service("a"), workload("a", looked_up("a"), until("a"))), Display())
    assert "Service a: Deployment/a, whose name is there at once" in shown
    assert "cycle: Deployment/a → Deployment/a" in shown


def test_who_waits_for_what_is_installed_only_afterwards_never_starts_nor_do_those_that_wait_for_it() -> None:
    wave = 'metadata: {name: a, annotations: {argocd.argoproj.io/sync-wave: "-1"}}'
    early = workload("a", until("b")).replace("metadata: {name: a}", wave)
    others = [workload("b"), workload("c", until("a")), workload("d", until("b"))]
    found = graph(*map(service, "abcd"), early, *others)
    assert {one.ref.name for one in found.never_starting} == {"a", "c"}


def test_each_of_several_is_named_with_its_port() -> None:
    shown = text.render(graph(workload("a", "cub kafka-ready -b b:9092,c:9093 1 60")), Display())
    assert "waits for b:9092, at most 60 s" in shown
    assert "waits for c:9093, at most 60 s" in shown


def test_nothing_beyond_ascii_where_the_encoding_has_no_more() -> None:
    documents = [*map(service, "ab"), workload("a", until("b")), workload("b", until("a"))]
    assert text.render(graph(*documents), Display(encoding="ascii")).isascii()


def test_the_context_is_part_of_it() -> None:
    other = Source("b.yaml", service("b") + "---\n" + workload("b"))
    shown = text.render(graph(workload("a", until("b")), context=(other,)), Display())
    assert "Service b: Deployment/b" in shown


@pytest.mark.parametrize(
    ("content", "arguments", "code"),
    [
        (workload("a", until("a")), ["a.yaml"], 0),
        (workload("a", until("a")), ["--format", "mermaid"], 0),
        ("a: [", [], 0),
        (workload("a"), ["missing.yaml"], 2),
        (workload("a"), ["--format", "png"], 2),
    ],
)
def test_exit_code(tmp_path: Path, content: str, arguments: list[str], code: int) -> None:
    (tmp_path / "a.yaml").write_text(content)
    assert run("graph", *arguments, cwd=tmp_path)[0] == code


def test_what_is_not_shown_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: [")
    (tmp_path / "b.yaml").write_text(service("b") + "---\n" + workload("b", until("b")))
    code, out, err = run("graph", cwd=tmp_path)
    assert (code, "Deployment/b" in out, "a.yaml:1:" in err) == (0, True, True)


def test_no_files(tmp_path: Path) -> None:
    assert run("graph", cwd=tmp_path)[0] == 3
