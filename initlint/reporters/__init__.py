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

_COUNTED = {"full": "write", "concise": "write", "statistics": "write", "json": "write_json"}
LINES = frozenset({"full", "concise", "statistics", "github", "markdown"})
"""Formats of lines for people and logs: the others are one document."""

__all__ = ["FORMATS", "LINES", "Display", "Reporter", "counter", "reporter"]


def reporter(name: str) -> Reporter:
    """The reporter of a format; raises InitlintError for an unknown one."""
    if name not in FORMATS:
        raise InitlintError(f"no output format is called `{name}`: {_suggestion(name)}")
    write: Reporter = import_module(f"{__name__}.{FORMATS[name]}").write
    return write


def counter(name: str) -> Reporter:
    """The reporter of how often each rule speaks; raises InitlintError for a format that has none."""
    reporter(name)
    if name not in _COUNTED:
        raise InitlintError(f"`--statistics` counts in no format but {', '.join(_COUNTED)}: leave out `{name}`, or it")
    write: Reporter = getattr(import_module(f"{__name__}.statistics"), _COUNTED[name])
    return write


def _suggestion(name: str) -> str:
    close = get_close_matches(name.lower(), FORMATS, 1)
    return f"did you mean `{close[0]}`?" if close else f"choose one of {', '.join(FORMATS)}"
