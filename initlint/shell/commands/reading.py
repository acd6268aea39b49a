"""The words of one command, read by its entry in the table."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from initlint.regex import regex
from initlint.shell.commands.effects import WordInRole, effects
from initlint.shell.commands.limits import attempt, limit
from initlint.shell.commands.meaning import Action, Effect, Meaning, Probe, ProbeKind, Rerun
from initlint.shell.commands.operands import assign
from initlint.shell.commands.options import Parsed
from initlint.shell.commands.places import seconds
from initlint.shell.commands.probes import MADE_OF, addressed, probes
from initlint.shell.commands.roles import LOCAL
from initlint.shell.commands.table import CommandEntry
from initlint.shell.language.syntax import Part, Simple, Substitution, Variable
from initlint.shell.language.values import UNKNOWN, Argument, Value, resolve, whole

_PRODUCTS = ("directory", "link", "linked", "into", "cloned", "account", "moved", "packed", "unpacked", "write")
_DOWNLOADS = ("url", "fetched", "cloned", "download")
_ADDRESSED = regex("address|host|database|url|fetched")
# By convention of all commands that have them: what would be done is only said.
_REHEARSALS = ("--dry-run", "--dryrun", "--simulate", "--help")
_VERSIONS = ("--version", "-version", "-V")
_PREPARING = frozenset({"significant", "produces", "stores-errors", "sets-up", "needs-root"})
_LEAVING = frozenset({"rerun", "lasts", "fills", "beside", "by"})
_ONLY_SEEN = (Action.READ, Action.LOOK)
# SQL, or a command of the client, that only asks.
_ASKS = regex(r"\s*(?:select|explain|\.tables|\.schema|\.dump|\.indexes|\.databases)\b[^;]*;?\s*", re.IGNORECASE)
# What of SQL may come to lie in a file.
_TO_FILE = regex(r"\\|\bcopy\b|\boutfile\b|\btee\b", re.IGNORECASE)


class Reading:
    """What the options and operands of a command are, and what follows."""

    def __init__(self, entry: CommandEntry, program: Argument, parsed: Parsed, cwd: Value) -> None:
        self.parsed = parsed
        self.entry = _without_changes(_of_case(entry, parsed), parsed)
        self.assigned = assign(self.entry.operands, parsed.slots)
        has_options = self.entry.style != "operands"
        self.is_open = parsed.is_open or (self.assigned.may_hold_options and has_options)
        self.program = program
        self.cwd = cwd
        self.named = sorted(self._named(), key=lambda one: one.argument.start)
        self.sure = _closed(entry, self.entry, parsed) if self.is_open else self.entry

    def _named(self) -> list[WordInRole]:
        options, slots = self.entry.options, zip(self.parsed.slots, self.assigned.roles, strict=True)
        found = [
            WordInRole(options[one.name], one.value or one.place) for one in self.parsed.given if options.get(one.name)
        ]
        found += [WordInRole(role.removeprefix(LOCAL), slot.argument) for slot, role in slots if role]
        fills, here = (self.entry.facts.get(key, "none") for key in ("fills", "here"))
        if fills != "none" and "$" not in fills:
            found.append(WordInRole("into", self.program._replace(value=whole(fills))))
        if (needs := self.entry.facts.get("needs", "none")) != "none":
            found.append(WordInRole("read", self.program._replace(value=whole(needs))))
        if place := self._beside():
            found.append(WordInRole("into", self.program._replace(value=place)))
        if here != "none" and not any(one.role == here for one in found):
            found.append(WordInRole(here, self._here(found)))
        return found

    def _beside(self) -> Value | None:
        """The directory that is filled, from that of the program on, if the script says where that is."""
        text, way = self.program.text or "", self.entry.facts.get("beside", "none")
        if way == "none" or "/" not in text:
            return None
        place = resolve(whole(f"{posixpath.dirname(text)}/{way}"), self.cwd)
        return place if place.is_whole else None

    def _here(self, found: Sequence[WordInRole]) -> Argument:
        """The working directory, as the option that changes it names it, or the program."""
        named = next((one.argument for one in reversed(found) if one.role == "work"), self.program)
        return named._replace(value=whole("./"))

    def meaning(self) -> Meaning:
        """What is known of the command."""
        facts = self.sure.facts
        rerun = Rerun(facts.get("rerun") or "unknown")
        touched = self._touched()
        return self._traits()._replace(
            effects=touched,
            is_complete=self._is_all_seen(touched) and not self._may_touch_more(),
            probes=probes(self.named, self._facts_of_probes()) or self._vague_probe(),
            attempt=attempt(self.named),
            downloads=tuple(one.argument for one in self.named if one.role in _DOWNLOADS),
            rerun=rerun,
            rerun_at=self._product() if rerun in (Rerun.FAILS, Rerun.DOUBLES) else None,
            lasts=facts.get("lasts", "").replace("paths", ""),
            pauses=self._pauses(),
            owner=next((one.argument.value for one in self.named if one.role == "owner"), None),
            runs=self.parsed.rest,
            variables=self._variables(),
            places=self._places(),
            filled_by=facts.get("by", ""),
        )

    def _touched(self) -> tuple[Effect, ...]:
        """What it does to paths; what it would do if it changed anything, it looks at."""
        touched = effects(self.named, self.cwd, self.entry.traits)
        asked = [one.argument.value for one in self.named if one.role == "sql" and "sql-decides" in self.entry.traits]
        is_asking = bool(asked) and all(one.is_whole and _ASKS.fullmatch(one.known) for one in asked)
        if not is_asking and "only-looks" not in self.entry.traits:
            return touched
        return tuple(one if one.action in _ONLY_SEEN else one._replace(action=Action.LOOK) for one in touched)

    def _places(self) -> tuple[str, ...]:
        """Where it puts what no word says where; nothing where an option may say so that is not seen."""
        fills = self.sure.facts.get("fills", "")
        return tuple(fills.split()) if "$" in fills and not self.is_open else ()

    def _facts_of_probes(self) -> Mapping[str, str]:
        """What it assumes, but for a host that an option may name which is not seen."""
        facts = self.entry.facts
        return {key: value for key, value in facts.items() if key != "host"} if self.is_open else facts

    def _variables(self) -> tuple[str, ...]:
        """What the environment may say otherwise: neither a host nor a port that the words name."""
        variables = self.sure.facts.get("variables", "").split()
        if "probe" not in self.sure.facts:
            return tuple(variables)
        has_port = any(one.role == "port" for one in self.named) or any(one.port for one in addressed(self.named))
        has_host = any(one.role == "host" for one in self.named) or any(True for _ in addressed(self.named))
        return tuple(one for one in variables if not (has_port if one.endswith("PORT") else has_host))

    def _is_all_seen(self, touched: Sequence[Effect]) -> bool:
        """Whether what it prepares is in the paths that it touches, or in none."""
        is_filter = not self.parsed.slots and "packed" in self.entry.operands
        is_fileless = "significant" not in self.entry.traits or "no-files" in self.entry.traits
        is_placed = bool(touched) or bool(self._places()) or any(one.is_output for one in self.named)
        return is_placed or is_fileless or is_filter

    def _may_touch_more(self) -> bool:
        """Whether a word may be a path that is not seen to be one, or no word says what is touched."""
        is_hidden = any(one.role == "sql" and _may_write(one.argument.value) for one in self.named)
        # What names an object of the cluster is no path, nor does it hold options that have one.
        is_open = self.parsed.is_open if "verbs" in self.entry.facts else self.is_open
        return is_open or is_hidden or "opaque" in self.entry.traits or not all(self.assigned.roles)

    def _traits(self) -> Meaning:
        """What is so of the command, whatever its words name."""
        traits = self.sure.traits
        known = Meaning(
            can_fail="cannot-fail" not in traits,
            is_significant="significant" in traits,
            is_known=True,
            stores_errors="stores-errors" in traits and not self._is_without_pages(),
            produces="produces" in traits,
            follows="follows" in self.entry.traits,
            checks_input="checks-input" in traits,
            sets_up="sets-up" in traits,
            needs_root="needs-root" in traits and not self._is_for_itself(),
            needs_host="needs-host" in self.entry.traits,
            capability=self.sure.facts.get("capability", ""),
        )
        if "waits" not in self.entry.traits or "--watch=false" in [one.place.text for one in self.parsed.given]:
            return known
        most = limit(self.named, self.entry.facts, self.entry.traits, self.is_open)
        return known._replace(waits=True, limit=most.seconds, limit_is_unknown=most.is_unknown)

    def _is_without_pages(self) -> bool:
        """Whether what is asked speaks no HTTP."""
        urls = [one.argument.value.known for one in self.named if one.role in _DOWNLOADS]
        return bool(urls) and all(url.startswith(("telnet://", "file://", "ftp://")) for url in urls)

    def _is_for_itself(self) -> bool:
        """Whether the new owner is the user that runs the command, as `$(id -u)` says."""
        owners = [one.argument for one in self.named if one.role == "owner"]
        return any(_says_own(part) for owner in owners for part in owner.word.parts[:1])

    def _vague_probe(self) -> tuple[Probe, ...]:
        """What is asked for where no word tells: what the command assumes, if there is no other word."""
        facts, words = self._facts_of_probes(), [slot.argument for slot in self.parsed.slots]
        kind = facts.get("probe", "none")
        if kind in ("none", "object") or not MADE_OF.keys().isdisjoint(self._roles()):
            return ()
        if words and _ADDRESSED.search(self.entry.operands):
            return (Probe(ProbeKind(kind), words[0].start, words[-1].end, UNKNOWN),)
        known = {key: whole(facts[key]) for key in ("host", "port") if key in facts and "host" in facts}
        place = self.program
        return (Probe(ProbeKind(kind), place.start, place.end, known.get("host"), known.get("port")),)

    def _roles(self) -> Iterator[str]:
        """The roles that its words may have."""
        yield from (role for role in self.entry.options.values() if role)
        yield from self.entry.operands.split()

    def _pauses(self) -> Value | None:
        """The seconds that `sleep` takes, the sum of its operands; with one that is no time, it fails at once."""
        given = [one.argument.value for one in self.named if one.role == "pause"]
        times = [seconds(one) for one in given]
        if any(time is None and one.is_whole for one, time in zip(given, times, strict=True)):
            return None
        if not times or len(times) < len(self.parsed.slots):
            return UNKNOWN if self.entry.operands.startswith("pause") else None
        return UNKNOWN if None in times else whole(f"{sum(time or 0 for time in times):g}")

    def _product(self) -> Argument | None:
        """What is there already when the command runs again."""
        found = [one for one in self.named if one.role in _PRODUCTS]
        named = next((one for one in found if one.role == "into"), found[0] if found else None)
        return named.argument if named else None


def _says_own(part: Part) -> bool:
    """`$(id -u)`, `$(whoami)`, `$UID`, `$USER`."""
    if isinstance(part, Variable):
        return part.name in ("UID", "EUID", "USER")
    statements = [item.statement for item in part.body.items] if isinstance(part, Substitution) else []
    return any(isinstance(one, Simple) and one.name in ("id", "whoami") for one in statements)


def _of_case(entry: CommandEntry, parsed: Parsed) -> CommandEntry:
    """The entry, as the options that are given change it."""
    changed = entry
    for case in entry.cases:
        if case.holds(parsed.names):
            changed = changed.changed(case.change)
    return changed


def _without_changes(entry: CommandEntry, parsed: Parsed) -> CommandEntry:
    """The entry without what it does and leaves, where one of its options says that it only looks."""
    is_alone = len(parsed.given) == 1 and not parsed.slots and parsed.given[0].value is None
    names = [one for one in parsed.given if one.name in _REHEARSALS or (is_alone and one.name in _VERSIONS)]
    is_rehearsal = any(one.value is None or one.value.text not in (None, "none", "false") for one in names)
    if not is_rehearsal and "only-looks" not in entry.traits:
        return entry
    facts = {key: fact for key, fact in entry.facts.items() if key not in _LEAVING}
    return replace(entry, traits=entry.traits - _PREPARING | {"only-looks"}, facts=facts)


def _closed(before: CommandEntry, entry: CommandEntry, parsed: Parsed) -> CommandEntry:
    """The entry without what an option that is not seen may take away."""
    for case in before.cases:
        if not case.holds(parsed.names):
            other = entry.changed(case.change)
            facts = {key: value for key, value in entry.facts.items() if other.facts.get(key) == value}
            entry = replace(entry, traits=entry.traits & other.traits, facts=facts)
    return entry


def _may_write(sql: Value) -> bool:
    """Whether SQL may write files on this side, or is not known."""
    return not sql.is_whole or _TO_FILE.search(sql.known) is not None
