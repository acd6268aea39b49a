"""A loop that is to end after some rounds, and whose counter never changes: it never does."""

from initlint.api import ERROR, ContainerScript, Finding, Findings, InitContainer, Loop, Related, rule, scripts


@rule("INIT312", "counter that never changes", severity=ERROR)
def check(container: InitContainer) -> Findings:
    container.require_as_written()
    for script in scripts(container):
        for loop in script.loops:
            if loop.stuck:
                yield _stuck(script, loop)


def _stuck(script: ContainerScript, loop: Loop) -> Finding:
    assert loop.stuck is not None
    word, name = loop.stuck
    lost = next((change for change in loop.changes if change.name == name and change.in_subshell), None)
    why = "changes in a subshell only" if lost else "never changes in the loop"
    return Finding(
        script.span(word.start, word.end),
        f"`{name}` is to end the loop of {script.container}, but {why}: "
        "if what it tries never succeeds, it goes on for ever",
        related=(Related(script.span(*loop.head), "the loop begins here"),),
        defect=f"loop {loop.start}",
        help=f"count in each round: `{name}=$(({name} + 1))`",
    )
