"""An init container or sidecar without the requests and limits that keep it, and its node, in bounds."""

from dataclasses import dataclass
from enum import Enum

from initlint.api import (
    WARNING,
    Container,
    Finding,
    Findings,
    Fix,
    InitContainer,
    Part,
    Unknown,
    costs_class,
    edit,
    limited,
    requested,
    rule,
)


@dataclass(frozen=True)
class Amounts:
    """How much of each resource."""

    cpu: str | None = None
    memory: str | None = None
    ephemeral_storage: str | None = None


@dataclass(frozen=True)
class Defaults:
    """What to set where nothing is set."""

    requests: Amounts = Amounts()
    limits: Amounts = Amounts()


class RequiredAmount(Enum):
    """What can be asked of every container."""

    CPU_REQUEST = "requests.cpu"
    MEMORY_REQUEST = "requests.memory"
    STORAGE_REQUEST = "requests.ephemeral-storage"
    CPU_LIMIT = "limits.cpu"
    MEMORY_LIMIT = "limits.memory"
    STORAGE_LIMIT = "limits.ephemeral-storage"


@dataclass(frozen=True)
class Options:
    """What each init container and sidecar must set; a limit counts as the request. `defaults` is what a fix sets."""

    require: tuple[RequiredAmount, ...] = (
        RequiredAmount.CPU_REQUEST,
        RequiredAmount.MEMORY_REQUEST,
        RequiredAmount.MEMORY_LIMIT,
    )
    defaults: Defaults = Defaults()


@rule("INIT401", "init container without resources", severity=WARNING, supersedes=("lost-guaranteed",))
def check(container: InitContainer, options: Options) -> Findings:
    pod = container.pod
    if not any(container.node.items()) or any(pod.resources.items()):
        return
    set_by = {"requests": requested(container), "limits": limited(container)}
    pairs = [wanted.value.split(".", 1) for wanted in options.require]
    missing = [f"{part}.{resource}" for part, resource in pairs if resource not in set_by[part]]
    if missing:
        container.require(Part.RESOURCES)
        loses = _costs_its_class(container)
        consequences = _consequences(missing) + ["the Pod is Burstable, not Guaranteed"] * loses
        wanted = ["limits.cpu", "limits.memory"] if loses else missing
        yield Finding(
            container.node.key("resources") or container.where,
            f"{container} sets no {_listed(missing)}: {', '.join(consequences[:-1])}, and {consequences[-1]}",
            defect="resources",
            fix=_fix(container, wanted, options.defaults),
            help=_help(wanted, options.defaults) + ", and no lower request" * loses,
        )


def _help(wanted: list[str], defaults: Defaults) -> str:
    advice = "set " + ", ".join(f"`resources.{one}`" for one in wanted)
    if defaults != Defaults():
        return advice
    return f"{advice} (`initlint fix --unsafe` does, once the configuration has `defaults` for this rule)"


def _costs_its_class(container: Container) -> bool:
    try:
        return bool(costs_class(container))
    except Unknown:
        return False


def _listed(missing: list[str]) -> str:
    names = [f"{resource} {part.removesuffix('s')}" for part, _, resource in map(_split, missing)]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _consequences(missing: list[str]) -> list[str]:
    resources = {
        part: [one for kind, _, one in map(_split, missing) if kind == part] for part in ("requests", "limits")
    }
    uncounted = [f"the scheduler counts no {' or '.join(resources['requests'])} for it"] * bool(resources["requests"])
    unbounded = [f"it may use up the {' and '.join(resources['limits'])} of its node"] * bool(resources["limits"])
    return [*uncounted, *unbounded, f"a quota on {'these' if len(missing) > 1 else 'it'} refuses the Pod"]


def _split(wanted: str) -> tuple[str, str, str]:
    return wanted.partition(".")


def _fix(container: Container, wanted: list[str], defaults: Defaults) -> Fix | None:
    """Set what the configuration says; no value is made up."""
    resources: dict[str, dict[str, str]] = {}
    for part, _, resource in map(_split, wanted):
        value = getattr(getattr(defaults, part, None), resource.replace("-", "_"), None)
        if not isinstance(value, str):
            return None
        resources.setdefault(part, {})[resource] = value
    change = edit.insert(container.node, {"resources": resources}, after=edit.fields_before("resources"))
    return Fix.of("set the defaults of the configuration", change, reveals=("init-dominates",))
