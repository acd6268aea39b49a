"""The sources of a run: files, directories and standard input, decoded; what cannot be read is said, not raised."""

from __future__ import annotations

import os
import posixpath
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from initlint.files import FileToRead, discover, is_left_out, read
from initlint.kube.kustomize import generators
from initlint.report import Problem, Skipped
from initlint.text.source import Source

STDIN = "<stdin>"
"""What standard input is called, unless it is given a name."""

MAX_BYTES = 64 * 1024 * 1024
"""Beyond it not even the text is looked at; the engine's own budget is in characters and lower."""


MAX_BYTES_OF_TEXT = 64 * 1024
"""The same of a script or a list of variables."""


class Inputs(NamedTuple):
    """Everything the paths hold; `context` is to be read, and not to be reported.

    `files` leads from the path of a source to where it is, free of symbolic links; standard input is not in it.
    """

    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]
    skipped: tuple[Skipped, ...]
    context: tuple[Source, ...]
    had_files: bool
    files: Mapping[str, Path]


def collect(
    paths: Sequence[str],
    *,
    exclude: Sequence[str] = (),
    force_exclude: bool = False,
    stdin_name: str = STDIN,
    root: Path = Path(),
    context: Sequence[str] = (),
) -> Inputs:
    """Read the files of the paths; `-` is standard input. Patterns to exclude are relative to `root`."""
    given = [path for path in paths if path != "-"]
    found = discover(given, exclude=exclude, force_exclude=force_exclude, root=root)
    # A kustomization names files by the way from itself: absolute ones are found from an absolute path.
    is_absolute = any(map(os.path.isabs, given))
    around = discover([str(Path(one).resolve()) if is_absolute else one for one in context], exclude=exclude, root=root)
    own = {file.file for file in found.sources}
    sources, problems = _read(found.sources)
    others, unreadable = _read([file for file in around.sources if file.file not in own])
    is_out = force_exclude and stdin_name != STDIN and is_left_out(stdin_name, exclude=exclude, root=root)
    stdin, closed = _piped(stdin_name) if "-" in paths and not is_out else ([], [])
    others += _named([*found.sources, *around.sources], [*sources, *others])
    problems = [*closed, *found.problems, *problems, *around.problems, *unreadable]
    files = {file.path: Path(file.file) for file in found.sources}
    had_files = bool(sources or stdin or found.excluded or problems or is_out)
    return Inputs((*stdin, *sources), tuple(problems), found.skipped, tuple(others), had_files, files)


def _piped(name: str) -> tuple[list[Source], list[Problem]]:
    """Standard input, which who starts a program may have closed."""
    if sys.stdin is None:
        return [], [Problem(name, "standard input is closed: pipe a manifest in, or name files")]
    return [Source.decode(name, sys.stdin.buffer.read())], []


def _read(files: Sequence[FileToRead]) -> tuple[list[Source], list[Problem]]:
    contents = [(file, read(file, limit=MAX_BYTES)) for file in files]
    sources = [Source.decode(file.path, content) for file, content in contents if isinstance(content, bytes)]
    return sources, [content for _, content in contents if isinstance(content, Problem)]


def _named(files: Sequence[FileToRead], sources: Sequence[Source]) -> list[Source]:
    """The files that kustomizations make ConfigMaps of, which lie in or below their folders; what is not there is not.

    As texts, which are no manifests.
    """
    real, known = {file.path: Path(file.file) for file in files}, {source.path for source in sources}
    found: dict[str, Source] = {}
    for source in sources:
        for path in generators.named(source) if source.path in real else ():
            here = real[source.path].parent
            file = Path(os.path.realpath(here / posixpath.relpath(path, posixpath.dirname(source.path) or ".")))
            if path not in known and file.is_relative_to(here):
                content = read(FileToRead(path, str(file)), limit=MAX_BYTES_OF_TEXT)
                if isinstance(content, bytes) and b"\0" not in content:
                    found[path] = replace(Source.decode(path, content), is_manifest=False)
    return list(found.values())
