"""Apply what users silence, and find the suppressions that silence nothing although they could have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from initlint.diagnose import RuleSubject, diagnose
from initlint.errors import InitlintError
from initlint.finding import Change, Diagnostic, Status
from initlint.report import Checked, Note
from initlint.rule import Rule
from initlint.settings import ALWAYS, Settings, all_rules, find_rule, selected_codes
from initlint.suppress import Stale, Suppression, without

_NO_REASON = "it gives no reason"


def suppress(found: Iterable[Diagnostic], suppressions: Sequence[Suppression]) -> list[Diagnostic]:
    """Silence what the suppressions cover; never that the input could not be checked in full."""
    by_path: dict[str, list[Suppression]] = {}
    for suppression in suppressions:
        by_path.setdefault(suppression.place.source.path, []).append(suppression)
    near = ((one, [near for path in {one.path, one.home} for near in by_path.get(path, ())]) for one in found)
    return [replace(one, status=Status.SUPPRESSED) if _is_silenced(one, several) else one for one, several in near]


def _is_silenced(found: Diagnostic, suppressions: Sequence[Suppression]) -> bool:
    if found.status is not Status.ACTIVE or found.code == ALWAYS:
        return False
    return any(_silences(one, name, found) for one in suppressions for name in one.rules)


def _silences(suppression: Suppression, name: str, found: Diagnostic) -> bool:
    return found.is_of(name) and not suppression.problem and suppression.covers(found)


def stale(
    found: Sequence[Diagnostic], suppressions: Iterable[Suppression], notes: Iterable[Note], settings: Settings
) -> Iterator[Diagnostic]:
    """A diagnostic for each suppression that is of no use.

    Only of rules that ran on all they needed: not where they were not selected, need an input that is complete, met
    something unknown, or where the file could not be checked in full.
    """
    unknown = {(note.path, note.rule) for note in notes}
    incomplete = {one.path for one in found if one.code == ALWAYS}
    by_path: dict[str, list[Diagnostic]] = {}
    for one in found:
        for path in {one.path, one.home}:
            by_path.setdefault(path, []).append(one)
    for suppression in suppressions:
        path = suppression.place.source.path
        own = settings.for_path(path)
        for what, removal in _wrong(suppression, by_path.get(path, ()), own):
            if not (isinstance(what, Rule) and ((path, what.name) in unknown or path in incomplete)):
                yield from _diagnose(suppression, what, removal, own)


def stale_ignores(
    found: Sequence[Diagnostic], checked: Sequence[Checked], notes: Sequence[Note], settings: Settings
) -> Iterator[Diagnostic]:
    """A diagnostic for each entry of the configuration that silences nothing although all that it names was seen.

    It stands in the configuration file. What names more than one file may silence something in another run.
    """
    unsure = {(note.path, note.rule) for note in notes}
    incomplete = {one.path for one in found if one.code == ALWAYS}
    for ignored in settings.ignored:
        rule = find_rule(all_rules(settings), ignored.rule)
        seen = {one.path for one in checked if ignored.names(one.path, one.object, settings.base)}
        is_clear = not any((path, rule.name) in unsure or path in incomplete for path in seen)
        did_run = all(_did_run(rule, settings.for_path(path)) for path in seen)
        is_used = any(ignored.covers(one, settings.base) for one in found)
        is_of_one = bool(seen) and all(ignored.is_about(path, settings.base) for path in seen)
        if ignored.place and is_of_one and is_clear and did_run and not is_used:
            yield from _diagnose(Suppression(ignored.place, (rule.name,), ""), rule, None, settings)


def _wrong(
    suppression: Suppression, found: Sequence[Diagnostic], settings: Settings
) -> Iterator[tuple[Rule | str, Change | None]]:
    """What is wrong with a suppression, a sentence or a rule that ran and found nothing there; and what can go."""
    if suppression.problem:
        yield suppression.problem, suppression.removal
        return
    if settings.require_reason and not suppression.reason:
        yield _NO_REASON, None
    for name in suppression.rules:
        rule = _rule(name, settings)
        if isinstance(rule, str) or _is_unused(suppression, rule, found, settings):
            yield rule, without(suppression, name)


def _is_unused(suppression: Suppression, rule: Rule, found: Sequence[Diagnostic], settings: Settings) -> bool:
    if suppression.is_for_callers:
        return False
    used = any(_silences(suppression, rule.name, one) for one in found)
    return _did_run(rule, settings) and not used


def _did_run(rule: Rule, settings: Settings) -> bool:
    return rule.code in selected_codes(settings) and (settings.is_complete or not rule.needs_complete)


def _rule(name: str, settings: Settings) -> Rule | str:
    try:
        return find_rule(all_rules(settings), name)
    except InitlintError as error:
        return str(error)


def _diagnose(
    suppression: Suppression, what: Rule | str, removal: Change | None, settings: Settings
) -> Iterator[Diagnostic]:
    why = f"`{what.name}` finds nothing here" if isinstance(what, Rule) else what
    stale = Stale(suppression.place.span, why, removal, is_used=what is _NO_REASON)
    for rule in all_rules(settings):
        if rule.target is Stale and rule.code in selected_codes(settings):
            subject = RuleSubject(suppression.place.source)
            yield from (diagnose(rule, finding, subject) for finding in rule.run(stale))
