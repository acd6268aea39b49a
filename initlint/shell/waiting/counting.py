"""How many rounds a loop goes through if what it asks for is never there: it counts, or goes through a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from initlint.regex import regex
from initlint.shell.language import syntax
from initlint.shell.language.syntax import Statement, Word
from initlint.shell.waiting import counters
from initlint.shell.waiting.atoms import atoms, holds, surely
from initlint.shell.waiting.loops import Bound, Loop, Way

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_SEQUENCE = regex(r"""["']?(?:\$\(|`)\s*seq\s+([^)`]*?)\s*[)`]["']?""")
_BRACES = regex(r"\{(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?\}")


class Count(NamedTuple):
    """How many whole rounds come before a loop is left, where it is left then, and what its counter is behind it."""

    rounds: int
    at: int
    counter: str = ""
    value: int = 0


def counts(loop: Loop, *, has_braces: bool) -> Iterator[Count]:
    """What surely ends a loop after a number of rounds that is known; `has_braces`: its shell knows `{1..9}`."""
    statement = loop.statement
    if _is_over_at_once(loop):
        return
    if isinstance(statement, syntax.For) and not statement.header:
        listed = _listed(loop, statement, has_braces=has_braces)
        last = _last(loop, statement)
        counter = ("", 0) if last is None else (statement.name, last)
        yield from [] if listed is None else [Count(listed, loop.start, *counter)]
    elif isinstance(statement, syntax.For):
        _, _, behind = statement.header.partition(";")
        found = _until(loop, behind.partition(";")[0].strip(), loop.start, leaves_if=False)
        yield from [found] if found else []
    yield from _tested(loop)


def _is_over_at_once(loop: Loop) -> bool:
    """Whether the first round is the last."""
    return any(_is_taken(loop, way) is True for way in loop.ways)


def earlier(loop: Loop, *, has_braces: bool) -> Iterator[Count]:
    """What ends a loop through numbers before the last of them: `[ "$i" -gt 20 ] && exit 1`."""
    for way in () if _is_over_at_once(loop) else loop.ways:
        if found := _passed(loop, way, has_braces=has_braces):
            yield found


def is_counted(loop: Loop, *, has_braces: bool) -> bool:
    """Whether it is known when each way out of a loop opens where nothing is there that it asks for; or by a clock."""
    return not any(
        kinds - {Bound.PROBE, Bound.NEVER, Bound.CLOCK}
        and not any(_of_way(loop, way))
        and _passed(loop, way, has_braces=has_braces) is None
        for way, kinds in _open(loop)
    )


def has_clock(loop: Loop) -> bool:
    """Whether a clock may end a loop where nothing is there that it asks for."""
    return any(Bound.CLOCK in kinds for _, kinds in _open(loop))


def _open(loop: Loop) -> Iterator[tuple[Way, set[Bound]]]:
    """The ways out of a loop that do not need what it asks for, and what they depend on."""
    for way in loop.ways:
        if _is_taken(loop, way) is not False:
            yield way, {loop.kind(atom) for guard in way.guards for atom in atoms(guard.statement)}


def _passed(loop: Loop, way: Way, *, has_braces: bool) -> Count | None:
    """After how many of its numbers a loop is left by a way that tests nothing else; None if that is not known."""
    numbers = _numbers(loop, has_braces=has_braces)
    for index, number in enumerate(numbers or ()):
        is_left = _is_left(loop, way, number)
        if is_left is not False:
            return Count(index, way.guards[-1].start) if is_left and way.guards else None
    return None if numbers is None else Count(len(numbers), loop.start)


def _is_left(loop: Loop, way: Way, number: int) -> bool | None:
    """Whether a loop is left by a way in the round of a number."""
    name = loop.statement.name if isinstance(loop.statement, syntax.For) else ""

    def answer(one: Statement) -> bool | None:
        found = counters.compared(loop, one, name, number)
        return assumed(loop, one) if found is None else found

    return _together((holds(guard.statement, answer), guard.succeeded) for guard in way.guards)


def _tested(loop: Loop) -> Iterator[Count]:
    for way in loop.ways:
        yield from _of_way(loop, way)


def _of_way(loop: Loop, way: Way) -> Iterator[Count]:
    for guard in way.guards:
        for atom in atoms(guard.statement):
            leaving = _leaving(loop, way, atom) if loop.kind(atom) is Bound.COUNTER else None
            found = None if leaving is None else _until(loop, atom, atom.start, leaves_if=leaving)
            yield from [found] if found else []


def assumed(loop: Loop, statement: Statement, atom: Statement | None = None, known: bool | None = None) -> bool | None:
    """Whether a statement holds where nothing is there that the loop asks for; None if that is not known.

    Of `atom` it is `known` whether it holds.
    """

    def answer(one: Statement) -> bool | None:
        if one is atom:
            return known
        sure = surely(one, loop.walk.functions)
        is_asked = sure is None and isinstance(one, syntax.Simple) and loop.kind(one) is Bound.PROBE
        return False if is_asked else sure

    return holds(statement, answer)


def _is_taken(loop: Loop, way: Way, atom: Statement | None = None, known: bool | None = None) -> bool | None:
    """Whether a loop is left by a way where nothing is there that it asks for."""
    return _together((assumed(loop, guard.statement, atom, known), guard.succeeded) for guard in way.guards)


def _together(answers: Iterable[tuple[bool | None, bool]]) -> bool | None:
    """Whether all guards of a way are as they must be."""
    found = [None if one is None else one is wanted for one, wanted in answers]
    return False if False in found else None if None in found else True


def _leaving(loop: Loop, way: Way, atom: Statement) -> bool | None:
    """What the answer to a test must be for the loop to be left; None if that does not depend on it."""
    may = [known for known in (True, False) if _is_taken(loop, way, atom, known) is not False]
    return may[0] if len(may) == 1 else None


def has_counter(loop: Loop, way: Way) -> bool:
    """Whether a way out of a loop is one of a counter, or of a clock."""
    kinds = {loop.kind(atom) for guard in way.guards for atom in atoms(guard.statement)}
    return not kinds.isdisjoint((Bound.COUNTER, Bound.CLOCK, Bound.INPUT))


def _until(loop: Loop, test: Statement | str, at: int, *, leaves_if: bool) -> Count | None:
    """After how many rounds a test has the answer."""
    found = counters.comparison(loop, test)
    start = counters.start(loop, found.counter) if found else None
    step = counters.step(loop, found.counter) if found else None
    if found is None or start is None or step is None:
        return None
    is_counted_before = not found.change and loop.head[1] <= step.at < at
    first = start + step.by if found.change == "pre" or is_counted_before else start
    rounds = _rounds(first, step.by, found.operator if leaves_if else _OPPOSITE[found.operator], found.number)
    behind = step.by if found.change == "post" else 0
    return None if rounds is None else Count(rounds, at, found.counter, first + rounds * step.by + behind)


def _rounds(start: int, step: int, operator: str, limit: int) -> int | None:
    """How often a number is counted on before it compares like that; None if it never does."""
    if step < 0:
        return _rounds(-start, -step, counters.FLIPPED[operator], -limit)
    if operator == ">=":
        return max(0, -((start - limit) // step))
    if operator == ">":
        return max(0, (limit - start) // step + 1)
    if operator == "==":
        return (limit - start) // step if limit >= start and not (limit - start) % step else None
    if operator == "!=":
        return int(start == limit)
    return 0 if start < limit or (operator == "<=" and start == limit) else None


def _listed(loop: Loop, statement: syntax.For, *, has_braces: bool) -> int | None:
    """How many words a list has."""
    found = [_of_word(loop, word, has_braces=has_braces) for word in statement.words or ()]
    known = [one for one in found if one is not None]
    return sum(known) if known and len(known) == len(found) else None


def _last(loop: Loop, statement: syntax.For) -> int | None:
    """The last number of a list whose length is known."""
    word = statement.words[-1] if statement.words else None
    if word is None or (word.text is not None and not word.text.isdecimal()):
        return None
    text = loop.round_text(word.start, word.end)
    if word.text is not None:
        return int(word.text)
    if match := _BRACES.fullmatch(text):
        return None if match[3] else int(match[2])
    sequence = _SEQUENCE.fullmatch(text)
    found = _range(loop, sequence[1].split()) if sequence else None
    return found[-1] if found else None


def _numbers(loop: Loop, *, has_braces: bool) -> list[int] | None:
    """The numbers that a loop goes through, if they are known."""
    statement, found = loop.statement, list[int]()
    if not isinstance(statement, syntax.For) or statement.header:
        return None
    for word in statement.words or ():
        text = loop.round_text(word.start, word.end)
        sequence, braces = _SEQUENCE.fullmatch(text), _BRACES.fullmatch(text)
        if word.text is not None and word.text.isdecimal():
            found.append(int(word.text))
        elif sequence and (numbers := _range(loop, sequence[1].split())) is not None:
            found += numbers
        elif braces and has_braces:
            first, last, step = int(braces[1]), int(braces[2]), max(abs(int(braces[3] or 1)), 1)
            found += range(first, last + 1, step) if first <= last else range(first, last - 1, -step)
        else:
            return None
    return found


def _of_word(loop: Loop, word: Word, *, has_braces: bool) -> int | None:
    text = loop.round_text(word.start, word.end)
    if word.text is not None:
        return 1
    if match := _SEQUENCE.fullmatch(text):
        return _of_sequence(loop, match[1].split())
    if (match := _BRACES.fullmatch(text)) and has_braces:
        first, last, step = int(match[1]), int(match[2]), abs(int(match[3] or 1))
        return abs(last - first) // max(step, 1) + 1
    return None


def _of_sequence(loop: Loop, words: list[str]) -> int | None:
    found = _range(loop, words)
    return None if found is None else len(found)


def _range(loop: Loop, words: list[str]) -> range | None:
    """`seq LAST`, `seq FIRST LAST`, `seq FIRST STEP LAST`, with numbers that are known."""
    found = [counters.number(loop, word) for word in words]
    known = [one for one in found if one is not None]
    if not 0 < len(known) == len(found) < 4:
        return None
    first, last = (known[0] if len(known) > 1 else 1), known[-1]
    step = known[1] if len(known) == 3 else 1
    return range(first, last + 1, step) if step else None
