"""A sleep in place of a wait: too short on a bad day, too long on every other."""

import re

from initlint.api import (
    WARNING,
    ContainerScript,
    Finding,
    Findings,
    RegularInitContainer,
    Step,
    atoms,
    regex,
    rule,
    scripts,
    syntax,
)

_LEAST = 2
"""Seconds; what is shorter is hardly meant as a wait for anything."""

_KILLING = ("kill", "pkill", "killall")
_RANDOM = regex(r"(?i)\bS?RANDOM\b|\bshuf\b|\brand\(|\bjot\b|\bjitter|urandom")


@rule("INIT508", "fixed sleep in place of a wait", severity=WARNING)
def check(container: RegularInitContainer) -> Findings:
    for script in scripts(container):
        for step in {step.command.start: step for step in script.steps if _is_wait(script, step)}.values():
            yield _fixed(script, step)


def _is_wait(script: ContainerScript, step: Step) -> bool:
    """Whether it surely runs, once, and only sleeps for a time; what sleeps after a failure is a back-off."""
    context, pauses = step.command.context, step.meaning.pauses
    if (
        pauses is None
        or context.loops
        or context.in_background
        or not context.is_certain
        or _is_asked_for(script, step)
        or _is_before_failure(script, step)
        or _is_limit(script, step)
    ):
        return False
    if not pauses.is_whole and _RANDOM.search(script.script.text_of(step.command.statement)):
        return False  # so that not all Pods begin at once
    seconds = float(pauses.known) if pauses.is_whole else _LEAST
    return _LEAST <= seconds < float("inf")


def _is_asked_for(script: ContainerScript, step: Step) -> bool:
    """`[ -n "$DEBUG" ] && sleep 3600`."""
    before = [guard.statement for guard in step.command.context.guards if guard.succeeded]
    near = [one for one in before if not re.search(r"[;\n]", script.script.text[one.end : step.command.start])]
    return any(isinstance(one, syntax.Test) for statement in near for one in atoms(statement))


def _is_before_failure(script: ContainerScript, step: Step) -> bool:
    """`sleep 30; exit 1`: it is tried again by the kubelet, not at once."""
    after = next((one.command for one in script.behind(step)), None)
    return after is not None and after.name == "exit" and after.words[1:] not in ([], ["0"])


def _is_limit(script: ContainerScript, step: Step) -> bool:
    """`wait-for-db & sleep 60; kill $!`: it is how long something else may take."""
    before = (one.command for one in script.steps if one.command.start < step.command.start)
    after = next((one.command for one in script.behind(step)), None)
    return after is not None and after.name in _KILLING and any(one.context.in_background for one in before)


def _fixed(script: ContainerScript, step: Step) -> Finding:
    script.container.require_as_written()
    command, pauses = step.command, step.meaning.pauses
    last = command.arguments[-1]
    time = f"{float(pauses.known):g} seconds" if pauses and pauses.is_whole else "a fixed time"
    return Finding(
        script.span(command.arguments[0].start, last.end),
        f"{script.container} sleeps for {time}: what it waits for may take longer, "
        "and every start takes as long even if it is there at once",
        defect="sleep",
        help="wait for what is needed, with a limit, or use the startupProbe of a native sidecar",
    )
