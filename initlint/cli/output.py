"""Where reports go: standard output or a file that is written whole or not at all, in colour where that is wanted."""

from __future__ import annotations

import os
import sys
from enum import Enum
from io import StringIO
from pathlib import Path
from shutil import get_terminal_size
from typing import NamedTuple, TextIO

from initlint import atomic
from initlint.errors import InitlintError, unwritten
from initlint.report import Report
from initlint.reporters import LINES, Display, Reporter, counter, reporter
from initlint.reporters.display import WIDTH
from initlint.viewpoint import Viewpoint


class Color(Enum):
    """When to colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Output(NamedTuple):
    """A reporter, and the file for its output; None is standard output. What is added to is not replaced."""

    reporter: Reporter
    file: Path | None
    adds: bool = False


def outputs(formats: list[str], *, is_counted: bool = False) -> list[Output]:
    """Read `NAME[=FILE]`; raises InitlintError for a format that does not exist, and for reports in each other's way.

    `is_counted`: the findings of each rule are counted instead of shown. The annotations of GitHub are few: what it
    tells the step to summarise goes with them.
    """
    named = [_named(one) for one in formats]
    wanted = [Output(counter(name) if is_counted else reporter(name), file) for name, file in named]
    _refuse_mixed(named)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary and any(name == "github" for name, _ in named):
        wanted.append(Output(reporter("markdown"), Path(summary), adds=True))
    return wanted


def _named(output: str) -> tuple[str, Path | None]:
    name, separator, file = output.partition("=")
    if separator and not file:
        raise InitlintError(f"`{output}` names no file: write `{name}=FILE`, or `{name}` for standard output")
    return name, Path(file) if file not in ("", "-") else None


def _refuse_mixed(named: list[tuple[str, Path | None]]) -> None:
    """Two reports in one place cannot be read; lines of text may follow each other on standard output."""
    where: dict[Path | None, str] = {}
    for name, file in named:
        other = where.setdefault(file, name)
        if other is not name and (file or not {name, other} <= LINES):
            place = f"into `{file}`" if file else "to standard output"
            raise InitlintError(f"`{other}` and `{name}` both go {place}: give one another file, `{name}=FILE`")


def display(stream: TextIO, color: Color, verbosity: int) -> Display:
    """How to print to a stream."""
    return Display(_is_colored(stream, color), verbosity, _width(stream), viewpoint=_viewpoint())


def _width(stream: TextIO) -> int:
    return min(WIDTH, get_terminal_size((WIDTH, 0)).columns) if stream.isatty() else WIDTH


def _viewpoint() -> Viewpoint:
    """That of the repository: as its CI says, else from the nearest directory that is one."""
    here = Path.cwd()
    told = [Path(path) for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR") if (path := os.environ.get(name))]
    roots = [path for path in (here, *here.parents) if (path / ".git").exists()]
    root = next((path for path in [*told, *roots] if here.is_relative_to(path)), here)
    return Viewpoint(str(root), str(here))


def _is_colored(stream: TextIO, color: Color) -> bool:
    """The flag, then NO_COLOR, then FORCE_COLOR, then CI, which shows colours, then whether it is a terminal."""
    if color is not Color.AUTO:
        return color is Color.ALWAYS
    if os.environ.get("NO_COLOR"):
        return False
    wanted = any(
        os.environ.get(name, "0") not in ("", "0", "false") for name in ("FORCE_COLOR", "CLICOLOR_FORCE", "CI")
    )
    return wanted or is_terminal(stream)


def is_terminal(stream: TextIO) -> bool:
    """Whether a stream leads to a terminal that can do more than print."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def show(report: Report, wanted: list[Output], color: Color, verbosity: int) -> None:
    """Write a report in each of the formats that are wanted."""
    shown = display(sys.stdout, color, verbosity)
    for output in wanted:
        write(report, output, shown)


def write(report: Report, output: Output, shown: Display) -> None:
    """Print a report, or put it into its file."""
    if output.file is None:
        output.reporter(report, sys.stdout, shown)
        return
    try:
        put = _add if output.adds else _replace
        put(report, output.reporter, output.file, Display(viewpoint=shown.viewpoint))
    except OSError as error:
        raise unwritten(output.file, error) from error


def _add(report: Report, to: Reporter, file: Path, shown: Display) -> None:
    with file.open("a", encoding="utf-8", errors="replace", newline="\n") as stream:
        to(report, stream, shown)


def _replace(report: Report, to: Reporter, file: Path, shown: Display) -> None:
    text = StringIO()
    to(report, text, shown)
    atomic.replace(file, text.getvalue().encode("utf-8", "replace"))
