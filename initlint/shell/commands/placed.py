"""Where a program puts what no word says where: in the directory that a variable names, or in that of its user."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from initlint.regex import regex
from initlint.shell.commands.effects import WordInRole, effects
from initlint.shell.commands.meaning import Meaning
from initlint.shell.commands.told import Export, settings_of
from initlint.shell.language.command import Command
from initlint.shell.language.values import whole

_VARIABLE = regex(r"\$(\w+)")


def placed(
    meaning: Meaning, env: Mapping[str, str | None] | None, command: Command, given: Sequence[Export], text: str
) -> Meaning:
    """The same with the directory that is filled, if it is known; `env` are all variables, `HOME` if it is known, too.

    Of the places that the command has, the first counts of which the variable is set.
    """
    if not meaning.places:
        return meaning
    is_here = re.search(rf"\b{meaning.filled_by}\b", text) is not None  # else it is a server somewhere that fills it
    path = _place(meaning.places, env, command, given, text) if env is not None and is_here else None
    if path is None or not command.arguments:
        return meaning._replace(is_complete=False)
    word = command.arguments[0]._replace(value=whole(path))
    return meaning._replace(effects=(*meaning.effects, *effects([WordInRole("into", word)], command.cwd, frozenset())))


def _place(
    places: Sequence[str], env: Mapping[str, str | None], command: Command, given: Sequence[Export], text: str
) -> str | None:
    own = [one for one in (*given, *settings_of(command)) if one.at <= command.start]
    for place in places:
        name = next(iter(_VARIABLE.findall(place)), None)
        if name is None:
            return place
        values = [one.text for one in own if one.name == name]
        value = env.get(name, "") if not values else values[-1]
        if value is None or len(re.findall(rf"\b{name}=", text)) != len(values):
            return None
        if value:
            return _VARIABLE.sub(value.rstrip("/"), place) if value.startswith("/") else None
    return None
