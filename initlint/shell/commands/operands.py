"""What each operand of a command is, by their order; nothing of one that may be this or that."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from initlint.shell.commands.options import Slot
from initlint.shell.commands.roles import fits

# A budget: each such word trebles the readings at most.
_MAX_UNSURE = 5


class Assigned(NamedTuple):
    """The role of each slot, empty where it may have several or none; and whether a slot may be an option instead."""

    roles: tuple[str, ...]
    may_hold_options: bool


def assign(pattern: str, slots: Sequence[Slot]) -> Assigned:
    """Give each slot the role that it has in every reading of the words."""
    if pattern == "skip...?":
        return Assigned(("skip",) * len(slots), any(slot.may_be_options for slot in slots))
    readings = list(_readings(pattern, slots))
    roles = tuple(_certain([reading[index] for reading in readings]) for index in range(len(slots)))
    may = any(slot.may_be_options for slot in slots) and (
        not readings or any(_has_options(slots, reading) for reading in readings)
    )
    return Assigned(roles, may)


def _certain(readings: Sequence[frozenset[str]]) -> str:
    """The one role that a slot has in each of its readings."""
    found = set(readings)
    only = next(iter(found)) if len(found) == 1 else frozenset()
    return next(iter(only)) if len(only) == 1 else ""


def _has_options(slots: Sequence[Slot], reading: Sequence[frozenset[str]]) -> bool:
    return any(slot.is_list or (slot.may_be_options and not roles) for slot, roles in zip(slots, reading, strict=True))


def _readings(pattern: str, slots: Sequence[Slot]) -> Iterator[list[frozenset[str]]]:
    """The roles of each slot, for every number of operands that may come of those that are not sure."""
    unsure = sum(len(slot.counts) > 1 for slot in slots)
    if unsure > _MAX_UNSURE:
        return
    for counts in itertools.product(*(slot.counts for slot in slots)):
        reading = _reading(pattern, slots, counts)
        if reading is not None:
            yield reading


def _reading(pattern: str, slots: Sequence[Slot], counts: Sequence[int]) -> list[frozenset[str]] | None:
    """The roles by the first alternative that takes so many operands, and whose roles these words can play."""
    ends = list(itertools.accumulate(counts))
    for roles in roles_of(pattern, sum(counts)):
        reading = [frozenset(roles[end - count : end]) for end, count in zip(ends, counts, strict=True)]
        if all(fits(role, slot.argument.value) for slot, part in zip(slots, reading, strict=True) for role in part):
            return reading
    return None


@cache
def roles_of(pattern: str, count: int) -> tuple[tuple[str, ...], ...]:
    """The roles of so many operands, by each alternative that takes so many."""
    return tuple(roles for one in pattern.split("|") if (roles := _fill(one.split(), count)) is not None)


def _fill(items: Sequence[str], count: int) -> tuple[str, ...] | None:
    """`a` is one, `a?` one or none, `a...` one or more, `a...?` any number; optional ones are filled from the left."""
    spare = count - sum(not item.endswith("?") for item in items)
    if spare < 0:
        return None
    roles: list[str] = []
    for item in items:
        name = item.rstrip("?.")
        if item.endswith("?") and not item.endswith("...?"):
            roles += [name] if spare else []
            spare -= 1 if spare else 0
        else:
            roles += [name] * (not item.endswith("?"))
            if "..." in item:
                roles += [name] * spare
                spare = 0
    return None if spare else tuple(roles)
