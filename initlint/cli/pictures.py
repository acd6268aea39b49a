"""What the verbs have in common that draw: the format, and what is said beside the picture."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer
from typer import Option

from initlint.report import Report
from initlint.reporters import Display
from initlint.reporters.concise import line


class Format(Enum):
    """How to show it."""

    TEXT = "text"
    JSON = "json"
    MERMAID = "mermaid"

    @property
    def module(self) -> str:
        """The module that renders it, in the package of what is shown."""
        return "jsonformat" if self is Format.JSON else self.value


FormatOption = Annotated[Format, Option("--format", help="How to show it.")]


def complain(report: Report, shown: Display) -> None:
    """Say what is not shown: files that cannot be read, and text that cannot be understood."""
    for path, message in report.problems:
        typer.echo(shown.prose(f"error: {path}: {message}"), err=True)
    for one in report.active:
        if one.object is None:
            typer.echo(line(one, shown), err=True)
    for path, reason, start in report.skipped:
        typer.echo(shown.prose(f"skipped: {path}:{start}: {reason}"), err=True)
