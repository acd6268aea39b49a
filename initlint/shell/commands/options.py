"""The words behind a program, told apart: options, their values, and operands; what cannot be told is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from initlint.regex import regex
from initlint.shell.commands.table import CommandEntry
from initlint.shell.language.syntax import Literal, Pattern, Quote, Substitution, Variable, Word
from initlint.shell.language.values import Argument, whole

_ONE = (1,)
_ONE_OR_MORE = (1, 2)
_ONE_OR_NONE = (0, 1)
_ANY = (0, 1, 2)
"""How many operands may come of a word; two stand for any further number."""

_GLOB = regex(r"[*?\[{]")
_MANY = regex(r"\$\{!|\$\{\w+\[[@*]\]|\$[@*]")


class GivenOption(NamedTuple):
    """An option, the word that holds it, and its value where it takes one."""

    name: str
    place: Argument
    value: Argument | None = None


class Slot(NamedTuple):
    """A word that is an operand, or may be; it `may_be_options` if a variable holds whatever it is, and may
    hold them beside operands if it `is_list`.
    """

    argument: Argument
    counts: tuple[int, ...] = _ONE
    may_be_options: bool = False
    is_list: bool = False


class Parsed(NamedTuple):
    """The words of a command; `is_open` if an option is not known by name; `rest` is a command that it runs."""

    given: tuple[GivenOption, ...]
    slots: tuple[Slot, ...]
    is_open: bool = False
    rest: tuple[Argument, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The options that are given, and `=` if an operand holds one."""
        settings = ("=" for slot in self.slots if "=" in slot.argument.value.known)
        return frozenset(one.name for one in self.given).union(settings)


def parse(words: Sequence[Argument], entry: CommandEntry, *, until_operand: bool = False) -> Parsed:
    """Tell options from operands; with `until_operand` nothing behind the first operand is an option."""
    reader = _OptionReader([_slot(word) for word in words], entry, until_operand)
    reader.read()
    rest = tuple(slot.argument for slot in reader.words[reader.index :])
    return Parsed(tuple(reader.given), tuple(reader.slots), reader.is_open, rest)


class _OptionReader:
    """Goes through the words."""

    def __init__(self, words: list[Slot], entry: CommandEntry, until_operand: bool) -> None:
        self.words = words
        self.entry = entry
        self.until_operand = until_operand
        self.given: list[GivenOption] = []
        self.slots: list[Slot] = []
        self.index = 0
        self.is_open = False

    def read(self) -> None:
        """Go through all words, or up to the command that this one runs."""
        runs = self.entry.facts.get("runs")
        only_operands = self.entry.style == "operands"
        if self.entry.style == "tar":
            self.old_bundle()
        while self.index < len(self.words):
            word = self.words[self.index]
            is_option = not only_operands and self.is_option(word)
            if runs == "operands" and not is_option:
                return
            self.index += 1
            if not is_option:
                self.slots.append(word)
                only_operands = only_operands or self.until_operand
            elif word.argument.text != "--":
                self.option(word.argument)
            elif runs:
                return
            else:
                only_operands = True

    def old_bundle(self) -> None:
        """The first word of tar may be options without a dash, whose values follow in their order."""
        word = self.words[0].argument if self.words else None
        if word is None or word.value.known.startswith("-"):
            return
        self.index = 1
        for letter in word.value.known:
            self.whole_option(f"-{letter}", word)
        self.is_open = self.is_open or not word.value.is_whole

    def is_option(self, word: Slot) -> bool:
        known = word.argument.value.known
        if self.entry.style == "pairs" and "=" in known:
            return True
        return known.startswith("-") and word.argument.text != "-"

    def option(self, word: Argument) -> None:
        """An option: as a whole, with its value behind `=`, or letters in one word."""
        name, equals, _ = word.value.known.partition("=")
        if self.entry.style == "single-dash" and name.startswith("--"):
            name = name[1:]
        is_gnu = self.entry.style in ("gnu", "tar")
        if equals and (not is_gnu or name.startswith("--") or self.takes(name) is not None):
            self.given.append(GivenOption(name, word, part(word, word.value.known.index("=") + 1)))
        elif not word.value.is_whole and (name.startswith("--") or not is_gnu):
            self.is_open = True
            self.may_take_next()
        elif word.value.is_whole and self.takes(name) is not None:
            self.whole_option(name, word)
        elif name.startswith("--") or not is_gnu:
            self.given.append(GivenOption(name, word))
            self.may_take_next()
        else:
            self.letters(word, 1)

    def takes(self, name: str) -> bool | None:
        return self.entry.takes_value(name)

    def whole_option(self, name: str, word: Argument) -> None:
        if name in self.entry.double:
            self.index += 1
        self.given.append(GivenOption(name, word, self.next_value() if self.takes(name) else None))

    def letters(self, word: Argument, start: int) -> None:
        """Letters in one word: the first that takes a value takes what is behind it, or the next word."""
        known = word.value.known
        for index in range(start, len(known)):
            name = f"-{known[index]}"
            takes = self.takes(name)
            has_rest = index + 1 < len(known) or not word.value.is_whole
            if takes and has_rest:
                self.given.append(GivenOption(name, word, part(word, index + 1)))
                return
            if takes is None or (name in self.entry.glued and has_rest):
                self.given.append(GivenOption(name, word))
                if takes is None:
                    self.may_take_next()
                return
            self.whole_option(name, word)
        if not word.value.is_whole:
            self.is_open = True
            self.may_take_next()

    def next_value(self) -> Argument | None:
        """The next word, as a value; if more or nothing may come of that word, the rest is not sure."""
        if self.index >= len(self.words):
            return None
        word = self.words[self.index]
        self.index += 1
        return word.argument

    def may_take_next(self) -> None:
        """The next word is an operand, or the value of an option that is not known."""
        if self.index < len(self.words) and not self.is_option(self.words[self.index]):
            self.slots.append(Slot(self.words[self.index].argument, _ONE_OR_NONE))
            self.index += 1


def split(words: Sequence[Argument]) -> Iterator[Argument]:
    """The words as the program gets them: what an unquoted variable is known to hold is split at its blanks."""
    for word in words:
        if word.value.is_whole and _is_split(word.word):
            for text in word.value.known.split():
                yield word._replace(value=whole(text), word=Word(word.start, word.end, (Literal(text),)))
        else:
            yield word


def _is_split(word: Word) -> bool:
    """Whether the shell splits the word, all of it, after expansion."""
    return len(word.parts) == 1 and isinstance(word.parts[0], Variable | Substitution) and not word.parts[0].quote.value


def _slot(word: Argument) -> Slot:
    """How many operands may come of a word."""
    parts = word.word.parts
    if any(isinstance(part, Variable | Pattern) and _is_many(part) for part in parts):
        return Slot(word, _ANY, may_be_options=True, is_list=True)
    if word.value.is_whole:
        return Slot(word)
    if any(isinstance(part, Pattern) and _is_glob(part) for part in parts):
        return Slot(word, _ONE_OR_MORE)
    if word.value.known or len(parts) > 1 or _is_quoted(word.word):
        return Slot(word)
    return _open_slot(word)


def _open_slot(word: Argument) -> Slot:
    """Of a word that is nothing but a variable or the output of a command."""
    part = word.word.parts[0] if word.word.parts else None
    if isinstance(part, Pattern):
        return Slot(word)
    return Slot(word, _ONE_OR_NONE if isinstance(part, Variable) else _ANY, may_be_options=True)


def _is_many(part: Variable | Pattern) -> bool:
    return part.name in ("@", "*") if isinstance(part, Variable) else _MANY.match(part.text) is not None


def _is_glob(part: Pattern) -> bool:
    """Whether files are looked for; a URL is none."""
    if part.quote.value or part.text.startswith(("$", "<(", ">(")) or "://" in part.text:
        return False
    return _GLOB.search(part.text) is not None


def _is_quoted(word: Word) -> bool:
    return bool(word.parts) and all(part.quote is not Quote.NONE for part in word.parts)


def part(word: Argument, start: int) -> Argument:
    """The end of a word, from this character of its value on; its place is exact if nothing before it is escaped."""
    first = word.word.parts[0] if word.word.parts else None
    parts = word.word.parts
    place = word.start
    quote = "" if _is_bare(word) or first is None else first.quote.value
    if isinstance(first, Literal) and len(first.text) >= start:
        place += start + len(quote)
        parts = (Literal(first.text[start:], first.quote), *parts[1:])
    end = word.end - (1 if len(word.word.parts) == 1 and quote else 0)
    place = min(place, end)
    return Argument(place, end, word.value.after(start), Word(place, end, parts))


def _is_bare(word: Argument) -> bool:
    """Whether no shell reads the word: all of it is literal, and yet there are no quotes around it."""
    parts = word.word.parts
    is_whole = len(parts) == 1 and isinstance(parts[0], Literal) and len(parts[0].text) == word.end - word.start
    return is_whole or any(isinstance(one, Variable) and one.quote is Quote.SINGLE for one in parts)


def ending(word: Argument) -> str:
    """What a word is known to end with, if it is not known in whole."""
    if word.text is not None:
        return word.text
    last = word.word.parts[-1] if word.word.parts else None
    return last.text if isinstance(last, Literal) else ""
