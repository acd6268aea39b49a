"""How parts of a Python program end it or a loop, and what their tests say of an answer."""

from __future__ import annotations

import ast

from initlint.shell.commands.pythontext import dotted, exits


def fails(node: ast.AST) -> bool:
    """Whether it ends the program with a failure."""
    if isinstance(node, ast.Raise):
        return node.exc is None or not exits(node.exc) or fails(node.exc)
    if not isinstance(node, ast.Call) or not exits(node) or not node.args:
        return False
    return not (isinstance(node.args[0], ast.Constant) and node.args[0].value in (0, None))


def fails_at(node: ast.stmt) -> bool:
    """Whether a statement does nothing but that."""
    return fails(node.value if isinstance(node, ast.Expr) else node)


def says(node: ast.stmt) -> bool:
    """Whether a statement only prints something."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and dotted(node.value.func) == "print"


def sets(node: ast.AST, name: str) -> bool:
    """Whether it lets a flag be true, or something that is not known."""
    if not isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.NamedExpr):
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    is_false = isinstance(node.value, ast.Constant) and not node.value.value
    return not is_false and any(isinstance(one, ast.Name) and one.id == name for one in targets)


def is_number(call: ast.Call) -> bool:
    """Whether a call says by a number whether something answers, in place of an error."""
    return dotted(call.func).endswith("connect_ex")


def is_until(test: ast.expr, call: ast.Call) -> bool:
    """Whether a loop goes on as long as a call says that nothing is there."""
    if is_number(call):
        return test is call or (
            isinstance(test, ast.Compare)
            and test.left is call
            and isinstance(test.ops[0], ast.NotEq | ast.Gt)
            and _is_zero(test.comparators[0])
        )
    return isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) and test.operand is call


def is_so(test: ast.expr, told: ast.expr, *, by_number: bool) -> bool:
    """Whether a test holds only if an answer says that something is there; as a number, that is 0."""
    match test:
        case ast.BoolOp(op=ast.And(), values=values):
            return any(is_so(one, told, by_number=by_number) for one in values)
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[zero]) if by_number:
            return left is told and _is_zero(zero)
        case ast.UnaryOp(op=ast.Not(), operand=operand) if by_number:
            return operand is told
    return test is told and not by_number


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 0
