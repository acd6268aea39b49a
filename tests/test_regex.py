"""Regular expressions are compiled late: each must be one, and do what the pattern of `re` does."""

from __future__ import annotations

import gc
import importlib
import pickle
import pkgutil
import re
from types import ModuleType
from typing import cast

import pytest

import initlint
from initlint.packs import load, with_builtin
from initlint.regex import Late, regex


def _modules() -> list[ModuleType]:
    names = (one.name for one in pkgutil.walk_packages(initlint.__path__, "initlint."))
    return [importlib.import_module(name) for name in names if not name.endswith("__main__")]


def test_no_module_compiles_any_when_it_is_imported() -> None:
    found = [f"{module.__name__}.{name}" for module in _modules() for name, value in vars(module).items()
             if isinstance(value, re.Pattern)]  # fmt: skip
    assert found == []


def test_every_expression_is_one() -> None:
    _modules()
    rules = load(with_builtin([]))
    expressions = [cast("re.Pattern[str]", one) for one in gc.get_objects() if isinstance(one, Late)]
    assert len(expressions) > len(rules)
    for expression in expressions:
        expression.match("")  # raises re.error


def test_it_does_what_the_pattern_does() -> None:
    late, pattern = regex(r"(?P<word>\w+)-(\d+)", re.IGNORECASE), re.compile(r"(?P<word>\w+)-(\d+)", re.IGNORECASE)
    text = "a-1, B-22"
    assert late.findall(text) == pattern.findall(text)
    assert late.sub(r"\2", text, count=1) == pattern.sub(r"\2", text, count=1)
    assert (late.pattern, late.flags, late.groups) == (pattern.pattern, pattern.flags, pattern.groups)
    assert late.fullmatch("c-3").groupdict() == {"word": "c"}  # type: ignore[union-attr]


def test_a_mistake_is_told_at_the_first_use() -> None:
    broken = regex("(")
    with pytest.raises(re.error):
        broken.match("")


def test_other_attributes_are_none_of_it() -> None:
    with pytest.raises(AttributeError):
        _ = regex("a").compile  # type: ignore[attr-defined]


@pytest.mark.parametrize("is_used", [False, True])
def test_it_can_be_sent_to_other_processes(is_used: bool) -> None:
    late = regex("a+")
    if is_used:
        late.match("")
    assert pickle.loads(pickle.dumps(late)).match("aab")[0] == "aa"
