"""An init container or sidecar without the requests and limits that keep it, and its node, in bounds."""

from dataclasses import dataclass

from initlint.api import WARNING, Container, Finding, Findings, Part, Role, rule


@dataclass(frozen=True)
class Options:
    """What each init container and sidecar must set; a limit counts as the request."""

    require: tuple[str, ...] = ("requests.cpu", "requests.memory", "limits.memory")


@rule("INIT401", "init container without resources", severity=WARNING)
def check(container: Container, options: Options) -> Findings:
    pod = container.pod
    if container.role not in (Role.INIT, Role.SIDECAR) or pod.has_own_resources:
        return
    missing = [wanted for wanted in options.require if not _is_set(container, wanted)]
    if missing:
        pod.require(Part.RESOURCES)
        yield Finding(
            container.node.key("resources") or container.where,
            f"{container} sets no {_listed(missing)}: {_consequence(missing)}",
            defect="resources",
            help="set " + ", ".join(f"`resources.{wanted}`" for wanted in missing),
        )


def _is_set(container: Container, wanted: str) -> bool:
    part, _, resource = wanted.partition(".")
    parts = {part, "limits"} if part == "requests" else {part}
    written = any(container.node["resources"][one][resource] for one in parts)
    return written or any(f"{one}.{resource}" in container.defaults for one in parts)


def _listed(missing: list[str]) -> str:
    names = [f"{resource} {part.removesuffix('s')}" for part, _, resource in (one.partition(".") for one in missing)]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _consequence(missing: list[str]) -> str:
    parts = {one.partition(".")[0] for one in missing}
    if parts == {"requests"}:
        return "the scheduler reserves nothing for it, and a quota on requests refuses the Pod"
    if parts == {"limits"}:
        return "it may use up what its node has, and a quota on limits refuses the Pod"
    return "nothing is reserved for it, it may use up what its node has, and a quota refuses the Pod"
