"""Progress: on a terminal, after a second, and gone in the end."""

from __future__ import annotations

import io

import pytest

from initlint.cli.progress import Progress
from tests.commandline import Terminal


@pytest.mark.parametrize(("stream", "times", "shown"), [
    (Terminal(), [0.0, 0.5, 0.9], ""),
    (Terminal(), [0.0, 1.1, 1.15, 1.3], "\rchecking 1 of 9\rchecking 3 of 9\r\x1b[K"),
    (io.StringIO(), [0.0, 1.1, 1.2], ""),
])  # fmt: skip
def test_progress(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, times: list[float], shown: str) -> None:
    monkeypatch.delenv("TERM", raising=False)
    now = times[0]
    monkeypatch.setattr("time.monotonic", lambda: now)
    with Progress(stream, 9) as tick:
        for done in range(1, len(times)):
            now = times[done]
            tick(done)
    assert stream.getvalue() == shown


def test_a_terminal_that_only_prints_gets_no_line_to_write_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr("time.monotonic", iter([0.0, 9.0]).__next__)
    with Progress(stream := Terminal(), 9) as tick:
        tick(1)
    assert stream.getvalue() == ""
