"""What a command means, from its words alone: nothing is executed, and what is not known is not claimed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from initlint.regex import regex
from initlint.shell.commands.asked import of_test
from initlint.shell.commands.find import find
from initlint.shell.commands.meaning import Action, Effect, Meaning
from initlint.shell.commands.objects import copied, objects
from initlint.shell.commands.options import Parsed, parse, split
from initlint.shell.commands.outputs import told_outputs
from initlint.shell.commands.programs import is_python, is_read, of_text
from initlint.shell.commands.reading import Reading
from initlint.shell.commands.table import CommandEntry, CommandTable, builtin
from initlint.shell.language.shells import file_index
from initlint.shell.language.values import Argument, Value, resolve

_BOXES = ("busybox", "toybox")
_TESTS = ("test", "[", "[[")
_NAMES = {":": "true", ".": "source"}
# They lie in `/bin` or `/usr/bin` of a system: what lies in the root of an image is something else.
_OF_SYSTEM = frozenset({"cat", "chmod", "chown", "cp", "install", "ln", "mkdir", "mv", "rm", "tar", "touch"})
_VERSION = regex(r"(?<=[a-z])[\d.]+$")
_MAX_VERBS = 3
_MAX_NESTED = 4


def understand(
    arguments: Sequence[Argument],
    cwd: Value,
    table: CommandTable | None = None,
    env: Mapping[str, str | None] = MappingProxyType({}),
) -> Meaning:
    """What is known of a command; `arguments[0]` is the program, wrappers left out, `env` what code may ask for."""
    return _Call(list(split(arguments)), cwd, table or builtin(), env).meaning()


class _Call(NamedTuple):
    """A command, or one that another command runs; `depth` is how many are around it."""

    words: list[Argument]
    cwd: Value
    table: CommandTable
    env: Mapping[str, str | None]
    depth: int = 0

    def meaning(self) -> Meaning:
        name = self.name()
        if name in _BOXES and len(self.words) > 1:
            return self.inner(self.words[1:])
        if name in _TESTS:
            return of_test(self.words[1:], self.cwd)
        if (index := file_index([word.text for word in self.words])) and self.depth <= _MAX_NESTED:
            # A file that is called like a program that waits.
            found = self.inner(self.words[index:])
            if found.waits:
                return found
        if not name or self.depth > _MAX_NESTED:
            return Meaning(effects=tuple(told_outputs(self.words[1:])))
        entry, rest = self.verb(name)
        shape = _SHAPES.get(entry.facts.get("shape", ""), _read)
        found = shape(self, entry, rest)
        return found._replace(is_complete=False) if self.has_other_verb(name, entry) else found

    def has_other_verb(self, name: str, entry: CommandEntry) -> bool:
        """Whether the command has verbs, and this one is none that the table knows: it may do anything.

        With operands of its own, as `yq` has them, it needs no verb.
        """
        if entry is not self.table.get(name) or not self.table.has_verbs(self.table.first_name(name)):
            return False
        if entry.operands not in ("", "skip...?"):
            return False
        return any(word.value.known[:1] not in ("-", "") for word in self.words[1:])

    def inner(self, words: Sequence[Argument]) -> Meaning:
        """What another command means, which this one runs."""
        return self._replace(words=list(words), depth=self.depth + 1).meaning()

    def name(self) -> str:
        """The name by which the table knows the program; empty if it does not."""
        path = (self.words[0].text or "") if self.words else ""
        word = path.rpartition("/")[2]
        if path == f"/{word}" and word in _OF_SYSTEM:
            return ""  # a program of the image's own that is called so
        base = word.removesuffix(".sh")
        if base != word and base.isalpha() and base.islower() and not self.waits(base):
            base = word  # a script of one's own: `install.sh` is not `install`
        names = (_NAMES.get(word, word), base, _VERSION.sub("", base))
        return next((one for one in names if one in _BOXES + _TESTS or self.table.get(one) is not None), "")

    def waits(self, name: str) -> bool:
        """Whether the table knows a program of that name, which waits."""
        entry = self.table.get(name)
        return entry is not None and "waits" in entry.traits

    def verb(self, name: str) -> tuple[CommandEntry, list[Argument]]:
        """The entry of a command's verb, such as `git clone`, and the words without it."""
        words = self.words[1:]
        name = self.table.first_name(name) if self.table.has_verbs(self.table.first_name(name)) else name
        for _ in range(_MAX_VERBS):
            entry = self.table.get(name) or CommandEntry()
            slots = parse(words, entry, until_operand=True).slots if self.table.has_verbs(name) else ()
            verb = slots[0].argument if slots and slots[0].counts == (1,) else None
            if verb is None or self.table.get(f"{name} {verb.text}") is None:
                return entry, words
            name = f"{name} {verb.text}"
            words = [word for word in words if word is not verb]
        return self.table.get(name) or CommandEntry(), words


def _read(call: _Call, entry: CommandEntry, words: list[Argument]) -> Meaning:
    return Reading(entry, call.words[0], parse(words, entry), call.cwd).meaning()


def _find(call: _Call, _: CommandEntry, words: list[Argument]) -> Meaning:
    return find(call.words[0], words, call.cwd, call.inner)


def _wrapper(call: _Call, entry: CommandEntry, words: list[Argument]) -> Meaning:
    """What only runs another command, such as `bundle exec`."""
    rest = parse(words, entry).rest
    return call.inner(rest) if rest else _read(call, entry, words)


def _objects(call: _Call, entry: CommandEntry, words: list[Argument]) -> Meaning:
    parsed = parse(words, entry)
    found = Reading(entry, call.words[0], parsed, call.cwd).meaning()
    slots = copied(parsed.slots) if "remote" in entry.operands else parsed.slots
    return found._replace(probes=objects(slots, parsed.given, entry.facts))


def _interpreter(call: _Call, entry: CommandEntry, words: list[Argument]) -> Meaning:
    """`python -m pip …` and `python manage.py …` are known by the module and the script; any other is read."""
    parsed = parse(words, entry, until_operand=True)
    module = next((one.value for one in parsed.given if one.name == "-m" and one.value), None)
    script = module or (parsed.slots[0].argument if parsed.slots and "-c" not in parsed.names else None)
    if script is None:
        return _with_text(_read(call, entry, words), call, parsed)
    found = call.inner(words[words.index(script) :]) if script in words else Meaning()
    if module is not None:
        return found
    reads = Effect(Action.READ, script.start, script.end, resolve(script.value, call.cwd))
    return found._replace(effects=(reads, *found.effects), is_significant=True, is_complete=False)


def _with_text(found: Meaning, call: _Call, parsed: Parsed) -> Meaning:
    """The same with what a program does that stands in the word behind `-c`, or `-e`, or of PHP `-r`."""
    name = (call.words[0].text or "").rpartition("/")[2]
    options = ("-c",) if is_python(name) else ("-r",) if name.startswith("php") else ("-e", "--eval", "-p")
    text = next((one.value for one in parsed.given if one.name in options and one.value), None)
    return of_text(found, text, call.env, name) if text and is_read(name) else found


_SHAPES: dict[str, Callable[[_Call, CommandEntry, list[Argument]], Meaning]] = {
    "find": _find,
    "wrapper": _wrapper,
    "objects": _objects,
    "interpreter": _interpreter,
}
