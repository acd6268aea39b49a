"""What commands make once in a Pod, and no path names: in its network namespace, or where only settings say."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from initlint.shell.commands.facts import Step
from initlint.shell.container.script import ContainerScript

# They format a volume, but for what these options leave alone; and who may empty it.
_FORMATTING: dict[tuple[str, ...], frozenset[str]] = {
    ("kafka-storage", "format"): frozenset({"--ignore-formatted", "-g"}),
    ("kafka-storage.sh", "format"): frozenset({"--ignore-formatted", "-g"}),
    ("hdfs", "namenode", "-format"): frozenset({"-force"}),
    ("hdfs", "zkfc", "-formatZK"): frozenset({"-force"}),
}
_EMPTYING = frozenset({"find", "rm"})
# What is in the network namespace lasts as long as the sandbox of the Pod.
_IPTABLES = frozenset({"ip6tables", "ip6tables-nft", "iptables", "iptables-legacy", "iptables-nft"})
_OF_NETWORK = _IPTABLES | {"ip", "ip6tables-restore", "iptables-restore", "nft"}
_CHAINS = frozenset({"-N", "--new", "--new-chain"})
# Words by which they take something away, or ask for it.
_TENDING = frozenset({
    "-C", "-D", "-F", "-L", "-S", "-X", "--check", "--delete", "--delete-chain", "--flush", "--list", "del", "delete",
    "destroy", "flush", "list", "ls", "show",
})  # fmt: skip


def in_pod(step: Step, script: ContainerScript) -> tuple[str, str] | None:
    """How a command is called that works once, and what it makes, as nothing before it takes that away.

    With `restartPolicy: Never` nothing runs twice in one Pod.
    """
    if script.container.pod.node["restartPolicy"].value == "Never":
        return None
    words = [step.command.name, *(word or "" for word in step.command.words[1:])]
    before = [one for one in script.steps if one.command.start < step.command.start]
    if any(not one.meaning.is_known for one in before):
        return None
    if any(one.command.name in _OF_NETWORK and _TENDING & set(one.command.words) for one in before):
        return None
    return next(itertools.chain(_formatted(words, before, script), _linked(words), _chained(words)), None)


def _formatted(words: list[str], before: list[Step], script: ContainerScript) -> Iterator[tuple[str, str]]:
    is_kept = any(not mount.is_read_only for mount in script.container.mounts)
    is_emptied = any(one.command.name in _EMPTYING for one in before)
    for first, options in _FORMATTING.items() if is_kept and not is_emptied else ():
        if tuple(words[: len(first)]) == first and not options & set(words):
            yield " ".join(first), "what it formats"


def _linked(words: list[str]) -> Iterator[tuple[str, str]]:
    if words[0] == "ip" and words[1:3] in (["link", "add"], ["l", "add"]):
        named = [after for word, after in itertools.pairwise(words) if word == "name"] or words[3:4]
        if named and named[0] not in ("", "dev", "link", "type"):
            yield " ".join(words[:3]), named[0]


def _chained(words: list[str]) -> Iterator[tuple[str, str]]:
    if words[0] in _IPTABLES:
        yield from ((words[0], after) for word, after in itertools.pairwise(words) if word in _CHAINS and after)
