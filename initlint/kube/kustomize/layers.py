"""What kustomizations change in the data of ConfigMaps and Secrets: generators that merge or replace, and patches.

Each text stays where it was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import yaml

from initlint.kube.kustomize import generators
from initlint.kube.kustomize.kustomization import GENERATED
from initlint.kube.kustomize.listed import Listed, turn_of
from initlint.kube.kustomize.named import Called, Written
from initlint.kube.kustomize.patches import DATA, has_directive
from initlint.kube.kustomize.reach import Reach
from initlint.kube.terms.build import Layer, Piece
from initlint.kube.terms.cluster import CONFIG_MAPS, LAYERS, PATCHED, Offer, Question
from initlint.kube.terms.data import pairs
from initlint.kube.terms.homes import manifests
from initlint.text import yamltext
from initlint.text.documents import documents
from initlint.text.part import DecodedText
from initlint.text.scalarkind import ScalarKind
from initlint.text.scalars import Style
from initlint.text.source import Source
from initlint.text.tree import Document, Node, Scalar, TextError
from initlint.text.tree import Sequence as Items

_FIELDS = ("data", "stringData")


class Layers:
    """What the kustomizations of a run change in data; a question's path is the file of the object that is changed."""

    def __init__(self, reach: Reach, listed: Listed, sources: Mapping[str, Source]) -> None:
        self._reach = reach
        self._listed = listed
        self._sources = sources

    def offers(self, question: Question) -> Iterator[Offer]:
        """All that decides how some data is changed; nothing where it is not."""
        for patch in self._patches(question):
            named = self._sources.get(patch.by)
            called = self._called(question, patch)
            said = None if turn_of(patch).startswith(GENERATED) else self._said(patch, called)
            texts = [one.text for one in (named, said) if one]
            yield Offer(LAYERS, None, question.name or "", (*patch.facts, *texts), by=patch.by)

    def of(self, question: Question) -> Sequence[Layer] | None:
        """The changes of an object in their turn; None where one of them is not understood."""
        kind, _, name = (question.name or "").partition("/")
        root, *others = question.roots or ("",)
        if others:
            return None
        one = Written(kind, name, "", question.path or "")
        patches = self._listed.in_turn(self._patches(question), one, root)
        found = [self._layer(patch, self._called(question, patch)) for patch in patches or ()]
        layers = [one for one in found if one]
        return layers if patches is not None and len(layers) == len(found) else None

    def _patches(self, question: Question) -> list[Offer]:
        asked = Question(PATCHED, None, question.name, question.path, question.roots)
        return [patch for patch in self._reach.meaning(asked) if DATA in patch.facts]

    def _called(self, question: Question, patch: Offer) -> Called:
        kind, _, name = (question.name or "").partition("/")
        root = next(iter(question.roots or ("",)))
        return self._reach.called(Written(kind, name, "", question.path or ""), patch.through or "", root)

    def _said(self, patch: Offer, called: Called) -> Piece | None:
        named = self._listed.named(patch) if turn_of(patch) else None
        return self._listed.said(named, called) if named else None

    def _layer(self, patch: Offer, called: Called) -> Layer | None:
        turn = turn_of(patch)
        if turn.startswith(GENERATED):
            return self._generated(patch.by, called.kind, int(turn.removeprefix(GENERATED)))
        said = self._said(patch, called)
        roots = _roots(said) if said else None
        named = self._listed.named(patch)
        if roots is None or named is None:
            return None
        objects = [one for root in roots for one in (list(manifests(root)) or [root])]
        meant = [one for one in objects if named["target"] or called.is_meant_by(one)]
        layer = _changed(meant[0], called.kind) if len(meant) == 1 else None
        return _placed(layer, said) if layer and said and said.is_whole else layer

    def _generated(self, path: str, kind: str, index: int) -> Layer | None:
        root = self._listed.kustomization(path)
        generator = list(root[generators.key_of(kind)])[index] if root else None
        held = generators.holding(generator, self._sources) if generator else None
        return Layer(tuple(held), generator["behavior"].value == "replace") if generator and held is not None else None


def _placed(layer: Layer, said: Piece) -> Layer:
    """The same with texts that all stand where the whole patch does."""
    whole = Scalar(said.source, *said.span, said.text, Style.LITERAL, "")
    return layer._replace(values=tuple((key, value and DecodedText(whole, value.value)) for key, value in layer.values))


def _changed(patch: Node, kind: str) -> Layer | None:
    """What a patch makes of data."""
    if isinstance(patch, Items):
        # Of a Secret they hold what is not to be read as it is.
        return _operated(patch) if kind == CONFIG_MAPS else None
    if has_directive(patch) or any(patch.key(field) and not patch[field] for field in _FIELDS):
        return None
    removed = [(key.value, None) for field in _FIELDS for key, value in patch[field].items() if _is_null(value)]
    return Layer((*((key, value) for key, value in pairs(patch) if not _is_null(value)), *removed))


def _is_null(value: Node) -> bool:
    return isinstance(value, Scalar) and value.kind is ScalarKind.NULL


def _operated(patch: Iterable[Node]) -> Layer | None:
    values: dict[str, Node | None] = {}
    for operation in patch:
        name, steps = operation["op"].value, operation["path"].value.split("/")[1:]
        if name == "test" or steps[:1] == ["metadata"]:
            continue
        if len(steps) != 2 or steps[0] != _FIELDS[0] or name not in ("add", "replace", "remove"):
            return None
        values[steps[1].replace("~1", "/").replace("~0", "~")] = operation["value"] if name != "remove" else None
    return Layer(tuple(values.items()))


def _roots(said: Piece) -> list[Node] | None:
    """What a text says, each part where it stands, unless the text stands nowhere; None where it cannot be read."""
    try:
        if said.is_whole:
            source = Source(said.source.path, said.text)
            return [one.root for one in yamltext.read(source, 0, said.text)]
        if len(said.text) == len(said.source.text):
            return [one.root for one in documents(said.source) if isinstance(one, Document)]
        return [one.root for one in yamltext.read(said.source, said.span.start, said.text)]
    except (TextError, yaml.YAMLError):
        return None
