"""A native sidecar whose work ends: nothing waits for that, and the kubelet runs it again and again."""

from initlint.api import (
    ERROR,
    Action,
    Container,
    ContainerScript,
    Finding,
    Findings,
    Part,
    Probe,
    Related,
    SidecarContainer,
    Step,
    endless,
    own_host,
    regex,
    rule,
    scripts,
    syntax,
    told_to_end,
)

# Of others it is not sure: many programs end only if they are told to.
_ENDING = frozenset({
    "[", "[[", "basename", "break", "cat", "cd", "chgrp", "chmod", "chown", "continue", "cp", "cut", "date", "dirname",
    "echo", "envsubst", "exit", "export", "false", "find", "grep", "gunzip", "gzip", "head", "id", "install", "jq",
    "ip", "iptables", "istio-iptables", "let", "ln", "ls", "mkdir", "mongodump", "mongorestore", "mv", "mysqldump",
    "openssl", "pg_dump", "pg_restore", "printf", "pwd", "return", "rm", "rmdir", "sed", "seq", "set", "shift", "sort",
    "stat", "sysctl", "tar", "test", "touch", "tr", "true", "umask", "uname", "unset", "unzip", "wc", "which", ":",
})  # fmt: skip
_ENDING_VERBS = (
    ("alembic", "upgrade"), ("aws", "s3"), ("git", "checkout"), ("git", "clone"), ("git", "config"), ("git", "fetch"),
    ("git", "pull"), ("gsutil", "cp"), ("kubectl", "apply"), ("kubectl", "create"), ("liquibase", "update"),
    ("npm", "ci"), ("npm", "install"), ("pip", "install"), ("rclone", "copy"),
)  # fmt: skip
# Whatever the program: `./manage migrate`.
_TASK = regex(r"(?:db:)?migrate|db:(?:create|seed|setup)")


@rule("INIT110", "sidecar whose work ends", severity=ERROR, supersedes=("sidecar-without-startup-probe",))
def check(container: SidecarContainer) -> Findings:
    if not container.pod.cluster.version.knows_sidecars or container.node["startupProbe"]:
        return
    if word := told_to_end(container):
        container.pod.require(Part.CONTAINERS, Part.COMMANDS)
        yield _finding(container, "its program", Related(word, "this tells it to end"))
        return
    for script in scripts(container):
        work = _work(script)
        if work and not endless(container):
            container.pod.require(Part.CONTAINERS, Part.COMMANDS)
            ends = Related(script.place(work.command), "its work ends here")
            yield _finding(container, f"`{work.command.name}`", ends)


def _work(script: ContainerScript) -> Step | None:
    """The last thing that a script is run for, if it surely ends, and does so before anything that starts later."""
    steps = script.steps
    work = [step for step in steps if step.meaning.is_significant or step.meaning.probes or _is_task(step)]
    work = work or list(steps[-1:])
    is_left = all(_is_left(one.statement, script, work) for one in script.loops)
    return work[-1] if work and is_left and all(map(_ends, steps)) else None


def _ends(step: Step) -> bool:
    """Whether a command surely ends by itself, in front; one that pauses may be meant to come again later."""
    meaning, context, words = step.meaning, step.command.context, step.command.words
    stores = any(one.action is Action.WRITE for one in meaning.effects)
    does = (
        not words  # it only sets variables
        or (words[0] or "") in _ENDING
        or (step.command.is_call and step.command.name not in context.functions)  # the body comes as steps of its own
        or tuple(words[:2]) in _ENDING_VERBS
        or _is_task(step)
        or (bool(meaning.downloads) and stores)
        or (bool(context.loops) and (bool(meaning.probes) or meaning.pauses is not None))
    )
    return does and not context.in_background


def _is_task(step: Step) -> bool:
    """Whether its words say that it migrates a database, and not that it goes on with that."""
    words = [word or "" for word in step.command.words[1:]]
    return any(map(_TASK.fullmatch, words)) and not any("watch" in word or "daemon" in word for word in words)


def _is_left(loop: syntax.While | syntax.For, script: ContainerScript, work: list[Step]) -> bool:
    """Whether a loop ends: it goes through a list, or on until another host answers, and does nothing in between.

    A loop that goes on while something answers watches it, and a file or an own port may come with a later container.
    """
    inside = [one for one in work if loop.start <= one.command.start < loop.end]
    probes = [probe for one in inside for probe in one.meaning.probes]
    if not all(_is_of_others(probe, script) for probe in probes):
        return False
    if isinstance(loop, syntax.For):
        return bool(loop.words)
    does = any(one.meaning.is_significant and one.command.start >= loop.body.start for one in inside)
    return loop.is_until and bool(inside) and not does


def _is_of_others(probe: Probe, script: ContainerScript) -> bool:
    """Whether it asks a host that is surely not the own Pod; what it asks the cluster may be about that."""
    return probe.host is not None and probe.host.text is not None and not probe.verbs and not own_host(probe, script)


def _finding(container: Container, program: str, ends: Related) -> Finding:
    return Finding(
        container.node["restartPolicy"],
        f"{container} ends when {program} has done its work: the kubelet runs it again and again, and what comes next "
        "starts without waiting for it",
        related=(ends,),
        help="leave `restartPolicy` out: a regular init container runs once, and what comes next waits for it",
    )
