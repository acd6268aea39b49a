"""A privileged init container, or one with namespaces of the host, that does nothing which needs them."""

from itertools import chain

from initlint.api import (
    WARNING,
    Container,
    ContainerScript,
    Finding,
    Findings,
    Part,
    RegularInitContainer,
    Step,
    regex,
    rule,
    scripts,
)

_SYSTEM = regex(r"/(?:proc|sys|dev|host)(?:/|$)|/var/run/docker|containerd|sysctl|nsenter|docker\.sock|cgroup")
_HARMLESS = regex(r"/dev/(?:null|std\w+|tty|tcp|udp|u?random|zero|fd|termination-log)\b[^\s'\"]*")
# Root in a container may not ask for more than its share (CAP_SYS_NICE).
_PRIORITIES = frozenset({"ionice", "nice", "numactl"})
_FOR_HOST = ("hostPath", "csi", "flexVolume")


@rule("INIT601", "privileges that nothing needs", severity=WARNING)
def check(container: RegularInitContainer) -> Findings:
    setting = container.node["securityContext"]["privileged"]
    if setting.truth is True and _needs_nothing(container):
        container.require(Part.COMMANDS, Part.MOUNTS, Part.VOLUMES, Part.IMAGES)
        yield Finding(
            setting,
            f"{container} is privileged, and does nothing that needs it: whoever takes over its image, or what it "
            "downloads, has the node",
            help="leave `privileged` out; as root it may do all that its commands do",
        )


def _needs_nothing(container: Container) -> bool:
    """Whether all that it does is known, and none of it is more than any container may do."""
    found = scripts(container)
    if not found or _mounts_host(container) or _has_devices(container):
        return False
    started = [word.value for word in chain(container.command, container.args)]
    wrappers = (name for script in found for step in script.steps for name in step.command.wrappers)
    return _PRIORITIES.isdisjoint([*started, *wrappers]) and all(map(_is_plain, found))


def _mounts_host(container: Container) -> bool:
    volumes = [container.pod.volumes.get(mount.name.value) for mount in container.mounts]
    propagated = any(mount.node["mountPropagation"] for mount in container.mounts)
    return propagated or any(one is None or one.kind in _FOR_HOST for one in volumes)


def _has_devices(container: Container) -> bool:
    return bool(container.node["volumeDevices"]) or bool(container.node["resources"]["limits"]["nvidia.com/gpu"])


def _is_plain(script: ContainerScript) -> bool:
    told = (*script.container.known_env.values(), *(one.known for one in script.arguments))
    text = _HARMLESS.sub("", "\n".join((script.script.text, *filter(None, told))))
    if not script.commands or script.is_elsewhere or _SYSTEM.search(text):
        return False
    functions, inner = (script.walk.functions, script.walk.inner) if script.walk else ({}, {})
    return all(
        one.command.name in functions or id(one.command.statement) in inner or _is_usual(one) for one in script.steps
    )


def _is_usual(step: Step) -> bool:
    """Whether it is known what it does, and any container may do it; what a shell runs is looked at itself."""
    command, meaning = step
    if command.context.is_elsewhere or (command.arguments and not command.name):
        return False
    if command.name in ("sh", "bash", "ash", "dash"):
        return "-c" in command.words or "-ec" in command.words
    return not command.arguments or (meaning.is_known and not meaning.needs_host)
