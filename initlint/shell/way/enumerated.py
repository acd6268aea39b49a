"""What the variable of a loop is in each of its rounds: the words of a list, or the numbers that it counts through."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from initlint.regex import regex
from initlint.shell.language import syntax
from initlint.shell.language.expand import calculated
from initlint.shell.language.scope import Scope
from initlint.shell.language.syntax import Quote, Word
from initlint.shell.way.changes import changes

_MOST = 32
"""Rounds that are told apart."""

_HEADER = regex(
    r"for\s*\(\(\s*(\w+)\s*=([^;]+);\s*\1\s*(<=?)([^;]+);\s*(?:\1\+\+|\+\+\1|\1\s*\+=\s*1)\s*\)\).*", re.DOTALL
)
_ARRAY = regex(r"\$\{(!?)(\w+)\[@\]\}")
_COUNT = regex(r"\$\{#(\w+)\[[@*]\]\}")
_WORD = r"""(?:[\w:./@,=+-]+|"[\w:./@,=+ -]*"|'[^'\n]*')"""
_ITEM = regex(_WORD)
_LISTED = regex(rf"\(\s*((?:{_WORD}(?:\s+|(?=\))))*)\)")
_KEY = r"""\[(?:"([\w.-]+)"|'([\w.-]+)'|([\w.-]+))\]="""
_KEYED = regex(rf"{_KEY}({_WORD})")
_ALL_KEYED = regex(rf"\(\s*((?:{_KEY}{_WORD}(?:\s+|(?=\))))*)\)")
_BRACES = regex(r"\{(\d{1,4})\.\.(\d{1,4})\}")
_COUNTED_ON = regex(r"""["']?\$\(\(\s*\$?\{?(\w+)\}?\s*\+\s*1\s*\)\)["']?""")
_COMPARED = {"-lt": 0, "-le": 1}


def of_list(loop: syntax.For, scope: Scope) -> tuple[str, ...]:
    """What the variable of `for` is, round by round; nothing if that is not known."""
    if loop.header:
        return _of_header(loop, scope)
    words = [_texts(word, scope) for word in loop.words] if loop.words is not None else [_known(scope.arguments)]
    found = tuple(text for texts in words for text in texts or ())
    return found if None not in words and len(found) <= _MOST else ()


def counter_of(loop: syntax.For) -> str:
    """The name of the variable."""
    match = _HEADER.fullmatch(loop.header)
    return match[1] if match else loop.name


def of_counter(loop: syntax.While, scope: Scope, text: str) -> tuple[str, tuple[str, ...]] | None:
    """The variable by which `while [ $i -lt 3 ]` counts at its end, and what it is, round by round."""
    test = loop.condition.items[0].statement if len(loop.condition.items) == 1 and not loop.is_until else None
    if not isinstance(test, syntax.Test) or len(test.words) != 3 or test.words[1].text not in _COMPARED:
        return None
    name = _variable(test.words[0])
    start, end = scope.look_up(name).text if name else None, scope.value(test.words[2]).text
    is_counted = name and _is_counted_at_end(loop, name, text)
    if not is_counted or start is None or end is None or not start.isdecimal() or not end.isdecimal():
        return None
    numbers = _numbers(start, int(end) - 1 + _COMPARED[test.words[1].text])
    return (name, numbers) if numbers else None


def _is_counted_at_end(loop: syntax.While, name: str, text: str) -> bool:
    """Whether nothing sets a counter but the last statement, which counts on by one."""
    own = [one for one in changes(loop, {}) if one.name == name]
    last = loop.body.items[-1].statement if loop.body.items else None
    if len(own) != 1 or last is None:
        return False
    value = own[0].value
    if value is not None:
        match = _COUNTED_ON.fullmatch(text[value.start : value.end])
        return last.start <= value.start < last.end and match is not None and match[1] == name
    return own[0].arithmetic.replace(" ", "").rstrip(")") in (f"{name}++", f"++{name}", f"{name}+=1") and isinstance(
        last, syntax.Simple | syntax.Test
    )


def _variable(word: Word) -> str:
    part = word.parts[0] if len(word.parts) == 1 else None
    return part.name if isinstance(part, syntax.Variable) and not part.operation else ""


def _of_header(loop: syntax.For, scope: Scope) -> tuple[str, ...]:
    match = _HEADER.fullmatch(loop.header)
    if match is None or any(one.name == match[1] for item in loop.body.items for one in changes(item.statement, {})):
        return ()
    texts = [_COUNT.sub(lambda one: str(len(scope.items(one[1])) or one[0]), text) for text in (match[2], match[4])]
    start, end = (calculated(text.strip(), lambda name: scope.look_up(name).text) for text in texts)
    return () if start is None or end is None else _numbers(str(start), end - (match[3] == "<"))


def _numbers(first: str, last: int) -> tuple[str, ...]:
    numbers = range(int(first), last + 1)
    return tuple(map(str, numbers)) if len(numbers) <= _MOST else ()


def _texts(word: Word, scope: Scope) -> tuple[str, ...] | None:
    """The words that a word becomes."""
    part = word.parts[0] if len(word.parts) == 1 else None
    match part:
        case syntax.Variable(name="@" | "*", operation=""):
            return _known(scope.arguments)
        case syntax.Pattern(text=text) if found := _ARRAY.fullmatch(text):
            items = scope.items(found[2])
            return tuple(items if found[1] else items.values()) or None
        case syntax.Pattern(text=text) if (found := _BRACES.fullmatch(text)) and scope.has_braces:
            return _numbers(found[1], int(found[2])) or None
        case syntax.Substitution(body=body, quote=quote) if (texts := _of_output(body, scope)) is not None:
            return texts if quote is Quote.NONE else None
    known = scope.value(word).text
    if known is None or all(part.quote is not Quote.NONE or isinstance(part, syntax.Literal) for part in word.parts):
        return None if known is None else (known,)
    is_plain = not re.search(r"[*?\[\\]", known) and "IFS" not in scope.variables
    return tuple(known.split()) if is_plain else None


def _known(values: Iterable[object] | None) -> tuple[str, ...] | None:
    texts = [getattr(value, "text", None) for value in values or (None,)]
    return tuple(text for text in texts if text is not None) if None not in texts else None


def _of_output(body: syntax.Block, scope: Scope) -> tuple[str, ...] | None:
    """`$(seq 0 2)`, `$(echo $HOSTS | tr ',' ' ')`."""
    statement = body.items[0].statement if len(body.items) == 1 else None
    stages = statement.stages if isinstance(statement, syntax.Pipeline) else (statement,)
    words = [list(_words(one, scope)) for one in stages if isinstance(one, syntax.Simple)]
    match words:
        case [["seq", *numbers]] if all(one and re.fullmatch(r"\d{1,5}", one) for one in numbers):
            known = [int(one or 0) for one in numbers]
            return _sequence(known)
        case [["echo", *texts]] if len(words) == len(stages) and None not in texts:
            return tuple(part for text in texts for part in (text or "").split())
    return None


def _sequence(known: list[int]) -> tuple[str, ...] | None:
    match known:
        case [last]:
            return _numbers("1", last)
        case [first, last]:
            return _numbers(str(first), last)
        case [first, 1, last]:
            return _numbers(str(first), last)
    return None


def _words(command: syntax.Simple, scope: Scope) -> Iterator[str | None]:
    yield from (scope.value(word).text for word in command.words)


def items_of(one: syntax.Assignment) -> dict[str, str]:
    """What is in an array that is written out, by its places or keys: `(db:5432 "cache:6379")`, `([db]=5432)`.

    Nothing of any other value; numbers are no keys, as they may be places in an array.
    """
    parts = one.value.parts if one.value and not one.appends else ()
    text = parts[0].text if len(parts) == 1 and isinstance(parts[0], syntax.Pattern) else ""
    if match := _LISTED.fullmatch(text):
        return {str(at): item.strip("\"'") for at, item in enumerate(_ITEM.findall(match[1]))}
    match = _ALL_KEYED.fullmatch(text)
    found = {"".join(keys): item.strip("\"'") for *keys, item in _KEYED.findall(match[1])} if match else {}
    return {} if any(key.isdecimal() for key in found) else found
