"""The styles in which people and programs write a manifest, and where examples have their Pods."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import yaml
from ruamel.yaml import YAML

Spec = dict[str, Any]


def as_json(value: Spec) -> str:
    return json.dumps(value, indent=2)


def as_ascii_json(value: Spec) -> str:
    return json.dumps(value, separators=(",", ":"))


def as_block(value: Spec) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True)


def as_flow(value: Spec) -> str:
    return yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10_000)


def with_anchors(value: Spec) -> str:
    """PyYAML's dumper anchors what occurs twice: here, resources and metadata."""
    text = yaml.dump(value, sort_keys=False)
    assert "*id00" in text
    return text


def quoted(style: str) -> Callable[[Spec], str]:
    def dump(value: Spec) -> str:
        copy = json.loads(json.dumps(value))
        return str(yaml.safe_dump(copy, default_style=style, sort_keys=False, allow_unicode=True))

    return dump


def by_ruamel(value: Spec) -> str:
    stream = io.StringIO()
    YAML().dump(json.loads(json.dumps(value)), stream)
    return stream.getvalue()


def with_crlf(value: Spec) -> str:
    return as_block(json.loads(json.dumps(value))).replace("\n", "\r\n")


def with_comments(value: Spec) -> str:
    lines = as_block(json.loads(json.dumps(value))).splitlines()
    return "# first\n---\n" + "".join(f"{line}\n\n   # {{{{ comment }}}}\n" for line in lines)


def pods(node: Any, depth: int = 0) -> Iterator[Spec]:
    """What holds init containers, as deep as examples go."""
    if isinstance(node, dict) and isinstance(node.get("initContainers"), list):
        yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children if depth < 30 else ():
        yield from pods(child, depth + 1)


def mappings(items: list[Any] | None) -> list[Spec]:
    """What of a list says something: examples also have what is no container."""
    return [one for one in items or () if one and isinstance(one, dict)]
