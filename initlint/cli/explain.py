"""Explain a rule: what it finds, why that breaks start-up, how to mend it, with examples."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Argument, Option

from initlint.cli import options
from initlint.cli.completion import rule_names
from initlint.explanation import page
from initlint.settings import Settings, all_rules, find_rule

_HELP = "Name or code, such as undeclared-volume or INIT201."


def explain(
    name: Annotated[str, Argument(metavar="RULE", help=_HELP, autocompletion=rule_names)],
    is_whole: Annotated[bool, Option("--all", help="Show every example.")] = False,
    rules_dir: options.RulesDir = None,
) -> None:
    """Explain a rule, with examples."""
    rule = find_rule(all_rules(Settings(packs=tuple(rules_dir or ()))), name)
    typer.echo(page(rule.facts, is_whole=is_whole))
