"""Write a rule folder of one's own, and run the harness on rule folders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from initlint import packs, scaffold
from initlint.cli import options
from initlint.errors import InitlintError
from initlint.settings import Settings, all_rules


def new_rule(
    name: Annotated[str, Argument(metavar="NAME", help="The bad thing, such as `undeclared-volume`.")],
    code: Annotated[str, Option(metavar="CODE", help="Default the next free INIT9xx.", show_default=False)] = "",
    rules_dir: options.Pack = None,
) -> None:
    """Write the folder of a new rule. It holds an example that its tests accept."""
    pack, *more = rules_dir or [Path("rules")]
    if more:
        raise InitlintError(f"a rule is put into one pack, and `{pack}` is not the only one: name one by `--rules-dir`")
    folder = scaffold.write(name, code, pack)
    typer.echo(f"wrote {folder}: edit it, then run `initlint test-rules {pack}`")


def check_rules(
    rules_dir: Annotated[Path | None, Argument(metavar="[DIR]", help="A pack; default the built-in one.")] = None,
    write_fixed: Annotated[bool, Option("--write-fixed", help="Write each fixed.yaml as the fixes make it.")] = False,
) -> None:
    """Test the rules of a pack. Of each folder its page, its cases with their carets, its fix."""
    from initlint import testing

    own = () if rules_dir is None else (rules_dir,)
    folder = packs.builtin() if rules_dir is None else rules_dir
    rules = [rule for rule in all_rules(Settings(packs=own)) if rule.folder.parent.resolve() == folder.resolve()]
    for rule in (one for one in rules if write_fixed and not one.unavailable):
        if file := testing.write_fixed(rule):
            typer.echo(f"wrote {file}: read it with care")
    for rule in rules:
        if rule.unavailable:
            typer.echo(f"not run: {rule.unavailable}")
    found = [(rule, list(testing.failures(rule))) for rule in rules]
    for failure in (one for _, several in found for one in several):
        typer.echo(failure)
    failed = sum(bool(several) for _, several in found)
    typer.echo(f"{len(rules) - failed} passed, {failed} failed")
    raise typer.Exit(1 if failed or not rules else 0)
