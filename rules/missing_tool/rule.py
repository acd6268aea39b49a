"""A shell, a tool or a user that the image of an init container or sidecar is known not to have."""

from initlint.api import (
    ERROR,
    WARNING,
    Container,
    Finding,
    Findings,
    InitContainer,
    MissingTool,
    Part,
    image_of,
    missing_tools,
    rule,
)

_LONGEST = 40
# What does the same in images that have it, as busybox and alpine do.
_INSTEAD = {
    "bash": "sh",
    "curl": "wget",
    "dig": "nslookup",
    "groupadd": "addgroup",
    "host": "nslookup",
    "mongo": "mongosh",
    "useradd": "adduser",
    "wget": "curl",
}


@rule("INIT311", "tool that the image does not have", severity=ERROR)
def check(container: InitContainer) -> Findings:
    for tool in missing_tools(container):
        container.pod.require(Part.IMAGES, Part.COMMANDS, Part.MOUNTS)
        yield _without_user(container, tool) if tool.user else _without_tool(container, tool)


def _without_tool(container: Container, tool: MissingTool) -> Finding:
    return Finding(
        tool.where,
        f"{container} runs `{_shown(tool.name)}`, {_fact(container, tool)}: {_consequence(tool)}",
        severity=WARNING if tool.may_fail else None,
        defect=tool.name,
        help=_help(container, tool),
    )


def _without_user(container: Container, tool: MissingTool) -> Finding:
    return Finding(
        tool.where,
        f"{container} gives files to user `{tool.user}`, whom image `{container.image.value}` does not have: "
        f"`{tool.name}` fails",
        help="name the user by its number, or take the image that has it",
    )


def _shown(name: str) -> str:
    line = name.partition("\n")[0]
    return line if len(line) <= _LONGEST and line == name else f"{line[:_LONGEST]}…"


def _fact(container: Container, tool: MissingTool) -> str:
    image = container.image.value
    if tool.is_line:
        return "which is taken for the name of one program"
    return f"and image `{image}` has no shell" if tool.has_no_shell else f"which image `{image}` does not have"


def _consequence(tool: MissingTool) -> str:
    if tool.is_first:
        return "the container cannot start"
    if tool.may_fail:
        return "the command is never found, which the script lets go"
    return "what it asks for is never answered" if tool.in_loop else "the command is not found"


def _help(container: Container, tool: MissingTool) -> str:
    if tool.is_line and not tool.is_first:
        return "leave the quotes around the whole script out: the shell takes what is between them for one word"
    if tool.is_line:
        return "give each word an item of its own, or the line to a shell: `[sh, -c, …]`"
    if tool.has_no_shell:
        return "call the program of the image itself, without a shell, or take an image that has one"
    name = tool.name.rpartition("/")[2]
    if name in ("doas", "sudo"):
        return f"leave `{name}` out, and let the container run as root where a command needs it (`runAsUser: 0`)"
    other = _INSTEAD.get(name, "")
    instead = f"use `{other}`, which it has, or " if other and image_of(container).has(other) else ""
    return f"{instead}take an image that has `{tool.name}`"
