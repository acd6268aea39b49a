"""The verbs that draw: they differ in what is gathered from the inputs, and in who renders it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import Enum
from importlib import import_module
from typing import Annotated, Any

import typer

from initlint.cli import options
from initlint.cli.output import Color, display
from initlint.cli.request import Flags, RunRequest, named
from initlint.cli.status import exit_code, tell_problems
from initlint.cli.templates import with_templates
from initlint.inputs import STDIN, Inputs
from initlint.report import Report
from initlint.reporters import Display
from initlint.reporters.concise import line
from initlint.reporters.summary import skipped, skipped_count
from initlint.settings import Settings

Gather = Callable[[Inputs, Settings], tuple[Any, Report]]


class PictureFormat(Enum):
    """How to show it."""

    TEXT = "text"
    JSON = "json"
    MERMAID = "mermaid"

    @property
    def module(self) -> str:
        """The module that renders it, in the package of what is shown."""
        return "jsonformat" if self is PictureFormat.JSON else self.value


_Format = Annotated[PictureFormat, options.output("--format", "--output-format", help="text, json or mermaid.")]


def picture(package: str, gather: Gather, text: str) -> Callable[..., None]:
    """A verb that shows what is gathered, by the modules of a package named as the formats; `text` is its help."""

    def show(
        paths: options.Paths = None,
        shown_as: _Format = PictureFormat.TEXT,
        target_version: options.TargetVersion = None,
        context: options.Context = None,
        exclude: options.Exclude = None,
        force_exclude: options.ForceExclude = False,
        stdin_filename: options.StdinFilename = STDIN,
        config: options.ConfigFile = None,
        isolated: options.Isolated = False,
        rules_dir: options.RulesDir = None,
        jobs: options.Jobs = 0,
        color: options.ColorWhen = Color.AUTO,
        verbose: options.Verbose = 0,
    ) -> None:
        flags = Flags(target_version=target_version, exclude=exclude)
        request = RunRequest.of(flags, config_file=config, isolated=isolated, rules_dir=rules_dir, jobs=jobs)
        given = named(paths, stdin_filename)
        inputs = request.inputs(given, context=context, force_exclude=force_exclude, stdin_filename=stdin_filename)
        found, report = gather(with_templates(inputs, stdin_name=stdin_filename), request.settings)
        render = import_module(f"initlint.pictures.{package}.{shown_as.module}").render
        typer.echo(render(found, display(sys.stdout, color, 0).on(sys.stdout)), color=True)
        _complain(report, display(sys.stderr, color, verbose).on(sys.stderr))
        raise typer.Exit(exit_code(report, inputs, given))

    show.__doc__ = text
    return show


def _complain(report: Report, shown: Display) -> None:
    """Say what is not shown: files that cannot be read, and text that cannot be understood."""
    tell_problems(report.problems)
    for one in report.active:
        if one.object is None:
            typer.echo(line(one, shown), err=True)
    for told in skipped(report, shown) if shown.verbosity > 0 else skipped_count(report, shown):
        typer.echo(told, err=True)
