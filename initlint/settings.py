"""What a run is asked to do, and which rules that means, for each path."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from initlint import packs
from initlint.errors import InitlintError
from initlint.finding import Confidence, Diagnostic, ObjectRef, Place, Severity, Status
from initlint.kube.terms.versions import DEFAULT, Version
from initlint.rule import Rule

_DIGITS = "0123456789"
ALWAYS = "INIT003"
"""An incomplete run must never look like a clean one."""


class Base(NamedTuple):
    """What patterns of paths are relative to: the directory of the configuration file, in full, if there is one.

    `way` leads from there to the directory that paths are relative to.
    """

    way: str = ""
    root: str = ""

    @classmethod
    def of(cls, root: Path) -> Base:
        """That of a configuration in a directory, for paths from where the run is."""
        return cls(Path(os.path.relpath(Path.cwd(), root)).as_posix(), root.as_posix())

    def path(self, path: str) -> str:
        """A path as patterns see it."""
        plain, above = posixpath.normpath(path), f"{self.root.rstrip('/')}/"
        if self.root and plain.startswith(above):
            return plain.removeprefix(above)
        return posixpath.normpath(posixpath.join(self.way, plain))


_HERE = Base()


class RuleSettings(NamedTuple):
    """A rule's settings: a severity for all its findings, and its options; None leaves what the rule has.

    The options are text, YAML or JSON: settings travel between processes, which the class that a rule declares cannot.
    """

    code: str
    severity: Severity | None = None
    options: str | None = None


class Ignored(NamedTuple):
    """Findings to silence: of a rule, and as far as they are given, of paths, objects and containers.

    `place` is where the configuration says so.
    """

    rule: str
    paths: tuple[str, ...] = ()
    object: str = "*"
    container: str = "*"
    place: Place | None = None
    reason: str = ""

    def names(self, path: str, ref: ObjectRef | None, base: Base) -> bool:
        """Whether it speaks of an object in a file."""
        return (not self.paths or matches(self.paths, base.path(path))) and _names(ref, self.object)

    def is_about(self, path: str, base: Base) -> bool:
        """Whether it names one file, and that is this one; what may be in another file may be in another run."""
        (named,) = self.paths or ("",)
        return "/" in named and named.lstrip("/") == base.path(path)

    def covers(self, found: Diagnostic, base: Base) -> bool:
        """Whether a diagnostic is one of them."""
        return (
            found.is_of(self.rule)
            and self.names(found.path, found.object, base)
            and fnmatchcase(found.container or "", self.container)
        )


class Special(NamedTuple):
    """What is different for some files."""

    files: tuple[str, ...]
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    rules: tuple[RuleSettings, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is asked to do.

    `is_complete`: the input is everything that is in its namespaces. `jobs` 0 is as many processes as are worth it.
    `commands` are entries of one's own for the table, as JSON. `base` is what patterns of paths are relative to.
    """

    select: tuple[str, ...] = ("ALL",)
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    min_severity: Severity = Severity.INFO
    min_confidence: Confidence = Confidence.MEDIUM
    version: Version = DEFAULT
    packs: tuple[Path, ...] = ()
    jobs: int = 0
    rules: tuple[RuleSettings, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    special: tuple[Special, ...] = ()
    require_reason: bool = False
    commands: str = ""
    is_complete: bool = False
    base: Base = _HERE

    def for_path(self, path: str) -> Settings:
        """The settings with what is different for a path."""
        if not self.special:
            return self
        full = self.base.path(path)
        return _with(self, tuple(one for one in self.special if matches(one.files, full)))


@cache
def _with(settings: Settings, special: tuple[Special, ...]) -> Settings:
    return replace(
        settings,
        extend_select=(*settings.extend_select, *(name for one in special for name in one.extend_select)),
        ignore=(*settings.ignore, *(name for one in special for name in one.ignore)),
        rules=(*settings.rules, *(rule for one in special for rule in one.rules)),
        special=(),
    )


@cache
def _matcher(patterns: tuple[str, ...]) -> Any:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)


def matches(patterns: tuple[str, ...], path: str) -> bool:
    """Whether one of the patterns, which are those of a .gitignore, means a path."""
    return bool(_matcher(patterns).match_file(path))


def _names(ref: ObjectRef | None, pattern: str) -> bool:
    """Whether `Kind/name` or `Kind/namespace/name`, with stars, means an object."""
    if ref is None:
        return pattern == "*"
    full = f"{ref.kind}/{ref.namespace or ''}/{ref.name}"
    return pattern == "*" or fnmatchcase(str(ref), pattern) or fnmatchcase(full, pattern)


@cache
def _packs(directories: tuple[Path, ...]) -> tuple[Rule, ...]:
    return tuple(packs.load(packs.with_builtin(directories)))


def all_rules(settings: Settings) -> tuple[Rule, ...]:
    """Every rule of the built-in pack and of those that the settings name."""
    return _packs(settings.packs)


@cache
def selected_codes(settings: Settings) -> frozenset[str]:
    """Codes of the rules whose findings are reported: those that are chosen, and that of an incomplete run.

    Raises InitlintError for a selector that names no rule, or only one that cannot run here.
    """
    return _chosen(settings) | {ALWAYS}


def finds_nothing(settings: Settings) -> bool:
    """Whether no rule is left, in whatever file; raises InitlintError as `selected_codes` does."""
    somewhere = ((), *((one,) for one in settings.special))
    return not any(_chosen(_with(settings, special)) for special in somewhere)


def _chosen(settings: Settings) -> frozenset[str]:
    rules = all_rules(settings)
    wanted = (*settings.select, *settings.extend_select)
    for rule in rules:
        if rule.extra and rule.unavailable and any(one.lower() in (rule.name, rule.code.lower()) for one in wanted):
            raise InitlintError(rule.unavailable)
    chosen = _matching(rules, wanted) - _matching(rules, settings.ignore)
    chosen -= {rule.code for rule in rules if rule.extra and rule.unavailable}
    return frozenset(chosen)


@cache
def rules_to_run(settings: Settings) -> tuple[Rule, ...]:
    """The selected rules, and those that would speak in their place: one defect is one finding whatever is selected."""
    selected = selected_codes(settings)
    names = {rule.name for rule in all_rules(settings) if rule.code in selected}
    told = {one.code: one for one in settings.rules}
    return tuple(
        _told(rule, told[rule.code]) if rule.code in told else rule
        for rule in all_rules(settings)
        if rule.code in selected or (names & set(rule.supersedes) and not rule.unavailable)
    )


def _told(rule: Rule, told: RuleSettings) -> Rule:
    from initlint.typed import parse  # only where something is configured

    return rule.told(told.severity, None if told.options is None else parse(told.options, type(rule.options)))


def status(diagnostic: Diagnostic, settings: Settings) -> Status:
    """Whether a diagnostic is among those asked for."""
    own = settings.for_path(diagnostic.path)
    if diagnostic.code == ALWAYS:
        return diagnostic.status
    if diagnostic.code not in selected_codes(own) or diagnostic.confidence < own.min_confidence:
        return Status.FILTERED
    if diagnostic.severity < own.min_severity:
        return Status.FILTERED
    silenced = any(one.covers(diagnostic, settings.base) for one in settings.ignored)
    return Status.SUPPRESSED if silenced else diagnostic.status


def find_rule(rules: Sequence[Rule], selector: str) -> Rule:
    """The rule of a name or a code; raises InitlintError with what may have been meant."""
    for rule in rules:
        if selector.lower() in (rule.name, rule.code.lower()):
            return rule
    if begun := _begun(selector, rules):
        raise InitlintError(f"`{selector}` is how {len(begun)} codes begin, from {begun[0]} to {begun[-1]}: name one")
    raise InitlintError(f"no rule is called `{selector}`{_suggestion(selector, rules)}")


def _matching(rules: Sequence[Rule], selectors: Iterable[str]) -> set[str]:
    return {code for selector in selectors for code in matching(rules, selector)}


def matching(rules: Sequence[Rule], selector: str) -> set[str]:
    """Codes that a name, a code, the beginning of a code, or `ALL` stands for; raises InitlintError if none is."""
    wanted = selector.upper()
    if wanted == "ALL":
        return {rule.code for rule in rules}
    codes = {rule.code for rule in rules if rule.name == selector.lower() or rule.code == wanted}
    codes = codes or set(_begun(selector, rules))
    if not codes:
        raise InitlintError(f"no rule is called `{selector}`{_suggestion(selector, rules)}")
    return codes


def _begun(selector: str, rules: Iterable[Rule]) -> list[str]:
    """The codes that begin with a selector, which holds all their letters."""
    letters = selector.upper().rstrip(_DIGITS)
    own = [rule.code for rule in rules if rule.code.rstrip(_DIGITS) == letters]
    return [code for code in own if code.startswith(selector.upper())]


def _suggestion(selector: str, rules: Sequence[Rule]) -> str:
    prefixes = sorted({rule.code[:-2] for rule in rules if _begun(selector.rstrip(_DIGITS), [rule])})
    if prefixes and len(selector) < len(rules[0].code):
        return f", and no code begins with it: the prefixes are {', '.join(prefixes)}"
    known = [name for rule in rules for name in (rule.name, rule.code)]
    close = get_close_matches(selector, known, 1) or get_close_matches(selector.upper(), known, 1)
    return f": did you mean `{close[0]}`?" if close else ": `initlint rules` lists them"
