"""Keys and items that come, go and move: in lines, in brackets and in JSON."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from textwrap import dedent

import pytest

from initlint import edit
from initlint.edit.anchors import is_for_all
from initlint.finding import Change, Fix
from initlint.fixing.apply import apply
from initlint.fixing.verify import objection
from initlint.text.documents import documents
from initlint.text.source import Source
from initlint.text.tree import Document, Mapping, Node, Sequence, walk
from tests.conftest import corpus
from tests.helpers import pod

Make = Callable[[Node], Change | None]


def changed(text: str, make: Make, path: str = "a.yaml") -> str | None:
    (document,) = documents(Source(path, text))
    assert isinstance(document, Document), document
    change = make(document.root)
    return apply(text, change.edits) if change else None


def check(before: str, make: Make, after: str | None) -> None:
    wanted = None if after is None else dedent(after)
    assert changed(dedent(before), make) == wanted


RESOURCES = {"requests": {"cpu": "10m", "memory": "64Mi"}, "limits": {"memory": "64Mi"}}


def test_a_key_stands_behind_the_last_of_those_named() -> None:
    check(
        """\
        kind: x
        image: y # pinned
        # how it restarts is said below
        name: z
        """,
        lambda root: edit.insert(root, {"restartPolicy": "Always"}, after=("kind", "image", "absent")),
        """\
        kind: x
        image: y # pinned
        restartPolicy: Always
        # how it restarts is said below
        name: z
        """,
    )


def test_a_key_stands_at_the_end_of_a_file_without_a_final_newline() -> None:
    assert changed("kind: x\na: b", lambda root: edit.insert(root, {"c": "d"})) == "kind: x\na: b\nc: d"


def test_a_mapping_is_indented_as_others_are_and_lines_end_as_others_do() -> None:
    before = "kind: x\r\na:\r\n    b:\r\n        c: d\r\n"
    after = "kind: x\r\na:\r\n    b:\r\n        c: d\r\n    e:\r\n        f: g\r\n"
    assert changed(before, lambda root: edit.insert(root["a"], {"e": {"f": "g"}})) == after


def test_what_is_there_already_is_added_to() -> None:
    check(
        """\
        kind: x
        resources:
          requests:
            cpu: 10m
          # more to come
        name: z
        """,
        lambda root: edit.insert(root, {"resources": {"requests": {"memory": "64Mi"}, "limits": {"memory": "64Mi"}}}),
        """\
        kind: x
        resources:
          requests:
            cpu: 10m
            memory: 64Mi
          limits:
            memory: 64Mi
          # more to come
        name: z
        """,
    )


@pytest.mark.parametrize("nothing", [" {}", "", " null", " ~"])
def test_a_key_without_a_value_gets_one(nothing: str) -> None:
    before = f"kind: x\na:\n- resources:{nothing} # none\n  name: y\n"
    wanted = (
        "kind: x\na:\n- resources: # none\n    requests:\n      cpu: 10m\n      memory: 64Mi\n"
        "    limits:\n      memory: 64Mi\n  name: y\n"
    )
    assert changed(before, lambda root: edit.insert(next(iter(root["a"])), {"resources": RESOURCES})) == wanted


def test_comments_that_are_indented_further_stay_with_what_is_above_them() -> None:
    check(
        """\
        kind: x
        env:
          - name: A
          # - name: B
        """,
        lambda root: edit.insert(root, {"image": "c"}),
        """\
        kind: x
        env:
          - name: A
          # - name: B
        image: c
        """,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{kind: x, a: b}", "{kind: x, a: b, c: {d: e}}"),
        ("{kind: x, a: [b], }", "{kind: x, a: [b], c: {d: e}, }"),
        ("{kind: x,\n a: b # c\n}", "{kind: x,\n a: b, # c\n c: {d: e}\n}"),
        ("{\n  kind: x,\n  a: b, # c\n}", "{\n  kind: x,\n  a: b, # c\n  c: {d: e},\n}"),
        ('{"kind": "x", "a": "b"}', '{"kind": "x", "a": "b", "c": {"d": "e"}}'),
        ('{"kind":"x","a":"b"}', '{"kind":"x","a":"b","c":{"d":"e"}}'),
        (
            '{\n    "kind": "x",\n    "a": "b"\n}\n',
            '{\n    "kind": "x",\n    "a": "b",\n    "c": {\n        "d": "e"\n    }\n}\n',
        ),
    ],
)
def test_a_key_within_brackets(before: str, after: str) -> None:
    assert changed(before, lambda root: edit.insert(root, {"c": {"d": "e"}})) == after


def test_a_key_in_the_middle_of_json_keeps_its_comma_behind_it() -> None:
    before = '{\n  "kind": "x",\n  "a": 1\n}'
    after = '{\n  "kind": "x",\n  "c": true,\n  "a": 1\n}'
    assert changed(before, lambda root: edit.insert(root, {"c": True}, after=("kind",)), "a.json") == after


def test_empty_brackets_are_filled() -> None:
    assert changed("{kind: x, a: {}}", lambda root: edit.insert(root["a"], {"b": "c"})) == "{kind: x, a: {b: c}}"
    assert changed("{kind: x, a: {}}", lambda root: edit.insert(root, {"a": {"b": "c"}})) == "{kind: x, a: {b: c}}"
    assert changed("{kind: x, a: []}", lambda root: edit.append(root["a"], "b")) == "{kind: x, a: [b]}"


def test_a_key_that_has_another_value_is_left_alone() -> None:
    assert changed("kind: x\na: b\n", lambda root: edit.insert(root, {"a": "c"})) is None
    assert changed("kind: x\na: b\n", lambda root: edit.insert(root, {"a": {"c": "d"}, "e": "f"})) is None
    assert changed("kind: x\na: b\n", lambda root: edit.insert(root["a"], {"c": "d"})) is None


def test_a_key_in_front_takes_its_place_above_the_comments() -> None:
    check(
        """\
        kind: x
        # the apps
        containers: []
        """,
        lambda root: edit.insert(root, {"initContainers": [{"name": "a", "args": ["--x"]}]}, before=("containers",)),
        """\
        kind: x
        initContainers:
          - name: a
            args:
              - --x
        # the apps
        containers: []
        """,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("kind: x\na:\n- b: 1\n", "kind: x\na:\n- b: 1\n- name: c\n  path: /d\n"),
        ("kind: x\na:\n    -   b: 1\n", "kind: x\na:\n    -   b: 1\n    -   name: c\n        path: /d\n"),
        ("kind: x\na: [{b: 1}]\n", "kind: x\na: [{b: 1}, {name: c, path: /d}]\n"),
        (
            "kind: x\na: [\n  {b: 1}, # first\n]\n",
            "kind: x\na: [\n  {b: 1}, # first\n  {name: c, path: /d},\n]\n",
        ),
        ("kind: x\nc: &c {}\na:\n- *c # all\n", "kind: x\nc: &c {}\na:\n- *c # all\n- name: c\n  path: /d\n"),
    ],
)
def test_an_item_is_written_as_those_before_it(before: str, after: str) -> None:
    assert changed(before, lambda root: edit.append(root["a"], {"name": "c", "path": "/d"})) == after


def test_an_item_stands_behind_the_one_named() -> None:
    def make(root: Node) -> Change | None:
        return edit.append(root["a"], "-p", after=next(iter(root["a"])))

    assert changed("kind: x\na: [mkdir, /d]\n", make) == "kind: x\na: [mkdir, -p, /d]\n"
    assert changed('kind: x\na: ["mkdir", "/d"]\n', make) == 'kind: x\na: ["mkdir", "-p", "/d"]\n'
    assert changed("kind: x\na:\n  - mkdir\n  - /d\n", make) == "kind: x\na:\n  - mkdir\n  - -p\n  - /d\n"


def test_strings_that_would_be_something_else_are_quoted() -> None:
    before, after = "kind: x\n", 'kind: x\na: "1"\nb: "true"\nc: "x: y"\nd: ""\ne: 1\nf: "on"\ng: 1Gi\n'
    values: dict[str, edit.Value] = {"a": "1", "b": "true", "c": "x: y", "d": "", "e": 1, "f": "on", "g": "1Gi"}
    assert changed(before, lambda root: edit.insert(root, values)) == after


def test_behind_a_scalar_that_keeps_its_blank_lines_is_no_place() -> None:
    assert changed("kind: x\na: |+\n  b\n\n", lambda root: edit.insert(root, {"c": "d"})) is None


@pytest.mark.parametrize(
    ("before", "key", "after"),
    [
        ("kind: x\n# of b\nb:\n  c: d # e\n  # f\nz: y\n", "b", "kind: x\nz: y\n"),
        ("kind: x\n\n# of kind\n\nb: c\n", "b", "kind: x\n\n# of kind\n\n"),
        ("kind: x\nb: c", "b", "kind: x"),
        ("{kind: x, b: c, d: e}", "b", "{kind: x, d: e}"),
        ("{kind: x, b: c}", "b", "{kind: x}"),
        ("{kind: x, b: c}", "kind", "{b: c}"),
        ('{\n  "kind": "x",\n  "b": 1\n}', "b", '{\n  "kind": "x"\n}'),
        ("kind: &k x\nb: *k\nc: d\n", "b", "kind: &k x\nc: d\n"),
    ],
)
def test_a_key_goes_with_its_lines_or_its_comma(before: str, key: str, after: str) -> None:
    assert changed(before, lambda root: edit.delete(root, key)) == after


def test_the_first_key_of_an_item_leaves_the_dash() -> None:
    def make(root: Node) -> Change | None:
        return edit.delete(next(iter(root["a"])), "probe")

    assert changed("kind: x\na:\n  - probe:\n      b: c\n    name: d\n", make) == "kind: x\na:\n  - name: d\n"
    assert changed("kind: x\na:\n  - probe: b\n    # of name\n    name: d\n", make) is None


def test_nothing_is_left_empty() -> None:
    assert changed("kind: x\na:\n  b: c\n", lambda root: edit.delete(root["a"], "b")) is None
    assert changed("kind: x\na: [b]\n", lambda root: edit.delete(root["a"], next(iter(root["a"])))) is None


def test_an_item_goes() -> None:
    def make(root: Node) -> Change | None:
        return edit.delete(root["a"], list(root["a"])[1])

    assert changed("kind: x\na:\n- b\n# of c\n- c\n- d\n", make) == "kind: x\na:\n- b\n- d\n"
    assert changed("kind: x\na: [b, c, d]\n", make) == "kind: x\na: [b, d]\n"
    assert changed("kind: x\na: [b, # of b\n c]\n", make) is None


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("a: 512m", "512Mi", "a: 512Mi"),
        ("a: '512m' # x", "512Mi", "a: '512Mi' # x"),
        ('a: "512m"', "512Mi", 'a: "512Mi"'),
        ("a: 512", "1", 'a: "1"'),
        ("a: '1'", 1, "a: 1"),
        ("a: &a b", "c", "a: &a c"),
    ],
)
def test_a_scalar_is_replaced_in_its_own_quotes(before: str, value: str | int, after: str) -> None:
    assert changed(f"kind: x\n{before}", lambda root: edit.replace(root["a"], value)) == f"kind: x\n{after}"


@pytest.mark.parametrize("before", ["a: !!str 1", "a: |\n  b\n", "a:", "a: [b]"])
def test_what_is_written_in_another_way_is_not_replaced(before: str) -> None:
    assert changed(f"kind: x\n{before}", lambda root: edit.replace(root["a"], "c")) is None


def moved(root: Node) -> Change | None:
    containers = root["containers"]
    return edit.move(
        containers,
        list(containers)[-1],
        root,
        "initContainers",
        adding={"restartPolicy": "Always"},
        after=("image",),
        before=("containers",),
    )


def test_an_item_moves_with_all_that_is_attached_to_it() -> None:
    check(
        """\
        kind: x
        initContainers:
          - name: a
            image: b
          # the last one
        # what runs
        containers:
          - name: app
            image: c
          # ships logs
          - image: d # pinned
            name: logs
            args:
              - |
                x

                y
          # none other
        """,
        moved,
        """\
        kind: x
        initContainers:
          - name: a
            image: b
          # ships logs
          - image: d # pinned
            restartPolicy: Always
            name: logs
            args:
              - |
                x

                y
          # the last one
        # what runs
        containers:
          - name: app
            image: c
          # none other
        """,
    )


def test_an_item_moves_into_a_list_that_is_made_for_it_and_indented_otherwise() -> None:
    check(
        """\
        kind: x
        containers:
            - name: app
              image: c
            - name: logs
              image: d
        volumes: []
        """,
        moved,
        """\
        kind: x
        initContainers:
            - name: logs
              image: d
              restartPolicy: Always
        containers:
            - name: app
              image: c
        volumes: []
        """,
    )
    check(
        """\
        kind: x
        containers:
            - name: app
              image: c
            - name: logs
              image: d
        initContainers:
        - name: a
        """,
        moved,
        """\
        kind: x
        containers:
            - name: app
              image: c
        initContainers:
        - name: a
        - name: logs
          image: d
          restartPolicy: Always
        """,
    )


def test_an_item_moves_within_json() -> None:
    before = {"kind": "x", "containers": [{"name": "app", "image": "c"}, {"name": "logs", "image": "d"}]}
    new = {"name": "logs", "image": "d", "restartPolicy": "Always"}
    after = {"kind": "x", "initContainers": [new], "containers": [{"name": "app", "image": "c"}]}
    for indent in (None, 2, 4):
        assert changed(json.dumps(before, indent=indent), moved, "a.json") == json.dumps(after, indent=indent)
    before["initContainers"] = [{"name": "a"}]
    after = {"kind": "x", "containers": [{"name": "app", "image": "c"}], "initContainers": [{"name": "a"}, new]}
    for indent in (None, 2, 4):
        assert changed(json.dumps(before, indent=indent), moved, "a.json") == json.dumps(after, indent=indent)


def test_the_only_item_does_not_move() -> None:
    assert changed("kind: x\ncontainers:\n- name: a\n", moved) is None


def some_edit(node: Node, chosen: random.Random) -> Change | None:
    """An edit of a node, any that suits it."""
    if isinstance(node, Mapping):
        names = [key.value for key, _ in node.entries]
        new: dict[str, edit.Value] = {"new": chosen.choice([{"a": "b", "c": ["d", "- e"]}, "true", 1])}
        name = chosen.choice(names) if names else ""
        if name != "kind" and chosen.random() < 0.3:
            return edit.delete(node, name)
        return edit.insert(node, new, **{chosen.choice(["after", "before"]): [name]})
    if isinstance(node, Sequence):
        items = list(node)
        return edit.append(node, {"name": "x", "a": {"b": 1}}, after=chosen.choice(items) if items else None)
    return edit.replace(node, chosen.choice(["Always", "x: y", "1"]))


# Many runs of what the others cover already: to count its lines again takes longer than to run it.
@pytest.mark.no_cover
@pytest.mark.no_cover
@pytest.mark.parametrize("seed", range(2))
def test_edits_of_real_files_change_what_they_say(seed: int) -> None:
    chosen, made = random.Random(seed), 0
    for file in sorted(corpus("labelled").glob("*.yaml")):
        source = Source(file.name, file.read_text("utf-8"))
        for document in documents(source):
            assert isinstance(document, Document)
            nodes = list(walk(document.root))
            keys = {id(key) for node in nodes if isinstance(node, Mapping) for key, _ in node.entries}
            for node in chosen.sample([node for node in nodes if id(node) not in keys], 4):
                fix = Fix.of("x", some_edit(node, chosen))
                if fix and is_for_all(fix, 1, document):
                    made += 1
                    after = Source(file.name, apply(source.text, fix.edits))
                    assert objection(source, after, [fix]) is None, (file, fix)
    assert made > 100


def test_what_is_mounted_at_a_path_of_the_environment_is_not_mounted_elsewhere() -> None:
    mounts = "volumeMounts: [{name: v, mountPath: /a, %s}]"
    other, container = pod(f"{{containers: [{{name: a, {mounts % 'subPathExpr: $(B)'}}}, {{name: b}}]}}").containers
    assert edit.mount_like(container, other.mounts[0]) is None
    other, container = pod(f"{{containers: [{{name: a, {mounts % 'subPath: b'}}}, {{name: c}}]}}").containers
    change = edit.mount_like(container, other.mounts[0])
    assert change is not None
    assert "subPath: b" in change.edits[0].text
