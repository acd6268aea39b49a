"""What the API server rejects in an object that fits the schema, or no node starts, and that no other rule names."""

from initlint.api import (
    ERROR,
    Finding,
    Findings,
    Part,
    RefusedContainer,
    Related,
    Workload,
    invalid_objections,
    refused,
    refused_root,
    rule,
)


@rule("INIT011", "object that the API server rejects", severity=ERROR)
def check(workload: Workload) -> Findings:
    for pod in workload.pods:
        if Part.CONTAINERS not in pod.unknown:
            yield from map(_never_started, refused_root(pod))
    for objection in invalid_objections(workload):
        yield refused(objection, workload)


def _never_started(one: RefusedContainer) -> Finding:
    return Finding(
        one.user,
        f"{one.container} runs as root by `runAsUser: 0`, which `runAsNonRoot: true` forbids: the API server accepts "
        "it, and no node ever starts the container",
        related=(Related(one.non_root, "this forbids it"),),
        help="set `runAsNonRoot: false` for this container, or let it run as another user",
    )
