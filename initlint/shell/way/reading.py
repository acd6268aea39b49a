"""What a loop reads line by line: `while read host port; do …; done < file`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from initlint.shell.language import syntax
from initlint.shell.language.scope import Scope
from initlint.shell.language.values import Value

_MOST = 32
"""Lines that are told apart."""


def of_lines(loop: syntax.While, scope: Scope) -> Mapping[str, tuple[str, ...]]:
    """The variables that `while read` sets, and what each is, round by round; comments and empty lines aside."""
    found = _reading(loop)
    separator = _separator(found, scope) if found else None
    if found is None or found.redirects or separator is None or scope.input.text is None:
        return {}
    names = _names(found)
    lines = [line for line in scope.input.text.split("\n") if line.strip() and not line.lstrip().startswith("#")]
    if len(lines) > _MOST or not _is_kept(found, scope.input.text):
        return {}
    rows = [_fields(line, separator, len(names)) for line in lines]
    return {name: tuple(row[index] for row in rows) for index, name in enumerate(names)} if rows else {}


def of_text(reading: syntax.Simple, scope: Scope) -> Mapping[str, Value]:
    """The same of `read` alone, of a text that stands behind it: `IFS=: read host port <<< "$target"`."""
    separator, text, names = _separator(reading, scope), scope.fed_by(reading.redirects), _names(reading)
    if separator is None or not any(one.operator.startswith("<<") for one in reading.redirects):
        return {}
    rows = text.map(
        lambda known: (
            "\n".join(_fields(known.partition("\n")[0], separator, len(names))) if _is_kept(reading, known) else None
        )
    )
    return {name: rows.map(partial(_line, index)) for index, name in enumerate(names)}


def into_array(reading: syntax.Simple, scope: Scope) -> None:
    """What `mapfile -t hosts < file` and `IFS=, read -ra hosts <<< "$HOSTS"` put into an array."""
    text = scope.fed_by(reading.redirects).text
    items: Iterable[str] = ()
    match [word.text for word in reading.words]:
        case ["mapfile" | "readarray", "-t", str(name)] if text is not None:
            items = filter(None, text.split("\n"))
        case ["read", "-ra" | "-ar" | "-a", str(name)] | ["read", "-r", "-a", str(name)] if text is not None:
            separator = _separator(reading, scope) if "\\" not in text else None
            line = text.partition("\n")[0]
            items = line.split(separator.strip() or None) if separator else ()
        case _:
            return
    scope.assign_items(name, {str(at): item for at, item in enumerate(filter(None, items))})


def _line(index: int, text: str) -> str:
    return text.split("\n")[index]


def _is_kept(reading: syntax.Simple, text: str) -> bool:
    """Whether nothing is taken out: without `-r`, a backslash is, and joins or hides what stands behind it."""
    return "\\" not in text or any(word.text == "-r" for word in reading.words[1:])


def _names(reading: syntax.Simple) -> list[str]:
    """The variables that it sets; none if its options are not understood."""
    names = [word.text or "" for word in reading.words[1:] if word.text != "-r"]
    return names if all(map(str.isidentifier, names)) else []


def _reading(loop: syntax.While) -> syntax.Simple | None:
    """`read`, also before what takes a last line that does not end: `read x || [ -n "$x" ]`."""
    statement = loop.condition.items[0].statement if len(loop.condition.items) == 1 and not loop.is_until else None
    if isinstance(statement, syntax.AndOr) and statement.operator == "||" and isinstance(statement.right, syntax.Test):
        statement = statement.left
    return statement if isinstance(statement, syntax.Simple) and statement.name == "read" else None


def _separator(reading: syntax.Simple, scope: Scope) -> str | None:
    """What stands between the fields of a line, a blank for any white space; None if that is not known."""
    own = [one.value for one in reading.assignments if one.name == "IFS"]
    if not own:
        return None if "IFS" in scope.variables else " "
    text = scope.value(own[0]).text if own[0] else ""
    return text if text is not None and len(text) < 2 else None


def _fields(line: str, separator: str, count: int) -> list[str]:
    """What each variable is; the last one takes all that is left."""
    if separator == " ":
        found = line.split(None, count - 1)
    else:
        found = line.split(separator, count - 1) if separator else [line]
    last = [one.rstrip() if separator == " " else one for one in found]
    return [*last, *[""] * (count - len(last))]
