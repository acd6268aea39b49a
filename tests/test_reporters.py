"""The reporters: what people and programs read, byte for byte, and what no input may do to it."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from initlint.errors import InitlintError
from initlint.finding import Diagnostic, Edit, Fix, ObjectRef, Place, RelatedPlace, Severity
from initlint.report import Problem, Report
from initlint.reporters import FORMATS, Display, jsonreport, reporter, sarif
from initlint.reporters.display import PLAIN
from initlint.reporters.frame import code_frame, error_frame, headline
from initlint.reporters.width import cell, escape, width
from initlint.text.source import Source, Span
from tests.goldens import golden, regenerating
from tests.reports import (
    APP,
    CASES,
    CHARACTERS,
    CONFIG,
    DISPLAYS,
    ENDS,
    EVERYTHING,
    FIX,
    HOSTILE,
    MESSAGE,
    MINIFIED,
    MOUNT,
    REPORTS,
    at,
    found,
    places,
    render,
    report,
    span,
)

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "fixtures" / "golden"
SCHEMA = ROOT / "schemas" / "report.schema.json"
SUFFIXES = {"json": ".json", "gitlab": ".json", "sarif": ".sarif", "junit": ".xml", "markdown": ".md"}
SGR = re.compile(r"\x1b\[[0-9;]*m")


def full(*diagnostics: Diagnostic, display: Display = PLAIN, **changes: Any) -> str:
    return render("full", report(*diagnostics, **changes), display)


@cache
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


# Goldens


def kept(name: str, case: str) -> Path:
    return GOLDEN / name / f"{case}{SUFFIXES.get(name, '.txt')}"


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", FORMATS)
def test_output_is_the_golden_one(name: str, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (jsonreport, sarif):
        monkeypatch.setattr(module, "__version__", "1.2.3")
    written = render(name, *CASES[case])
    assert written == golden(kept(name, case), written)


@pytest.mark.parametrize("name", ["full", "markdown", "junit"])
def test_objects_are_named_with_their_namespace(name: str) -> None:
    one = found(at(APP, "echo"), object=ObjectRef("apps/v1", "Deployment", "shop", "app"))
    assert "Deployment/shop/app" in render(name, report(one), Display())


def test_every_golden_has_a_case() -> None:
    wanted = {kept(name, case) for name in FORMATS for case in CASES}
    assert {path for name in FORMATS for path in (GOLDEN / name).iterdir()} == wanted


def test_goldens_are_regenerated_on_demand_but_never_in_ci() -> None:
    assert not regenerating({})
    assert not regenerating({"CI": "true"})
    assert regenerating({"INITLINT_REGENERATE": "1"})
    with pytest.raises(RuntimeError, match="not in CI"):
        regenerating({"INITLINT_REGENERATE": "1", "CI": "true"})


# Formats


def test_formats_are_found_by_name() -> None:
    assert list(FORMATS)[:4] == ["full", "concise", "json", "statistics"]
    assert reporter("json") is jsonreport.write


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("jsno", "did you mean `json`?"),
        ("Concise", "did you mean `concise`?"),
        ("pdf", "choose one of full, concise, json, statistics, github, gitlab, junit, markdown, sarif"),
    ],
)
def test_unknown_format_names_what_may_be_meant(name: str, hint: str) -> None:
    with pytest.raises(InitlintError) as caught:
        reporter(name)
    assert str(caught.value) == f"no output format is called `{name}`: {hint}"


def test_concise_does_not_pay_for_the_other_formats() -> None:
    code = "import sys; from initlint.reporters import reporter; reporter('concise'); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    modules = run.stdout.split()
    assert "initlint.reporters.concise" in modules
    assert not {"initlint.reporters.jsonreport", "initlint.reporters.frame", "initlint.reporters.full"} & set(modules)


# Full


def test_frame_of_the_design() -> None:
    assert full(found(at(APP, "/models/bert.bin"), related=(MOUNT,), fix=FIX), display=Display(verbosity=-1)) == (
        f"error[lost-write]: {MESSAGE}\n"
        "  --> deploy/app.yaml:14:19\n"
        "   |\n"
        "14 |           wget -O /models/bert.bin https://example.com/bert.bin\n"
        "   |                   ^^^^^^^^^^^^^^^^\n"
        "   ...\n"
        "20 |         - {name: models, mountPath: /models}\n"
        "   |                          ------------------ `server` mounts volume `models` here\n"
        "   = note: INIT202 · Deployment/app · container fetch\n"
        "   = fix: mount `models` in `fetch` (initlint fix)\n"
        "   = help: initlint explain lost-write\n"
    )


def test_quiet_and_clean_is_silent() -> None:
    assert full(display=Display(verbosity=-1)) == ""
    assert render("concise", report(), Display(verbosity=-1)) == ""


def test_problems_are_told_even_to_those_who_want_quiet() -> None:
    quiet = Display(verbosity=-1)
    assert full(problems=(Problem("a.yaml", "gone"),), display=quiet) == "error: a.yaml: gone\n"
    assert render("concise", report(problems=(Problem("a", "gone"),)), quiet) == "a: error: gone\n"


def test_footer_counts_workloads_once() -> None:
    twice = [found(at(APP, "kind")), found(at(APP, "name")), found(at(CONFIG, "data"), object=None)]
    assert full(*twice, workloads=41).splitlines()[-1] == "3 findings (3 errors) in 1 of 41 workloads"
    assert full(twice[2], workloads=1, files=1).splitlines()[-1] == "1 finding (1 error) in 1 workload in 1 file"


def test_footer_never_names_more_workloads_than_there_are() -> None:
    two = [found(at(APP, "kind")), found(at(CONFIG, "data"))]
    assert full(*two, workloads=1).splitlines()[-1] == "2 findings (2 errors) in 1 of 1 workload"


def test_colours_change_nothing_but_colours() -> None:
    for case, display in CASES.values():
        coloured = render("full", case, replace(display, color=True))
        assert SGR.sub("", coloured) == render("full", case, replace(display, color=False))


def test_colours_tell_severities_apart() -> None:
    shown = {severity: headline(severity, "m", "r", Display(color=True)) for severity in Severity}
    assert shown == {
        Severity.ERROR: "\x1b[1;31merror[r]\x1b[0m\x1b[1m: m\x1b[0m",
        Severity.WARNING: "\x1b[1;33mwarning[r]\x1b[0m\x1b[1m: m\x1b[0m",
        Severity.INFO: "\x1b[1;34minfo[r]\x1b[0m\x1b[1m: m\x1b[0m",
    }


def test_error_is_shown_with_a_frame_where_its_place_is_known() -> None:
    source = Source(".initlint.yaml", "selekt: [ALL]\n")
    assert error_frame(InitlintError("unknown key `selekt`: did you mean `select`?", source, Span(0, 6))) == (
        "error: unknown key `selekt`: did you mean `select`?\n"
        " --> .initlint.yaml:1:1\n"
        "  |\n"
        "1 | selekt: [ALL]\n"
        "  | ^^^^^^"
    )
    assert error_frame(InitlintError("no such option")) == "error: no such option"
    assert error_frame(InitlintError("no such place", source)) == "error: no such place"


def test_carets_have_the_colour_of_the_severity() -> None:
    drawn = code_frame(at(APP, "apps/v1"), severity=Severity.INFO, display=Display(color=True))
    assert drawn.splitlines()[-1] == "\x1b[2m  |\x1b[0m             \x1b[1;34m^^^^^^^\x1b[0m"


def test_sources_that_were_pickled_apart_are_one_file() -> None:
    twin = Source(APP.path, APP.text)
    assert ":::" not in code_frame(at(APP, "kind"), [RelatedPlace(at(twin, "name"), "here")])


@pytest.mark.parametrize("columns", [0, 30, 80, 200])
def test_long_lines_are_cut_to_the_width(columns: int) -> None:
    line = max(code_frame(at(MINIFIED, '"c1500"'), display=Display(width=columns)).splitlines(), key=len)
    assert line.startswith("1 | …")
    assert line.endswith("…")
    assert '"c1500"' in line
    assert len(line) == max(columns, 26)


def test_line_is_drawn_once_more_for_what_ends_beyond_the_cut() -> None:
    source = Source("a.json", "x" * 30 + "y" * 10 + "z" * 60)
    drawn = code_frame(at(source, "x" * 30), [RelatedPlace(at(source, "y" * 10), "whole")], display=Display(width=40))
    assert drawn.splitlines()[-1].endswith(f" {'-' * 10} whole")


def test_characters_without_width_are_cut_too() -> None:
    zalgo = Source("a.yaml", "key: e" + "\u0301" * 10_000 + " # end")
    assert max(map(len, code_frame(at(zalgo, "key")).splitlines())) < 150
    assert "# end" in code_frame(at(zalgo, "end"))


# Concise


def test_concise_lines_are_matched_by_editors_and_the_footer_is_not() -> None:
    lines = render("concise", EVERYTHING).splitlines()
    matched = [re.fullmatch(r"(.+?):(\d+):(\d+): (\S+) (\S+): (.+)", line) for line in lines]
    assert [match and match.groups()[:5] for match in matched[:3]] == [
        ("deploy/app.yaml", "14", "19", "INIT202", "lost-write"),
        ("deploy/app.yaml", "10", "16", "INIT202", "lost-write"),
        ("deploy/app.yaml", "15", "11", "INIT202", "lost-write"),
    ]
    assert lines[3] == "secret.yaml: error: permission denied: grant read access, or exclude it"
    assert lines[5:] == [
        "3 findings (1 error, 1 warning, 1 info) in 1 of 2 workloads · 1 suppressed · 3 skipped",
        "the run is not complete, 2 inputs could not be read",
    ]
    assert not any(":" in line for line in lines[5:])


# JSON


@pytest.mark.parametrize("case", CASES)
def test_json_is_valid(case: str) -> None:
    written = render("json", *CASES[case])
    validator().validate(json.loads(written))
    assert written.endswith("\n}\n")


def test_json_does_not_depend_on_how_it_is_shown() -> None:
    plain = render("json", EVERYTHING)
    assert plain == render("json", EVERYTHING, Display(color=True, verbosity=2, width=20, encoding="ascii"))


def test_json_lists_active_findings_and_counts_them() -> None:
    written = json.loads(render("json", EVERYTHING))
    assert [one["severity"] for one in written["findings"]] == ["error", "warning", "info"]
    assert {key: written["summary"][key] for key in ("errors", "warnings", "infos", "suppressed")} == {
        "errors": 1,
        "warnings": 1,
        "infos": 1,
        "suppressed": 1,
    }
    assert written["findings"][2]["url"] is None


def test_json_places_are_one_based_and_end_behind_the_last_character() -> None:
    [one] = json.loads(render("json", report(found(span(ENDS, 6, 28), fix=Fix("x", (Edit(Span(0, 1), "z"),))))))[
        "findings"
    ]
    assert [one[key] for key in ("line", "column", "endLine", "endColumn")] == [2, 1, 5, 1]
    assert one["fix"] == {
        "title": "x",
        "safe": False,
        "edits": [{"line": 1, "column": 1, "endLine": 1, "endColumn": 2, "text": "z"}],
    }


def test_json_keeps_text_readable_and_terminals_safe() -> None:
    written = render("json", report(found(at(APP, "kind"), message="日本 \ud800 \x9b \u061c \u202e \x1b \x7f")))
    assert '"message": "日本 \ufffd \\u009b \\u061c \\u202e \\u001b \\u007f"' in written


def properties(schema: object) -> list[Mapping[str, Any]]:
    """Every object schema under a schema."""
    if isinstance(schema, list):
        return [one for part in schema for one in properties(part)]
    if not isinstance(schema, dict):
        return []
    return [schema] * ("properties" in schema and "type" in schema) + properties(list(schema.values()))


def test_schema_allows_nothing_that_it_does_not_describe() -> None:
    schemas = json.loads(SCHEMA.read_text("utf-8"))
    objects = properties(schemas)
    assert len(objects) == 13
    for schema in objects:
        assert schema["additionalProperties"] is False
        assert list(schema["required"]) == list(schema["properties"])
        for name, value in schema["properties"].items():
            target = value.get("$ref", "").rpartition("/")[2]
            assert value.get("description") or schemas["$defs"][target]["description"], name


# Streams that do not know every character


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8", "utf-16", "shift_jis"])
def test_every_stream_can_be_written_to(name: str, case: str, encoding: str) -> None:
    data = io.BytesIO()
    stream = io.TextIOWrapper(data, encoding=encoding, errors="strict", newline="")
    reporter(name)(CASES[case][0], stream, CASES[case][1])
    stream.flush()
    written = data.getvalue().decode(encoding)
    if encoding == "utf-8":
        assert written == render(name, *CASES[case])
    if name in ("json", "gitlab", "sarif"):
        assert json.loads(written) == json.loads(render(name, *CASES[case]))


def test_carets_stay_under_characters_that_the_stream_spells_out() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    reporter("full")(report(found(at(HOSTILE, "本"))), stream, Display())
    stream.seek(0)
    line, carets = stream.read().splitlines()[3:5]
    assert carets.count("^") == len(r"\u672c")
    assert line[carets.index("^") :].startswith(r"\u672c\u8a9e # \x1b[31mred\x07")


# Any text, any span

steady = settings(deadline=None)


def screen(line: str) -> list[str]:
    """What a terminal has in each of its columns; the second half of a wide character is empty."""
    columns: list[str] = []
    for char in line:
        if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me") or "\u1160" <= char <= "\u11ff":
            # At the beginning of the line it stands on the space of the gutter.
            columns[-1:] = [columns[-1] + char] if columns else []
        elif not "\ud7b0" <= char <= "\ud7ff":
            columns += [char, ""] if unicodedata.east_asian_width(char) in "WF" else [char]
    return columns


@pytest.mark.no_cover
@given(REPORTS, DISPLAYS)
@steady
def test_text_reports_hold_nothing_that_a_terminal_acts_on(report: Report, display: Display) -> None:
    for name in ("full", "concise", "github", "junit"):
        written = render(name, report, display)
        assert written.replace("\n", "").isprintable()


@pytest.mark.no_cover
@given(REPORTS, DISPLAYS)
@steady
def test_colours_are_all_that_a_terminal_acts_on(report: Report, display: Display) -> None:
    for name in ("full", "concise"):
        coloured = render(name, report, replace(display, color=True))
        assert SGR.sub("", coloured) == render(name, report, display)


@pytest.mark.no_cover
@given(REPORTS)
@steady
def test_concise_is_one_line_for_each_finding_and_problem(report: Report) -> None:
    lines = render("concise", report, Display(verbosity=-1)).splitlines()
    assert len(lines) == len(report.active) + len(report.problems)


@pytest.mark.no_cover
@given(REPORTS, st.sampled_from(["utf-8", "ascii", "cp1252", "utf-16"]))
@steady
def test_json_is_valid_whatever_it_holds(report: Report, encoding: str) -> None:
    data = io.BytesIO()
    stream = io.TextIOWrapper(data, encoding=encoding, newline="")
    reporter("json")(report, stream, Display())
    stream.flush()
    written = json.loads(data.getvalue().decode(encoding))
    validator().validate(written)
    messages = [re.sub(r"[\ud800-\udfff]", "\ufffd", one.message) for one in report.active]
    assert [one["message"] for one in written["findings"]] == messages


@given(places(), st.builds(Display, width=st.integers(0, 60), encoding=st.sampled_from(["utf-8", "ascii"])))
@example(Place(Source("a", "x" * 500), Span(499, 500)), Display(width=20))
@example(Place(Source("a", "\U0001cf00b"), Span(1, 2)), Display(width=20))
@example(Place(Source("a", "日" * 500), Span(250, 251)), Display(width=20))
@example(Place(Source("a", "日" * 500), Span(250, 251)), Display(width=20, encoding="ascii"))
@steady
def test_carets_stand_under_the_first_character(place: Place, display: Display) -> None:
    text = place.source.line(place.start.line)
    start = min(place.start.column - 1, len(text))
    assume(display.ellipsis not in text)
    line, carets = (row.split("|", 1)[1][1:] for row in code_frame(place, display=display).split("\n")[2:4])
    column = len(carets) - len(carets.lstrip())
    # A frame leaves out spaces at the end of a line, where the carets may well stand.
    shown = screen(line) + [" "] * column
    # Characters without a width share the column of what they follow, and are no part of the comparison.
    cells = [
        [one for char in part if width(one := cell(char, display.encoding))] for part in (text[:start], text[start:])
    ]
    before = "".join(one[0] for one in shown[:column] if one)
    if before.startswith(display.ellipsis):
        assert "".join(cells[0]).endswith(before.removeprefix(display.ellipsis))
    else:
        assert "".join(cells[0]) == before
    if start < len(text) and width(cell(text[start], display.encoding)):
        assert "".join(one[0] for one in shown[column:] if one).startswith(cells[1][0].rstrip())
    assert set(carets[column:].partition(" ")[0]) == {"^"}


@given(st.text(CHARACTERS))
@steady
def test_escaped_text_is_visible_and_measured_as_a_terminal_does(text: str) -> None:
    shown = escape(text)
    assert shown.isprintable()
    assert escape(shown) == shown
    assert escape(text, "ascii").isascii()
    assert width("x" + shown) == len(screen("x" + shown))


@pytest.mark.parametrize(
    ("char", "shown", "columns"),
    [
        ("a", "a", 1),
        ("\t", "    ", 4),
        ("é", "é", 1),
        ("日", "日", 2),
        ("ﾊ", "ﾊ", 1),
        ("👩", "👩", 2),
        ("\u0301", "\u0301", 0),
        ("\u20e3", "\u20e3", 0),
        ("\u1161", "\u1161", 0),
        ("\ud7b0", "\ud7b0", 0),
        ("\ufe0f", "", 0),
        ("\x1b", r"\x1b", 4),
        ("\xa0", r"\xa0", 4),
        ("\u200b", r"\u200b", 6),
        ("\u2800", r"\u2800", 6),
        ("\u3164", r"\u3164", 6),
        ("\ud800", r"\ud800", 6),
        ("\U000e0101", r"\U000e0101", 10),
    ],
)
def test_cells(char: str, shown: str, columns: int) -> None:
    assert (cell(char), width(cell(char))) == (shown, columns)
