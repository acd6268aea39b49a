"""Explain a rule: what it finds, why that breaks start-up, how to mend it, with examples."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from initlint.explanation import page
from initlint.settings import Settings, all_rules, find_rule


def explain(
    name: Annotated[str, Argument(metavar="RULE", help="Name or code, such as undeclared-volume or INIT201.")],
    rules_dir: Annotated[list[Path] | None, Option(help="A directory of rule folders of your own.")] = None,
) -> None:
    """Explain a rule: what it finds, why that breaks start-up, how to mend it, with examples."""
    typer.echo(page(find_rule(all_rules(Settings(packs=tuple(rules_dir or ()))), name).facts))
