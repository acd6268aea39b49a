"""Explain a rule: what it finds, why that breaks start-up, how to mend it, with examples."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Argument

from initlint.cli import options
from initlint.cli.completion import rule_names
from initlint.explanation import page
from initlint.settings import Settings, all_rules, find_rule

_HELP = "Name or code, such as undeclared-volume or INIT201."


def explain(
    name: Annotated[str, Argument(metavar="RULE", help=_HELP, autocompletion=rule_names)],
    rules_dir: options.RulesDir = None,
) -> None:
    """Explain a rule, with examples."""
    typer.echo(page(find_rule(all_rules(Settings(packs=tuple(rules_dir or ()))), name).facts))
