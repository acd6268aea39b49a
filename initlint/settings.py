"""What a run is asked to do, and which rules that means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from initlint import packs
from initlint.errors import InitlintError
from initlint.finding import Confidence, Diagnostic, Status
from initlint.kube.versions import DEFAULT, Version
from initlint.rule import Rule

ALWAYS = "INIT003"
"""An incomplete run must never look like a clean one."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is asked to do; `jobs` 0 is as many processes as are worth it."""

    select: tuple[str, ...] = ("ALL",)
    ignore: tuple[str, ...] = ()
    min_confidence: Confidence = Confidence.MEDIUM
    version: Version = DEFAULT
    packs: tuple[Path, ...] = ()
    jobs: int = 0


@cache
def all_rules(settings: Settings) -> tuple[Rule, ...]:
    """Every rule of the built-in pack and of those that the settings name."""
    return tuple(packs.load([packs.builtin(), *settings.packs]))


def selected_codes(settings: Settings) -> frozenset[str]:
    """Codes of the rules whose findings are reported; raises InitlintError for a selector that names no rule."""
    rules = all_rules(settings)
    chosen = _matching(rules, settings.select) - _matching(rules, settings.ignore)
    return frozenset(chosen | {ALWAYS})


def rules_to_run(settings: Settings) -> tuple[Rule, ...]:
    """The selected rules, and those that would speak in their place: one defect is one finding whatever is selected."""
    selected = selected_codes(settings)
    names = {rule.name for rule in all_rules(settings) if rule.code in selected}
    return tuple(rule for rule in all_rules(settings) if rule.code in selected or names & set(rule.supersedes))


def status(diagnostic: Diagnostic, settings: Settings) -> Status:
    """Whether a diagnostic is among those asked for."""
    asked = diagnostic.code in selected_codes(settings) and diagnostic.confidence >= settings.min_confidence
    return diagnostic.status if asked else Status.FILTERED


def find_rule(rules: Sequence[Rule], selector: str) -> Rule:
    """The rule of a name or a code; raises InitlintError with what may have been meant."""
    for rule in rules:
        if selector.lower() in (rule.name, rule.code.lower()):
            return rule
    raise InitlintError(f"no rule is called `{selector}`{_suggestion(selector, rules)}")


def _matching(rules: Sequence[Rule], selectors: Iterable[str]) -> set[str]:
    return {code for selector in selectors for code in _match(rules, selector)}


def _match(rules: Sequence[Rule], selector: str) -> set[str]:
    """Codes that a name, a code, the beginning of a code, or `ALL` stands for."""
    wanted = selector.upper()
    if wanted == "ALL":
        return {rule.code for rule in rules}
    codes = {rule.code for rule in rules if rule.name == selector.lower() or rule.code == wanted}
    if not codes and wanted.startswith("INIT"):
        codes = {rule.code for rule in rules if rule.code.startswith(wanted)}
    if not codes:
        raise InitlintError(f"no rule is called `{selector}`{_suggestion(selector, rules)}")
    return codes


def _suggestion(selector: str, rules: Sequence[Rule]) -> str:
    known = [name for rule in rules for name in (rule.name, rule.code)]
    close = get_close_matches(selector, known, 1) or get_close_matches(selector.upper(), known, 1)
    return f": did you mean `{close[0]}`?" if close else ": `initlint rules` lists them"
