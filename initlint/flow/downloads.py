"""What a container downloads, and where on which volume it comes to lie."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.flow.model import Use
from initlint.flow.stations import Station
from initlint.regex import regex
from initlint.shell.commands.pythoncalls import FETCHING

_FETCHING = regex(rf"\b(?:{'|'.join(sorted(FETCHING))})\s*\([^()]*\Z")


def downloads(station: Station) -> Iterator[Use]:
    """The writes of what is downloaded, by the command itself or by those that it is piped into."""
    writes = [use for use in station.uses if use.fills]
    return (use for use in writes if _is_downloaded(use) and not _fails(use))


def _fails(use: Use) -> bool:
    """Whether it is written where nothing can be."""
    return any(one is not None and one.attachment is not None and one.attachment.is_read_only for one in use.locations)


def _is_downloaded(use: Use) -> bool:
    """Whether a write is a download's own, or behind one in the same pipeline."""
    steps = use.script.steps
    last = next(index for index, step in enumerate(steps) if step is use.step)
    if steps[last].meaning.downloads or _is_fetched(use):
        return True
    lowest = steps[last].command.context.stage[0]
    for step in reversed(steps[:last]):
        stage = step.command.context.stage[0]
        if step.meaning.downloads and stage < lowest:
            return True
        lowest = min(lowest, stage)
        if lowest == 0:
            return False
    return False


def _is_fetched(use: Use) -> bool:
    """Whether a program in Python downloads to it: the path is an argument of what does."""
    command = use.step.command
    is_python = (command.name or "").startswith("python")
    return is_python and bool(_FETCHING.search(use.script.script.text[command.start : use.effect.start]))
