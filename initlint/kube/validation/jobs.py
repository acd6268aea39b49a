"""Jobs and CronJobs (pkg/apis/batch/validation/validation.go)."""

from __future__ import annotations

from collections.abc import Iterator

from initlint.kube.terms.objection import Objection
from initlint.kube.terms.placeholder import is_placeholder
from initlint.kube.validation.case import ValidationCase
from initlint.kube.validation.place import At
from initlint.kube.validation.schedule import problem_of
from initlint.kube.validation.values import Wrong, invalid

_OF_INDEXED = ("backoffLimitPerIndex", "maxFailedIndexes", "successPolicy")
# maxParallelismForIndexedJob
_MOST_PARALLEL = 100_000


def job_spec(at: At, case: ValidationCase) -> Iterator[Objection]:
    """The spec of a Job; its `restartPolicy` is told by the rule invalid-restart-policy."""
    if at["completionMode"].text == "Indexed":
        yield from _indexed(at, case)
    else:
        yield from _not_indexed(at, case)
    if at["maxFailedIndexes"] and not at["backoffLimitPerIndex"]:
        says = "Required value: when maxFailedIndexes is specified"
        yield case.wrong(at["backoffLimitPerIndex"], Wrong("which `maxFailedIndexes` needs", "set it, too", says))
    yield from _selector(at, case)
    if case.version.keeps("JobSpec", "podFailurePolicy"):
        yield from _failure_policy(at, case)


def _indexed(at: At, case: ValidationCase) -> Iterator[Objection]:
    # Where neither is set, both are 1 (SetDefaults_Job).
    if not at["completions"] and at["parallelism"]:
        says = "Required value: when completion mode is Indexed"
        yield case.wrong(at["completions"], Wrong("which an indexed Job needs", "set `completions`", says))
    if (at["parallelism"].number or 0) > _MOST_PARALLEL:
        says = invalid(at["parallelism"], f"must be less than or equal to {_MOST_PARALLEL}")
        yield case.wrong(at["parallelism"], Wrong("which is too much for an indexed Job", "lower it", says))


def _not_indexed(at: At, case: ValidationCase) -> Iterator[Objection]:
    for field in at.among(*(name for name in _OF_INDEXED if case.version.keeps("JobSpec", name))):
        says = "Invalid value: requires indexed completion mode"
        yield case.wrong(field, Wrong("which only an indexed Job can have", "set `completionMode: Indexed`", says))


def _selector(at: At, case: ValidationCase) -> Iterator[Objection]:
    """A Job's selector is generated, unless it says that it is not."""
    if case.workload.kind == "CronJob" and at["manualSelector"].truth is True:
        says = 'Unsupported value: true: supported values: "nil", "false"'
        yield case.wrong(at["manualSelector"], Wrong("which a CronJob cannot have", "remove it", says))
    selector = at["selector"]
    if not any(selector.among("matchLabels", "matchExpressions")):
        return
    if case.workload.kind == "CronJob":
        says = "Invalid value: `selector` will be auto-generated"
        yield case.wrong(selector, Wrong("which is generated", "remove it", says))
    elif at["manualSelector"].truth is not True and not _is_as_generated(selector, case):
        says = "Invalid value: `selector` not auto-generated"
        problem = "which is generated, unless `manualSelector` is true"
        yield case.wrong(selector, Wrong(problem, "remove it", says))


def _is_as_generated(selector: At, case: ValidationCase) -> bool:
    """Whether the object is as a server answered it, with the selector that the server made."""
    made = any(selector["matchLabels"].among("batch.kubernetes.io/controller-uid", "controller-uid"))
    return made and bool(case.workload.node["metadata"]["uid"])


def _failure_policy(at: At, case: ValidationCase) -> Iterator[Objection]:
    policy = at["podFailurePolicy"]
    spec = at["template"]["spec"]
    names = {one["name"].text for part in ("containers", "initContainers") for one in spec[part].each()}
    for rule in policy["rules"].each():
        yield from _failure_rule(rule, names, case)
        if rule["action"].text == "FailIndex" and not at["backoffLimitPerIndex"]:
            says = 'Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set'
            yield case.wrong(rule["action"], Wrong("which needs a `backoffLimitPerIndex`", "set it, too", says))
    replacement = at["podReplacementPolicy"]
    if policy and replacement.text == "TerminatingOrFailed":
        says = 'Unsupported value: "TerminatingOrFailed": supported values: "Failed"'
        wrong = Wrong("where a `podFailurePolicy` allows only `Failed`", "set it to `Failed`", says)
        yield case.wrong(replacement, wrong, related=policy.key)


def _failure_rule(rule: At, names: set[str], case: ValidationCase) -> Iterator[Objection]:
    codes, conditions = rule["onExitCodes"], list(rule["onPodConditions"].each())
    if bool(codes) == bool(conditions):
        what = "both" if codes else "neither of"
        says = f"Invalid value: specifying {'both' if codes else 'one of'} OnExitCodes and OnPodConditions"
        fact = f"has `{case.name(rule)}` with {what} `onExitCodes` and `onPodConditions`, where it needs one"
        yield case.about(rule, fact, Wrong("", "keep one of them", says))
    name = codes["containerName"]
    if name and name.text not in names and not is_placeholder(name.text):
        says = invalid(name, "must be one of the container or initContainer names in the pod template")
        yield case.wrong(name, Wrong("which no container of the Pod is called", "name one of them", says))
    yield from _exit_codes(codes, case)


def _exit_codes(codes: At, case: ValidationCase) -> Iterator[Objection]:
    values = list(codes["values"].each())
    numbers = [value.number or 0 for value in values]
    for index, value in enumerate(values):
        if numbers[index] == 0 and codes["operator"].text == "In":
            says = invalid(value, "must not be 0 for the In operator")
            yield case.wrong(value, Wrong("which is no failure", "remove it", says))
        elif numbers[index] in numbers[:index]:
            yield case.wrong(value, Wrong("which is there already", "remove it", f"Duplicate value: {numbers[index]}"))
    if numbers != sorted(numbers):
        says = "Invalid value: must be ordered"
        yield case.wrong(codes["values"], Wrong("which are not in order", "sort them", says))


def cron_job_spec(at: At, case: ValidationCase) -> Iterator[Objection]:
    """The schedule of a CronJob, and the time zone that it is in."""
    schedule, zone = at["schedule"], at["timeZone"]
    if schedule.text and not is_placeholder(schedule.text):
        if "TZ" in schedule.text:
            says = invalid(schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")
            problem = "which must not hold a time zone"
            yield case.wrong(schedule, Wrong(problem, "use the field `timeZone` instead", says))
        elif why := problem_of(schedule.text):
            remedy = "write five fields, as `*/5 * * * *`"
            yield case.wrong(schedule, Wrong(f"which is no schedule, as {why}", remedy, invalid(schedule, why)))
    if zone.text.lower() == "local" or (zone and not zone.node.value):
        says = invalid(zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones")
        yield case.wrong(zone, Wrong("which is no time zone", "write one such as `Europe/Berlin`", says))
