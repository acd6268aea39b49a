"""A mapping key given twice."""

from initlint.api import ERROR, Finding, Findings, Manifest, Related, rule


@rule("INIT012", "mapping key given twice", severity=ERROR)
def check(manifest: Manifest) -> Findings:
    for again, first in manifest.repeated_keys():
        begins_object = again.value in ("apiVersion", "kind")
        yield Finding(
            again,
            f"key `{again}` is given twice in one mapping: the API server rejects it, or the last one silently wins",
            related=(Related(first, f"`{first}` is given here before"),),
            help="make one of the two" + ", or put `---` between two objects" * begins_object,
        )
