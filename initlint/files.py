"""Finds and reads the input files: each is taken once, in whatever order and spelling it is given; none stops a run."""

# The predicates of `os.path` say no where those of `Path` raise, and strings take half the time.
# ruff: noqa: PTH110, PTH112, PTH113, PTH114, PTH116, PTH118
from __future__ import annotations

import os
import re
import stat
import warnings
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import suppress
from functools import cache
from itertools import pairwise
from pathlib import Path, PurePath
from typing import NamedTuple, TypeAlias

from initlint.errors import InitlintError
from initlint.regex import regex
from initlint.report import Problem, Skipped
from initlint.viewpoint import without_detour

_SUFFIXES = (".yaml", ".yml", ".json")
# Bytes; a larger file says nothing, as one that cannot be read.
_IGNORE_FILE_LIMIT = 1 << 20
_NOT_REGULAR = "not a regular file"
_RULE = "rule.py"
_EXAMPLES = frozenset({"bad.yaml", "good.yaml", "fixed.yaml"})
"""Beside the code of a rule these are no manifests: they show what it finds, and are wrong on purpose."""
_ALIKE = 0.75
_BROKEN_LINK = "a symbolic link whose target cannot be reached"
# pathspec takes a last `*` or `**` for a match of the parent; a `?` makes it match the entry itself, as git does.
_LAST_STARS = regex(r"(!?(?:.*/)?)(\*\*?)(/?)\s*")

_Rule: TypeAlias = tuple[Callable[[str], re.Match[str] | None], bool]


class FileToRead(NamedTuple):
    """A file to read: its path as shown to people, and its real path, free of symbolic links."""

    path: str
    file: str


_Event: TypeAlias = FileToRead | Problem | Skipped


class Found(NamedTuple):
    """What the paths hold, sorted; `excluded` counts the given paths that a forced exclusion left out."""

    sources: tuple[FileToRead, ...]
    problems: tuple[Problem, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    excluded: int = 0


class _Scope(NamedTuple):
    """Rules of one origin, the decisive first, and the path that leads from the origin to the current directory."""

    rules: tuple[_Rule, ...]
    path: str = ""

    def ignores(self, name: str) -> bool | None:
        path = self.path + name
        for search, ignored in self.rules:
            # The only group is the slash behind what matched: further left, a parent matched and not the entry.
            if (match := search(path)) and match.end(1) in (-1, len(path)):
                return ignored
        return None

    def below(self, name: str) -> _Scope:
        return _Scope(self.rules, f"{self.path}{name}/")


class _Directory(NamedTuple):
    """A directory to list: how paths in it are shown, where it is, and what is left out of it."""

    shown: str
    real: str
    exclude: _Scope = _Scope(())
    ignore: tuple[_Scope, ...] = ()

    def below(self, name: str, real: str) -> _Directory:
        ignore = tuple(scope.below(name) for scope in self.ignore)
        shown = _prefix(without_detour(f"{self.shown}{_printable(name)}"))
        return _Directory(shown, real, self.exclude.below(name), ignore)

    def leaves_out(self, name: str) -> bool:
        if self.exclude.ignores(name):
            return True
        verdicts = (scope.ignores(name) for scope in reversed(self.ignore))
        return next((verdict for verdict in verdicts if verdict is not None), False)


def discover(
    paths: Sequence[str], *, exclude: Sequence[str] = (), force_exclude: bool = False, root: Path = Path()
) -> Found:
    """Find the files that the paths name; `exclude` holds patterns as in a `.gitignore` of `root`."""
    rules = _rules(tuple(exclude))
    wanted = [path for path in paths if not (force_exclude and is_left_out(path, exclude=exclude, root=root))]
    events = [event for path in wanted for event in _given(path, rules, root)]
    sources: dict[str, FileToRead] = {}
    for event in events:
        if isinstance(event, FileToRead):
            sources.setdefault(event.file, event)
    return Found(
        tuple(sorted(sources.values(), key=lambda source: (source.path.split("/"), source.file))),
        tuple(sorted({event for event in events if isinstance(event, Problem)})),
        tuple(sorted({event for event in events if isinstance(event, Skipped)})),
        len(paths) - len(wanted),
    )


def is_left_out(path: str, *, exclude: Sequence[str], root: Path = Path()) -> bool:
    """Whether a forced exclusion leaves a path out."""
    return _excluded(path, _rules(tuple(exclude)), root) or _is_example(path)


@cache
def _rules(patterns: tuple[str, ...]) -> tuple[_Rule, ...]:
    return tuple(rule for pattern in reversed(patterns) for rule in compiled(re.sub(r"^(!?)\./", r"\1/", pattern)))


def read(source: FileToRead, *, limit: int) -> bytes | Problem:
    """Read a regular file of at most `limit` bytes, without ever waiting for a writer."""
    try:
        with open(source.file, "rb", opener=_open) as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):
                return Problem(source.path, _NOT_REGULAR)
            # Room for the limit in every file takes three times as long; what the kernel makes up has no size.
            data = stream.read(min(status.st_size or limit, limit) + 1)
    except (OSError, ValueError) as error:
        return Problem(source.path, _message(error))
    return data if len(data) <= limit else Problem(source.path, f"larger than {limit:,} bytes: split or exclude it")


def _open(file: str, flags: int) -> int:
    return os.open(file, flags | getattr(os, "O_NONBLOCK", 0))


def _given(path: str, rules: tuple[_Rule, ...], root: Path) -> Iterator[_Event]:
    shown = _printable(without_detour(PurePath(path).as_posix()) if path else "''")
    try:
        mode, real = os.stat(path).st_mode, os.path.realpath(path)
    except (OSError, ValueError) as error:
        yield Problem(shown, _BROKEN_LINK if os.path.islink(path) else _message(error) + _meant(path))
        return
    if stat.S_ISREG(mode):
        yield FileToRead(shown, real)
    elif stat.S_ISDIR(mode):
        exclude = _Scope(rules, _prefix(_relative(path, root)))
        yield from _walk(_Directory(_prefix(shown), real, exclude, _inherited(Path(real))))
    else:
        yield Problem(shown, f"{_NOT_REGULAR}: pipe its content into `initlint check -`")


def _meant(path: str) -> str:
    """What is there under a name much like that of what is not."""
    from difflib import get_close_matches

    directory, name = os.path.split(path.rstrip("/"))
    with suppress(OSError, ValueError):
        names = [entry.name for entry in os.scandir(directory or ".")]
        if close := get_close_matches(name, names, 1, _ALIKE):
            return f": did you mean `{_printable(PurePath(directory, close[0]).as_posix())}`?"
    return ""


def _walk(top: _Directory) -> Iterator[_Event]:
    pending, links = [top], list[_Event]()
    while pending:
        directory = pending.pop()
        try:
            with os.scandir(directory.real) as listing:
                entries = list(listing)
        except OSError as error:
            yield Problem(PurePath(directory.shown).as_posix(), _message(error))
            continue
        names = {entry.name for entry in entries}
        if _RULE in names and directory is not top:
            entries = [entry for entry in entries if entry.name not in _EXAMPLES]
        directory = _enter(directory, names)
        for entry in entries:
            match _reach(directory, entry):
                case _Directory() as inner:
                    pending.append(inner)
                case FileToRead() | Problem() | Skipped() as event if entry.is_symlink():
                    links.append(event)
                case FileToRead() | Problem() | Skipped() as event:
                    yield event
    # Last, so that a file is shown by its own name where that leads to it too.
    yield from sorted(links, key=lambda event: event.path)


def _reach(directory: _Directory, entry: os.DirEntry[str]) -> _Directory | _Event | None:
    name, shown = entry.name, directory.shown + _printable(entry.name)
    try:
        if entry.is_dir(follow_symlinks=False):
            return None if name == ".git" or directory.leaves_out(name + "/") else directory.below(name, entry.path)
        if not name.lower().endswith(_SUFFIXES) or directory.leaves_out(name):
            return None
        if entry.is_file(follow_symlinks=False):
            return FileToRead(shown, entry.path)
    except OSError as error:
        return Problem(shown, _message(error))
    return _irregular(shown, entry.path)


def _irregular(shown: str, path: str) -> _Event | None:
    if os.path.isdir(path):
        return None
    if os.path.isfile(path):
        return FileToRead(shown, os.path.realpath(path))
    return Skipped(shown, _NOT_REGULAR if os.path.exists(path) else _BROKEN_LINK)


def _inherited(real: Path) -> tuple[_Scope, ...]:
    """Collect the rules from above a directory, beginning at the root of its repository."""
    above = [real, *real.parents]
    repository = next((index for index, parent in enumerate(above) if os.path.lexists(parent / ".git")), 0)
    directory = _Directory("", "")
    for parent, child in pairwise(reversed(above[: repository + 1])):
        names = [name for name in (".git", ".gitignore") if os.path.lexists(parent / name)]
        directory = _enter(directory._replace(real=str(parent)), names).below(child.name, "")
    return directory.ignore


def _enter(directory: _Directory, names: Container[str]) -> _Directory:
    """Add the rules that the directory holds; a repository within another one heeds its own alone."""
    scopes = directory.ignore
    if ".git" in names:
        scopes = (_ignore_file(_git(Path(directory.real, ".git")) / "info" / "exclude"),)
    if ".gitignore" in names:
        scopes = (*scopes, _ignore_file(Path(directory.real, ".gitignore")))
    return directory._replace(ignore=tuple(scope for scope in scopes if scope.rules))


def _git(marker: Path) -> Path:
    """Find the directory that `.git` stands for: in a worktree or a submodule it is a file that leads there."""
    if os.path.isdir(marker):
        return marker
    directory = marker.parent / _text(marker).removeprefix("gitdir:").strip()
    return directory / _text(directory / "commondir").strip()


def _ignore_file(file: Path) -> _Scope:
    rules = list[_Rule]()
    for line in reversed(_text(file).split("\n")):
        with suppress(InitlintError):
            rules += compiled(line)
    return _Scope(tuple(rules))


def _text(file: Path) -> str:
    """Read one of git's files; what cannot be read says nothing, as to git."""
    data = read(FileToRead(file.name, str(file)), limit=_IGNORE_FILE_LIMIT)
    return "" if isinstance(data, Problem) else data.decode("utf-8-sig", "surrogateescape")


def compiled(pattern: str) -> list[_Rule]:
    """A pattern made ready, unless it is blank or a comment; pathspec is imported here as its import takes 10 ms."""
    if pattern.startswith("#") or pattern.strip() in ("", "/", "!/"):
        return []
    from pathspec import GitIgnoreSpec

    stars = _LAST_STARS.fullmatch(pattern)
    line = f"{stars[1]}{'**/' if stars[2] == '**' else ''}?*{stars[3]}" if stars else pattern
    try:
        with warnings.catch_warnings(action="error", category=FutureWarning):
            compiled = GitIgnoreSpec.from_lines([line]).patterns
    except (ValueError, re.error, FutureWarning):
        raise InitlintError(
            f"`{pattern}` is no pattern of a .gitignore: see https://git-scm.com/docs/gitignore"
        ) from None
    return [(rule.regex.search, rule.include) for rule in compiled if rule.regex and rule.include is not None]


def _excluded(path: str, rules: tuple[_Rule, ...], root: Path) -> bool:
    *parents, name = _relative(path, root).split("/")
    scope = _Scope(rules)
    for parent in parents:
        if scope.ignores(parent + "/"):
            return True
        scope = scope.below(parent)
    return name != "." and bool(scope.ignores(f"{name}/" if os.path.isdir(path) else name))


def _is_example(path: str) -> bool:
    directory, name = os.path.split(path)
    return name in _EXAMPLES and os.path.isfile(os.path.join(directory, _RULE))


def _relative(path: str, root: Path) -> str:
    return os.path.relpath(path or ".", root).replace(os.sep, "/")


def _prefix(shown: str) -> str:
    return "" if shown == "." else f"{shown.rstrip('/')}/"


def _printable(name: str) -> str:
    """Escape what would not be shown as it is, or would act on a terminal or a report of lines."""
    if name.isprintable():
        return name
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _message(error: OSError | ValueError) -> str:
    if isinstance(error, PermissionError):
        return "permission denied: grant read access, or exclude it"
    return ((isinstance(error, OSError) and error.strerror) or "cannot be read").lower()
