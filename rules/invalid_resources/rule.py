"""Requests and limits, of a container or of the Pod itself, that the API server does not accept."""

from initlint.api import ERROR, Finding, Findings, Part, Pod, Related, resource_objections, rule


@rule("INIT404", "resources that the API server rejects", severity=ERROR)
def check(pod: Pod) -> Findings:
    workload = pod.workload
    for container, objection in resource_objections(pod):
        pod.require(Part.RESOURCES)
        yield Finding(
            objection.where,
            f"{container or 'the Pod'} {objection.fact}: {workload.refusal(objection.noticed)}",
            defect=f"{container.path}.{objection.field}" if container else objection.field,
            rejected=workload.rejects(objection.noticed),
            help=objection.remedy,
            related=(Related(objection.related, "what it is compared with"),) if objection.related else (),
        )
