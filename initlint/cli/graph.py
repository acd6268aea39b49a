"""Show who waits for whom."""

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
from initlint.graph.collect import collect_graph
from initlint.inputs import collect


def graph(
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
    """Show who waits for whom across all manifests, the cycles, and the longest chain of waits."""
    flags = Flags(target_version=target_version, exclude=exclude)
    request = Request.of(flags, config, isolated, tuple(rules_dir or ()), jobs)
    inputs = collect(paths or ["."], request.exclude, force_exclude, stdin_filename, request.root, context or [])
    found, report = collect_graph(inputs, request.settings)
    render = import_module(f"initlint.graph.{shown_as.module}").render
    typer.echo(render(found, display(sys.stdout, color, 0).on(sys.stdout)), color=True)
    complain(report, display(sys.stderr, color, 0).on(sys.stderr))
    raise typer.Exit(exit_code(report, FailOn.NEVER, False, False, inputs.had_files))
