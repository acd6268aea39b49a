"""A download that is run as it comes: nothing checks that it is what was meant."""

from collections.abc import Iterator

from initlint.api import (
    WARNING,
    ContainerScript,
    Finding,
    Findings,
    InitContainer,
    Related,
    Step,
    Where,
    rule,
    runner,
    scripts,
    takes_substituted,
    verifies,
)


@rule("INIT603", "download that is run unchecked", severity=WARNING)
def check(container: InitContainer) -> Findings:
    container.require_as_written()
    for script in scripts(container):
        yield from {(found.where, found.message): found for found in _of_script(script)}.values()


def _of_script(script: ContainerScript) -> Iterator[Finding]:
    for step in script.steps:
        runs = runner(script, step) if step.meaning.downloads else None
        if runs is not None and not _is_checked(script, step, runs):
            program = step.command.arguments[0]
            yield _finding(script, script.span(program.start, program.end), f"`{step.command.name}`", runs)
        if takes_substituted(step):
            yield _finding(script, script.place(step.command), "it", step)


def _is_checked(script: ContainerScript, step: Step, runs: Step) -> bool:
    """Whether a checksum or a signature is looked at before it runs, or behind the download in the pipe."""
    low, high = sorted((step.command.start, runs.command.start))
    steps = [one for one in script.steps if low < one.command.start < high]
    return any(map(verifies, steps))


def _finding(script: ContainerScript, where: Where, name: str, runs: Step) -> Finding:
    return Finding(
        where,
        f"{script.container} runs what {name} fetches without a check: whoever controls the server, or the way to it, "
        "runs what they like before the app starts",
        related=(Related(script.place(runs.command), "it is run here"),),
        help="put it into the image, or compare its checksum before it runs (`sha256sum -c`)",
    )
