"""Thousands of real manifests: nothing crashes, nothing is a surprise."""

from __future__ import annotations

import json

import pytest

from initlint import check_paths
from initlint.finding import Severity
from initlint.inputs import collect
from initlint.report import Report
from initlint.run import check_inputs
from initlint.settings import Settings
from tests.conftest import ROOT, corpus, vectors

# Every error that is known to be right; a new one has to be read before it is listed.
KNOWN = ROOT / "tests" / "corpus-errors.json"


@pytest.fixture(scope="module")
def report() -> Report:
    inputs = collect([str(corpus("wild"))])
    return check_inputs(inputs, Settings(jobs=1))


def test_nothing_crashes(report: Report) -> None:
    assert report.files > 3_000
    assert report.problems == ()
    assert [one.message for one in report.active if one.code == "INIT003"] == []


def test_errors_are_those_that_were_read(report: Report) -> None:
    base = f"{corpus('wild')}/"
    errors = [one for one in report.active if one.severity is Severity.ERROR]
    found = sorted([one.path.removeprefix(base), one.place.start.line, one.code] for one in errors)
    assert found == json.loads(KNOWN.read_text("utf-8"))


def test_what_the_api_server_accepted_is_never_called_rejected(report: Report) -> None:
    verdicts = vectors("wild-verdicts.jsonl")
    recorded = [json.loads(line) for line in verdicts.read_text("utf-8").splitlines()]
    refused = {one["path"] for one in recorded if one["verdicts"]["1.36"] != "accepted"}
    accepted = {one["path"] for one in recorded} - refused
    base = f"{corpus('wild')}/"
    called = {one.path.removeprefix(base) for one in report.active if one.rejected}
    assert len(accepted) > 100
    assert called & accepted == set()


@pytest.mark.parametrize("project", ["Yolean+kubernetes-kafka", "rook+rook", "ray-project+kuberay"])
def test_a_few_files_with_context_are_judged_as_in_the_whole(project: str) -> None:
    """What a hook says of three files of a commit is what a run over everything says of them."""
    whole = check_paths([corpus("wild") / project])
    paths = sorted({one.path for one in whole.active})[:3]
    few = check_paths(paths, context=[corpus("wild") / project])
    assert paths
    assert few.active == tuple(one for one in whole.active if one.path in paths)
