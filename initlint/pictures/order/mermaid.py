"""The start-up of Pods as a Mermaid flowchart: containers with their gates, volumes with what is written and read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from initlint.kube.pods.container import Role
from initlint.pictures.mermaid import label
from initlint.pictures.order import words
from initlint.pictures.order.model import Phase, PodOrder
from initlint.reporters import Display

_MARK = {Role.INIT: ("[", "]"), Role.SIDECAR: ("([", "])"), Role.MAIN: ("[[", "]]")}


def render(orders: Sequence[PodOrder], display: Display) -> str:
    """One flowchart with a box for each Pod."""
    return "\n".join(
        ["flowchart TB", *(line for index, one in enumerate(orders) for line in _pod(one, index, display))]
    )


def _pod(order: PodOrder, index: int, display: Display) -> Iterator[str]:
    volumes = {name: f"p{index}v{number}" for number, (name, _) in enumerate(words.volumes(order))}
    yield f"  subgraph p{index} [{label(display, words.title(order), *_summary(order))}]"
    for number, phase in enumerate(order.phases):
        yield f"    {_container(phase, f'p{index}c{number}', display)}"
    for name, volume in volumes.items():
        yield f"    {volume}[({label(display, name, words.kind(order, name))})]"
    yield from (f"    {edge}" for edge in _gates(order, index))
    for number, phase in enumerate(order.phases):
        yield from (f"    {edge}" for edge in _ways(phase, f"p{index}c{number}", volumes))
    yield "  end"


def _container(phase: Phase, node: str, display: Display) -> str:
    opening, closing = _MARK[phase.role]
    found = (f"{one.severity} {one.code} {one.rule}" for one in phase.findings)
    text = label(display, phase.container, str(phase.role), *map(words.wait, phase.waits), *found)
    return f"{node}{opening}{text}{closing}"


def _summary(order: PodOrder) -> Iterator[str]:
    costs = order.effective
    if costs is None:
        return
    terms = words.terms(costs.requests)
    amounts = ", ".join(f"{term.resource} {term.total.canonical(term.resource)}" for term in terms)
    if amounts:
        yield f"requests {amounts}" + ("" if costs.overhead_is_known else " and an overhead")
    if costs.qos:
        yield str(costs.qos)


def _gates(order: PodOrder, index: int) -> Iterator[str]:
    """From what is waited for to what waits: always an init container or sidecar, which come first."""
    last_of_step = {phase.step: number for number, phase in enumerate(order.phases)}
    for number, phase in enumerate(order.phases):
        if phase.after:
            before = last_of_step[phase.step - 1]
            yield f"p{index}c{before} -->|{order.phases[before].gate.value}| p{index}c{number}"


def _ways(phase: Phase, node: str, volumes: dict[str, str]) -> Iterator[str]:
    """Dotted, as nothing waits for them; a volume of which no more is known is mounted, in no direction."""
    used = {use.volume for use in phase.uses if use.does != "mounts"}
    for use in phase.uses:
        verb = use.does if use.is_certain else f"may {use.does.removesuffix('s')}"
        if use.does == "writes":
            yield f"{node} -.->|{verb}| {volumes[use.volume]}"
        elif use.does == "reads":
            yield f"{volumes[use.volume]} -.->|{verb}| {node}"
        elif use.does == "uses" or use.volume not in used:
            yield f"{volumes[use.volume]} -.-|{verb}| {node}"
