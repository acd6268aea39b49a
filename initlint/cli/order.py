"""Show how Pods start."""

from __future__ import annotations

import sys
from enum import Enum
from importlib import import_module
from typing import Annotated

import typer
from typer import Option

from initlint.cli import options
from initlint.cli.output import Color, display
from initlint.cli.request import Flags, Request
from initlint.cli.status import exit_code
from initlint.config import FailOn
from initlint.inputs import collect
from initlint.order.collect import collect_orders
from initlint.report import Report
from initlint.reporters import Display
from initlint.reporters.concise import line


class Format(Enum):
    """How to show it."""

    TEXT = "text"
    JSON = "json"
    MERMAID = "mermaid"


_MODULES = {Format.TEXT: "text", Format.JSON: "jsonformat", Format.MERMAID: "mermaid"}


def order(
    paths: options.Paths = None,
    shown_as: Annotated[Format, Option("--format", help="How to show it.")] = Format.TEXT,
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
    render = import_module(f"initlint.order.{_MODULES[shown_as]}").render
    typer.echo(render(orders, display(sys.stdout, color, 0).on(sys.stdout)), color=True)
    _complain(report, display(sys.stderr, color, 0).on(sys.stderr))
    raise typer.Exit(exit_code(report, FailOn.NEVER, False, False, inputs.had_files))


def _complain(report: Report, shown: Display) -> None:
    """Say what is not shown: files that cannot be read, and text that cannot be understood."""
    for path, message in report.problems:
        typer.echo(shown.prose(f"error: {path}: {message}"), err=True)
    for one in report.active:
        if one.object is None:
            typer.echo(line(one, shown), err=True)
    for path, reason, start in report.skipped:
        typer.echo(shown.prose(f"skipped: {path}:{start}: {reason}"), err=True)
