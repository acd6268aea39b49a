"""When installers make the objects of a run, with what kustomizations say of that, and together with which others."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from initlint.graph.facts import ServiceFacts, WorkloadFacts
from initlint.graph.needs import ObjectFacts
from initlint.graph.turns import Turn, turn_of
from initlint.kube.kustomize.applied import ALONE
from initlint.kube.kustomize.named import Written
from initlint.kube.kustomize.patches import TURN
from initlint.kube.kustomize.reach import Reach

One = TypeVar("One", bound=ServiceFacts | WorkloadFacts | ObjectFacts)


def in_turn(one: One, reach: Reach) -> One:
    """What an object tells, with its turn as it is in the end."""
    if isinstance(one, ServiceFacts) or one.turn is None:
        return one
    turn = _turn(one, one.turn, reach)
    turn = turn and turn._replace(places=frozenset(_places(one.path, turn, reach)))
    return replace(one, turn=turn) if isinstance(one, WorkloadFacts) else one._replace(turn=turn)


def _places(path: str, turn: Turn, reach: Reach) -> Iterator[str]:
    """What is installed together: files, what kustomizations take, and folders, where no label says another release."""
    yield from reach.applied(path).keys() - {ALONE}
    yield path
    if not turn.release:
        yield posixpath.dirname(path) or "."


def _turn(one: WorkloadFacts | ObjectFacts, turn: Turn, reach: Reach) -> Turn | None:
    """The turn that an object has wherever it comes to; None if that is not known, or not everywhere the same."""
    applied = reach.applied(one.path)
    found = {_patched(one, turn, reach, root) for root in applied}
    waves = {each.wave for each in applied.values()}
    if len(found) != 1 or len(waves) != 1:
        return None
    (patched,), (wave,) = found, waves
    return patched.in_wave(wave) if patched and wave else patched


def _patched(one: WorkloadFacts | ObjectFacts, turn: Turn, reach: Reach, root: str) -> Turn | None:
    written = _written(one)
    if not reach.touches(TURN, written.kind, written.name, one.path):
        return turn
    node = reach.made(TURN, written, root)
    made = turn_of(node) if node else None
    return made and made._replace(span=turn.span if made[:2] == turn[:2] else None)


def _written(one: WorkloadFacts | ObjectFacts) -> Written:
    if isinstance(one, ObjectFacts):
        return Written(one.kind, one.name, one.namespace or "", one.path)
    return Written(one.ref.kind, one.ref.name, one.ref.namespace or "", one.path)
