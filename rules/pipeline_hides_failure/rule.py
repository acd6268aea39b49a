"""A pipeline that succeeds although what fills it has failed: the last command is content with nothing."""

from dataclasses import replace

from initlint.api import (
    MEDIUM,
    WARNING,
    Action,
    ContainerScript,
    Finding,
    Findings,
    Fix,
    RegularInitContainer,
    Related,
    Step,
    accepts_nothing,
    edit,
    feeds,
    is_log,
    is_looked_at,
    is_seen_with_pipefail,
    is_worked_in,
    knows_pipefail,
    last_stage,
    rule,
    scripts,
    sends,
)

_RUNS = ("ash", "bash", "dash", "mariadb", "mysql", "psql", "redis-cli", "sh", "sqlite3")


@rule("INIT304", "pipeline that hides a failure", severity=WARNING)
def check(container: RegularInitContainer) -> Findings:
    container.require_as_written()
    for script in scripts(container):
        told: list[Step] = []
        for step in filter(_is_hidden, script.steps):
            last = last_stage(step, script.steps)
            found = _judged(script, step, last) if last and not any(last is one for one in told) else None
            if last and found:  # one for each pipeline
                told.append(last)
                yield found


def _judged(script: ContainerScript, step: Step, last: Step) -> Finding | None:
    is_hidden = feeds(step, last) and accepts_nothing(last) and _is_used(last)
    is_logged = not is_hidden and is_log(last) and is_worked_in(step, script, last)
    is_lost = (is_hidden or is_logged) and is_seen_with_pipefail(step, script)
    is_lost = is_lost and "PIPESTATUS" not in script.script.text
    if not is_lost or is_looked_at([step, last], script):
        return None
    return _hidden(script, step, last) if is_hidden else _hidden_by_log(script, step, last)


def _is_hidden(step: Step) -> bool:
    """Whether it can fail, and the pipeline has the status of another command."""
    context = step.command.context
    stage, stages = context.stage
    is_before = stage + 1 < stages and context.pipefail is False and context.header is None
    return is_before and step.meaning.can_fail


def _is_used(last: Step) -> bool:
    """Whether the output is kept, or run; what is only printed is not missed."""
    writes = any(effect.action in (Action.WRITE, Action.APPEND) for effect in last.meaning.effects)
    is_passed_on = last.command.name in (*_RUNS, "read") or last.command.context.in_substitution or sends(last)
    return writes or is_passed_on


def _hidden(script: ContainerScript, step: Step, last: Step) -> Finding:
    name = "xargs" if "xargs" in last.command.wrappers else last.command.name
    why = f"for `{name}` is content with empty input"
    return _finding(script, step, last, f"{why}: what comes next starts with nothing in place of its output")


def _hidden_by_log(script: ContainerScript, step: Step, last: Step) -> Finding:
    why = f"which has the status of `{last.command.name}`"
    found = _finding(script, step, last, f"{why}: what comes next starts without what it prepares")
    return found if step.meaning.is_known else replace(found, confidence=MEDIUM)


def _finding(script: ContainerScript, step: Step, last: Step, why: str) -> Finding:
    name, options = step.command.name, "set -o pipefail" if script.has_errexit else "set -eo pipefail"
    is_known = knows_pipefail(script)
    return Finding(
        script.place(step.command),
        f"a failure of `{name}` in {script.container} is hidden by the pipeline, {why}",
        related=(Related(script.place(last.command), "the pipeline has the status of this command"),),
        fix=Fix.of(f"begin with `{options}`", edit.prepend(script, options)) if is_known else None,
        help=f"let the script begin with `{options}`" if is_known else "store the output first, and check it",
    )
