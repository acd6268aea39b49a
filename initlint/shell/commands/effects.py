"""What a command does to paths, by the roles of its words."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from initlint.regex import regex
from initlint.shell.commands.meaning import Action, Effect
from initlint.shell.commands.options import ending, part
from initlint.shell.commands.places import (
    basename,
    has_contents_only,
    relative_name,
    remote_name,
    repository_name,
)
from initlint.shell.language.values import UNKNOWN, Argument, Value, resolve, whole

_STREAMS = ("", "-", "/dev/null", "/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/tty")
_SCHEME = regex(r"[A-Za-z][\w+.-]*://")
_ACTIONS = {
    "read": (Action.READ,),
    "look": (Action.LOOK,),
    "write": (Action.WRITE,),
    "append": (Action.APPEND,),
    "directory": (Action.MAKE_DIRECTORY,),
    "remove": (Action.REMOVE,),
    "change": (Action.CHANGE,),
    "source": (Action.READ,),
    "moved": (Action.READ, Action.REMOVE),
    "archive": (Action.READ,),
    "new-archive": (Action.WRITE,),
}
_BESIDE = ("archive", "new-archive")
"""What is found from the working directory, whatever `-C` says."""

_IMAGES = {"image-read": Action.READ, "image-write": Action.WRITE}
_CONTENT: tuple[tuple[bool, tuple[Value, ...]], ...] = ((True, (UNKNOWN,)), (False, ()))
_LOCAL_IMAGE = regex(r"(dir|oci|oci-archive|docker-archive):")
_POSTED = regex(r"(?:[\w.-]+=)?@")
_SOURCES = ("source", "moved", "origin", "download")
_INTO = ("into", "target", "link")
_MADE = ("write", "append", "new-archive", "into", "target")
_NEW = {"fetched": remote_name, "cloned": repository_name, "linked": basename, "placed": relative_name}
"""What comes to lie in the target directory, or in the working directory, under a name that the word itself gives."""


class WordInRole(NamedTuple):
    """A word and its role."""

    role: str
    argument: Argument

    @property
    def is_output(self) -> bool:
        """Whether it says that what is made goes into a stream, and to no path: `-O -`."""
        return self.role in _MADE and is_stream(self.argument)


def effects(named: Sequence[WordInRole], cwd: Value, traits: frozenset[str]) -> tuple[Effect, ...]:
    """All that is done to paths, in the order of the words."""
    return tuple(_Effects(named, cwd, traits).all())


class _Effects:
    def __init__(self, named: Sequence[WordInRole], cwd: Value, traits: frozenset[str]) -> None:
        self.named = named
        self.base = cwd
        self.work = next((one for one in named if one.role == "work"), None)
        for one in named:
            if one.role == "work":
                self.base = resolve(one.argument.value, self.base)
        self.cwd = cwd
        self.traits = traits
        self.directories = [one for one in named if one.role == "into"]

    def all(self) -> Iterator[Effect]:
        for one in self.named:
            if reads := self.readings.get(one.role):
                yield from reads(one)
            elif one.role in _ACTIONS and not is_stream(one.argument):
                for action in _ACTIONS[one.role]:
                    yield self.effect(action, one, self.is_directory(one))

    @cached_property
    def readings(self) -> Mapping[str, Callable[[WordInRole], Iterator[Effect]]]:
        """How a word is read that does more than one thing to the path that it is."""
        return {
            **dict.fromkeys(_NEW, self.new),
            **dict.fromkeys(_INTO, self.into),
            **dict.fromkeys(_IMAGES, self.image),
            **dict.fromkeys(_RENAMING, self.renamed),
            "posted": self.posted,
            "rendered": self.rendered,
            "bare": self.bare,
        }

    def effect(
        self, action: Action, one: WordInRole, is_directory: bool | None = None, names: tuple[Value, ...] = ()
    ) -> Effect:
        path = resolve(one.argument.value, self.cwd if one.role in _BESIDE else self.base)
        recursive = "recursive" in self.traits
        return Effect(action, one.argument.start, one.argument.end, path, is_directory, names, recursive)

    def is_directory(self, one: WordInRole) -> bool | None:
        if one.role == "directory" or _ends_as_directory(one.argument):
            return True
        return False if one.role in ("write", "append") and "directories" not in self.traits else None

    def names(self) -> tuple[Value, ...]:
        """What the sources are called; an unknown name also for what may be there besides."""
        return tuple(UNKNOWN if self.is_contents(one) else _name(one) for one in self.named if one.role in _SOURCES)

    def is_contents(self, one: WordInRole) -> bool:
        """Whether it is copied what lies in a directory: `dir/.`, of rsync `dir/`."""
        is_slashed = "slash-is-contents" in self.traits and ending(one.argument).endswith("/")
        return is_slashed or has_contents_only(one.argument)

    def into(self, one: WordInRole) -> Iterator[Effect]:
        """The target of a copy, or a directory that is filled."""
        if is_stream(one.argument):
            return
        sources = [other for other in self.named if other.role in _SOURCES]
        action = Action.LINK if one.role == "link" else Action.WRITE
        if one.role == "into":
            if not any(other.role in _NEW for other in self.named):
                yield self.effect(action, one, True, self.names() or (UNKNOWN,))
        elif "exact" in self.traits:
            yield self.effect(action, one, False if action is Action.LINK else None)
        else:
            certain = _ends_as_directory(one.argument) or len(sources) > 1 or any(map(self.is_contents, sources))
            yield self.effect(action, one, certain or None, self.names())

    def new(self, one: WordInRole) -> Iterator[Effect]:
        """What gets its name from the word: in the directory that an option says, or in the working directory."""
        name = _NEW[one.role](one.argument)
        action = Action.LINK if one.role == "linked" else Action.WRITE
        if self.directories:
            yield self.effect(action, self.directories[0], True, (name,))
        else:
            path = resolve(name, self.base) if name.known else Value(_below(self.base))
            directory = True if one.role == "cloned" else None
            place = self.work.argument if self.work and one.role == "fetched" else one.argument
            yield Effect(action, place.start, place.end, path, directory)

    def image(self, one: WordInRole) -> Iterator[Effect]:
        """An image that lies in a directory or an archive: `dir:/x`, `oci:/x:tag`, `docker-archive:/x.tar`."""
        match = _LOCAL_IMAGE.match(one.argument.value.known)
        if match:
            path = part(one.argument, match.end())
            text = path.value.known.partition(":")[0]
            path = path._replace(value=Value(text, path.value.is_whole or text != path.value.known))
            yield self.effect(_IMAGES[one.role], WordInRole(one.role, path), *_CONTENT[match[1].endswith("archive")])

    def posted(self, one: WordInRole) -> Iterator[Effect]:
        """A file that is sent: `@/x`, of a form `name=@/x;type=text/plain`."""
        match = _POSTED.match(one.argument.value.known)
        path = part(one.argument, match.end()) if match else None
        if path and not is_stream(path) and ";" not in path.value.known:
            yield self.effect(Action.READ, WordInRole("archive", path))

    def rendered(self, one: WordInRole) -> Iterator[Effect]:
        """A template and where what it makes comes to lie, `in:out`; behind a further colon stands a command."""
        start = 0
        for action, text in zip((Action.READ, Action.WRITE), (one.argument.text or "").split(":"), strict=False):
            path = part(one.argument, start)._replace(value=whole(text))
            yield self.effect(action, WordInRole("archive", path), False)
            start += len(text) + 1

    def renamed(self, one: WordInRole) -> Iterator[Effect]:
        """`gunzip x.gz` makes `x` and removes what it read."""
        yield self.effect(Action.READ, one)
        if "keep" not in self.traits:
            yield self.effect(Action.REMOVE, one)
        text = one.argument.text
        if text is not None and "to-output" not in self.traits:
            path = resolve(whole(_RENAMING[one.role](text)), self.base)
            yield Effect(Action.WRITE, one.argument.start, one.argument.end, path, False)

    def bare(self, one: WordInRole) -> Iterator[Effect]:
        """A certificate, its key and its request, of which only how their names begin is said."""
        for ending_of_name in (".pem", "-key.pem", ".csr") if one.argument.text else ():
            path = resolve(whole(f"{one.argument.text}{ending_of_name}"), self.base)
            yield Effect(Action.WRITE, one.argument.start, one.argument.end, path, False)


_RENAMING = {
    "packed": lambda path: path + ".gz",
    "unpacked": lambda path: posixpath.splitext(path)[0],
}


def _name(one: WordInRole) -> Value:
    return remote_name(one.argument) if one.role == "download" else basename(one.argument)


def _below(directory: Value) -> str:
    return directory.known.rstrip("/") + "/" if directory.is_whole else directory.known


def is_stream(argument: Argument) -> bool:
    """Whether it is no file of the container's: a stream, a URL."""
    return argument.text in _STREAMS or _SCHEME.match(argument.value.known) is not None


def _ends_as_directory(argument: Argument) -> bool:
    end = ending(argument)
    return end.endswith(("/", "/.")) or end in (".", "..")
