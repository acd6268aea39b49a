"""A command that succeeds once, and fails or doubles its work when the container runs again."""

from initlint.api import (
    INFO,
    WARNING,
    Again,
    Container,
    Finding,
    Findings,
    Fix,
    InitContainer,
    Once,
    Part,
    Related,
    Second,
    Where,
    again,
    edit,
    follow,
    once,
    rule,
)

_HELP = {
    "mkdir": "call it with `-p`",
    "git remote": "ask whether there is one, as in `git remote get-url origin || git remote add origin …`",
    "git clone": "remove the directory before, or clone only where there is none",
    "ln": "call it with `-sfn`",
    "mv": "copy it, or move it only where it is still there",
    "wget": "name the file with `-O`, which writes over it",
}
_MOUNTED = {
    "rm": "remove what is in it: `find … -mindepth 1 -delete`",
    "sed": "write it anew: `sed … file > copy && cat copy > file`, or mount the directory that it is in",
}

_INSTEAD = {
    "kubectl create": "apply it: `kubectl create … --dry-run=client -o yaml | kubectl apply -f -`",
    "oc create": "apply it: `oc create … --dry-run=client -o yaml | oc apply -f -`",
    "mc mb": "call it with `-p`",
}
_MANY = frozenset({"CronJob", "DaemonSet", "Deployment", "ReplicaSet", "ReplicationController", "StatefulSet"})
_VERBS = ("clone", "remote")

_NO_TRY = ("once anything has failed, no later try can succeed", "no later try could succeed")
_RESULTS = {
    Second.FAILS: _NO_TRY,
    Second.STALE: (
        "the app goes on with what the first run fetched",
        "the app would go on with what the first run fetched",
    ),
    Second.GONE: _NO_TRY,
    Second.NESTS: ("it fails, or ends up within the old one", "it would fail, or end up within the old one"),
    Second.LINKS: _NO_TRY,
    Second.SHUT: _NO_TRY,
    Second.DOUBLES: ("the file holds the same lines twice", "the file would hold the same lines twice"),
}
"""What comes of it, and what would where the container may run again."""


@rule("INIT305", "command that cannot run again", severity=WARNING)
def check(container: InitContainer) -> Findings:
    for one in once(container):
        container.pod.require(Part.COMMANDS)
        yield _made(container, one)
    station = follow(container.pod).of(container)
    for found in station.all_of(again(station)):
        container.pod.require(Part.COMMANDS, Part.MOUNTS, Part.VOLUMES)
        yield Finding(
            _place(found),
            _message(container, found),
            related=tuple(Related(one.where, "this line, too") for one in found.more),
            severity=INFO if found.ends_with_pod else WARNING,
            fix=_fix(found),
            help=_help(found),
        )


def _made(container: Container, found: Once) -> Finding:
    kind = container.pod.workload.kind
    comes = f"no later Pod of the {kind} starts" if kind in _MANY and not found.is_in_pod else _NO_TRY[0]
    makes = found.makes if " " in found.makes else f"`{found.makes}`"
    return Finding(
        found.where,
        f"`{found.name}` in {container} fails when the container runs again, for {makes} is there by then: {comes}",
        defect=found.makes,
        help=_INSTEAD.get(found.name, "look first whether it is there"),
    )


def _command(found: Again) -> str:
    command = found.use.step.command
    verb = next((one for one in command.words if one in _VERBS), None)
    return f"git {verb}" if command.name == "git" and verb else command.name


def _place(found: Again) -> Where:
    """The words that name the command; of what is appended, the file."""
    script, arguments = found.use.script, found.use.step.command.arguments
    if found.second is Second.DOUBLES:
        return script.span(found.use.effect.start, found.use.effect.end)
    is_git = found.use.step.command.name == "git"
    last = next((one for one in arguments if is_git and one.text in _VERBS), arguments[0])
    return script.span(arguments[0].start, last.end)


def _message(container: Container, found: Again) -> str:
    name, volume = _command(found), found.location.volume
    path = found.use.text or (None if found.second is Second.SHUT else found.use.effect.path.text)
    if path in _unnamed(found):
        path = None  # what it makes there is not known
    if found.second is Second.DOUBLES:
        path = path or found.use.written
    if path and _is_cloned_into_mount(found, path):
        path = f"{path.rstrip('/')}/.git"
    there = f"`{path}`" if path else "what was there" if found.second is Second.GONE else "what it made"
    fails = f"`{name}` in {container} fails when the container runs again"
    if found.second is Second.NEVER:
        return (
            f"`{name}` in {container} fails, for {there} is there as soon as volume `{volume}` is mounted at it: "
            "no try can succeed"
        )
    if found.second is Second.BUSY:
        at, does = found.location.attachment, "replaced" if name == "sed" else "taken away"
        mount = f"`{at.mount.path}`" if at else there
        return (
            f"`{name}` in {container} fails, for volume `{volume}` is mounted at {mount}, and no mount can be {does}: "
            "no try can succeed"
        )
    fact = {
        Second.FAILS: f"{fails}, for volume `{volume}` still holds {there}",
        Second.STALE: f"{fails}, for volume `{volume}` still holds {there}, and nothing sees it",
        Second.LINKS: f"{fails}, for it replaces no links, and volume `{volume}` still holds those that it made",
        Second.SHUT: f"{fails}, for volume `{volume}` still holds {there}, which by then its user may not write to",
        Second.GONE: f"{fails}, for it has already moved {there} away on volume `{volume}`",
        Second.NESTS: f"`{name}` in {container} moves a directory to where one is when the container runs again, for "
        f"volume `{volume}` still holds {there}",
        Second.DOUBLES: f"{container} adds to {there} each time that it runs, as volume `{volume}` still holds what it "
        "added before",
    }[found.second]
    result, otherwise = _RESULTS[found.second]
    never = f"with `restartPolicy: Never` it runs once only, with any other {otherwise}"
    return f"{fact}: {never if found.ends_with_pod else result}"


def _is_cloned_into_mount(found: Again, path: str) -> bool:
    """Whether a repository lies in a mount itself, which is there in any case."""
    attachment, words = found.location.attachment, {*found.use.step.command.words}
    is_mount = attachment is not None and path == attachment.at
    return is_mount and _command(found) == "git clone" and words.isdisjoint({"--bare", "--mirror"})


def _unnamed(found: Again) -> set[str | None]:
    """Directories that are there in any case: where it works, and a mount, unless what is cloned lies there."""
    attachment = found.location.attachment
    is_mount = attachment is not None and found.second is Second.FAILS and _VERBS[0] not in _command(found)
    return {found.use.step.command.cwd.text, *([attachment.at] if attachment and is_mount else [])}


def _help(found: Again) -> str:
    if found.second is Second.BUSY:
        return _MOUNTED.get(_command(found), "leave the mount as it is, and change what is in it")
    if found.second is Second.DOUBLES:
        return "write the file anew with `>`, or add only what it does not hold yet"
    if found.second in (Second.LINKS, Second.SHUT) and _command(found) == "cp":
        return "call it with `-f`"
    return _HELP.get(_command(found), "remove what it made before, or look first whether it is there")


def _fix(found: Again) -> Fix | None:
    """`mkdir -p`, `ln -sfn`."""
    script, arguments = found.use.script, found.use.step.command.arguments
    if found.use.step.command.name == "mkdir":
        return Fix.of("add `-p`", edit.add_words(script, arguments[0].end, "-p"), safe=True)
    is_written = [one for one in arguments if script.script.text_of(one) == one.text]  # and does not come of an array
    symbolic = next((one for one in is_written if one.text == "-s"), None)
    if found.use.step.command.name == "ln" and symbolic:
        return Fix.of("make it `-sfn`", edit.rewrite(script, symbolic.start, symbolic.end, "-sfn"), safe=True)
    return None
