"""A node and the way to it, so that what is asked of fields reads like the fields that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from initlint.kube.terms.placeholder import is_placeholder
from initlint.kube.terms.quantity import read_quantity
from initlint.text.scalarkind import ScalarKind
from initlint.text.tree import Mapping, Missing, Node, Scalar


class At:
    """A place in an object; what is absent is a place, too, and false."""

    __slots__ = ("node", "parent", "step")

    def __init__(self, node: Node, parent: At | None = None, step: str | int = "") -> None:
        self.node = node
        self.parent = parent
        self.step = step

    def __getitem__(self, name: str) -> At:
        return At(self.node[name], self, name)

    def __bool__(self) -> bool:
        return bool(self.node)

    def __str__(self) -> str:
        return self.node.value

    def each(self) -> Iterator[At]:
        """The items of a list."""
        for index, item in enumerate(self.node):
            yield At(item, self, index)

    def entries(self) -> Iterator[tuple[Scalar, At]]:
        """The keys and values of a mapping."""
        for key, value in self.node.items():
            yield key, At(value, self, key.value)

    def among(self, *names: str) -> list[At]:
        """Which of some fields are set, be it to something empty."""
        return [self[name] for name in names if self.node[name]]

    def ways(self) -> list[At]:
        """The places from the object's root to this one, without the root."""
        found: list[At] = []
        place: At | None = self
        while place is not None and place.parent is not None:
            found.append(place)
            place = place.parent
        return found[::-1]

    @property
    def path(self) -> str:
        """The place as the API server names it."""
        return relative(self.ways())

    @property
    def is_list_item(self) -> bool:
        """Whether it is an item of a list."""
        return isinstance(self.step, int)

    @property
    def where(self) -> Node:
        """What to point at: a value, the key of what is larger, the name of an item, the nearest that is present."""
        if isinstance(self.node, Scalar) or self.parent is None:
            return self.node
        if isinstance(self.node, Missing):
            return self.parent.where
        if self.is_list_item:
            name = self.node["name"]
            return name if isinstance(name, Scalar) and name else self.node
        return self.key

    @property
    def key(self) -> Node:
        """The key of a field, to point at; that of its parent where there is none."""
        parent = self.parent
        key = parent.node.key(str(self.step)) if parent and isinstance(parent.node, Mapping) else self.node
        return key or (parent.where if parent else self.node)

    @property
    def text(self) -> str:
        """The text of a string; empty of anything else."""
        return self.node.value if isinstance(self.node, Scalar) and self.node.kind is ScalarKind.STRING else ""

    @property
    def number(self) -> int | None:
        """The value of an integer as JSON has it, so that `010` is 8; None of anything else."""
        if not isinstance(self.node, Scalar) or self.node.kind not in (ScalarKind.INTEGER, ScalarKind.NUMBER):
            return None
        quantity = read_quantity(self.node)
        return None if quantity is None or quantity.is_fractional else quantity.units

    @property
    def truth(self) -> bool | None:
        """The value of a boolean; None of anything else."""
        return self.node.truth


def relative(ways: list[At]) -> str:
    """A path of several steps, as the API server writes it."""
    steps = (f"[{place.step}]" if place.is_list_item else f".{place.step}" for place in ways)
    return "".join(steps).removeprefix(".")


def repeated(places: Iterable[At]) -> Iterator[tuple[At, At]]:
    """Texts that are there again, each with the first of them; what is to be replaced may differ yet."""
    seen: dict[str, At] = {}
    for place in places:
        text = place.text
        if text in seen and not is_placeholder(text):
            yield place, seen[text]
        elif text:
            seen[text] = place
