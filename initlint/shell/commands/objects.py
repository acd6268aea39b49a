"""Which objects of the cluster `kubectl` is asked for: `pod/x`, `job x y`, `svc -l app=x`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from initlint.kube.terms.expansion import OWN_NAMESPACE
from initlint.regex import regex
from initlint.shell.commands.meaning import Probe, ProbeKind
from initlint.shell.commands.options import GivenOption, Slot
from initlint.shell.language.values import UNKNOWN, Argument, Value, whole

_NAMESPACE = ("-n", "--namespace")
_EVERYWHERE = frozenset({"-A", "--all-namespaces"})
_FILES = ("-f", "--filename", "-k", "--kustomize")
_NO_REQUEST = ("--dry-run", "--raw", "--local")
_WATCHING = ("-w", "--watch", "--watch-only")
_SELECTING = ("-l", "--selector")
_OTHERWISE = ("--field-selector",)
_STARTED = ("status.phase=Running", "status.phase==Running")
"""What leaves out those that have not started, which is what `kubectl get` is asked; `kubectl wait` need not wait."""
_ASKED = "asked"
_PODS = ("pod", "pods", "po")

# `kubectl cp db-0:/dump .`
_COPIED = regex(r"[\w.-]+:(?=[^:]|$)")

_Named = tuple[Argument, str, Value | None, tuple[str, ...]]


def objects(slots: Sequence[Slot], given: Sequence[GivenOption], facts: Mapping[str, str]) -> tuple[Probe, ...]:
    """One probe for each object; without a name, for all of a kind. None for those that a file describes."""
    words = [slot.argument for slot in slots]
    if any(len(slot.counts) > 1 for slot in slots[:1]) or any(map(_hides_objects, given)):
        return ()
    options = {one.name: one.value for one in given}
    namespace = _namespace(options)
    condition = options.get("--for")
    if facts.get("verbs") == _ASKED:
        return _asked(words, options, namespace)
    named = _of_one_kind(words, given, facts) if "resource" in facts else _named(words, facts)
    return tuple(
        Probe(
            ProbeKind.OBJECT,
            place.start,
            place.end,
            name,
            resource=resource,
            namespace=namespace,
            labels=_labels(options) if name is None else None,
            condition=condition.value.known if condition else "",
            verbs=_verbs(verbs, name, options),
        )
        for place, resource, name, verbs in named
    )


def copied(slots: Sequence[Slot]) -> list[Slot]:
    """The words of `kubectl cp` that name a Pod, without the path in it."""
    remote = (slot for slot in slots if _COPIED.match(slot.argument.value.known))
    return [slot._replace(argument=slot.argument._replace(value=slot.argument.value.map(_pod_of))) for slot in remote]


def _pod_of(remote: str) -> str:
    return remote.partition(":")[0]


def _namespace(options: Mapping[str, Argument | None]) -> Value | None:
    """The namespace that is named, empty for all of them; None for the container's own."""
    if not _EVERYWHERE.isdisjoint(options):
        return whole("")
    named = next((one.value for name, one in options.items() if name in _NAMESPACE and one), None)
    return None if named and named.named.text == OWN_NAMESPACE else named


def _labels(options: Mapping[str, Argument | None]) -> Value | None:
    """The labels of all that are meant; None if something else tells which these are."""
    given = [one for name, one in options.items() if name in _SELECTING]
    others = (one.text if one else None for name, one in options.items() if name in _OTHERWISE)
    if any("--for" in options or one not in _STARTED for one in others) or len(given) > 1:
        return None
    if given:
        return given[0].value if given[0] else None
    return whole("") if "--all" in options else None


def _asked(
    words: Sequence[Argument], options: Mapping[str, Argument | None], namespace: Value | None
) -> tuple[Probe, ...]:
    """What `auth can-i get pods` asks about, as if it were done; nobody waits for the object, whatever its name."""
    if len(words) < 2 or not all(word.value.is_whole for word in words[:2]):
        return ()
    verb, (resource, _, _) = words[0].value.known, words[1].value.known.partition("/")
    sub = options.get("--subresource")
    verb += f":/{sub.value.known}" if sub else ""
    place, name = words[1], UNKNOWN
    return (
        Probe(ProbeKind.OBJECT, place.start, place.end, name, resource=resource, namespace=namespace, verbs=(verb,)),
    )


def _hides_objects(one: GivenOption) -> bool:
    """Whether an option gives objects in a file, or lets the API server alone; `-f` without a value follows a log."""
    return one.name in _NO_REQUEST or (one.name in _FILES and one.value is not None)


def _verbs(verbs: tuple[str, ...], name: Value | None, options: Mapping[str, Argument | None]) -> tuple[str, ...]:
    """What the ServiceAccount must be allowed; who asks for all of a kind lists them."""
    condition, timeout = (given.value.text if given else None for given in map(options.get, ("--for", "--timeout")))
    if condition == "create" or (condition and timeout in ("0", "0s")):
        verbs = ("get",)
    if name is None:
        verbs = tuple(dict.fromkeys(("list", *(verb for verb in verbs if verb not in ("get", "create")))))
    return (*verbs, "watch") if any(one in options for one in _WATCHING) else verbs


def _of_one_kind(words: Sequence[Argument], given: Sequence[GivenOption], facts: Mapping[str, str]) -> Iterator[_Named]:
    """What a command asks for that knows only one kind: `logs x`; `logs deploy/x` looks for a Pod of that first."""
    verbs = tuple(facts.get("verbs", "").split())
    selecting = next((one.place for one in given if one.name in _SELECTING), None)
    if not words:
        yield from ((selecting, facts["resource"], None, verbs),) if selecting else ()
        return
    kind, slash, name = words[0].value.known.partition("/")
    if not slash or kind in _PODS:
        value = words[0].value
        yield words[0], facts["resource"], Value(name, value.is_whole, value.may_be_empty) if slash else value, verbs
    else:
        of_pods = tuple(verb for verb in verbs if ":" in verb)
        yield words[0], kind, Value(name, words[0].value.is_whole), ("get", "list:pods", *of_pods)


def _named(words: Sequence[Argument], facts: Mapping[str, str]) -> Iterator[_Named]:
    """Each object with the word that names it, its resource as it is written, and its name."""
    verbs = tuple(facts.get("verbs", "").split())
    if not words:
        return
    first, *others = words
    if "/" in first.value.known or _is_another_kind(first.value):
        for word in words:
            resource, slash, _ = word.value.known.partition("/")
            if slash or _is_another_kind(word.value):
                yield word, resource if slash else "", word.value.after(len(resource + slash) if slash else 0), verbs
        return
    resource = first.value.known if first.value.is_whole else ""
    names = [word for word in others if not _is_change(word.value)]
    for word in names:
        yield word, resource, word.value, verbs
    if not names:
        yield first, resource, None if first.value.is_whole else UNKNOWN, verbs


def _is_change(value: Value) -> bool:
    """Whether a word sets a label, or takes one away: `tier=db`, `tier-`."""
    return "=" in value.known or (value.is_whole and value.known.endswith("-"))


def _is_another_kind(value: Value) -> bool:
    """Whether the rounds of a loop name objects of several kinds: `deploy/web sts/db`."""
    return value.each is not None and value.is_of_loop and all("/" in text for text in value.each.texts)
