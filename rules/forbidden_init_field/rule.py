"""A probe or a lifecycle hook on a regular init container, which must end by itself and cannot have one."""

from initlint.api import (
    ERROR,
    Container,
    Finding,
    Findings,
    Fix,
    Part,
    RegularInitContainer,
    Unknown,
    edit,
    endless,
    is_placeholder,
    rule,
)


@rule("INIT105", "field that only sidecars may have", severity=ERROR)
def check(container: RegularInitContainer) -> Findings:
    if _may_be_sidecar(container):
        return
    for field in container.probes_and_hooks:
        container.pod.require(Part.CONTAINERS)
        yield _forbidden(container, field)


def _may_be_sidecar(container: Container) -> bool:
    """Whether it is meant as a sidecar, which the target version may not have, or may yet become one."""
    policy = container.node["restartPolicy"].value
    return policy == "Always" or is_placeholder(policy)


def _forbidden(container: Container, field: str) -> Finding:
    workload = container.pod.workload
    knows_sidecars = workload.cluster.version.knows_sidecars
    return Finding(
        container.node.key(field),
        f"{container} sets `{field}`, which only sidecars and app containers may have: {workload.refusal()}",
        defect=f"{container.path}.{field}",
        rejected=workload.rejects_invalid_pods,
        fix=_fix(container, field),
        help="remove it" + (", or make it a sidecar with `restartPolicy: Always`" if knows_sidecars else ""),
    )


def _fix(container: Container, field: str) -> Fix | None:
    """What never exits is meant as a sidecar; what is not known to do so stays an init container."""
    try:
        runs = endless(container)
    except Unknown:
        return None
    if runs and container.pod.cluster.version.knows_sidecars:
        return Fix.of("make it a sidecar", edit.make_sidecar(container), reveals=edit.LOOKED_AT_NOW)
    return Fix.of(f"remove `{field}`", edit.delete(container.node, field))
