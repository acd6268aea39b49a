"""A script that succeeds whatever happens: that an init container must succeed means nothing."""

import itertools
from collections.abc import Sequence

from initlint.api import (
    ERROR,
    WARNING,
    Action,
    ContainerScript,
    Finding,
    Findings,
    RegularInitContainer,
    Related,
    Scalar,
    Span,
    Step,
    Wait,
    regex,
    rule,
    scripts,
    syntax,
)

# What makes use of the words behind a script.
_OF_ARGUMENTS = regex(r"\$\{?[0-9@*#]|\b(?:shift|getopts)\b")
# What prepares nothing, whether it runs or not.
_SAYING = frozenset({"echo", "printf"})


@rule("INIT303", "script that cannot fail", severity=ERROR, supersedes=("swallowed-failure",))
def check(container: RegularInitContainer) -> Findings:
    container.require_as_written()
    for script in scripts(container):
        if joined := next(filter(None, (_joined(script, step) for step in script.steps)), None):
            yield joined
            continue
        yield from itertools.islice(_behind(script), 1)
        verdict = script.verdict_of(script.script, _looks(script))
        if not verdict or not verdict.can_succeed or verdict.can_fail:
            continue
        swallowed = script.swallowed or script.swallowed_with(errexit=script.has_errexit, is_told=True)
        lost = next((one for one in swallowed if not one.meaning.makes_directories), next(iter(swallowed), None))
        if lost:
            yield _cannot_fail(script, lost)
        elif script.given_up:
            yield _given_up(script, script.given_up)


def _joined(script: ContainerScript, step: Step) -> Finding | None:
    """That a command is an operand of `set`, as the lines of a folded scalar are joined: `set -e cp -r /in /out`."""
    words = [word or "" for word in step.command.words]
    behind = itertools.dropwhile(lambda word: word[:1] == "-" or word == "pipefail", words[1:])
    name = next(behind, "")
    if step.command.name != "set" or "--" in words or not next(behind, "") or not script.knows(name):
        return None
    return Finding(
        script.place(step.command),
        f"{script.container} never runs `{name}`, which is an operand of `set` on this line, and succeeds: "
        "what comes next starts without what it prepares",
        defect="exit status",
        help="put it on a line of its own, below `|`: `>` and quotes join lines",
    )


def _behind(script: ContainerScript) -> Findings:
    """Commands in words of their own behind the text of a script: `[sh, -c, mkdir /a/b, cp /in /a/b]`."""
    words = [*script.container.command, *script.container.args]
    index = next((index for index, word in enumerate(words) if word is script.node), len(words))
    if not script.is_shell or script.file or any(map(_OF_ARGUMENTS.search, script.all_texts)):
        return
    for word in words[index + 1 :]:
        name, *operands = word.value.split() if isinstance(word, Scalar) and word.value.strip() else [""]
        if operands and name not in _SAYING and script.knows(name):
            yield Finding(
                word,
                f"{script.container} never runs `{name}`, for a shell takes only the first word behind `-c` for its "
                "script, and the others for its arguments: what comes next starts without what it prepares",
                defect="exit status",
                help="put all commands into one word, each on a line of its own below `|`",
            )


def _looks(script: ContainerScript) -> set[int]:
    """Each `ls`, or the like, of directories that must be there, by the identity of its syntax: it succeeds."""
    looks = [one for one in script.steps if _only_looks(one) and not one.command.redirections]
    if not looks:
        return set()
    mounts = {mount.path.value.rstrip("/") for mount in script.container.mounts}
    there = {above for path in mounts | _made(script) for above in _and_above(path)}
    sure, unsure = set[int](), set[int]()
    for one in looks:
        paths = [effect.path.text for effect in one.meaning.effects]
        is_there = all(path is not None and path.rstrip("/") in there for path in paths)
        (sure if is_there else unsure).add(id(one.command.statement))
    return sure - unsure


def _only_looks(step: Step) -> bool:
    """Whether it lists what is in directories, and does no more."""
    effects = step.meaning.effects
    is_of_find = step.command.name == "find" and step.meaning.is_complete and not step.meaning.is_significant
    is_look = bool(effects) and all(one.action is Action.LOOK for one in effects)
    return step.command.name == "ls" or (is_look and (step.command.name == "du" or is_of_find))


def _made(script: ContainerScript) -> set[str]:
    """Directories that the script makes."""
    made = (step for step in script.steps if step.meaning.makes_directories)
    return {effect.path.known for step in made for effect in step.meaning.effects if effect.path.is_whole}


def _and_above(path: str) -> set[str]:
    steps = path.split("/")
    return {"/".join(steps[:count]) for count in range(1, len(steps) + 1)}


def _deciding_trap(script: ContainerScript) -> syntax.Statement | None:
    """The trap without which the script could fail."""
    whole = script.script.body
    for item in whole.items:
        if isinstance(item.statement, syntax.Simple) and item.statement.name == "trap":
            rest = syntax.Block(whole.start, whole.end, tuple(one for one in whole.items if one is not item))
            verdict = script.verdict_of(syntax.Script(script.script.text, rest))
            if verdict and verdict.can_fail:
                return item.statement
    return None


def _last(script: ContainerScript, lost: Step) -> syntax.Statement:
    """What it ends with behind a command; of a file that it ends with, what that ends with."""
    trap = _deciding_trap(script)
    if trap:
        return trap
    last = _end_of(script.script.body.items[-1].statement, lost)
    inner = script.walk.inner.get(id(last)) if script.walk else None
    items = inner.script.body.items if inner else ()
    if not items:
        return last
    end = items[-1].statement
    is_file = not isinstance(script.span(end.start, end.end), Span)
    return end if is_file or items[0].statement.start <= lost.command.start <= end.start else last


def _end_of(last: syntax.Statement, lost: Step) -> syntax.Statement:
    """What decides: of a list its end, of branches the end of the one in which the command is."""
    if isinstance(last, syntax.AndOr) and last.operator == "||":
        return _end_of(last.right, lost)
    if isinstance(last, syntax.Subshell | syntax.Group) and last.body.items:
        return _end_of(last.body.items[-1].statement, lost)
    blocks: list[syntax.Block] = []
    if isinstance(last, syntax.If):
        blocks = [*(one.body for one in last.branches), *([last.otherwise] if last.otherwise else [])]
    elif isinstance(last, syntax.Case):
        blocks = [arm.body for arm in last.arms]
    ends = [one.items[-1].statement for one in blocks if one.items and one.start <= lost.command.start < one.end]
    return _end_of(ends[0], lost) if ends else last


def _cannot_fail(script: ContainerScript, lost: Step) -> Finding:
    last = _last(script, lost)
    name, helps = lost.command.name, lost not in script.swallowed_with(errexit=True)
    return Finding(
        script.span(last.start, last.end),
        f"{script.container} succeeds even if `{name}` fails, for the end of its script decides the exit status: "
        "what comes next starts without what it prepares",
        related=(Related(script.place(lost.command), f"nothing comes of a failure of `{name}`"),),
        defect="exit status",
        help="let the script begin with `set -e`" if helps else f"end with `exit 1` where `{name}` has failed",
    )


def _given_up(script: ContainerScript, waits: Sequence[Wait]) -> Finding:
    first, *others = waits
    awaited = f"`{first.target}`" if first.target else "what it asks for"
    return Finding(
        script.span(first.start, first.end),
        f"{script.container} succeeds even if its wait for {awaited} is given up, for nothing looks whether it was: "
        "what comes next starts without it",
        related=tuple(
            Related(script.span(one.start, one.end), "nor is the end of this wait looked at") for one in others
        ),
        severity=WARNING,
        defect="exit status",
        help="let the script end with `exit 1` where the wait was in vain",
    )
