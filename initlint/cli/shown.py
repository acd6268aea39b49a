"""The settings of a run, in the words of the configuration file: what is shown can be one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import yaml

from initlint.cli.request import RunRequest
from initlint.errors import shown as name_of
from initlint.settings import RuleSettings, Settings, all_rules, find_rule
from initlint.typed import plain


def settings(request: RunRequest) -> str:
    """The settings as YAML, with what no configuration file can say in comments."""
    told = request.settings
    shown = {
        "target-version": str(told.version),
        "select": told.select,
        "extend-select": told.extend_select,
        "ignore": told.ignore,
        "fail-on": request.fail_on,
        "min-severity": told.min_severity,
        "min-confidence": told.min_confidence,
        "exclude": request.exclude,
        "baseline": request.baseline and name_of(request.baseline),
        "complete": told.is_complete,
        "require-reason": told.require_reason,
        "rules": _rules(told.rules, told),
        "commands": json.loads(told.commands or "{}"),
        "ignores": [
            {
                "rule": one.rule,
                "path": "".join(one.paths) or None,
                "object": one.object,
                "container": one.container,
                "reason": one.reason or None,
            }
            for one in told.ignored
        ],
        "overrides": [
            {
                "files": one.files,
                "extend-select": one.extend_select,
                "ignore": one.ignore,
                "rules": _rules(one.rules, told),
            }
            for one in told.special
        ],
    }
    text = yaml.safe_dump(plain(shown), sort_keys=False, allow_unicode=True, default_flow_style=None, width=110)
    return "\n".join([*_beside(request), text.rstrip()])


def _beside(request: RunRequest) -> list[str]:
    found = name_of(request.config_file) if request.config_file else "none"
    packs = "".join(f" {name_of(pack)}" for pack in request.settings.packs)
    jobs = request.settings.jobs or "as many as are worth it"
    return [f"# configuration: {found}", *([f"# rules-dir:{packs}"] if packs else []), f"# jobs: {jobs}"]


def _rules(told: Iterable[RuleSettings], of: Settings) -> dict[str, Any]:
    known = all_rules(of)
    return {find_rule(known, one.code).name: _told(one) for one in told}


def _told(one: RuleSettings) -> dict[str, Any]:
    options: dict[str, Any] = json.loads(one.options or "{}")
    return {"severity": one.severity, **options}
