"""What the API server rejects in an object that fits the schema, and that no other rule names."""

from initlint.api import ERROR, Findings, Workload, invalid_objections, refused, rule


@rule("INIT011", "object that the API server rejects", severity=ERROR)
def check(workload: Workload) -> Findings:
    for objection in invalid_objections(workload):
        yield refused(objection, workload)
