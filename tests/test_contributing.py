"""What CONTRIBUTING says of the code: what imports what, by the rows of its table, and how long functions are."""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path

from tests.conftest import ROOT

MODULES = {
    ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file
    for file in sorted((ROOT / "initlint").rglob("*.py"))
}


def imported(tree: ast.AST, known: Mapping[str, Path] = MODULES) -> Iterator[str]:
    """The modules that a module needs when it runs; what only annotations name is not one of them."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.If(test=ast.Name("TYPE_CHECKING")):
                continue
            case ast.Import():
                yield from (name.name for name in node.names)
            case ast.ImportFrom(module=str(module)):
                for name in node.names:
                    inner = f"{module}.{name.name}"
                    yield inner if inner in known else module
            case _:
                yield from imported(node, known)


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def needs(module: str) -> set[str]:
    """What a module imports, with the packages that this is in, which run first."""
    names = {one for one in imported(_tree(MODULES[module])) if one in MODULES}
    packages = {".".join(one.split(".")[:depth]) for one in names for depth in range(2, one.count(".") + 1)}
    return {one for one in names | packages if not f"{module}.".startswith(f"{one}.")}


NEEDS = {module: needs(module) for module in MODULES}


def rows() -> list[list[str]]:
    """The modules and packages that each row of the table speaks of."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    cells = re.findall(r"^\| (`initlint/[^|]*) \|", text, re.MULTILINE)
    return [[_module(path) for path in re.findall(r"`([^`]+)`", cell)] for cell in cells]


def _module(path: str) -> str:
    names = path.removeprefix("initlint/").removesuffix(".py").removesuffix("__init__").strip("/").split("/")
    return ".".join(["initlint", *filter(None, names)])


ROWS = {name: index for index, row in enumerate(rows()) for name in row}


def row_of(module: str) -> int:
    """The row of a module, or of the innermost package that has one; of the whole, only the row of its own name."""
    if module in ROWS or "." not in module:
        return ROWS[module]
    package = module.rpartition(".")[0]
    if package == "initlint":
        raise LookupError(f"CONTRIBUTING.md does not say where `{module}` belongs")
    return row_of(package)


def test_a_module_builds_on_the_rows_above_it() -> None:
    pairs = ((module, one) for module, needed in NEEDS.items() for one in needed)
    assert [f"{module} imports {one}" for module, one in pairs if row_of(one) > row_of(module)] == []


def test_the_table_speaks_of_what_there_is() -> None:
    assert set(ROWS) <= set(MODULES)


def test_nothing_imports_in_a_circle() -> None:
    assert len(tuple(TopologicalSorter(NEEDS).static_order())) == len(MODULES)


def test_rules_import_the_standard_library_and_the_api() -> None:
    for file in sorted((ROOT / "rules").rglob("*.py")):
        packages = {one if one == "initlint.api" else one.partition(".")[0] for one in imported(_tree(file), {})}
        assert packages <= {*sys.stdlib_module_names, "initlint.api"}, file


def test_tests_share_what_stands_in_modules_of_its_own() -> None:
    needed = {one for file in sorted((ROOT / "tests").glob("*.py")) for one in imported(_tree(file), {})}
    assert [one for one in needed if one.startswith("tests.test_")] == []


def test_functions_and_modules_are_as_short_as_contributing_says() -> None:
    files = [*MODULES.values(), *sorted((ROOT / "rules").rglob("*.py"))]
    functions = (node for file in files for node in ast.walk(_tree(file)) if isinstance(node, ast.FunctionDef))
    lengths = sorted((node.end_lineno or 0) - node.lineno + 1 for node in functions)
    assert lengths[len(lengths) // 2] < 7
    assert lengths[len(lengths) * 9 // 10] < 25
    assert lengths[-1] <= 50
    assert [str(file) for file in files if file.read_text("utf-8").count("\n") > 320] == []


def test_no_two_classes_of_the_project_have_one_name() -> None:
    files = [*MODULES.values(), *sorted((ROOT / "rules").rglob("*.py"))]
    names = [node.name for file in files for node in ast.walk(_tree(file)) if isinstance(node, ast.ClassDef)]
    # What a rule can be told is found by that name.
    assert {name for name, count in Counter(names).items() if count > 1} <= {"Options"}
