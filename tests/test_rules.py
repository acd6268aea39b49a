"""Every rule folder is a test: carets assert exact spans, `good.yaml` silence, `fixed.yaml` the fix."""

from __future__ import annotations

import re

import pytest

from initlint.finding import Confidence, Severity
from initlint.rule import Rule
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


@pytest.mark.parametrize("rule", RUNNING, ids=lambda rule: rule.name)
def test_good_cases_of_other_rules_are_silent(rule: Rule) -> None:
    """What one rule's page calls good, no other rule surely calls broken, unless the case says so."""
    others = [other for other in RULES if other is not rule and (other.folder / "good.yaml").is_file()]
    examples = [(other, case) for other in others for case in cases((other.folder / "good.yaml").read_text("utf-8"))]
    examples = [(other, case) for other, case in examples if not _BUSINESS_OF_OTHERS.search(case.name)]
    found = [
        (other.name, case.name)
        for other, case in examples
        for one in case.check(rule)
        if one.severity is Severity.ERROR and one.confidence is Confidence.HIGH
    ]
    assert found == []
