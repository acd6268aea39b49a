"""Probes and lifecycle hooks of app containers and sidecars (validateProbe, validateLifecycle)."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.kube.terms.objection import Objection, one_of
from initlint.kube.validation.case import ValidationCase
from initlint.kube.validation.place import At
from initlint.kube.validation.values import Wrong, invalid

_OF_PROBES = ("exec", "httpGet", "tcpSocket", "grpc")
_OF_HOOKS = ("exec", "httpGet", "tcpSocket", "sleep")
# DefaultTerminationGracePeriodSeconds
_GRACE = 30


def probe(at: At, case: ValidationCase) -> Iterator[Objection]:
    """One probe, of which the field's name says what it is for."""
    yield from _one_handler(at, _OF_PROBES, case)
    grace = at["terminationGracePeriodSeconds"]
    if at.step == "readinessProbe" and grace:
        says = invalid(grace, "must not be set for readinessProbes")
        yield case.wrong(grace, Wrong("which a readinessProbe, which kills nothing, cannot have", "remove it", says))
    successes = at["successThreshold"]
    if at.step != "readinessProbe" and (successes.number or 1) != 1:
        problem = f"where a {at.step} needs exactly one success"
        yield case.wrong(successes, Wrong(problem, "set it to 1, or remove it", invalid(successes, "must be 1")))


def handler(at: At, case: ValidationCase) -> Iterator[Objection]:
    """What a `postStart` or `preStop` hook does."""
    yield from _one_handler(at, _OF_HOOKS, case)
    yield from _sleep(at["sleep"], case)


def _one_handler(at: At, known: tuple[str, ...], case: ValidationCase) -> Iterator[Objection]:
    given = at.among(*known)
    if not given:
        problem = f"with nothing to do, where it needs one of {one_of(known)}"
        remedy = "say what it does, or remove it"
        yield case.wrong(at, Wrong(problem, remedy, "Required value: must specify a handler type"))
    for other in given[1:]:
        problem = f"beside `{given[0].step}`, where only one handler can be"
        says = "Forbidden: may not specify more than 1 handler type"
        yield case.wrong(other, Wrong(problem, "keep one of them", says), related=given[0].key)


def _sleep(at: At, case: ValidationCase) -> Iterator[Objection]:
    """A pause has to end before the Pod is killed; zero is allowed from 1.33 (PodLifecycleSleepActionAllowZero)."""
    if not at or not case.version.keeps("LifecycleHandler", "sleep"):
        return
    seconds, grace = at["seconds"].number or 0, case.spec["terminationGracePeriodSeconds"]
    limit = _GRACE if not grace else grace.number
    if limit is None or limit < 0:
        return
    least = 0 if case.version.allows_zero_sleep else 1
    if not least <= seconds <= limit:
        words = "non-negative" if least == 0 else "greater than 0"
        says = f"Invalid value: {seconds}: must be {words} and less than terminationGracePeriodSeconds ({limit})"
        problem = f"which is not between {least} and the {limit} seconds that the Pod is given to end"
        place = at["seconds"] if at["seconds"] else at
        wrong = Wrong(problem, f"set it from {least} to {limit}, or raise `terminationGracePeriodSeconds`", says)
        yield case.wrong(place, wrong)._replace(field=at.path)
