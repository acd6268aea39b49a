"""A loop that tries again at once: it takes all the CPU that there is, and floods what it waits for."""

from initlint.api import WARNING, Finding, Findings, RegularInitContainer, rule, scripts


@rule("INIT307", "retry without a pause", severity=WARNING)
def check(container: RegularInitContainer) -> Findings:
    container.require_as_written()
    for script in scripts(container):
        restless = {one.start: one for one in script.waits if one.loop and one.loop.is_retry and one.pauses is False}
        for wait in restless.values():
            yield Finding(
                script.span(wait.start, wait.end),
                f"{container} tries `{wait.steps[0].command.name}` again and again without a pause: "
                "as long as that fails, the loop takes a whole CPU and floods what it asks",
                defect=f"pause of {wait.target}",
                help="let each round `sleep`, such as for 2 seconds",
            )
