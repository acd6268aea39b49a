"""The configuration file: found, read with a place for every mistake, declared once for reader, schema and `init`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, make_dataclass
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from initlint.errors import InitlintError, bounded, shown, unread
from initlint.files import compiled
from initlint.finding import Confidence, Place, Severity
from initlint.kube.pods.manifest import repeated_keys
from initlint.kube.terms.versions import DEFAULT, NEWEST, OLDEST, Version
from initlint.rule import Rule
from initlint.settings import Base, Ignored, RuleSettings, Settings, Special, all_rules, find_rule, matching
from initlint.shipped import shipped
from initlint.text import yamltext
from initlint.text.source import Source
from initlint.text.tree import Mapping, Node, TextError
from initlint.typed import object_schema, plain, read, refuse, schema
from initlint.usercommands import command_schema, read_commands

NAMES = (".initlint.yaml", ".initlint.yml")
SCHEMA_URL = "https://initlint.dev/schemas/config.schema.json"


class FailOn(Enum):
    """Least severity that fails the run."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


@dataclass(frozen=True)
class Ignore:
    """Findings to silence: of a rule, and as far as they are given, of a path, an object and a container."""

    rule: Annotated[str, "name or code of the rule"]
    path: Annotated[str, "pattern of paths, as in a .gitignore"] = ""
    object: Annotated[str, "Kind/name, or Kind/namespace/name; `*` stands for any text"] = "*"
    container: Annotated[str, "name of the container; `*` stands for any text"] = "*"
    reason: Annotated[str, "why this is fine"] = ""


@dataclass(frozen=True)
class Override:
    """What is different for some files."""

    files: Annotated[tuple[str, ...], "patterns of paths, as in a .gitignore"]
    extend_select: Annotated[tuple[str, ...], "rules to report as well"] = ()
    ignore: Annotated[tuple[str, ...], "rules to leave out"] = ()
    rules: Annotated[Node | None, "settings of rules, by name"] = None


@dataclass(frozen=True)
class Config:
    """The configuration of initlint; flags and environment variables win over it."""

    target_version: Annotated[str | None, f"Kubernetes version, {OLDEST} to {NEWEST}"] = None
    select: Annotated[tuple[str, ...] | None, "rules to report: names, codes, prefixes or ALL"] = None
    extend_select: Annotated[tuple[str, ...], "rules to report as well"] = ()
    ignore: Annotated[tuple[str, ...], "rules to leave out"] = ()
    fail_on: Annotated[FailOn | None, "least severity that makes the exit code 1, or never"] = None
    min_severity: Annotated[Severity | None, "least severity to report"] = None
    min_confidence: Annotated[Confidence | None, "least confidence to report"] = None
    exclude: Annotated[tuple[str, ...], "patterns of paths to leave out, as in a .gitignore"] = ()
    baseline: Annotated[str | None, "file of findings that are accepted for now, relative to this one"] = None
    complete: Annotated[bool, "whether the input is everything that is in its namespaces"] = False
    require_reason: Annotated[bool, "whether every suppression has to give a reason"] = False
    rules: Annotated[Node | None, "settings of rules, by name"] = None
    commands: Annotated[Node | None, "what further commands do, in the words of the table of known ones"] = None
    ignores: Annotated[tuple[Ignore, ...], "findings to silence"] = ()
    overrides: Annotated[tuple[Override, ...], "what is different for some files"] = ()


def find(start: Path) -> Path | None:
    """The nearest configuration file from a directory up to the root of its repository."""
    for directory in _up_to_repository(start.resolve()):
        for name in NAMES:
            if (directory / name).is_file():
                return directory / name
    return None


def mistaken(directory: Path) -> Iterator[str]:
    """What a directory holds in which people may think that there is a configuration, and there is none."""
    yield from (name.lstrip(".") for name in NAMES if (directory / name.lstrip(".")).is_file())
    project = directory / "pyproject.toml"
    if project.is_file() and "\n[tool.initlint" in "\n" + project.read_text("utf-8", "replace"):
        yield project.name


def _up_to_repository(start: Path) -> list[Path]:
    """Without a repository above it, a directory stands alone."""
    above = [start, *start.parents]
    roots = [index for index, directory in enumerate(above) if (directory / ".git").exists()]
    return above[: roots[0] + 1] if roots else [start]


class Loaded(NamedTuple):
    """A configuration file: what it says, and its tree, to point at."""

    config: Config
    root: Node


def load(path: Path) -> Loaded:
    """Read a configuration file; raises InitlintError, with the place, for whatever is wrong with it."""
    try:
        source = Source.decode(shown(path), bounded(path))
    except OSError as error:
        raise unread(path, error, "`initlint init` writes a configuration") from error
    root = _root(source)
    for again, _ in repeated_keys(root):
        refuse(again, f"key `{again}` is given twice: leave one out")
    return Loaded(read(root, Config) if root else Config(), root)


def _root(source: Source) -> Node:
    try:
        roots = [document.root for document in yamltext.read(source, 0, source.text)]
    except TextError as error:
        raise InitlintError(str(error), source, error.problem.span) from None
    if len(roots) > 1:
        refuse(roots[1], "expected one document, found another")
    return roots[0] if roots else Mapping(source, 0, 0, [], flow=False)


def settings_of(loaded: Loaded, packs: tuple[Path, ...], base: Base) -> Settings:
    """What a configuration asks for; raises InitlintError, with the place, for rules and options that do not exist."""
    config, root = loaded
    rules = all_rules(Settings(packs=packs))
    _check_names(root, rules)
    return Settings(
        select=("ALL",) if config.select is None else config.select,
        extend_select=config.extend_select,
        ignore=config.ignore,
        min_severity=config.min_severity or Severity.INFO,
        min_confidence=config.min_confidence or Confidence.MEDIUM,
        version=Version.parse(config.target_version) if config.target_version else DEFAULT,
        packs=packs,
        rules=configured(config.rules, rules),
        ignored=tuple(
            Ignored(one.rule, _paths(one), one.object, one.container, Place(node.source, node.span), one.reason)
            for one, node in zip(config.ignores, root["ignores"], strict=True)
        ),
        special=tuple(
            Special(one.files, one.extend_select, one.ignore, configured(one.rules, rules)) for one in config.overrides
        ),
        require_reason=config.require_reason,
        commands=read_commands(config.commands),
        is_complete=config.complete,
        base=base,
    )


def _check_names(root: Node, rules: Sequence[Rule]) -> None:
    """Refuse versions and names of rules that do not exist, and patterns that are none, where they stand."""
    if root["target-version"]:
        _at(root["target-version"], Version.parse)
    for part in (root, *root["overrides"]):
        for selector in (item for name in ("select", "extend-select", "ignore") for item in part[name]):
            _at(selector, partial(matching, rules))
        for pattern in (*part["exclude"], *part["files"]):
            _at(pattern, compiled)
    for ignore in root["ignores"]:
        _at(ignore["rule"], partial(find_rule, rules))
        _at(ignore["path"], compiled)
        if ignore["object"] and not set(ignore["object"].value) & set("/*?["):
            refuse(
                ignore["object"], f"`{ignore['object']}` names no object: write `Kind/name`, `Kind/*` for all of a kind"
            )
        if root["require-reason"].truth and not ignore["reason"].value:
            refuse(ignore, "expected the key `reason`, which `require-reason` demands")


def _at(node: Node, check: Callable[[str], object]) -> None:
    """Give a mistake that is found elsewhere its place in the file."""
    try:
        check(node.value)
    except InitlintError as error:
        refuse(node, str(error))


def _paths(ignore: Ignore) -> tuple[str, ...]:
    return (ignore.path,) if ignore.path else ()


def configured(table: Node | None, rules: Sequence[Rule]) -> tuple[RuleSettings, ...]:
    """The settings of rules in a `rules:` mapping; raises InitlintError for a rule or an option that does not exist."""
    if table is None or not table:
        return ()
    if not isinstance(table, Mapping):
        refuse(table, "expected a mapping of rule names")
    told, names = dict[str, RuleSettings](), dict[str, str]()
    for name, value in table.items():
        one = _configure(name, value, rules)
        if one.code in told:
            refuse(name, f"`{name}` is told what to do above, as `{names[one.code]}`: leave one out")
        told[one.code], names[one.code] = one, name.value
    return tuple(told.values())


_OFF = ("off", "disable", "disabled", "false", "none", "ignore")
"""What other linters would be told here."""


def _configure(name: Node, value: Node, rules: Sequence[Rule]) -> RuleSettings:
    _at(name, partial(find_rule, rules))
    rule = find_rule(rules, name.value)
    for said in (value, value["severity"]):
        if said.value in _OFF:
            refuse(said, f"expected what the rule is told: `ignore: [{rule.name}]` leaves it out")
    told: Any = read(value, _settings_type(rule))
    options = {name: one for name, one in plain(told).items() if name != "severity"}
    return RuleSettings(rule.code, told.severity, json.dumps(options, ensure_ascii=False) if options else None)


def _settings_type(rule: Rule) -> type:
    """The rule's options with what every rule can be told."""
    severity = ("severity", Annotated[Severity | None, "severity of all its findings"], field(default=None))
    bases = (type(rule.options),) if rule.options is not None else ()
    return make_dataclass("Options", [severity], bases=bases, frozen=True, namespace={"__doc__": rule.title})


def config_schema(rules: Iterable[Rule]) -> dict[str, Any]:
    """The JSON Schema of the configuration file with these rules."""
    known = list(rules)
    table = {
        "type": "object",
        "additionalProperties": False,
        "properties": {rule.name: object_schema(_settings_type(rule)) for rule in known},
    }
    described = schema(Config)
    described["properties"]["rules"] |= {"$ref": "#/$defs/rules"}
    described["properties"]["overrides"]["items"]["properties"]["rules"] |= {"$ref": "#/$defs/rules"}
    described["properties"]["target-version"]["enum"] = [
        f"1.{minor}" for minor in range(OLDEST.minor, NEWEST.minor + 1)
    ]
    commands = command_schema()["$defs"]
    described["properties"]["commands"] |= {"additionalProperties": {"$ref": "#/$defs/entry"}}
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_URL, "title": "initlint"}
    return {**head, **described, "$defs": {"rules": table, **commands}}


def main() -> None:
    """Write the schema of the configuration file anew."""
    file = shipped("schemas") / "config.schema.json"
    text = json.dumps(config_schema(all_rules(Settings())), indent=2, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
