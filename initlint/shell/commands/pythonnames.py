"""What names of a Python program stand for, which a function or a loop is given."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TypeAlias

from initlint.shell.commands.pythontext import PythonProgram, all_known, dotted, is_plain

_DEPTH = 5

Names: TypeAlias = Mapping[str, ast.expr]


class NamedValues:
    """A program where names stand for what a function or a loop is given."""

    def __init__(self, program: PythonProgram, names: Names) -> None:
        self.program, self.names = program, names

    def text(self, node: ast.expr, depth: int = 0) -> str | None:
        """The text or the number that an expression is, if it is known."""
        for _ in range(_DEPTH):
            node = self._behind(node)
        if depth > _DEPTH or not self.program.is_within_budget():
            return None
        if isinstance(node, ast.FormattedValue) and is_plain(node):
            return self.text(node.value, depth)
        if isinstance(node, ast.JoinedStr):
            parts = all_known(self.text(one, depth + 1) for one in node.values)
            return None if parts is None else "".join(parts)
        if isinstance(node, ast.Constant) and type(node.value) is int:
            return str(node.value)
        return self.program.text(node)

    def _behind(self, node: ast.expr) -> ast.expr:
        """What a name stands for, or what is only made a number or a text."""
        if isinstance(node, ast.Name):
            return self.names.get(node.id) or self.program.constants.get(node.id, node)
        is_converted = isinstance(node, ast.Call) and dotted(node.func) in ("int", "str") and len(node.args) == 1
        return node.args[0] if isinstance(node, ast.Call) and is_converted else node


def given(function: ast.FunctionDef, call: ast.Call) -> Names | None:
    """What a call gives the parameters of a function; None if that is not clear."""
    spec = function.args
    if spec.vararg or spec.kwarg or any(one.arg is None for one in call.keywords):
        return None
    names = [one.arg for one in (*spec.posonlyargs, *spec.args)]
    defaults = dict(zip(reversed(names), reversed(spec.defaults), strict=False))
    passed = dict(zip(names, call.args, strict=False))
    return {**defaults, **passed, **{one.arg: one.value for one in call.keywords if one.arg}}


def items(loop: ast.For) -> list[Names]:
    """What the names of a loop are in each round, where it goes over what is written out."""
    if not isinstance(loop.iter, ast.List | ast.Tuple | ast.Set):
        return []
    found: list[Names] = []
    for item in loop.iter.elts:
        if isinstance(loop.target, ast.Name):
            found.append({loop.target.id: item})
        elif isinstance(loop.target, ast.Tuple) and isinstance(item, ast.Tuple | ast.List):
            pairs = zip(loop.target.elts, item.elts, strict=False)
            found.append({name.id: value for name, value in pairs if isinstance(name, ast.Name)})
    return found
