"""ConfigMaps and Secrets that kustomizations make of literals, files and lists of variables."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from initlint.kube.kustomize.paths import folder_of, path_of
from initlint.kube.terms.cluster import CONFIG_MAPS, SECRETS, Offer
from initlint.kube.terms.homes import manifests
from initlint.text.documents import documents
from initlint.text.part import PartialText, WholeText
from initlint.text.source import Source
from initlint.text.tree import Document, Node, Scalar

LITERALS, FILE, VARIABLES = "literals", "file", "variables"
"""How the facts of an offer begin: what a ConfigMap holds is in the kustomization, or in a file that it names."""

_GENERATORS = {CONFIG_MAPS: "configMapGenerator", SECRETS: "secretGenerator"}


class NamedFile(NamedTuple):
    """A file that a generator takes, as the run sees it, and the key that it is held by."""

    key: str
    path: str


def is_made(generator: Node) -> bool:
    """Whether it makes an object of its own, and changes none."""
    return generator["behavior"].value in ("", "create")


def offers(root: Node) -> Iterator[Offer]:
    """What the ConfigMaps and Secrets hold that a kustomization makes; those read it who ask for it."""
    here = folder_of(root.source.path)
    for kind, key in _GENERATORS.items():
        for one in filter(is_made, root[key]):
            namespace, name = one["namespace"].value or None, one["name"].value
            yield from (Offer(kind, namespace, name, facts, here, by=root.source.path) for facts in _held(one))


def holding(generator: Node, sources: Mapping[str, Source]) -> list[tuple[str, Scalar]] | None:
    """The keys and texts of a generator; None where it takes a file that is not part of the run."""
    offers = [Offer("", None, "", facts) for facts in _held(generator)]
    read = [sources.get(one.facts[1]) if one.facts[0] != LITERALS else generator.source for one in offers]
    known = [pair for pair in zip(offers, read, strict=True) if pair[1]]
    found = [(key, text) for one, source in known if source for key, text in held(one, source)]
    return found if len(known) == len(offers) else None


def key_of(kind: str) -> str:
    """Where a kustomization lists the generators of a kind."""
    return _GENERATORS[kind]


def _held(generator: Node) -> Iterator[tuple[str, ...]]:
    if generator["literals"]:
        yield (LITERALS, str(generator.start))
    yield from ((FILE, file.path, file.key) for file in files(generator))
    yield from ((VARIABLES, path) for path in lists(generator))


def files(generator: Node) -> Iterator[NamedFile]:
    """The files that it takes whole."""
    for one in generator["files"]:
        key, is_named, path = one.value.partition("=")
        path = path_of(generator, path if is_named else one.value)
        yield NamedFile(key if is_named else posixpath.basename(path), path)


def lists(generator: Node) -> Iterator[str]:
    """The files that it takes the lines of."""
    listed = [*generator["envs"], *([generator["env"]] if generator["env"] else [])]
    yield from (path_of(generator, one.value) for one in listed)


def named(source: Source) -> Iterator[str]:
    """The files that the generators of a source name; none where there is no such word in it."""
    is_making = any(f"{key}:" in source.text for key in _GENERATORS.values())
    for one in _generators(source).values() if is_making else ():
        yield from (file.path for file in files(one))
        yield from lists(one)


def held(offer: Offer, source: Source) -> Iterator[tuple[str, Scalar]]:
    """The keys and texts that an offer speaks of, read from its source."""
    match offer.facts:
        case (one, start) if one == LITERALS:
            generator = _generators(source).get(int(start))
            listed = generator["literals"] if generator else ()
            yield from (_literal(one) for one in listed if isinstance(one, Scalar) and "=" in one.value)
        case (one, _, key) if one == FILE:
            yield key, WholeText(source)
        case (one, _) if one == VARIABLES:
            yield from _variables(WholeText(source))


def keys(source: Source) -> Iterator[str]:
    """The variables that a file lists, also those without a value."""
    lines = (line.strip() for line in source.text.splitlines())
    return (line.partition("=")[0] for line in lines if line and not line.startswith("#"))


def _literal(node: Scalar) -> tuple[str, Scalar]:
    """`KEY=value`, of which quotes are taken off (parseLiteralSource)."""
    text = node.value
    key, _, value = text.partition("=")
    last = len(text.rstrip("\"'"))
    first = min(len(text) - len(value.lstrip("\"'")), last)
    return key, PartialText(node, max(first, len(key)), last)


def _variables(text: WholeText) -> Iterator[tuple[str, Scalar]]:
    """`KEY=value` in each line but comments; what has no value has that of the environment (keyValuesFromLine)."""
    start = 0
    for line in text.value.splitlines(keepends=True):
        shown = line.rstrip("\r\n")
        key, has_value, value = shown.lstrip().partition("=")
        if has_value and not key.startswith("#"):
            end = start + len(shown)
            yield key, PartialText(text, end - len(value), end)
        start += len(line)


@lru_cache(maxsize=4)  # the Pods of a source ask for the same ones
def _generators(source: Source) -> Mapping[int, Node]:
    """Those of a source, by where they begin."""
    read = (one.root for one in documents(source) if isinstance(one, Document))
    roots = (node for root in read for node in (*manifests(root), root))
    return {one.start: one for root in roots for key in _GENERATORS.values() for one in root[key]}
