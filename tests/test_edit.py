"""Edits through the tree: every style, exactly the characters that a careful person would have changed."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from initlint import edit
from initlint.edit.anchors import is_for_all
from initlint.finding import Change, Edit, Fix
from initlint.fixing.apply import apply
from initlint.kube.pods.container import Container
from initlint.kube.pods.locate import locate
from initlint.kube.terms.cluster import Cluster
from initlint.kube.terms.versions import DEFAULT
from initlint.library import check_text
from initlint.settings import Settings
from initlint.shell.container.script import ContainerScript
from initlint.shell.container.scripts import scripts
from initlint.text.documents import documents
from initlint.text.source import Source, Span
from initlint.text.tree import Document
from tests.conftest import corpus

HEAD = "apiVersion: v1\nkind: Pod\nspec:\n  initContainers:\n    - name: fetch\n      image: alpine:3.20\n"


def container(body: str, head: str = HEAD) -> Container:
    (document,) = documents(Source("case.yaml", head + body))
    assert isinstance(document, Document), document
    workload = locate(document.root, Cluster(DEFAULT))
    assert workload
    return next(workload.pods[0].all_containers())


def script_of(body: str) -> ContainerScript:
    (script,) = scripts(container(body))
    return script


def after(body: str, change: Change | None) -> str | None:
    """The body as the change makes it; None if the change cannot be made."""
    return apply(HEAD + body, change.edits).removeprefix(HEAD) if change else None


def fail(script: ContainerScript) -> Change | None:
    return edit.add_words(script, script.script.text.index("curl") + 4, "--fail")


def strict(script: ContainerScript) -> Change | None:
    return edit.prepend(script, "set -e")


def shout(script: ContainerScript) -> Change | None:
    end = len(script.script.text.rstrip())
    return edit.rewrite(script, end, end, ' || echo "it\'s $(date)"')


@pytest.mark.parametrize(
    ("written", "changed"),
    [
        ("curl a && b", "curl --fail a && b"),
        ("'echo ''x'' && curl a'", "'echo ''x'' && curl --fail a'"),
        (r'"echo \"x\"\ncurl a"', r'"echo \"x\"\ncurl --fail a"'),
        ("|\n        curl \\\n          a\n", "|\n        curl --fail \\\n          a\n"),
        (">-\n        echo x;\n        curl\n        a\n", ">-\n        echo x;\n        curl --fail\n        a\n"),
        ("echo x;\n        curl\n        a", "echo x;\n        curl --fail\n        a"),
        ("|2-\n          echo x\n        curl\n", "|2-\n          echo x\n        curl --fail\n"),
        ("|\r\n        curl a\r\n", "|\r\n        curl --fail a\r\n"),
        ("|\n        x=$$(curl a)\n", "|\n        x=$$(curl --fail a)\n"),
    ],
)
def test_a_word_is_added_in_the_style_of_the_scalar(written: str, changed: str) -> None:
    body = "      command: [sh, -c]\n      args:\n      - "
    assert after(body + written, fail(script_of(body + written))) == body + changed


@pytest.mark.parametrize(
    ("written", "changed"),
    [
        ("curl a && b", "set -e; curl a && b"),
        ('"curl a"', '"set -e; curl a"'),
        (r'"curl a\nb"', r'"set -e\ncurl a\nb"'),
        (r'"#!/bin/sh\ncurl a"', r'"#!/bin/sh\nset -e\ncurl a"'),
        ("|\n        curl a\n\n        b\n", "|\n        set -e\n        curl a\n\n        b\n"),
        ("|-\n        #!/bin/sh\n\n        b\n", "|-\n        #!/bin/sh\n\n        set -e\n        b\n"),
        ("|\n        # get it\n        b\n", "|\n        set -e\n        # get it\n        b\n"),
        (">\n        curl a;\n        b\n", ">\n        set -e; curl a;\n        b\n"),
        ("|\r\n        curl a\r\n", "|\r\n        set -e\r\n        curl a\r\n"),
        ("# all of it\n        '# a comment'", None),
    ],
)
def test_a_command_is_put_before_all_others(written: str, changed: str | None) -> None:
    body = "      command: [sh, -c]\n      args:\n      - "
    expected = body + changed if changed else None
    assert after(body + written, strict(script_of(body + written))) == expected


@pytest.mark.parametrize(
    ("written", "changed"),
    [
        ("'curl a'", "'curl a || echo \"it''s $(date)\"'"),
        ('"curl a"', '"curl a || echo \\"it\'s $(date)\\""'),
        ("|\n        curl a\n", '|\n        curl a || echo "it\'s $(date)"\n'),
        ("curl a", 'curl a || echo "it\'s $(date)"'),
    ],
)
def test_quotes_are_escaped_as_the_style_wants_it(written: str, changed: str) -> None:
    body = "      command: [sh, -c]\n      args:\n      - "
    assert after(body + written, shout(script_of(body + written))) == body + changed


def test_what_kubernetes_would_expand_is_escaped() -> None:
    body = "      env: [{name: HOST, value: x}]\n      command: [sh, -c, 'curl $(HOST)']\n"
    script = script_of(body)
    change = edit.rewrite(script, 0, 0, "echo $(HOST); ")
    assert after(body, change) == body.replace("'curl", "'echo $$(HOST); curl")


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("curl a", "\nb"),
        ("curl a", " # b"),
        ("curl a", ": b"),
        ("'curl a'", "\nb"),
        (">\n        curl a\n", "\nb"),
        ("|\n        curl a\n", "\n"),
        ("|\n        curl a\n", "\x00"),
    ],
)
def test_what_the_style_cannot_hold_is_refused(written: str, text: str) -> None:
    script = script_of(f"      command: [sh, -c]\n      args:\n      - {written}")
    end = len(script.script.text.rstrip("\n"))
    assert edit.rewrite(script, end, end, text) is None


def test_a_plain_scalar_stays_a_string_of_one_line_outside_brackets() -> None:
    script = script_of("      command: [sh, -c, curl a]\n")
    assert edit.rewrite(script, 6, 6, "[b]") is None
    assert edit.rewrite(script, 0, 0, "- ") is None
    assert edit.rewrite(script, 0, 6, "1") is None


def test_a_block_scalar_does_not_begin_with_space() -> None:
    script = script_of("      command: [sh, -c]\n      args:\n      - |\n        curl a\n")
    assert edit.rewrite(script, 0, 0, "  b\n") is None
    assert edit.rewrite(script, 0, 6, "") is None


def test_blank_lines_get_no_trailing_space() -> None:
    body = "      command: [sh, -c]\n      args:\n      - |\n        a\n\n        b\n"
    assert after(body, edit.rewrite(script_of(body), 1, 1, "\n\nc\n")) == body.replace(
        "a\n\n", "a\n\n        c\n\n\n", 1
    )


def test_what_is_no_script_has_no_first_command() -> None:
    assert strict(script_of("      command: [curl, a]\n")) is None


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ("      command: [curl, a]\n", "      command: [curl, --fail, a]\n"),
        ('      command: ["curl"]\n      args: ["a"]\n', '      command: ["curl", "--fail"]\n      args: ["a"]\n'),
        ("      command:\n      - curl\n      - a\n", "      command:\n      - curl\n      - --fail\n      - a\n"),
    ],
)
def test_without_a_shell_words_are_items(body: str, changed: str) -> None:
    assert after(body, fail(script_of(body))) == changed
    assert edit.add_words(script_of(body), 2, "--fail") is None


def test_a_fix_is_all_of_its_changes_or_nothing() -> None:
    script = script_of("      command: [sh, -c, curl a]\n")
    both = Fix.of("x", fail(script), strict(script), safe=True)
    assert both
    assert both.safe
    assert len(both.edits) == len(both.effects) == 2
    assert Fix.of("x", fail(script), None) is None


SHARED = """apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Pod
    metadata: {name: a}
    spec:
      containers:
        - name: a
          image: a:1
          volumeMounts: &mounts
            - {name: confg, mountPath: /a}
      volumes: [{name: config}]
  - apiVersion: v1
    kind: Pod
    metadata: {name: b}
    spec:
      containers:
        - name: b
          image: b:1
          volumeMounts: *mounts
      volumes: [{name: VOLUME}]
"""


@pytest.mark.parametrize(("volume", "is_fixed"), [("config", True), ("confg", False)])
def test_what_an_alias_stands_for_is_changed_only_if_all_uses_want_it(volume: str, is_fixed: bool) -> None:
    (found,) = check_text(SHARED.replace("VOLUME", volume), settings=Settings(select=("INIT201",))).active
    assert bool(found.fix) is is_fixed


def test_an_anchor_is_not_taken_from_its_aliases() -> None:
    (document,) = documents(Source("a.yaml", "kind: x\na: &a 1\nb: *a\n"))
    assert isinstance(document, Document)
    assert not is_for_all(Fix("x", (Edit(Span(8, 16), ""),)), 2, document)
    assert is_for_all(Fix("x", (Edit(Span(8, 22), ""),)), 2, document)


def written(script: str, style: str) -> str:
    """A script in a Pod, as PyYAML's dumper or JSON writes it."""
    spec = {"initContainers": [{"name": "fetch", "image": "alpine:3.20", "command": ["sh", "-c", script]}]}
    pod = {"apiVersion": "v1", "kind": "Pod", "spec": spec}
    return (
        json.dumps(pod) if style == "json" else str(yaml.safe_dump(pod, default_style=style or None, sort_keys=False))
    )


@pytest.mark.parametrize("style", ["|", ">", "'", '"', "", "json"])
def test_words_are_added_to_real_scripts(style: str) -> None:
    """Wherever a word ends, another can follow it, and that is all that changes."""
    tried = 0
    for line in (corpus(".") / "scripts.jsonl").read_text("utf-8").splitlines()[::2]:
        text = written(json.loads(line)["script"], style)
        for script in scripts(container(text, "")):
            was = script.script.text
            ends = [match.end() for match in re.finditer(r"[\w/.-]+(?=\s|\Z)", was)]
            for offset in ends[:: max(len(ends) // 3, 1)]:
                tried += 1
                change = edit.add_words(script, offset, "--flag=x")
                assert change, (text, offset)
                (again,) = scripts(container(apply(text, change.edits), ""))
                assert again.script.text == f"{was[:offset]} --flag=x{was[offset:]}", (text, offset)
    assert tried > 100
