"""A field that the target version does not know, that has the wrong type, or that is missing."""

from initlint.api import ERROR, Findings, Workload, refused, rule, schema_objections


@rule("INIT010", "field that does not fit the schema", severity=ERROR)
def check(workload: Workload) -> Findings:
    for objection in schema_objections(workload):
        yield refused(objection, workload)
