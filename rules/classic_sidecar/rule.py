"""A known sidecar among the app containers, where a native one would start before the app and stop after it."""

import re

from initlint.api import (
    INFO,
    MEDIUM,
    Container,
    Endless,
    Finding,
    Findings,
    Fix,
    Part,
    Role,
    Workload,
    edit,
    endless,
    regex,
    rule,
)

# What serves another container. Not servers, schedulers and supervisors, which are as often what a Pod is for.
_SIDECARS = frozenset({"agent", "exporter", "log-shipper", "proxy", "reloader", "sync"})
# Names of unknown programs that are no main container, either.
_HELPERS = regex(r"agent|clean(er|up)|collector|exporter|log(ger|s)|metrics|proxy|reload(er)?|shutdown|sidecar|sync")


@rule("INIT103", "sidecar among the containers", severity=INFO, confidence=MEDIUM)
def check(container: Container) -> Findings:
    runs = endless(container) if _could_be_native(container) else None
    main = _main(container) if runs and _serves_others(container, runs) else None
    if runs and main:
        container.pod.require(Part.CONTAINERS)
        other = f"`{main.name}`" if main.name.value else "that"
        yield Finding(
            runs.where,
            f"{container} runs `{runs.program}`, {runs.description}, beside {main}: as one of the app containers it "
            f"may start after {other}, and stop before it",
            fix=Fix.of("make it a native sidecar", edit.make_sidecar(container), reveals=edit.LOOKED_AT_NOW),
            help="move it to `initContainers` with `restartPolicy: Always`: it starts first, and stops last",
        )


def _could_be_native(container: Container) -> bool:
    """Whether it is one of several app containers of a long-running Pod, on a version with sidecars."""
    pod = container.pod
    is_long_running = not pod.workload.is_job and pod.node["restartPolicy"].value in ("", "Always")
    is_one_of_several = container.role is Role.MAIN and len(pod.containers) > 1
    return is_one_of_several and is_long_running and pod.cluster.version.knows_sidecars


def _serves_others(container: Container, runs: Endless) -> bool:
    """Whether it is a sidecar by its kind, and not what the workload is there for: its name says that."""
    workload = container.pod.workload
    others = (one for one in container.pod.containers if one is not container)
    is_workload = _is_named_after(workload, container, runs.program) and not any(
        _is_named_after(workload, one) for one in others
    )
    serves_nodes = workload.kind == "DaemonSet" and runs.does in ("agent", "exporter", "log-shipper")
    return runs.does in _SIDECARS and not is_workload and not serves_nodes


def _is_named_after(workload: Workload, container: Container, program: str = "") -> bool:
    """Whether the name of a workload holds that of a container, of its image, or of the program."""
    names = (container.name.value, program, container.reference.base)
    return any(_words(name) <= _words(workload.ref.name) for name in names if name)


def _main(container: Container) -> Container | None:
    """The first container of another image that is no helper, as far as is known."""
    others = (one for one in container.pod.containers if one.reference.repository != container.reference.repository)
    return next((one for one in others if not _is_helper(one)), None)


def _is_helper(container: Container) -> bool:
    runs = endless(container)
    if runs:
        return runs.does == "idle" or runs.does in _SIDECARS
    return any(_HELPERS.fullmatch(word) for word in _words(container.name.value) | _words(container.reference.base))


def _words(name: str) -> set[str]:
    return set(re.split(r"[-_.]", name.lower()))
