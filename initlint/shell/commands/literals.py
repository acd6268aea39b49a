"""What a program in JavaScript, Ruby or PHP does to paths that stand in it as they are: `node -e "…"`, `php -r "…"`.

The text is not parsed: calls are seen by their names, and more may be done than is seen.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from initlint.regex import regex
from initlint.shell.commands.meaning import Action
from initlint.shell.commands.python import Touch

_LONGEST = 16_384
_TEXT = r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`[^`\\$]*`"""
_CALL = regex(rf"(?<![\w$])(?:\w+(?:\.|::))*(\w+\??)\s*\(?\s*({_TEXT})(?:\s*,\s*({_TEXT}))?")
_ANY = regex(_TEXT)
_OPEN = regex(r"\$\{|#\{|\\")
# What fails here may be meant to.
_TRIES = regex(r"\b(?:try|rescue)\b|@\w+\(")
_MODE = regex(r"[\"']([wax])[bt+]*[\"']")

_WRITE, _READ, _LOOK = (Action.WRITE,), (Action.READ,), (Action.LOOK,)
_COPY = (Action.READ, Action.WRITE)
_OPENS: tuple[Action, ...] = ()
"""It writes or reads, as its mode says."""

_CALLS: Mapping[str, tuple[Action, ...]] = {
    **dict.fromkeys(("writeFile", "writeFileSync", "createWriteStream", "outputFile", "outputFileSync", "writeJson",
                     "writeJsonSync", "writeTextFile", "writeTextFileSync", "file_put_contents", "binwrite"), _WRITE),
    **dict.fromkeys(("appendFile", "appendFileSync"), (Action.APPEND,)),
    **dict.fromkeys(("mkdir", "mkdirSync", "mkdir_p", "makedirs", "ensureDir", "ensureDirSync", "mkdirp"),
                    (Action.MAKE_DIRECTORY,)),
    **dict.fromkeys(("readFile", "readFileSync", "createReadStream", "readTextFile", "readTextFileSync",
                     "file_get_contents", "load_file", "readlines", "foreach", "parse_ini_file"), _READ),
    **dict.fromkeys(("existsSync", "accessSync", "statSync", "exist?", "file?", "directory?", "file_exists", "is_file",
                     "is_dir"), _LOOK),
    **dict.fromkeys(("copyFile", "copyFileSync", "cpSync", "cp_r", "cp", "copy"), _COPY),
    **dict.fromkeys(("rename", "renameSync", "mv"), (Action.REMOVE, Action.WRITE)),
    **dict.fromkeys(("fopen", "open"), _OPENS),
}  # fmt: skip
# Their names mean a file only behind that of a class.
_OF_CLASS = {"File.write": _WRITE, "IO.write": _WRITE, "Bun.write": _WRITE, "File.read": _READ, "IO.read": _READ}
_TREES = frozenset({"cpSync", "cp_r"})


def is_known(name: str) -> bool:
    """Whether a program of that name runs one of these languages."""
    return name.rstrip("0123456789.") in ("node", "nodejs", "bun", "deno", "ruby", "php")


@lru_cache(maxsize=256)
def touches(text: str) -> tuple[Touch, ...]:
    """What is done to paths that are written out; nothing of a program that may mean to fail, or uses it itself."""
    if len(text) > _LONGEST or _TRIES.search(text):
        return ()
    found = list(_found(text))
    return tuple(one for one in found if one.action is not Action.WRITE or not _is_used(one, found, text))


def _found(text: str) -> Iterator[Touch]:
    for match in _CALL.finditer(text):
        name = match[1]
        actions = _CALLS.get(name) or _OF_CLASS.get(match[0][: match.end(1) - match.start()])
        if name in ("fopen", "open") and _CALLS[name] is _OPENS:
            actions = _opened(match)
        for action, group in zip(actions or (), (2, 3), strict=False):
            if path := _path(match[group]):
                is_file = False if action in (Action.WRITE, Action.APPEND) and actions != _COPY else None
                yield Touch(action, *match.span(group), path, is_file, is_recursive=name in _TREES)


def _opened(match: re.Match[str]) -> tuple[Action, ...]:
    mode = _MODE.fullmatch(match[3] or "")
    return _READ if not mode else (Action.APPEND,) if mode[1] == "a" else _WRITE


def _path(literal: str | None) -> str | None:
    """The absolute path that stands in quotes, if all of it does."""
    text = literal[1:-1] if literal else ""
    return posixpath.normpath(text) if text.startswith("/") and not _OPEN.search(text) and "$" not in text else None


def _is_used(one: Touch, found: list[Touch], text: str) -> bool:
    """Whether the program says the path elsewhere, for whatever it does with it there."""
    own = {(each.start, each.end) for each in found if each is one or each.action is Action.MAKE_DIRECTORY}
    others = (match for match in _ANY.finditer(text) if match.span() not in own)
    named = filter(None, (_path(match[0]) for match in others))
    return any(path == one.path or one.path.startswith(path.rstrip("/") + "/") for path in named)
