"""Reports for the tests of reporters: built by hand, and built of any text and any span."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from initlint.finding import Confidence, Diagnostic, Edit, Fix, ObjectRef, Place, RelatedPlace, Severity, Status
from initlint.report import Checked, Note, Problem, Report, Skipped
from initlint.reporters import Display, reporter
from initlint.reporters.display import PLAIN
from initlint.text.source import Source, Span


def at(source: Source, text: str, nth: int = 0) -> Place:
    """The place of an occurrence of a text in a source."""
    start = -1
    for _ in range(nth + 1):
        start = source.text.index(text, start + 1)
    return Place(source, Span(start, start + len(text)))


def span(source: Source, start: int, end: int) -> Place:
    return Place(source, Span(start, end))


FETCH = ObjectRef("apps/v1", "Deployment", None, "app")
MESSAGE = "init container `fetch` writes `/models/bert.bin`, which is on no volume: the file is gone when it exits"


def found(place: Place, **changes: Any) -> Diagnostic:
    whole = Diagnostic(
        code="INIT202",
        rule="lost-write",
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        message=MESSAGE,
        place=place,
        object=FETCH,
        container="fetch",
        fingerprint="0123456789abcdef",
        url="https://initlint.dev/rules/lost-write",
    )
    return replace(whole, **changes)


def report(*diagnostics: Diagnostic, **changes: Any) -> Report:
    return replace(Report(diagnostics, files=3, workloads=2, target_version="1.36"), **changes)


APP = Source(
    "deploy/app.yaml",
    """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app
spec:
  template:
    spec:
      initContainers:
      - name: fetch
        image: busybox:1.36
        command: [sh, -c]
        args:
        - |
          wget -O /models/bert.bin https://example.com/bert.bin
          echo done
      containers:
      - name: server
        image: server:2
        volumeMounts:
        - {name: models, mountPath: /models}
      volumes:
      - name: models
        emptyDir: {}
""",
)
CONFIG = Source("config/cm.yaml", "kind: ConfigMap\ndata:\n  a: 1\n  b: 2\n  c: 3\n  d: 4\n  e: 5\n")
HOSTILE = Source(
    "hostile\x1b[2J\n.yaml",
    "plain: x\n"
    "\tname:\t日本語 # \x1b[31mred\x07 \x9b2J \u202egnirts\u202c\n"
    "combined: e\u0301a\u0300 ok # 👩\u200d💻 ⚠\ufe0f nbsp\xa0 fill\u3164 \ud800 ᄒ\u1161\u11ab\n",
)
ENDS = Source("ends.yaml", "a: 1\r\nb: |\r\n  two\r\n  three\r\nc: 3\n")
MINIFIED = Source(
    "mini.json", "[" + ",".join(f'{{"name":"c{number}","image":"busybox:1.{number}"}}' for number in range(3000)) + "]"
)
EMPTY = Source("empty.yaml", "")

MOUNT = RelatedPlace(at(APP, "mountPath: /models"), "`server` mounts volume `models` here")
FIX = Fix("mount `models` in `fetch`", (Edit(Span(215, 215), "volumeMounts: []\n"), Edit(Span(0, 3), "")), safe=True)

LEFT_ALONE: Mapping[str, Any] = {
    "files": 1234,
    "skipped": (
        Skipped("chart/templates/a.yaml", "Go template"),
        Skipped("chart/templates/a.yaml", "Go template", 40),
        Skipped("fifo.yaml", "not a regular file"),
    ),
    "problems": (
        Problem("secret.yaml", "permission denied: grant read access, or exclude it"),
        Problem("b\nc", "gone"),
    ),
    "notes": (
        Note("deploy/app.yaml", "Deployment/app fetch", "lost-write", "volumes are unknown: a patch may add some"),
    ),
}

EVERYTHING = report(
    found(at(APP, "/models/bert.bin"), related=(MOUNT,), fix=FIX),
    found(
        at(APP, "busybox:1.36"), severity=Severity.WARNING, confidence=Confidence.MEDIUM, rejected=True, help="pin it"
    ),
    found(at(APP, "echo"), severity=Severity.INFO, container=None, confidence=Confidence.LOW, url=""),
    found(at(APP, "kind"), status=Status.SUPPRESSED),
    found(at(APP, "spec"), status=Status.FILTERED),
    **LEFT_ALONE,
)

CASES: dict[str, tuple[Report, Display]] = {
    "one": (report(found(at(APP, "/models/bert.bin"), related=(MOUNT,), fix=FIX)), Display()),
    "everything": (EVERYTHING, Display()),
    "verbose": (EVERYTHING, Display(verbosity=1)),
    "quiet": (EVERYTHING, Display(verbosity=-1)),
    "colour": (EVERYTHING, Display(color=True, verbosity=1)),
    "clean": (report(files=30, workloads=12), Display()),
    "no-workloads": (report(files=4, workloads=0), Display()),
    "syntax-error": (report(found(at(CONFIG, "a"), object=None, container=None), workloads=0, files=1), Display()),
    "related": (
        report(
            found(
                at(APP, "models", 2),
                related=(
                    RelatedPlace(at(APP, "mountPath"), "to the right, beside it"),
                    RelatedPlace(at(APP, "/models", 1), "the line is taken"),
                    RelatedPlace(at(APP, "{name"), "to the left"),
                    RelatedPlace(at(APP, "server", 1), "one line between"),
                    RelatedPlace(at(APP, "fetch"), "far above"),
                    RelatedPlace(at(CONFIG, "d: 4"), "in another file"),
                    RelatedPlace(at(CONFIG, "a: 1"), "and there further up"),
                    RelatedPlace(at(MINIFIED, "c7"), ""),
                ),
            ),
            found(at(APP, "name: fetch"), related=tuple(RelatedPlace(at(APP, "e", n), f"e {n}") for n in range(13))),
            found(at(APP, "mountPath"), related=(RelatedPlace(at(APP, "/models", 1), ""), MOUNT)),
        ),
        Display(),
    ),
    "spans": (
        report(
            found(span(ENDS, 6, 28), message="several lines"),
            found(
                span(ENDS, 3, 4), message="at the end of a line", related=(RelatedPlace(span(ENDS, 4, 8), "across"),)
            ),
            found(span(ENDS, 5, 5), message="between the two characters of a newline"),
            found(span(ENDS, 11, 18), message="a line with its newline"),
            found(span(ENDS, 10, 10), message="nothing, at the end of a line"),
            found(span(ENDS, len(ENDS.text), len(ENDS.text)), message="the end of the file"),
            found(span(EMPTY, 0, 0), message="an empty file"),
        ),
        Display(),
    ),
    "hostile": (
        report(
            found(at(HOSTILE, "本"), message="two\nlines \x1b]0;title\x07", help="\u202e", container="a\x1b[0m"),
            found(at(HOSTILE, "red"), related=(RelatedPlace(at(HOSTILE, "\x1b"), "here\r\n::error::"),)),
            found(at(HOSTILE, "ok")),
            found(at(HOSTILE, "💻"), message="long " * 1000),
            found(at(HOSTILE, "\u11ab")),
        ),
        Display(),
    ),
    "minified": (
        report(
            found(
                at(MINIFIED, '"c1500"'),
                related=(
                    RelatedPlace(at(MINIFIED, '"c1501"'), "next"),
                    RelatedPlace(at(MINIFIED, '"c0"'), "first"),
                    RelatedPlace(at(MINIFIED, '"c2999"'), "last"),
                ),
            ),
            found(span(MINIFIED, 50_000, 60_000), message="wider than any terminal"),
        ),
        Display(width=80),
    ),
}


def render(name: str, report: Report, display: Display = PLAIN) -> str:
    stream = io.StringIO()
    reporter(name)(report, stream, display)
    return stream.getvalue()


# Any text, any span

CHARACTERS = st.one_of(
    st.sampled_from(
        "ab :-#\t\n\r\x00\x1b\x7f\x85\x9b\xa0\u0301\u200b\u200d\u2028\u202e\u3164\ufe0f\ufeff日한ﾊ👩…·\ud800\U000e0101"
    ),
    st.characters(),
)
TEXTS = st.text(CHARACTERS, max_size=80)
DISPLAYS = st.builds(
    Display,
    color=st.just(False),
    verbosity=st.integers(-1, 2),
    width=st.integers(0, 90),
    encoding=st.sampled_from(["utf-8", "ascii", "cp1252"]),
)


@st.composite
def places(draw: st.DrawFn) -> Place:
    text = draw(TEXTS)
    start = draw(st.integers(0, len(text)))
    return Place(Source(draw(TEXTS), text), Span(start, draw(st.integers(start, len(text)))))


RELATED = st.builds(RelatedPlace, places(), TEXTS)


@st.composite
def findings(draw: st.DrawFn) -> Diagnostic:
    place = draw(places())
    size = len(place.source.text)
    ends = draw(st.lists(st.tuples(st.integers(0, size), st.integers(0, size)), max_size=4))
    beside = [RelatedPlace(Place(place.source, Span(min(pair), max(pair))), draw(TEXTS)) for pair in ends]
    return found(
        place,
        message=draw(TEXTS.filter(bool)),
        related=(*beside, *draw(st.lists(RELATED, max_size=2))),
        help=draw(st.none() | TEXTS),
        container=draw(st.none() | TEXTS),
        object=draw(st.none() | st.builds(ObjectRef, TEXTS, TEXTS, st.none() | TEXTS, TEXTS)),
        severity=draw(st.sampled_from(Severity)),
        fix=draw(st.none() | st.builds(Fix, TEXTS.filter(bool), st.just((Edit(place.span, draw(TEXTS)),)))),
    )


REPORTS = st.builds(
    report,
    findings(),
    findings(),
    skipped=st.lists(st.builds(Skipped, TEXTS, TEXTS, st.integers(1, 10**6)), max_size=2).map(tuple),
    problems=st.lists(st.builds(Problem, TEXTS, TEXTS), max_size=2).map(tuple),
    checked=st.lists(st.builds(Checked, TEXTS, st.builds(ObjectRef, TEXTS, TEXTS, st.none() | TEXTS, TEXTS))).map(
        tuple
    ),
    notes=st.lists(st.builds(Note, TEXTS, TEXTS, TEXTS.filter(bool), TEXTS), max_size=2).map(tuple),
)
