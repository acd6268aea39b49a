"""The exit code: the same whatever the output format."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import typer

from initlint.config import FailOn
from initlint.finding import Severity
from initlint.inputs import Inputs
from initlint.report import Problem, Report
from initlint.reporters import Display
from initlint.reporters.summary import plural
from initlint.settings import ALWAYS

_REMEDY = "name one, or see whether `exclude`, a `.gitignore` or, of examples, a `rule.py` leaves it out"


def tell_empty(inputs: Inputs, paths: Iterable[str]) -> None:
    """Say why there is nothing to look at."""
    if not inputs.had_files:
        where = ", ".join(f"`{path}`" for path in paths)
        typer.echo(f"error: no `.yaml`, `.yml` or `.json` file in {where}: {_REMEDY}", err=True)


def tell_problems(problems: Iterable[Problem]) -> None:
    """Say what could not be read, or written."""
    shown = Display().on(sys.stderr)
    for one in problems:
        typer.echo(f"error: {shown.name(one.path)}: {shown.prose(one.message)}", err=True)


def exit_code(
    report: Report, inputs: Inputs, given: Iterable[str], *, fail_on: FailOn = FailOn.NEVER, strict: bool = False
) -> int:
    """0 clean, 1 findings, 2 not everything could be checked, 3 nothing to look at, for which the reason is said."""
    tell_empty(inputs, given)
    if report.problems or any(found.code == ALWAYS for found in report.active):
        return 2
    if strict and report.skipped:
        count = plural(len(report.skipped), "input")
        typer.echo(f"error: {count} had to be skipped, which `--strict` forbids: `--verbose` lists what", err=True)
        return 2
    if not inputs.had_files:
        return 3
    if fail_on is FailOn.NEVER:
        return 0
    least = Severity[fail_on.name]
    return int(any(found.severity >= least for found in report.active))
