"""Show how Pods start."""

from __future__ import annotations

import sys
from importlib import import_module

import typer

from initlint.cli import options
from initlint.cli.output import Color, display
from initlint.cli.pictures import Format, FormatOption, complain
from initlint.cli.request import Flags, Request
from initlint.cli.status import exit_code
from initlint.config import FailOn
from initlint.inputs import collect
from initlint.order.collect import collect_orders


def order(
    paths: options.Paths = None,
    shown_as: FormatOption = Format.TEXT,
    target_version: options.TargetVersion = None,
    context: options.Context = None,
    exclude: options.Exclude = None,
    force_exclude: options.ForceExclude = False,
    stdin_filename: options.StdinFilename = "<stdin>",
    config: options.ConfigFile = None,
    isolated: options.Isolated = False,
    rules_dir: options.RulesDir = None,
    jobs: options.Jobs = 0,
    color: options.ColorWhen = Color.AUTO,
) -> None:
    """Show how Pods start: what waits for what, which volumes carry data, what it costs, what is found where."""
    flags = Flags(target_version=target_version, exclude=exclude)
    request = Request.of(flags, config, isolated, tuple(rules_dir or ()), jobs)
    inputs = collect(paths or ["."], request.exclude, force_exclude, stdin_filename, request.root, context or [])
    orders, report = collect_orders(inputs, request.settings)
    render = import_module(f"initlint.order.{shown_as.module}").render
    typer.echo(render(orders, display(sys.stdout, color, 0).on(sys.stdout)), color=True)
    complain(report, display(sys.stderr, color, 0).on(sys.stderr))
    raise typer.Exit(exit_code(report, FailOn.NEVER, False, False, inputs.had_files))
