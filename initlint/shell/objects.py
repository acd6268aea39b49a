"""Which objects of the cluster `kubectl` is asked for: `pod/x`, `job x y`, `svc -l app=x`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from initlint.shell.meaning import Kind, Probe
from initlint.shell.options import Given, Slot
from initlint.shell.values import UNKNOWN, Argument, Value, whole

_NAMESPACE = ("-n", "--namespace")
_FILES = ("-f", "--filename", "-k", "--kustomize")
_WATCHING = ("-w", "--watch", "--watch-only")


def objects(slots: Sequence[Slot], given: Sequence[Given], facts: Mapping[str, str]) -> tuple[Probe, ...]:
    """One probe for each object; without a name, for all of a kind. None for those that a file describes."""
    words = [slot.argument for slot in slots]
    if not words or any(len(slot.counts) > 1 for slot in slots[:1]) or any(one.name in _FILES for one in given):
        return ()
    options = {one.name: one.value for one in given}
    namespace = next((one.value for name, one in options.items() if name in _NAMESPACE and one), None)
    if "-A" in options or "--all-namespaces" in options:
        namespace = whole("")
    condition = options.get("--for")
    return tuple(
        Probe(
            Kind.OBJECT,
            place.start,
            place.end,
            name,
            resource=facts.get("resource") or resource,
            namespace=namespace,
            condition=condition.value.known if condition else "",
            verbs=_verbs(facts, name, options),
        )
        for place, resource, name in _named(words)
    )


def _verbs(facts: Mapping[str, str], name: Value | None, options: Mapping[str, Argument | None]) -> tuple[str, ...]:
    """What the ServiceAccount must be allowed; who asks for all of a kind lists them."""
    verbs = tuple(facts.get("verbs", "").split())
    if name is None:
        verbs = tuple(dict.fromkeys("list" if verb == "get" else verb for verb in verbs))
    return (*verbs, "watch") if any(one in options for one in _WATCHING) else verbs


def _named(words: Sequence[Argument]) -> Iterator[tuple[Argument, str, Value | None]]:
    """Each object with the word that names it, its resource as it is written, and its name."""
    first, *others = words
    if "/" in first.value.known:
        for word in words:
            resource, slash, name = word.value.known.partition("/")
            if slash:
                yield word, resource, Value(name, word.value.is_whole, word.value.may_be_empty)
        return
    resource = first.value.known if first.value.is_whole else ""
    names = [word for word in others if not ("=" in word.value.known or word.value.known.endswith("-"))]
    for word in names:
        yield word, resource, word.value
    if not names:
        yield first, resource, None if first.value.is_whole else UNKNOWN
