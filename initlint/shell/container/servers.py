"""Which commands ask the same server as another one, where that has failed."""

from __future__ import annotations

import itertools

from initlint.regex import regex
from initlint.shell.commands.facts import Step

_MAKING = regex(r"(?i)\bcreate\s+(?:database|role|user|schema)\b")
_OF_HOST = ("-h", "--host", "--hostname", "--server", "--endpoint")
_ADDRESS = regex(r"\w://|[\w}]:\d{2,5}\b")


def is_in_database(step: Step, on: Step) -> bool:
    """Whether it asks the server where another command makes the database, or the user, that it is for."""
    servers, others = ({(one.host, one.port) for one in it.meaning.probes} for it in (step, on))
    makes = on.command.name in ("createdb", "createuser") or any(
        _MAKING.search(word or "") for word in on.command.words
    )
    return makes and not servers.isdisjoint(others)


def asks_the_same(step: Step, on: Step, text: str) -> bool:
    """Whether a program asks the same server as one that a loop has tried in vain, or that fails only without it.

    Of a download that is not known: the server may not have that file.
    """
    context = on.command.context
    if on.meaning.downloads or step.command.name != on.command.name:
        return False
    hosts, others = ({(one.host, one.port) for one in it.meaning.probes if one.host} for it in (step, on))
    is_tried = (bool(context.loops) and context.is_checked) or on.command.name == "redis-cli"
    if not hosts and not others:
        return is_tried and not _addresses(step, text).isdisjoint(_addresses(on, text))
    return is_tried and not hosts.isdisjoint(others)


def _addresses(step: Step, text: str) -> set[str]:
    """What looks like an address in the words of a program of which nothing is known, as they are written."""
    words = [text[one.start : one.end].strip("\"'") for one in step.command.arguments[1:]]
    named = (word for option, word in itertools.pairwise(words) if option in _OF_HOST)
    return {*named, *(word for word in words if _ADDRESS.search(word))}
