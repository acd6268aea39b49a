"""What is checked as its templates render it: charts, kustomizations, and what is piped in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from initlint.errors import InitlintError
from initlint.inputs import STDIN, Inputs
from initlint.origin import by_template
from initlint.settings import Settings
from initlint.text.source import Source

# What calls other programs is imported where one is called: it costs what it takes to check a small file.


def rendering(
    charts: list[str] | None, values: list[Path] | None, kustomizations: list[str] | None, settings: Settings
) -> list[Source]:
    """What the charts and kustomizations render to."""
    if values and not charts:
        raise InitlintError("`--values` are those of a chart: name one with `--helm`")
    if not (charts or kustomizations):
        return []
    from initlint.rendered import helm, kustomize

    rendered = [source for chart in charts or () for source in helm(chart, values or [], settings.version)]
    return [*rendered, *(source for directory in kustomizations or () for source in kustomize(directory))]


def with_templates(inputs: Inputs, rendered: Sequence[Source] = (), stdin_name: str = STDIN) -> Inputs:
    """The inputs with what was rendered; of standard input each part goes by the template that it comes from."""
    piped = [one for one in inputs.sources if one.path == stdin_name and stdin_name not in inputs.files]
    files = [one for one in inputs.sources if one not in piped]
    split = [part for one in piped for part in by_template(one)]
    return inputs._replace(sources=(*split, *files, *rendered), had_files=inputs.had_files or bool(rendered))
