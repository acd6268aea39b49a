"""Pipes that end when something comes through them: `tail -f log | grep -q ready`, `kubectl get -w | while read …`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.language.command import Command, Context
from initlint.shell.waiting.loops import Loop

_SEARCHING = ("grep", "egrep", "fgrep", "rg")
_ONE = regex(r"-[a-zA-Z]*[qm]\d*|--(?:quiet|silent|max-count(?:=.*)?)")
_LEAVING = {"sed": regex(r"(?:.*[/;{}\d$\s])?[qQ]\d*\s*\}?;?\s*"), "awk": regex(r"(?s).*\bexit\b.*")}


class Stream(NamedTuple):
    """What goes on for ever in a pipe, and the steps behind it which end that; `end` is where these do."""

    source: Step
    ending: tuple[Step, ...]
    end: int


def streams(loops: Sequence[Loop], steps: Sequence[Step]) -> Iterator[Stream]:
    """Each pipe that is left only when what is looked for comes."""
    for index, source in enumerate(steps):
        if source.meaning.follows and source.command.context.stage[1] > 1:
            behind = [one for one in steps[index + 1 :] if _is_behind(one.command.context, source.command.context)]
            yield from _ended(source, behind, loops)


def _ended(source: Step, behind: Sequence[Step], loops: Sequence[Loop]) -> Iterator[Stream]:
    ending = next((one for one in behind if ends_early(one.command)), None)
    if ending:
        yield Stream(source, (ending,), ending.command.end)
        return
    for loop in loops:
        if _is_behind(loop.round.context, source.command.context) and loop.is_left_within:
            asked = {id(command) for command in loop.asked}
            found = tuple(one for one in behind if id(one.command) in asked and one.command.start >= loop.head[1])
            yield Stream(source, found or (source,), loop.head[1])
            return


def _is_behind(one: Context, source: Context) -> bool:
    """Whether a command is a later stage of the same pipe, or stands in it."""
    index, count = source.stage
    return one.stage[1] == count and one.stage[0] > index and one.shells[:-1] == source.shells[:-1]


def ends_early(command: Command) -> bool:
    """Whether it is done before its input is."""
    name, words = command.name or "", [word or "" for word in command.words[1:]]
    if name in _SEARCHING:
        return any(map(_ONE.fullmatch, words))
    return name == "head" or (name in _LEAVING and any(map(_LEAVING[name].fullmatch, words)))
