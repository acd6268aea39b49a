"""What a container downloads, and where on which volume it comes to lie."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.flow.history import WRITES
from initlint.flow.model import Use
from initlint.flow.stations import Station
from initlint.shell.meaning import Action


def downloads(station: Station) -> Iterator[Use]:
    """The writes of what is downloaded, by the command itself or by those that it is piped into."""
    writes = [use for use in station.uses if use.action in WRITES and use.action is not Action.MAKE_DIRECTORY]
    for use in writes:
        if any(_flows(other, use) for other in _sources(use)):
            yield use


def _sources(use: Use) -> list[int]:
    """Where in its script the downloads stand."""
    steps = use.script.steps
    return [index for index, step in enumerate(steps) if step.meaning.downloads and index <= steps.index(use.step)]


def _flows(index: int, use: Use) -> bool:
    """Whether a write is the download's own, or behind it in the same pipeline."""
    steps = use.script.steps
    last = steps.index(use.step)
    between = steps[index + 1 : last + 1]
    return all(step.command.context.stage[0] > steps[index].command.context.stage[0] for step in between)
