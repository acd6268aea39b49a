"""The formats of a report: each is one module whose `write` is the reporter, imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from importlib import import_module
from typing import TextIO

from initlint.errors import InitlintError
from initlint.report import Report
from initlint.reporters.display import Display

Reporter = Callable[[Report, TextIO, Display], None]
"""Writes a whole report to a stream."""

FORMATS = {
    "full": "full",
    "concise": "concise",
    "json": "jsonreport",
    "statistics": "statistics",
    "github": "github",
    "gitlab": "gitlab",
    "junit": "junit",
    "markdown": "markdown",
    "sarif": "sarif",
}
"""Name of each format, and its module; the first is the default."""

__all__ = ["FORMATS", "Display", "Reporter", "reporter"]


def reporter(name: str) -> Reporter:
    """The reporter of a format; raises InitlintError for an unknown one."""
    if name not in FORMATS:
        raise InitlintError(f"no output format is called `{name}`: {_suggestion(name)}")
    write: Reporter = import_module(f"{__name__}.{FORMATS[name]}").write
    return write


def _suggestion(name: str) -> str:
    close = get_close_matches(name.lower(), FORMATS, 1)
    return f"did you mean `{close[0]}`?" if close else f"choose one of {', '.join(FORMATS)}"
