"""A suppression that suppresses nothing."""

from initlint.api import WARNING, Finding, Findings, Fix, Stale, rule


@rule("INIT002", "suppression that suppresses nothing", severity=WARNING)
def check(stale: Stale) -> Findings:
    if stale.is_used:
        message = "this suppression gives no reason, which the configuration requires: nobody can tell when it may go"
        yield Finding(stale.span, message, help="say why, behind what it names")
        return
    why, _, advice = stale.why.partition(": ")
    yield Finding(
        stale.span,
        f"this suppression is of no use, as {why}: it stays, and one day hides what it was not meant for",
        fix=Fix.of("delete it", stale.removal, safe=True),
        help=advice or None,
    )
