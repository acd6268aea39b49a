"""What a Python program does to paths that it names itself: `python -c "…"`, or what it is given as its input.

The text is parsed and never run. Where a path is no literal, or something is called that is not known, it may do more.
"""

from __future__ import annotations

import ast
import posixpath
import sys
import warnings
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from initlint.shell.commands.meaning import Action
from initlint.shell.commands.pythoncalls import FILLED, HARMLESS, MODULES, calls
from initlint.shell.language.values import UNKNOWN, Value, whole

_LONGEST = 16_384
_BRANCHES = (ast.If, ast.For, ast.While, ast.Try, ast.FunctionDef, ast.Lambda, ast.IfExp, ast.BoolOp)
_WRITES = (Action.WRITE, Action.APPEND, Action.MAKE_DIRECTORY, Action.LINK)
_ENVIRONMENT = ("os.environ", "environ")
_ASKING = ("os.environ.get", "environ.get", "os.getenv", "getenv")
_PATHS = frozenset({"os.path.join", "path.join", "join", "Path", "pathlib.Path", "str", "os.fspath"})
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
    tree = _parsed(text) if len(text) <= _LONGEST else None
    return _Program(text, tree, dict(env)).read() if tree else PythonText()


def _parsed(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class _Found(NamedTuple):
    """A touch, the node that names its path, and whether it surely happens, or may fail without harm."""

    touch: Touch
    node: ast.expr
    is_certain: bool
    is_tolerated: bool


class _Program:
    def __init__(self, text: str, tree: ast.Module, env: Mapping[str, str]) -> None:
        self.tree = tree
        self.env = env
        self.lines = text.split("\n")
        self.starts = [0, *accumulate(len(line) + 1 for line in self.lines)]
        self.parents = {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        self.constants = self._constants()

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

    def _constants(self) -> dict[str, ast.expr]:
        """The names that are set once, and to what."""
        counts: dict[str, list[ast.expr | None]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
                parent = self.parents[id(node)]
                value = parent.value if isinstance(parent, ast.Assign) and parent.targets == [node] else None
                counts.setdefault(node.id, []).append(value)
            elif isinstance(node, ast.arg):
                counts.setdefault(node.arg, []).append(None)
        return {name: found[0] for name, found in counts.items() if len(found) == 1 and found[0] is not None}

    def _touched(self, call: ast.Call) -> Iterator[_Found]:
        named = {one.arg: one.value for one in call.keywords if one.arg}
        for action, node, way in calls(_dotted(call.func), call, named):
            path = self.text(node)
            if path is not None and path.startswith("/"):
                yield self._found(call, action, node, posixpath.normpath(path), way)

    def _found(self, call: ast.Call, action: Action, node: ast.expr, path: str, way: str) -> _Found:
        around = list(self._around(call))
        tolerated = any(isinstance(one, ast.Try) and not _gives_up(one) for one in around)
        names: tuple[Value, ...] = (UNKNOWN,) if way == FILLED else ()
        if way == "into":
            source = self.text(call.args[0]) if call.args else None
            names = (whole(posixpath.basename(source)),) if source else (UNKNOWN,)
        is_directory = {FILLED: True, "file": False}.get(way)
        touch = Touch(action, *self._place(node), path, is_directory, names, way == "tree")
        return _Found(touch, node, not any(isinstance(one, _BRANCHES) for one in around), tolerated)

    def _around(self, node: ast.AST) -> Iterator[ast.AST]:
        while (parent := self.parents.get(id(node))) is not None:
            yield parent
            node = parent

    def text(self, node: ast.expr, depth: int = 0) -> str | None:
        """The text that an expression is, if all of it stands there."""
        if depth > 8:  # names that stand for each other
            return None
        match node:
            case ast.Constant(value=str() as text):
                return text
            case ast.Name(id=name) if name in self.constants:
                return self.text(self.constants[name], depth + 1)
            case ast.Subscript() | ast.Attribute():
                return self._part(node, depth)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._joined("", [left, right], depth)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return self._joined("/", [left, right], depth)
            case ast.FormattedValue(value=value, format_spec=None, conversion=-1):
                return self.text(value, depth + 1)
            case ast.JoinedStr(values=values):
                return self._joined("", values, depth)
            case ast.Call(func=func, args=parts) if parts:
                return self._of_call(_dotted(func), parts, depth)
        return None

    def _part(self, node: ast.Subscript | ast.Attribute, depth: int) -> str | None:
        """A variable of the environment, or the directory in which a path lies."""
        if isinstance(node, ast.Attribute):
            path = self.text(node.value, depth + 1) if node.attr == "parent" else None
            return posixpath.dirname(path) if path else None
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        return self.env.get(str(key)) if _dotted(node.value) in _ENVIRONMENT else None

    def _of_call(self, name: str, parts: list[ast.expr], depth: int) -> str | None:
        if name in _ASKING:
            return self.env.get(self.text(parts[0], depth + 1) or "")
        return self._joined("/", parts, depth) if name in _PATHS else None

    def _joined(self, between: str, parts: list[ast.expr], depth: int) -> str | None:
        texts = [self.text(one, depth + 1) for one in parts]
        known = [one for one in texts if one is not None]
        if len(known) < len(texts):
            return None
        return posixpath.join(*known) if between else "".join(known)

    def _place(self, node: ast.expr) -> tuple[int, int]:
        end = (node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
        return self._offset(node.lineno, node.col_offset), self._offset(*end)

    def _offset(self, line: int, column: int) -> int:
        """Python counts in bytes."""
        return self.starts[line - 1] + len(self.lines[line - 1].encode()[:column].decode(errors="ignore"))

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
        around = list(self._around(node))
        if any(isinstance(one, ast.Assign) and self._is_named(one) for one in around):
            return False
        return not any(isinstance(one, ast.Call) and _dotted(one.func).rpartition(".")[2] in _SAYING for one in around)

    def _is_named(self, assign: ast.Assign) -> bool:
        """Whether it only gives the path a name, whose uses count."""
        return (
            len(assign.targets) == 1
            and isinstance(assign.targets[0], ast.Name)
            and (assign.targets[0].id in self.constants and self.text(assign.value) is not None)
        )

    def _is_harmless(self, call: ast.Call) -> bool:
        name = _dotted(call.func)
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
    return all(any(isinstance(one, ast.Raise) or _exits(one) for one in ast.walk(each)) for each in node.handlers)


def _exits(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _dotted(node.func) in ("sys.exit", "exit", "quit", "os._exit")


def _dotted(node: ast.expr) -> str:
    """`a.b.c` of a name with attributes; of what something else has only the attributes: `.c`."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    names.append(node.id if isinstance(node, ast.Name) else "")
    return ".".join(reversed(names))


def _meet(one: str, other: str) -> bool:
    shorter, longer = sorted((one.rstrip("/"), other.rstrip("/")), key=len)
    return longer == shorter or longer.startswith(shorter + "/")
