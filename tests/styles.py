"""The styles in which people and programs write a manifest."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
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
