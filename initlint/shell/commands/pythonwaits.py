"""Loops of a Python program that go on until something answers: what is asked, without which they are not left."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from typing import NamedTuple

from initlint.shell.commands.pythondials import Dial, asked_by
from initlint.shell.commands.pythonends import fails, fails_at, is_number, is_so, is_until, says, sets
from initlint.shell.commands.pythonnames import NamedValues, Names, given, items
from initlint.shell.commands.pythontext import PythonProgram, exits, parsed

_MOST = 16
_DEPTH = 3
"""How many functions call each other on the way to a loop."""

_DOUBTFUL = (ast.If, ast.While, ast.Try, ast.ExceptHandler, ast.IfExp, ast.BoolOp, ast.Lambda, ast.AsyncFunctionDef,
             ast.ClassDef, ast.comprehension, ast.Match)  # fmt: skip

Loop = ast.While | ast.For


class Dialled(NamedTuple):
    """What a program asks again and again: `host:port`, a URL, or a name alone; where; and whether it gives up."""

    start: int
    end: int
    address: str
    only_name: bool
    is_bounded: bool


@lru_cache(maxsize=256)
def dialled(text: str, env: tuple[tuple[str, str], ...] = ()) -> tuple[Dialled, ...]:
    """What a program surely waits for, with these variables; nothing of one that is not understood."""
    tree = parsed(text) if "while" in text or "for" in text else None
    if tree is None:
        return ()
    asked = islice(_Waiting(text, tree, dict(env)).dialled(), _MOST * _MOST)
    found = {(one.start, one.address): one for one in asked}
    return tuple(found.values()) if len(found) <= _MOST else ()


class _Waiting(PythonProgram):
    def dialled(self) -> Iterator[Dialled]:
        found = [(one, asked) for one in self._calls if (asked := asked_by(one))]
        for call, asked in found if len(found) <= _MOST else ():
            loop = self._loop(call)
            is_bounded = self._is_bounded(loop, call) if loop else None
            if loop and is_bounded is not None:
                yield from self._in_each(call, asked, loop, is_bounded=is_bounded)
            elif loop is None:
                yield from self._by_function(call, asked)

    @cached_property
    def _calls(self) -> list[ast.Call]:
        """All calls, in the order of the text."""
        return sorted((one for one in ast.walk(self.tree) if isinstance(one, ast.Call)), key=self.place)

    def _in_each(self, call: ast.Call, asked: Dial, loop: Loop, *, is_bounded: bool) -> Iterator[Dialled]:
        """What is asked for each time that the loop is come to."""
        for names in self._ways(loop):
            address = asked.address(NamedValues(self, names))
            if address:
                yield Dialled(*self.place(call), address, asked.only_name, is_bounded)

    def _by_function(self, call: ast.Call, asked: Dial) -> Iterator[Dialled]:
        """What a function asks that says whether something answered, where a loop asks it."""
        function = self._function(call)
        if function is None or not self._tells(function, call):
            return
        for caller in self._calls_of(function):
            loop, names = self._loop(caller), given(function, caller)
            is_bounded = self._is_bounded(loop, caller, tells=True) if loop else None
            for outer in self._ways(loop) if loop and names is not None and is_bounded is not None else ():
                address = asked.address(NamedValues(self, {**outer, **(names or {})}))
                if address:
                    yield Dialled(*self.place(caller), address, asked.only_name, bool(is_bounded))

    def _tells(self, function: ast.FunctionDef, call: ast.Call) -> bool:
        """Whether a function says True only behind a call that has not failed."""
        attempt = next((one for one in self.around(call) if isinstance(one, ast.Try)), None)
        returned = [one for one in ast.walk(function) if isinstance(one, ast.Return)]
        told = [one for one in returned if not (isinstance(one.value, ast.Constant) and not one.value.value)]
        if is_number(call):
            return bool(told) and all(one.value is not None and is_so(one.value, call, by_number=True) for one in told)
        if not told or any(one.value is None or not self._is_behind(one, call, attempt) for one in told):
            return False
        return attempt is not None or any(call in ast.walk(one) for one in told)

    def _loop(self, node: ast.AST) -> Loop | None:
        """The innermost loop around a part, of the same function."""
        for one in self.around(node):
            if isinstance(one, ast.FunctionDef | ast.Lambda | ast.AsyncFunctionDef):
                return None
            if isinstance(one, Loop) and node not in (getattr(one, "iter", None),):
                return one
        return None

    def _function(self, node: ast.AST) -> ast.FunctionDef | None:
        return next((one for one in self.around(node) if isinstance(one, ast.FunctionDef)), None)

    def _calls_of(self, function: ast.FunctionDef) -> list[ast.Call]:
        found = [one for one in self._calls if isinstance(one.func, ast.Name) and one.func.id == function.name]
        return found if len(found) <= _MOST else []

    def _is_bounded(self, loop: Loop, call: ast.Call, *, tells: bool = False) -> bool | None:
        """Whether a loop that is left only when a call succeeds gives up some time, and fails; None if it is not so."""
        leaving = [one for one in ast.walk(loop) if self._leaves(one, loop)]
        attempt = next((one for one in self._within(call, loop) if isinstance(one, ast.Try)), None)
        failing = [one for one in ast.walk(loop) if fails(one)]
        if any(_is_plain(one, attempt) for one in failing):
            return None
        is_told = tells or is_number(call)
        if not is_told and (attempt is None or self._is_doubtful(call, attempt)):
            return None
        if not all(
            self._is_guarded(one, call, loop) if is_told else self._is_behind(one, call, attempt) for one in leaving
        ):
            return None
        if isinstance(loop, ast.While) and (self._is_endless(loop, call, attempt, leaving, is_told=is_told)):
            return bool(failing)
        return True if leaving and self._fails_after(loop, leaving) else None

    def _is_endless(
        self, loop: ast.While, call: ast.Call, attempt: ast.Try | None, leaving: Sequence[ast.AST], *, is_told: bool
    ) -> bool:
        """Whether the head of a loop ends it only when a call has succeeded."""
        test = loop.test
        if isinstance(test, ast.Constant) and test.value:
            return bool(leaving)
        if is_told and any(one is call for one in ast.walk(test)):
            return is_until(test, call)
        flag = test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else None
        if not isinstance(flag, ast.Name):
            return False
        changes = [one for one in ast.walk(loop) if sets(one, flag.id)]
        return bool(changes) and all(self._is_behind(one, call, attempt) for one in changes)

    def _leaves(self, node: ast.AST, loop: Loop) -> bool:
        """Whether it leaves a loop as if all were well."""
        if isinstance(node, ast.Break):
            return self._loop(node) is loop
        return isinstance(node, ast.Return) or (exits(node) and not fails(node))

    def _is_behind(self, node: ast.AST, call: ast.Call, attempt: ast.Try | None) -> bool:
        """Whether it is come to only when a call has not failed."""
        if attempt is None:
            return any(one is call for one in ast.walk(node))
        if any(one is node for one in self._handled(attempt)) or self._at(call) > self._at(node):
            return any(one is call for one in ast.walk(node))
        if any(one is attempt for one in self.around(node)):
            return True
        return all(isinstance(one.body[-1], ast.Continue) or fails_at(one.body[-1]) for one in attempt.handlers)

    def _is_guarded(self, node: ast.AST, call: ast.Call, loop: Loop) -> bool:
        """Whether what leaves a loop stands behind the answer that something is there."""
        for one in self._within(node, loop):
            if isinstance(one, ast.If) and any(it is node for it in _all(one.body)):
                is_answered = is_so(one.test, call, by_number=is_number(call))
                return is_answered or self._is_named(one.test, call)
        return False

    def _is_named(self, test: ast.expr, call: ast.Call) -> bool:
        """Whether a test looks at the variable that a call's answer is kept in."""
        parent = self.parents.get(id(call))
        if not isinstance(parent, ast.Assign) or not isinstance(parent.targets[0], ast.Name):
            return False
        named = [one for one in ast.walk(test) if isinstance(one, ast.Name) and one.id == parent.targets[0].id]
        return any(is_so(test, one, by_number=is_number(call)) for one in named)

    def _within(self, node: ast.AST, loop: Loop) -> Iterator[ast.AST]:
        """What a part of a loop stands in, up to the loop."""
        for one in self.around(node):
            if one is loop:
                return
            yield one

    def _is_doubtful(self, call: ast.Call, attempt: ast.Try) -> bool:
        """Whether a `try` may get by without a call in it."""
        inner: ast.AST = call
        for one in self.around(call):
            if one is attempt:
                return not any(it is inner for it in attempt.body)
            if isinstance(one, _DOUBTFUL) and not _is_asked(one, inner):
                return True
            inner = one
        return True

    def _handled(self, attempt: ast.Try) -> list[ast.AST]:
        return [one for handler in attempt.handlers for one in ast.walk(handler)]

    def _fails_after(self, loop: Loop, leaving: Sequence[ast.AST]) -> bool:
        """Whether a loop that has given up is followed by what ends the program with a failure."""
        if any(map(fails_at, loop.orelse)):
            return True
        if any(isinstance(one, ast.Break) for one in leaving):
            return False
        block = next((one for one in _blocks(self.parents[id(loop)]) if loop in one), [])
        rest = [one for one in block[block.index(loop) + 1 :] if not says(one)]
        return bool(rest) and fails_at(rest[0])

    def _ways(self, node: ast.AST, depth: int = 0) -> Iterator[Names]:
        """The names that are given on each way to a part of the program; nothing where it may not be come to."""
        names, inner = [dict[str, ast.expr]()], node
        for one in self.around(node):
            if isinstance(one, ast.FunctionDef):
                yield from self._called(one, names, depth)
                return
            if isinstance(one, ast.For) and inner is not one.iter:
                names = [{**mine, **each} for mine in items(one)[:_MOST] for each in names][:_MOST]
            elif isinstance(one, _DOUBTFUL) and not (_is_asked(one, inner) or _is_for_all(one, node)):
                return
            inner = one
        if not self._may_be_over(node):
            yield from names

    def _called(self, function: ast.FunctionDef, names: Sequence[Names], depth: int) -> Iterator[Names]:
        for call in self._calls_of(function) if depth < _DEPTH else ():
            own = given(function, call)
            for outer in self._ways(call, depth + 1) if own is not None else ():
                yield from ({**outer, **(own or {}), **one} for one in names)

    def _at(self, node: ast.AST) -> tuple[int, int]:
        return self.place(node) if isinstance(node, ast.expr | ast.stmt) else (0, 0)

    def _may_be_over(self, node: ast.AST) -> bool:
        """Whether the program may have ended before, with success."""
        at = self._at(node)
        return any(one < at for one in self._ends)

    @cached_property
    def _ends(self) -> list[tuple[int, int]]:
        """Where it may end with success, by saying so."""
        return [self._at(one) for one in self._calls if exits(one) and not fails(one)]


def _is_asked(node: ast.AST, inner: ast.AST) -> bool:
    """Whether a part of a condition is come to in any case, or what stands behind `if __name__ == "__main__"`."""
    if not isinstance(node, ast.If):
        return False
    return inner is node.test or any(isinstance(one, ast.Name) and one.id == "__name__" for one in ast.walk(node.test))


def _is_for_all(node: ast.AST, inner: ast.AST) -> bool:
    """Whether a `try` lets no failure within it pass."""
    return isinstance(node, ast.Try) and not node.handlers and any(one is inner for one in _all(node.body))


def _all(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    return (one for statement in body for one in ast.walk(statement))


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        block = getattr(node, field, None)
        if isinstance(block, list):
            yield block


def _is_plain(node: ast.AST, attempt: ast.Try | None) -> bool:
    """Whether a handler fails in any case, so that nothing is asked again."""
    handlers = attempt.handlers if attempt else []
    return any(
        node is one or (isinstance(one, ast.Expr) and one.value is node) for each in handlers for one in each.body
    )
