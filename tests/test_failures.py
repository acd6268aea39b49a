"""A bug of our own is contained wherever it is: it is told, and everything else that is found is, too."""

from __future__ import annotations

import pytest

from initlint import across, engine
from initlint.run import check_sources
from initlint.settings import Settings
from initlint.text.source import Source
from tests.waiting import service, until, workload

SOURCES = [
    Source("a.yaml", "---\n".join([service("a"), workload("a", until("a"))])),
    Source("b.yaml", workload("b", "until nc -z elsewhere 80; do sleep 1; done")),
]


def broken(*_: object) -> object:
    raise RecursionError("too deep")


@pytest.mark.parametrize(
    ("module", "name", "what", "times"),
    [(engine, "facts", "what others need to know", 3), (across, "graph_of", "who waits for whom", 1)],
)
def test_what_others_need_to_know(
    monkeypatch: pytest.MonkeyPatch, module: object, name: str, what: str, times: int
) -> None:
    monkeypatch.setattr(module, name, broken)
    found = check_sources(SOURCES, Settings(select=("INIT501", "INIT502"), jobs=1)).active
    assert [one.code for one in found if one.path == "b.yaml"][-1] == "INIT501"
    told = [one for one in found if one.code == "INIT003"]
    assert len(told) == times
    assert all(f"{what} failed at" in one.message and "RecursionError: too deep" in one.message for one in told)
