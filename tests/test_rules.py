"""Every rule folder is a test: carets assert exact spans, `good.yaml` silence, `fixed.yaml` the fix."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from initlint.finding import Confidence, Severity
from initlint.rule import Rule
from initlint.run import check_sources
from initlint.settings import Settings, all_rules
from initlint.testing import cases, failures

RULES = all_rules(Settings())
RUNNING = [rule for rule in RULES if not rule.unavailable]
_BUSINESS_OF_OTHERS = re.compile(r"another rule's business|which is refused|for the schema to tell")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_folder(rule: Rule) -> None:
    if rule.unavailable:
        pytest.skip(rule.unavailable)
    found = list(failures(rule))
    if found:
        pytest.fail("\n".join(found), pytrace=False)


@pytest.mark.no_cover
@pytest.mark.parametrize("rule", RUNNING, ids=lambda rule: rule.name)
def test_good_cases_are_silent_for_other_rules(rule: Rule) -> None:
    """What one rule's page calls good, no other rule surely calls broken, unless the case says so."""
    examples = cases((rule.folder / "good.yaml").read_text("utf-8"))
    found = [
        (one.rule, case.name)
        for case in examples
        if not _BUSINESS_OF_OTHERS.search(case.name)
        for one in check_sources(case.sources(), replace(case.settings(rule), select=("ALL",))).active
        if one.severity is Severity.ERROR and one.confidence is Confidence.HIGH
    ]
    assert found == []
