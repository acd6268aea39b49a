"""Which template each part of a rendered text comes from."""

from __future__ import annotations

import re
from pathlib import Path

from initlint.regex import regex
from initlint.text.source import Source

# What helm puts in front of each document that a template of a chart renders to.
_ORIGIN = regex(r"^---[ \t]*\r?\n# Source: (\S[^\r\n]*?)[ \t]*\r?$", re.MULTILINE)


def by_template(source: Source, chart: str = "") -> list[Source]:
    """A source for each template that a rendered text names, and one of the rest; the text itself if it names none.

    Lines are those of what the template renders to, as `helm template --show-only` prints it. A chart that is a
    directory stands in the paths in place of its name.
    """
    origins = list(_ORIGIN.finditer(source.text))
    if not origins:
        return [source]
    ends = [*(origin.start() for origin in origins[1:]), len(source.text)]
    parts: dict[str, list[str]] = {}
    for origin, end in zip(origins, ends, strict=True):
        parts.setdefault(_path(origin[1], chart), []).append(source.text[origin.start() : end])
    before = source.text[: origins[0].start()]
    rest = [Source(source.path, before)] if before.strip() else []
    return [*rest, *(Source(path, "".join(texts)) for path, texts in parts.items())]


def _path(named: str, chart: str) -> str:
    _, slash, below = named.partition("/")
    return Path(chart, below).as_posix() if slash and chart and Path(chart).is_dir() else named
