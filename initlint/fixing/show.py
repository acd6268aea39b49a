"""Show what was mended, and what would be: for people in lines, and for `git apply` as a unified diff."""

from __future__ import annotations

import os
from collections.abc import Iterator
from difflib import unified_diff

from initlint.finding import Diagnostic
from initlint.fixing.mend import Mended, MendedRun
from initlint.reporters.display import BOLD, Display
from initlint.reporters.summary import plural, skipped_count
from initlint.text.source import Source

_STYLES = {"+++": BOLD, "---": BOLD, "@": "36", "+": "32", "-": "31"}
_NO_NEWLINE = "\n\\ No newline at end of file\n"


def lines(outcome: MendedRun, display: Display) -> Iterator[str]:
    """What is fixed, and what is not although it was tried."""
    yield from fixed(outcome, display)
    for found, reason in outcome.refused:
        yield f"{_place(found, display)}: {found.rule}: not fixed, {reason}"


def fixed(outcome: MendedRun, display: Display) -> Iterator[str]:
    """What is fixed."""
    for mended in outcome.mended:
        for found in mended.fixed:
            yield f"{_place(found, display)}: {found.rule}: {display.prose(found.fix.title if found.fix else '')}"


def summary(outcome: MendedRun, display: Display, *, is_done: bool, unsafe: bool) -> str:
    """How much is fixed, and how much more could be."""
    count = sum(len(mended.fixed) for mended in outcome.mended)
    files = plural(len(outcome.mended), "file")
    done = (
        f"{plural(count, 'finding')} {'fixed' if is_done else 'would be fixed'} in {files}"
        if count
        else f"nothing {'fixed' if outcome.refused else 'to fix'}"
    )
    left = len(outcome.report.active)
    more = 0 if unsafe else sum(found.fix is not None and not found.fix.safe for found in outcome.report.active)
    parts = [done, f"{left:,} left" if left else "", f"{more:,} more with --unsafe" if more else ""]
    return display.dot.join(filter(None, [*parts, *skipped_count(outcome.report, display)]))


def _place(found: Diagnostic, display: Display) -> str:
    line, column = found.place.start
    return f"{display.name(found.path)}:{line}:{column}"


def diff(mended: Mended, display: Display) -> str:
    """A unified diff that `git apply` takes, coloured where that is wanted."""
    name = os.path.relpath(mended.before.path).replace(os.sep, "/")
    before, after = _lines(mended.before), _lines(mended.after)
    return "".join(_painted(line, display) for line in unified_diff(before, after, f"a/{name}", f"b/{name}"))


def _lines(source: Source) -> list[str]:
    """Lines as git counts them, which end with a line feed and nothing else."""
    text = "\ufeff" * source.bom + source.text
    return [line + "\n" for line in text.split("\n")[:-1]] + [
        last + _NO_NEWLINE for last in text.split("\n")[-1:] if last
    ]


def _painted(line: str, display: Display) -> str:
    style = next((style for start, style in _STYLES.items() if line.startswith(start)), None)
    if style is None or not display.color:
        return line
    return display.paint(line.removesuffix("\n"), style) + "\n"
