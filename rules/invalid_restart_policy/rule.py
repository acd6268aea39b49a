"""A restart policy, of a Pod or of one of its containers, that the API server refuses or drops."""

from initlint.api import (
    ERROR,
    Container,
    Finding,
    Findings,
    Noticed,
    Objection,
    Part,
    Pod,
    Scalar,
    is_placeholder,
    one_of,
    restart_objections,
    rule,
)


@rule("INIT106", "restart policy that is rejected or dropped", severity=ERROR)
def check(pod: Pod) -> Findings:
    containers = [*pod.init_containers, *pod.containers]
    found = [*_of_pod(pod), *(_of(one, container) for container in containers for one in restart_objections(container))]
    if found:
        pod.require(Part.CONTAINERS)
    return found


def _of_pod(pod: Pod) -> Findings:
    workload, policy = pod.workload, pod.node["restartPolicy"]
    value = policy.value if policy else ""
    if policy and not isinstance(policy, Scalar):
        return
    if (value or "Always") not in workload.restart_policies and not is_placeholder(value):
        states = f"sets `restartPolicy: {value}`" if value else "leaves `restartPolicy` at its default, `Always`"
        allowed = one_of(workload.restart_policies)
        yield Finding(
            policy if value else workload.job_spec["template"].key("spec"),
            f"the Pod {states}, where a {workload.kind} allows {allowed}: {workload.refusal(Noticed.ALWAYS)}",
            defect="restartPolicy",
            rejected=workload.rejects(Noticed.ALWAYS),
            help=f"set it to {allowed}",
        )


def _of(objection: Objection, container: Container) -> Finding:
    workload = container.pod.workload
    return Finding(
        objection.where,
        f"{container} {objection.fact}: {objection.dropped_so or workload.refusal(objection.noticed)}",
        defect=f"{container.path}.{objection.field}",
        rejected=not objection.dropped_so and workload.rejects(objection.noticed),
        help=objection.remedy,
    )
