"""A native sidecar for a Kubernetes version that has none."""

from initlint.api import ERROR, Container, Finding, Findings, InitContainer, Part, rule


@rule("INIT107", "sidecar that the target version does not have", severity=ERROR)
def check(container: InitContainer) -> Findings:
    version, policy = container.pod.cluster.version, container.node["restartPolicy"]
    if policy.value == "Always" and not version.knows_sidecars:
        container.pod.require(Part.CONTAINERS)
        yield Finding(
            policy,
            f"{container} is meant as a sidecar, which Kubernetes has from 1.29: {_consequence(container)}",
            defect=f"{container.path}.restartPolicy",
            rejected=container.pod.workload.is_built_in and not version.has_container_restart_policies,
            help="move it to `containers`, or raise the target version",
        )


def _consequence(container: Container) -> str:
    version = container.pod.cluster.version
    dropped = "nothing after it starts until it exits"
    if version.has_container_restart_policies and container.probes_and_hooks:
        return f"{version} drops the field, and rejects the `{container.probes_and_hooks[0]}` of what is left"
    if version.has_container_restart_policies:
        return f"{version} drops the field without a word, and {dropped}"
    return f"{version} rejects the field as unknown; where validation is not strict it is dropped, and {dropped}"
