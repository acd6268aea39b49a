"""What start-up waits for, or cannot do without, that an input which is said to be complete does not hold."""

from collections.abc import Iterator

from initlint.api import (
    WARNING,
    Container,
    ContainerScript,
    Finding,
    Findings,
    Missed,
    Part,
    Pod,
    Purpose,
    Related,
    Required,
    Role,
    Unknown,
    Unmet,
    Volume,
    Wait,
    attempts,
    missed,
    rule,
    scripts,
    unmet,
    vainly,
)


@rule(
    "INIT505",
    "start-up waits for what the input does not hold",
    severity=WARNING,
    supersedes=("unbounded-wait",),
    needs_complete=True,
)
def check(pod: Pod) -> Findings:
    unknown = None
    waiting = [_waits(one) for one in pod.init_containers if one.role is Role.INIT]
    for found in (*waiting, *map(_unmet, unmet(pod))):
        try:
            yield from found
        except Unknown as error:
            unknown = error
    if unknown:
        raise unknown


def _waits(container: Container) -> Iterator[Finding]:
    for script in scripts(container):
        for wait in (*script.waits, *attempts(script)):
            yield from _absent(script, wait)


def _absent(script: ContainerScript, wait: Wait) -> Iterator[Finding]:
    """One finding for each object that is not there."""
    told: set[str] = set()
    for one in missed(script, wait):
        if one.target not in told:
            script.container.pod.require(Part.COMMANDS)
            told.add(one.target)
            yield _finding(script, wait, one)


def _finding(script: ContainerScript, wait: Wait, one: Missed) -> Finding:
    container = script.container
    remedy = _guess(one.meant) if one.meant else f"mend the name, or add the {one.kind} to the input"
    if one.is_empty:
        remedy = "mend its `selector`, or the labels of the Pods that it is meant for"
    why = "selects no Pods of the input" if one.is_empty else "the input does not hold"
    return Finding(
        script.span(one.probe.start, one.probe.end),
        f"{container} {'asks' if wait.is_once else 'waits for'} {one.target}, which {why}: {vainly(wait, container)}",
        defect=wait.defect,
        help=remedy,
    )


def _unmet(unmet: Unmet) -> Iterator[Finding]:
    """One finding for what is not there, where it is needed first."""
    first, *others = unmet.needs
    first.require()
    named = f"{first.kind} `{first.name}`"
    lacking = f"key `{first.key}`, which {named} does not have"
    where = f" in namespace `{first.pod.workload.ref.namespace}`" if "/" in unmet.meant else ""
    absent = f"{named}{where}, which the input does not hold"
    places = {one.where.span: one.where for one in others if one.where.span != first.where.span}
    also = (Related(where, "it is needed here, too") for where in places.values())
    yield Finding(
        first.where,
        f"{_needing(first)} {lacking if first.key else absent}: {_consequence(first)}",
        related=(*(Related(place, f"{named} has no such key") for place in unmet.places), *also),
        help=_remedy(first, unmet.meant),
    )


def _needing(one: Required) -> str:
    if one.purpose is Purpose.ACCOUNT:
        return "the Pod runs as"
    if isinstance(one.of, Container):
        what = f"`{one.variable}`" if one.variable else "variables"
        return f"{one.of} takes {what} from"
    name = one.of.name if isinstance(one.of, Volume) else ""
    return f"volume `{name}` {'is' if one.purpose is Purpose.CLAIM else 'takes its files from'}"


def _consequence(one: Required) -> str:
    workload = one.pod.workload
    match one.purpose:
        case Purpose.ACCOUNT:
            is_refused = workload.kind == "Pod"
            return "the API server rejects it" if is_refused else f"no Pod of the {workload.kind} is created"
        case Purpose.CLAIM:
            return "no node can be chosen for the Pod, which stays `Pending`"
        case Purpose.VOLUME:
            return "the volume cannot be mounted, and no container of the Pod starts"
    is_init = isinstance(one.of, Container) and one.of.is_init
    return f"the Pod stays in `{'Init:' if is_init else ''}CreateContainerConfigError`"


def _guess(meant: str) -> str:
    """What may be meant, or where it is; a Pod refers to what is in its own namespace only."""
    namespace, slash, _ = meant.partition("/")
    return f"there is one in namespace `{namespace}`" if slash else f"did you mean `{meant}`?"


def _remedy(one: Required, meant: str) -> str:
    if meant:
        return _guess(meant)
    what = f"the key to the {one.kind}" if one.key else f"the {one.kind} to the input"
    is_for_all = one.purpose in (Purpose.ACCOUNT, Purpose.CLAIM)
    return f"mend the name, or add {what}" if is_for_all else f"mend the name, add {what}, or say `optional: true`"
