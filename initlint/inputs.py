"""The sources of a run: files, directories and standard input, decoded; what cannot be read is said, not raised."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NamedTuple

from initlint.files import discover, read
from initlint.report import Problem, Skipped
from initlint.source import Source

MAX_BYTES = 64 * 1024 * 1024
"""Beyond it not even the text is looked at; the engine's own budget is in characters and lower."""


class Inputs(NamedTuple):
    """Everything the paths hold."""

    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]
    skipped: tuple[Skipped, ...]
    had_files: bool


def collect(paths: Sequence[str], exclude: Sequence[str], force_exclude: bool, stdin_name: str) -> Inputs:
    """Read the files of the paths; `-` is standard input."""
    found = discover([path for path in paths if path != "-"], exclude=exclude, force_exclude=force_exclude)
    sources = [Source.decode(stdin_name, sys.stdin.buffer.read())] if "-" in paths else []
    problems = list(found.problems)
    for file in found.sources:
        content = read(file, limit=MAX_BYTES)
        if isinstance(content, Problem):
            problems.append(content)
        else:
            sources.append(Source.decode(file.path, content))
    return Inputs(tuple(sources), tuple(problems), found.skipped, bool(sources or found.excluded or problems))
