"""List the rules."""

from __future__ import annotations

import json
from enum import Enum
from typing import Annotated

import typer
from typer import Option

from initlint.cli import options
from initlint.rule import Rule
from initlint.settings import Settings, all_rules


class ListFormat(Enum):
    """How to list the rules."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


def rules(
    output_format: Annotated[ListFormat, Option(metavar="NAME", help="table, json or markdown.")] = ListFormat.TABLE,
    rules_dir: options.RulesDir = None,
) -> None:
    """List the rules."""
    render = {ListFormat.TABLE: _table, ListFormat.JSON: _json, ListFormat.MARKDOWN: markdown}[output_format]
    typer.echo(render(all_rules(Settings(packs=tuple(rules_dir or ())))))


def _table(known: tuple[Rule, ...]) -> str:
    width, codes = max(len(rule.name) for rule in known), max(len(rule.code) for rule in known)
    return "\n".join(
        f"{rule.code:<{codes}}  {rule.name:<{width}}  {rule.severity!s:<7}  {rule.title}" for rule in known
    )


def _json(known: tuple[Rule, ...]) -> str:
    fields = ("code", "name", "title")
    facts = [
        {name: getattr(rule, name) for name in fields}
        | {"url": rule.url or None, "severity": str(rule.severity), "confidence": str(rule.confidence)}
        for rule in known
    ]
    return json.dumps(facts, indent=2)


def markdown(known: tuple[Rule, ...]) -> str:
    """A table for a page, each name linked to the rule's folder."""
    names = [f"[{one.name}]({one.url})" if one.url else one.name for one in known]
    rows = [f"| {one.code} | {name} | {one.severity} | {one.title} |" for one, name in zip(known, names, strict=True)]
    return "\n".join(["| code | name | severity | finds |", "|---|---|---|---|", *rows])
