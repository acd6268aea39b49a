"""The start-up of Pods for the terminal: one lane per container from top to bottom, in 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from initlint.finding import Diagnostic
from initlint.kube.pods.startup import Term
from initlint.pictures.lines import lines
from initlint.pictures.order import words
from initlint.pictures.order.model import Phase, PodOrder
from initlint.reporters import Display
from initlint.reporters.display import BOLD, SEVERITY

_FACT = 12


def render(orders: Sequence[PodOrder], display: Display) -> str:
    """All the pictures, with a line between them."""
    return "\n\n".join("\n".join(_pod(order, display)) for order in orders) or "no Pods"


def _pod(order: PodOrder, display: Display) -> Iterator[str]:
    title = display.name(f"{words.title(order)}  {order.path}:{order.start.line}")
    yield from (display.paint(line, BOLD) for line in lines(title, "", "  ", display, breaks_words=False))
    for one in order.findings:
        yield from _finding(one, "  ", display)
    for reason in order.additions:
        yield from lines(display.prose(f"may hold more: {reason}"), "  ", "  ", display)
    for index, phase in enumerate(order.phases):
        is_last = phase.step == order.phases[-1].step
        yield from _lane(phase, display)
        yield from () if is_last else _gate(phase, display)
        yield from [""] if index == len(order.phases) - 1 else ()
    yield from _facts(order, display)


def _lane(phase: Phase, display: Display) -> Iterator[str]:
    top, side = display.either("┌", "+"), f"    {display.either('│', '|')}   "
    head = f"{phase.step:3} {top} "
    yield from lines(display.name(phase.container) + display.dot + str(phase.role), head, side, display)
    doubt = [f"may do more: {phase.doubt}"] if phase.doubt else []
    for text in (*map(words.wait, phase.waits), *words.uses(phase), *doubt):
        yield from lines(display.prose(text), side, side + "  ", display)
    for one in phase.findings:
        yield from _finding(one, side, display)


def _gate(phase: Phase, display: Display) -> list[str]:
    return lines(words.gate(phase), f"    {display.either('▼', 'v')} ", "      ", display)


def _finding(found: Diagnostic, indent: str, display: Display) -> Iterator[str]:
    text = display.prose(f"{found.severity} {found.code} {found.rule}: {found.message}")
    for line in lines(text, indent, indent + "  ", display):
        yield indent + display.paint(line[len(indent) :], SEVERITY[found.severity])


def _facts(order: PodOrder, display: Display) -> Iterator[str]:
    """What belongs to the whole Pod: its volumes, what is counted for it and why, its class."""
    yield from _fact("volumes", (f"{name}: {way}" for name, way in words.volumes(order)), display)
    costs = order.effective
    if costs is None:
        yield from _fact("effective", [f"not known: {order.unknown}"], display)
        return
    more = [] if costs.overhead_is_known else ["and the overhead of its RuntimeClass, which is not known"]
    yield from _fact("requests", _amounts(costs.requests, more), display)
    yield from _fact("limits", _amounts(costs.limits, more if costs.limits else []), display)
    yield from _fact("QoS", [str(costs.qos or "not known")], display)


def _amounts(terms: Mapping[str, Term], more: list[str]) -> list[str]:
    return [*map(str, words.terms(terms)), *more] or ["none"]


def _fact(label: str, values: Iterable[str], display: Display) -> Iterator[str]:
    for index, value in enumerate(values):
        head = "    " + ("" if index else label).ljust(_FACT)
        yield from lines(display.prose(value), head, " " * (len(head) + 2), display)
