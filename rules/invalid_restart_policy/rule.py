"""A restart policy, of a Pod or of one of its containers, that the API server refuses or drops."""

from initlint.api import (
    ERROR,
    Container,
    Finding,
    Findings,
    Fix,
    Noticed,
    Objection,
    Part,
    Pod,
    Scalar,
    edit,
    is_placeholder,
    one_of,
    permitted,
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
        policies = workload.restart_policies
        allows = f"where a {workload.kind} allows {permitted(policies)}"
        yield Finding(
            policy if value else workload.job_spec["template"].key("spec"),
            f"the Pod {states}, {allows}: {workload.refusal(Noticed.ALWAYS)}",
            defect="restartPolicy",
            fix=_fix_of_pod(pod, value),
            rejected=workload.rejects(Noticed.ALWAYS),
            help=f"set it to {one_of(policies)}",
        )


def _of(objection: Objection, container: Container) -> Finding:
    workload = container.pod.workload
    return Finding(
        objection.where,
        f"{container} {objection.fact}: {objection.dropped_so or workload.refusal(objection.noticed)}",
        defect=f"{container.path}.{objection.field}",
        fix=_fix_of(objection, container),
        rejected=not objection.dropped_so and workload.rejects(objection.noticed),
        help=objection.remedy,
    )


def _fix_of_pod(pod: Pod, value: str) -> Fix | None:
    """The one value that can be meant. In a Job, `OnFailure` is as near to `Always` as there is, and a decision."""
    allowed = pod.workload.restart_policies
    meant = _spelled(value, allowed) or (allowed[0] if len(allowed) == 1 else "")
    wanted = meant or ("OnFailure" if value in ("", "Always") else "")
    if not wanted:
        return None
    entry = {"restartPolicy": wanted}
    change = (
        edit.replace(pod.node["restartPolicy"], wanted)
        if value
        else edit.insert(pod.node, entry, before=("initContainers", "containers"))
    )
    return Fix.of(f"set it to `{wanted}`", change, safe=bool(meant))


def _fix_of(objection: Objection, container: Container) -> Fix | None:
    meant = _spelled(objection.where.value, objection.allowed)
    if meant:
        return Fix.of(f"write `{meant}`", edit.replace(objection.where, meant), safe=True)
    policy = container.node["restartPolicy"]
    is_misspelled = policy.value not in ("", "Always", "Never", "OnFailure")
    if objection.field not in ("restartPolicy", "restartPolicyRules") or is_misspelled or not policy:
        return None
    removal = edit.delete(container.node, objection.field)
    return Fix.of(f"remove `{objection.field}`", removal, safe=bool(objection.dropped_so or not policy.value))


def _spelled(value: str, allowed: tuple[str, ...]) -> str:
    """What is meant by a value that differs in its case only."""
    return next((one for one in allowed if one.lower() == value.lower()), "")
