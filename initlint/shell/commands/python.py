"""What a Python program does to paths that it names itself: `python -c "…"`, or what it is given as its input.

The text is parsed and never run. Where a path is no literal, or something is called that is not known, it may do more.
"""

from __future__ import annotations

import ast
import posixpath
import sys
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from initlint.shell.commands.meaning import Action
from initlint.shell.commands.pythoncalls import FILLED, HARMLESS, MODULES, calls
from initlint.shell.commands.pythontext import PythonProgram, dotted, exits, parsed
from initlint.shell.language.values import UNKNOWN, Value, whole

_BRANCHES = (ast.If, ast.For, ast.While, ast.Try, ast.FunctionDef, ast.Lambda, ast.IfExp, ast.BoolOp)
_WRITES = (Action.WRITE, Action.APPEND, Action.MAKE_DIRECTORY, Action.LINK)
_SAYING = frozenset({"print", "info", "debug", "warning", "error"})


class Touch(NamedTuple):
    """A path that a program touches; `start` and `end` are where its text says so. The rest is as in `Effect`."""

    action: Action
    start: int
    end: int
    path: str
    is_directory: bool | None = None
    names: tuple[Value, ...] = ()
    is_recursive: bool = False


class PythonText(NamedTuple):
    """What a program touches, and whether that is all."""

    touches: tuple[Touch, ...] = ()
    is_complete: bool = False


@lru_cache(maxsize=256)
def read(text: str, env: tuple[tuple[str, str], ...] = ()) -> PythonText:
    """What is known of a program, with these variables; nothing of one that is not understood."""
    tree = parsed(text)
    return _Touching(text, tree, dict(env)).read() if tree else PythonText()


class _Found(NamedTuple):
    """A touch, the node that names its path, and whether it surely happens, or may fail without harm."""

    touch: Touch
    node: ast.expr
    is_certain: bool
    is_tolerated: bool


class _Touching(PythonProgram):
    def read(self) -> PythonText:
        found: list[_Found] = []
        unknown = not all(map(_is_known_import, ast.walk(self.tree)))
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                touched = list(self._touched(node))
                found += touched
                unknown = unknown or not (touched or self._is_harmless(node))
        explained = {id(one) for each in found for one in ast.walk(each.node)}
        kept = [one for one in found if not self._is_left_out(one, found, explained)]
        kept.sort(key=lambda one: one.touch.start)
        return PythonText(tuple(map(_sure, kept)), not unknown and len(kept) == len(found))

    def _touched(self, call: ast.Call) -> Iterator[_Found]:
        named = {one.arg: one.value for one in call.keywords if one.arg}
        for action, node, way in calls(dotted(call.func), call, named):
            path = self.text(node)
            if path is not None and path.startswith("/"):
                yield self._found(call, action, node, posixpath.normpath(path), way)

    def _found(self, call: ast.Call, action: Action, node: ast.expr, path: str, way: str) -> _Found:
        around = list(self.around(call))
        tolerated = any(isinstance(one, ast.Try) and not _gives_up(one) for one in around)
        names: tuple[Value, ...] = (UNKNOWN,) if way == FILLED else ()
        if way == "into":
            source = self.text(call.args[0]) if call.args else None
            names = (whole(posixpath.basename(source)),) if source else (UNKNOWN,)
        is_directory = {FILLED: True, "file": False}.get(way)
        touch = Touch(action, *self.place(node), path, is_directory, names, way == "tree")
        return _Found(touch, node, not any(isinstance(one, _BRANCHES) for one in around), tolerated)

    def _is_left_out(self, one: _Found, found: list[_Found], explained: set[int]) -> bool:
        """Whether nothing is said of it: what may fail, and what the program itself makes use of."""
        path = one.touch.path
        if one.is_tolerated or one.touch.action not in _WRITES:
            return one.is_tolerated
        others = (other.touch for other in found if other is not one and other.touch.action is Action.READ)
        told = (node for node in ast.walk(self.tree) if id(node) not in explained)
        return any(_meet(other.path, path) for other in others) or any(self._speaks_of(node, path) for node in told)

    def _speaks_of(self, node: ast.AST, path: str) -> bool:
        """Whether something else is told of the path, but for what is only said."""
        if not isinstance(node, ast.Constant | ast.Name) or isinstance(getattr(node, "ctx", None), ast.Store):
            return False
        text = self.text(node)
        if not text or not text.startswith("/") or text == "/" or not _meet(posixpath.normpath(text), path):
            return False
        around = list(self.around(node))
        if any(isinstance(one, ast.Assign) and self._is_named(one) for one in around):
            return False
        return not any(isinstance(one, ast.Call) and dotted(one.func).rpartition(".")[2] in _SAYING for one in around)

    def _is_named(self, assign: ast.Assign) -> bool:
        """Whether it only gives the path a name, whose uses count."""
        return (
            len(assign.targets) == 1
            and isinstance(assign.targets[0], ast.Name)
            and (assign.targets[0].id in self.constants and self.text(assign.value) is not None)
        )

    def _is_harmless(self, call: ast.Call) -> bool:
        name = dotted(call.func)
        return name in HARMLESS or name.rpartition(".")[2] in HARMLESS


def _sure(one: _Found) -> Touch:
    """What is read only perhaps is looked at."""
    is_doubtful = one.touch.action is Action.READ and not one.is_certain
    return one.touch._replace(action=Action.LOOK) if is_doubtful else one.touch


def _is_known_import(node: ast.AST) -> bool:
    """Whether what is imported does nothing by that alone."""
    if isinstance(node, ast.Import):
        names = [one.name for one in node.names]
    elif isinstance(node, ast.ImportFrom):
        names = [node.module or ""]
    else:
        return True
    return all(name.partition(".")[0] in MODULES or name.partition(".")[0] in sys.stdlib_module_names for name in names)


def _gives_up(node: ast.Try) -> bool:
    """Whether each of its handlers ends the program, or there is none."""
    return all(any(isinstance(one, ast.Raise) or exits(one) for one in ast.walk(each)) for each in node.handlers)


def _meet(one: str, other: str) -> bool:
    shorter, longer = sorted((one.rstrip("/"), other.rstrip("/")), key=len)
    return longer == shorter or longer.startswith(shorter + "/")
