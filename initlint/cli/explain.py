"""Explain a rule: what it finds, why that breaks start-up, how to mend it, with examples."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from initlint.rule import Rule
from initlint.settings import Settings, all_rules, find_rule


def explain(
    name: Annotated[str, Argument(metavar="RULE", help="Name or code, such as undeclared-volume or INIT201.")],
    rules_dir: Annotated[list[Path] | None, Option(help="A directory of rule folders of your own.")] = None,
) -> None:
    """Explain a rule: what it finds, why that breaks start-up, how to mend it, with examples."""
    typer.echo(page(find_rule(all_rules(Settings(packs=tuple(rules_dir or ()))), name)))


def page(rule: Rule) -> str:
    """The rule's page as Markdown: its facts, its README, its examples."""
    readme = (rule.folder / "README.md").read_text("utf-8").split("\n", 1)
    facts = f"{rule.code} · {rule.severity} · confidence {rule.confidence}\n{rule.url}"
    return "\n\n".join([readme[0], facts, readme[1].strip(), *_examples(rule)])


def _examples(rule: Rule) -> list[str]:
    files = [("Found", "bad.yaml"), ("Not found", "good.yaml")]
    present = [(title, rule.folder / name) for title, name in files if (rule.folder / name).is_file()]
    return [f"## {title}\n\n```yaml\n{file.read_text('utf-8').strip()}\n```" for title, file in present]
