"""What a SARIF log says about a rule: its words from its folder, and the properties by which GitHub sorts alerts."""

from __future__ import annotations

from collections.abc import Mapping

from initlint.explanation import guide, lead
from initlint.finding import Confidence, Diagnostic, Severity
from initlint.report import RuleFacts

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
_PRECISIONS = {Confidence.HIGH: "very-high", Confidence.MEDIUM: "medium", Confidence.LOW: "low"}
# GitHub calls high what begins at 7.0, medium what begins at 4.0, and low what is less.
_SECURITY = {Severity.ERROR: "8.0", Severity.WARNING: "5.0", Severity.INFO: "2.0"}
_CATEGORIES = {
    "INIT0": "input",
    "INIT1": "roles",
    "INIT2": "volumes",
    "INIT3": "scripts",
    "INIT4": "resources",
    "INIT5": "waiting",
    "INIT6": "security",
    "INIT7": "observability",
}
# Characters that GitHub shows of a description.
_LONGEST = 1024


def descriptor(found: Diagnostic, rule: RuleFacts | None) -> Mapping[str, object]:
    """A rule as one of its findings needs it; without the rule there is its name only."""
    severity, confidence = (rule.severity, rule.confidence) if rule else (found.severity, found.confidence)
    return {
        "id": found.code,
        "name": found.rule,
        **(_words(rule) if rule else {"shortDescription": {"text": found.rule}}),
        **({"helpUri": found.url} if found.url else {}),
        "defaultConfiguration": {"level": LEVELS[severity]},
        "properties": _properties(found.code, severity, confidence),
    }


def _words(rule: RuleFacts) -> Mapping[str, object]:
    markdown = guide(rule)
    return {
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": lead(rule)[:_LONGEST]},
        "help": {"text": markdown, "markdown": markdown},
    }


def _properties(code: str, severity: Severity, confidence: Confidence) -> Mapping[str, object]:
    category = _CATEGORIES.get(code[:5])
    properties: dict[str, object] = {
        "precision": _PRECISIONS[confidence],
        "problem.severity": _PROBLEMS[severity],
        "tags": ["kubernetes", *([category] if category else [])],
    }
    return properties | ({"security-severity": _SECURITY[severity]} if category == "security" else {})
