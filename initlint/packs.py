"""Rule packs: folders of rule folders, loaded by path, the built-in one by the same code as a user's."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterable
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType

from initlint.errors import InitlintError
from initlint.rule import Rule
from initlint.shipped import shipped


def builtin() -> Path:
    """The built-in pack."""
    return shipped("rules")


def with_builtin(packs: Iterable[Path]) -> list[Path]:
    """The built-in pack before others; where that of a checkout is one of them, it stands for an installed one."""
    others = list(packs)
    return others if any(map(_is_builtin, others)) else [builtin(), *others]


def _is_builtin(pack: Path) -> bool:
    pack = pack.resolve()
    built_in = builtin().resolve()
    return pack == built_in or (pack.name == built_in.name and (pack.parent / "initlint" / "api.py").is_file())


def load(packs: Iterable[Path]) -> list[Rule]:
    """Every rule of the packs, by code; raises InitlintError for a folder that is no rule and for names used twice."""
    rules = [_load_rule(folder) for pack in packs for folder in _folders(pack)]
    for key in ("code", "name"):
        _refuse_doubles(rules, key)
    return sorted(rules, key=lambda rule: rule.code)


def _folders(pack: Path) -> list[Path]:
    if not pack.is_dir():
        raise InitlintError(f"`{pack}` is no directory: a rule pack is a directory of rule folders")
    return sorted(path for path in pack.iterdir() if path.is_dir() and not path.name.startswith((".", "_")))


def _load_rule(folder: Path) -> Rule:
    file = folder / "rule.py"
    if not file.is_file():
        raise InitlintError(f"`{folder}` holds no `rule.py`: each folder of a rule pack is one rule")
    rules = [value for value in vars(_execute(file)).values() if isinstance(value, Rule)]
    if len(rules) != 1:
        raise InitlintError(f"`{file}` declares {len(rules)} rules: each folder declares exactly one with `@rule`")
    return rules[0].in_folder(folder)


def _execute(file: Path) -> ModuleType:
    """Import a file by its path; dataclasses look their module up, so that it must be known."""
    name = f"initlint rule {file.parent}"
    loader = SourceFileLoader(name, str(file))
    module = module_from_spec(ModuleSpec(name, loader, origin=str(file)))
    sys.modules[name] = module
    try:
        loader.exec_module(module)
    except InitlintError as error:
        raise InitlintError(f"`{file}`: {error}") from error
    except Exception as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)]
        place = f"{file}:{lines[-1]}" if lines else file
        raise InitlintError(f"`{place}` cannot be loaded: {type(error).__name__}: {error}") from error
    return module


def _refuse_doubles(rules: list[Rule], key: str) -> None:
    seen: dict[str, Rule] = {}
    for rule in rules:
        value = getattr(rule, key)
        if value in seen:
            raise InitlintError(
                f"`{rule.folder}` and `{seen[value].folder}` are both {key} `{value}`: a {key} names one rule"
            )
        seen[value] = rule
