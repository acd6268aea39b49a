"""Commands that ask the API server for what the ServiceAccount of their Pod may not do."""

from collections.abc import Iterable, Iterator

from initlint.api import (
    ERROR,
    AccessRequest,
    Account,
    ApiCall,
    Blamed,
    Finding,
    Findings,
    InitContainer,
    Related,
    Role,
    Unknown,
    account_of,
    blamed,
    calls,
    rule,
    tokenless,
    vainly,
    withheld,
)


@rule("INIT507", "kubectl without permission", severity=ERROR, supersedes=("unbounded-wait",))
def check(container: InitContainer) -> Findings:
    asking = list(calls(container))
    if not asking:
        return
    container.require_as_written()
    account = account_of(container.pod)
    off = tokenless(container, account)
    if off is not None:
        related = _related(withheld(account, container.node.source))
        related = (Related(off, "this keeps the token out of the Pod"),) if off else related
        vain = "it finds no API server to ask" if asking[0].is_client else "it has none to show"
        what = f", but no token of a ServiceAccount is mounted: {vain}"
        yield _finding(asking[0], what, "let the Pod say `automountServiceAccountToken: true`", related)
    elif account.is_judged:
        yield from _refused(asking, account)
    elif any(call.needs for call in asking):
        raise Unknown(f"what ServiceAccount `{account.name}` may do is not shown by the input")


def _refused(asking: Iterable[ApiCall], account: Account) -> Iterator[Finding]:
    """One finding for each thing that is not allowed, at the first command that asks for it."""
    told: set[AccessRequest] = set()
    for call in asking:
        lacking = [one for one in call.lacks(account) if one not in told]
        told.update(lacking)
        if lacking:
            who, why = f"ServiceAccount `{account.name}`", _ungranted(account)
            remedy = f"let a role allow it to {_asked(lacking, 'and')}, and bind that to {who}"
            related = _related(blamed(account, lacking[0], call.script.container.node.source))
            yield _finding(call, f" as {who}, which may not {_asked(lacking, 'or')}: {why}", remedy, related)


def _related(places: Iterable[Blamed]) -> tuple[Related, ...]:
    return tuple(Related(one.place, one.message) for one in places)


def _asked(lacking: list[AccessRequest], joined: str) -> str:
    """What is asked for first, with all verbs that are not allowed."""
    first = lacking[0]
    verbs = [f"`{one.verb}`" for one in lacking if one._replace(verb="") == first._replace(verb="")]
    *others, last = dict.fromkeys(verbs)
    listed = f"{', '.join(others)} {joined} {last}" if others else last
    resource, slash, sub = first.resource.partition("/")
    name = f"`{resource}{'.' if first.group else ''}{first.group}{slash}{sub}`"
    scope = {None: "", "*": " in the whole cluster"}.get(first.namespace, f" in namespace `{first.namespace}`")
    return f"{listed} {name}{scope}"


def _ungranted(account: Account) -> str:
    """Who could have allowed it."""
    if account.bindings:
        one = len(account.bindings) == 1
        return f"{' and '.join(account.bindings)} {'does' if one else 'do'} not grant it"
    return account.mistaken[0] if account.mistaken else "no binding of the input grants it"


def _finding(call: ApiCall, what: str, remedy: str, related: tuple[Related, ...] = ()) -> Finding:
    container, wait = call.script.container, call.wait
    is_stuck = wait and (wait.loop or wait.is_unbounded)
    vain = vainly(wait, container) if wait and is_stuck else "it fails every time"
    if is_stuck and container.role is Role.SIDECAR:
        vain = "it never comes to what follows"
    return Finding(
        call.script.place(call.step.command),
        f"{container} runs `{call.title}`{what}, and {vain}",
        related=related,
        defect=wait.defect if wait else None,
        help=remedy,
    )
