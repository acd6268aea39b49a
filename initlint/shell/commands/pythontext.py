"""The text of a Python program: parsed and never run, with what is known of the values in it."""

from __future__ import annotations

import ast
import posixpath
import warnings
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

_LONGEST = 16_384
_MAX_STEPS = 20_000
# Arguments are known by their numbers, which no variable is called.
_NAMED = ("os.environ", "environ", "sys.argv")
_ASKING = ("os.environ.get", "environ.get", "os.getenv", "getenv")
_PATHS = frozenset({"os.path.join", "path.join", "join", "Path", "pathlib.Path", "str", "os.fspath"})


def parsed(text: str) -> ast.Module | None:
    """Its syntax; None of a text that is too long, or is not understood."""
    if len(text) > _LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class PythonProgram:
    """A program with the variables of its environment that are known."""

    def __init__(self, text: str, tree: ast.Module, env: Mapping[str, str]) -> None:
        self.tree = tree
        self.env = env
        self.lines = text.split("\n")
        self.starts = [0, *accumulate(len(line) + 1 for line in self.lines)]
        self.parents = {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        self.constants = self._constants()
        self.steps = 0

    def _constants(self) -> dict[str, ast.expr]:
        """The names that are set once, and to what."""
        counts: dict[str, list[ast.expr | None]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
                counts.setdefault(node.id, []).append(self._given(node))
            elif isinstance(node, ast.arg):
                counts.setdefault(node.arg, []).append(None)
        return {name: found[0] for name, found in counts.items() if len(found) == 1 and found[0] is not None}

    def _given(self, node: ast.Name) -> ast.expr | None:
        """What a name is set to, alone or among others: `host, port = "db", 5432`."""
        parent = self.parents[id(node)]
        if isinstance(parent, ast.Assign) and parent.targets == [node]:
            return parent.value
        whole = self.parents.get(id(parent))
        if isinstance(parent, ast.Tuple) and isinstance(whole, ast.Assign) and whole.targets == [parent]:
            values = whole.value.elts if isinstance(whole.value, ast.Tuple) else []
            return dict(zip(map(id, parent.elts), values, strict=False)).get(id(node))
        return None

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """What a part of it stands in, from the inside out."""
        while (parent := self.parents.get(id(node))) is not None:
            yield parent
            node = parent

    def is_within_budget(self) -> bool:
        """Whether not too many expressions were looked at: each name may stand for many others."""
        self.steps += 1
        return self.steps <= _MAX_STEPS

    def text(self, node: ast.expr, depth: int = 0) -> str | None:
        """The text that an expression is, if all of it stands there."""
        if depth > 8 or not self.is_within_budget():  # names that stand for each other
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
            case ast.FormattedValue(value=value) if is_plain(node):
                return self.text(value, depth + 1)
            case ast.JoinedStr(values=values):
                return self._joined("", values, depth)
            case ast.Call(func=func, args=parts) if parts:
                return self._of_call(dotted(func), parts, depth)
        return None

    def _part(self, node: ast.Subscript | ast.Attribute, depth: int) -> str | None:
        """A variable of the environment, or the directory in which a path lies."""
        if isinstance(node, ast.Attribute):
            path = self.text(node.value, depth + 1) if node.attr == "parent" else None
            return posixpath.dirname(path) if path else None
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        return self.env.get(str(key)) if dotted(node.value) in _NAMED else None

    def _of_call(self, name: str, parts: list[ast.expr], depth: int) -> str | None:
        if name in _ASKING:
            asked = self.text(parts[0], depth + 1) or ""
            is_unset = asked and asked not in self.env and "" in self.env and len(parts) > 1
            return self.text(parts[1], depth + 1) if is_unset else self.env.get(asked)
        return self._joined("/", parts, depth) if name in _PATHS else None

    def _joined(self, between: str, parts: list[ast.expr], depth: int) -> str | None:
        known = all_known(self.text(one, depth + 1) for one in parts)
        if known is None:
            return None
        return posixpath.join(*known) if between else "".join(known)

    def place(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Where a part of it begins and ends in the text."""
        end = (node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
        return self._offset(node.lineno, node.col_offset), self._offset(*end)

    def _offset(self, line: int, column: int) -> int:
        """Python counts in bytes."""
        return self.starts[line - 1] + len(self.lines[line - 1].encode()[:column].decode(errors="ignore"))


def all_known(texts: Iterable[str | None]) -> list[str] | None:
    """The texts, or None as soon as one of them is not known."""
    found: list[str] = []
    for one in texts:
        if one is None:
            return None
        found.append(one)
    return found


def is_plain(part: ast.FormattedValue) -> bool:
    """Whether a part of a text is put in as it is: neither `{port:05}` nor `{host!r}`."""
    return part.format_spec is None and part.conversion == -1


def exits(node: ast.AST) -> bool:
    """Whether it is a call that ends the program."""
    return isinstance(node, ast.Call) and dotted(node.func) in ("sys.exit", "exit", "quit", "os._exit", "SystemExit")


def dotted(node: ast.expr) -> str:
    """`a.b.c` of a name with attributes; of what something else has only the attributes: `.c`."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    names.append(node.id if isinstance(node, ast.Name) else "")
    return ".".join(reversed(names))
