"""What is wrong with a text that libyaml refuses: where, and what was expected, in words of who writes manifests."""

from __future__ import annotations

import re
from collections.abc import Callable

from yaml import Mark, MarkedYAMLError
from yaml._yaml import Mark as CMark

from initlint.regex import regex
from initlint.text.scalars import BREAKS
from initlint.text.source import Source, Span
from initlint.text.tree import SyntaxProblem

_WORD = regex(rf"[^ \t{BREAKS}]+")
_FLOW_WORD = regex(rf"[,\[\]{{}}]|[^ \t{BREAKS},\[\]{{}}]+")
_FLOW_WORDS = regex(rf"[^ \t{BREAKS},\[\]{{}}]+\Z")
_TO_COLON = regex(rf"[^{BREAKS}]*?:[,:?\[\]{{}}]")
_CHARACTER = regex(rf"[^ \t{BREAKS}]?")
_ESCAPE = regex(r"\\(?:x.{,2}|u.{,4}|U.{,8}|.)?")
_LINE = regex(rf"[^{BREAKS}]*[^ \t{BREAKS}]")
_TABS = regex(r"[ \t]*")
_TAB = "found a tab in the indentation, which takes spaces only"
# What libyaml takes for a key at most, without a `?`.
_MAX_KEY = 1024
_CLOSERS = {"[": "]", "{": "}"}
_ESCAPED = {"'": "''", '"': '\\"'}
_CLOSE_COLON = regex(r" *(?:- +)*([A-Za-z][\w.-]*:(?!//)[^\s])")
_SLIPS = (
    (regex(r"[ \xa0]*(\xa0)"), "expected spaces in the indentation, found a no-break space (U+00A0)"),
    (regex(r" *(?:- +)*(-[A-Za-z][\w.-]*:\s)"), "expected a space behind the `-`, found {}"),
    (_CLOSE_COLON, "expected a space behind the `:` of the key, found {}"),
)
"""What a line may hold that makes a value of it, and what is said of that."""
_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>")


class _Refusal:
    """An error of libyaml as it lies in the source: where it is, and where what it is part of began."""

    def __init__(self, source: Source, chunk: Span, error: MarkedYAMLError) -> None:
        self.text = source.text
        self.source = source
        self.start, self.end = chunk
        self.problem = error.problem or "no YAML"
        self.context = error.context or ""
        self.here = _offset(chunk, error.problem_mark or error.context_mark)
        self.began = _offset(chunk, error.context_mark or error.problem_mark)
        self.before = self.text[self.line_start(self.here) : self.here]
        if not self.before and self.text.startswith("...", self.here):
            self.end = self.here

    def line_start(self, offset: int) -> int:
        """Where the line begins to libyaml, to which U+0085, U+2028 and U+2029 end one, too."""
        start = offset - self.source.position(offset).column + 1
        return max(start, *(self.text.rfind(mark, start, offset) + 1 for mark in "\x85\u2028\u2029"))

    def line_above(self, offset: int) -> int:
        """Where the last line above begins that holds anything."""
        written = self.text[self.start : self.line_start(offset)].rstrip()
        return self.line_start(self.start + len(written))

    def line_of(self, offset: int) -> int:
        return self.source.position(offset).line

    def column_of(self, offset: int) -> int:
        return self.source.position(offset).column

    def last(self) -> int:
        """The last character that is written in the document."""
        return self.start + len(self.text[self.start : self.end].rstrip()) - 1

    def at(self, start: int, extent: re.Pattern[str], fact: str, remedy: str = "") -> SyntaxProblem:
        """The problem at what the pattern finds in the document; `{}` in the fact stands for that."""
        match = extent.match(self.text, start, self.end)
        span = Span(*match.span()) if match else Span(start, start)
        return SyntaxProblem(span, fact.replace("{}", self.show(span)), remedy)

    def show(self, span: Span) -> str:
        """Name what stands there; long texts are cut."""
        found = self.text[span.start : span.end]
        return f"`{found}`" if len(found) <= 40 else f"`{found[:40]}…`"


def explain(source: Source, chunk: Span, error: MarkedYAMLError) -> SyntaxProblem:
    """Place and message of an error in a part of the source."""
    refusal = _Refusal(source, chunk, error)
    for start in (refusal.began, refusal.line_start(refusal.here)):
        if refusal.text.startswith(_CONFLICT, start):
            return refusal.at(start, _LINE, "found a conflict marker of git")
    if refusal.text.startswith("\t", refusal.here) and not refusal.before.strip(" \t-?"):
        return _tab(refusal)
    if "directive" in refusal.context or refusal.text.startswith("%TAG", refusal.began):
        return _bad_directive(refusal)
    if "a tag" in refusal.context:
        return _bad_tag(refusal)
    return _EXPLANATIONS.get(refusal.problem, _other)(refusal)


def _offset(chunk: Span, mark: Mark | CMark | None) -> int:
    return min(chunk.start + mark.index, chunk.end) if mark else chunk.start


def _other(refusal: _Refusal) -> SyntaxProblem:
    """What hardly ever happens, in libyaml's words."""
    return refusal.at(refusal.here, _WORD, refusal.problem)


def _tab(refusal: _Refusal) -> SyntaxProblem:
    start = refusal.here if refusal.before.strip() else refusal.line_start(refusal.here)
    return refusal.at(start, _TABS, _TAB)


def _key_without_colon(refusal: _Refusal) -> SyntaxProblem:
    line = _LINE.match(refusal.text, refusal.began, refusal.end)
    text = line.group() if line else ""
    remedy = ""
    if len(text) > _MAX_KEY:
        return _long_key(refusal, refusal.began)
    if "\xa0" in text:
        message = "expected `key: value`, found a no-break space (U+00A0) in {}"
    elif re.match(r"-\w", text):
        message = "expected a space behind the `-`, found {}"
    elif re.match(r"[\w.-]+:\S", text):
        message = "expected a space behind the `:` of the key, found {}"
    else:
        message = "expected `key: value`, found {} without a `:`"
        remedy = "give it one, or indent it as far as the text that it is part of"
    return refusal.at(refusal.began, _LINE, message, remedy)


def _long_key(refusal: _Refusal, start: int) -> SyntaxProblem:
    return refusal.at(start, _CHARACTER, f"found a key of more than {_MAX_KEY:,} characters")


def _misplaced_colon(refusal: _Refusal) -> SyntaxProblem:
    """A second colon in a line, or a line that goes on the value of the line above."""
    key = refusal.before.lstrip(" \t-?")
    if "\t" in refusal.before[: -len(key)]:
        return refusal.at(refusal.line_start(refusal.here), _TABS, _TAB)
    if len(key) > _MAX_KEY:
        return _long_key(refusal, refusal.here)
    if not key or re.search(r":\s", key):
        return refusal.at(
            refusal.here, _CHARACTER, "found a second `:` in the line", "put a value that holds `: ` in quotes"
        )
    return _goes_on(refusal, key)


def _goes_on(refusal: _Refusal, key: str) -> SyntaxProblem:
    """A key that is taken for more of what the line above says: most often for what is wrong with that line."""
    start = refusal.here - len(key)
    if refusal.before.startswith("---"):
        return refusal.at(start, _WORD, "found {} in the line of `---`", "begin it in the next line")
    above = refusal.line_above(start)
    for pattern, fact in _SLIPS:
        slip = pattern.match(refusal.text, above, start)
        if slip and (pattern is not _CLOSE_COLON or refusal.column_of(slip.start(1)) == refusal.column_of(start)):
            return refusal.at(slip.start(1), _WORD, fact)
    fact = "found {} within the value of the line above"
    return refusal.at(start, _WORD, fact, "indent it less, or give the line above the `:` that it lacks")


def _tight_colon(refusal: _Refusal) -> SyntaxProblem:
    """`{key:{…}}`: within brackets a colon ends a key only with a blank behind it."""
    key = _FLOW_WORDS.search(refusal.before)
    start = refusal.here - len(key.group()) if key else refusal.here
    return refusal.at(start, _TO_COLON, "expected a space behind the `:` of the key, found {}")


def _misplaced_key(refusal: _Refusal) -> SyntaxProblem:
    return refusal.at(
        refusal.here, _CHARACTER, "found {} where no key can begin", "put a value that begins with `? ` in quotes"
    )


def _misplaced_item(refusal: _Refusal) -> SyntaxProblem:
    return refusal.at(refusal.here, _CHARACTER, "found {} where no list can begin", "begin the list in the next line")


def _bad_indentation(refusal: _Refusal) -> SyntaxProblem:
    """In a block mapping or list there stands what is neither its next entry nor its end."""
    quoted = refusal.before.rstrip()[-1:]
    if quoted in _ESCAPED:
        if opened := _opened_above(refusal, quoted):
            return opened
        fact = f"expected the end of the value behind its closing `{quoted}`, found {{}}"
        return refusal.at(refusal.here, _WORD, fact, f"write a `{quoted}` within the value as `{_ESCAPED[quoted]}`")
    if quoted in _CLOSERS.values():
        fact = f"expected the end of the value behind `{quoted}`, found {{}}"
        is_closer = refusal.text[refusal.here] in _CLOSERS.values()
        remedy = "leave it out, it closes nothing" if is_closer else "put a value that begins with a bracket in quotes"
        return refusal.at(refusal.here, _WORD, fact, remedy)
    if refusal.column_of(refusal.here) != refusal.column_of(refusal.began):
        return refusal.at(refusal.here, _WORD, "found {} at an indentation that nothing around it has")
    since = f"that begins in line {refusal.line_of(refusal.began)}"
    entry = "a `key:` of the mapping" if refusal.problem.endswith("key") else "a `- ` of the list"
    return refusal.at(refusal.here, _WORD, f"expected {entry} {since}, found {{}}")


def _opened_above(refusal: _Refusal, quote: str) -> SyntaxProblem | None:
    """A quote that was forgotten above lets the next one, which was to open a value, close its own."""
    if refusal.before.count(quote) % 2 == 0:
        return None
    opener = refusal.text.rfind(quote, refusal.start, refusal.line_start(refusal.here))
    if opener <= refusal.start or refusal.text[opener - 1] not in " \t[{,:":
        return None
    behind = _WORD.match(refusal.text, refusal.here)
    line, shown = refusal.line_of(refusal.here), refusal.show(Span(*behind.span())) if behind else ""
    fact = f"found a {{}} that is closed only in line {line}, in front of {shown}"
    return refusal.at(opener, _CHARACTER, fact, "close it where its value ends")


def _unclosed_bracket(refusal: _Refusal) -> SyntaxProblem:
    opener = refusal.text[refusal.began]
    closer = _CLOSERS.get(opener, "]")
    if refusal.here == refusal.end:
        return refusal.at(refusal.began, _CHARACTER, f"found no closing `{closer}` before the end of the document")
    line = refusal.line_of(refusal.began)
    since = f" of the `{opener}` in line {line}" if line != refusal.line_of(refusal.here) else ""
    quoted = refusal.before[-1:]
    remedy = f"write a `{quoted}` within a value as `{_ESCAPED[quoted]}`" if quoted in _ESCAPED else ""
    return refusal.at(refusal.here, _FLOW_WORD, f"expected `,` or `{closer}`{since}, found {{}}", remedy)


def _no_value(refusal: _Refusal) -> SyntaxProblem:
    if refusal.here == refusal.end:
        return refusal.at(refusal.last(), _CHARACTER, "expected a value behind {}, found the end of the document")
    return refusal.at(refusal.here, _FLOW_WORD, "expected a value, found {}")


def _unclosed_quote(refusal: _Refusal) -> SyntaxProblem:
    return refusal.at(refusal.began, _CHARACTER, "found no closing quote before the end of the document")


def _bad_start(refusal: _Refusal) -> SyntaxProblem:
    character = refusal.text[refusal.here]
    return refusal.at(refusal.here, _WORD, "found {}", f"put a value that begins with `{character}` in quotes")


def _no_name(refusal: _Refusal) -> SyntaxProblem:
    what = "an alias" if "alias" in refusal.context else "an anchor"
    return refusal.at(
        refusal.began, _WORD, f"expected the name of {what}, found {{}}", "put a value that is none in quotes"
    )


def _bad_tag(refusal: _Refusal) -> SyntaxProblem:
    return refusal.at(
        refusal.began, _WORD, "found {}, which is no tag that is known", "put a value that begins with `!` in quotes"
    )


def _bad_directive(refusal: _Refusal) -> SyntaxProblem:
    return refusal.at(
        refusal.line_start(refusal.began), _LINE, "expected `%YAML 1.1` or a `%TAG` with handle and prefix, found {}"
    )


def _bad_escape(refusal: _Refusal) -> SyntaxProblem:
    start = refusal.text.rindex("\\", refusal.began, refusal.here + 1)
    return refusal.at(
        start, _ESCAPE, "found the escape {}, which does not exist", "double the backslash, or use single quotes"
    )


def _no_character(refusal: _Refusal) -> SyntaxProblem:
    """Most often one half of a surrogate pair, as JSON writes it."""
    start = refusal.text.rindex("\\", refusal.began, refusal.here + 1)
    return refusal.at(
        start, _ESCAPE, "found the escape {}, which is no character in YAML", "write the character itself"
    )


def _bad_header(refusal: _Refusal) -> SyntaxProblem:
    return refusal.at(
        refusal.here,
        _WORD,
        "expected the end of the line behind the `|` or `>`, found {}",
        "begin the text in the next line",
    )


def _no_document(refusal: _Refusal) -> SyntaxProblem:
    if refusal.here == refusal.end:
        return refusal.at(refusal.line_start(refusal.last()), _LINE, "expected `---` and a document behind {}")
    return refusal.at(refusal.here, _WORD, "expected `---` or the end of the document, found {}")


_EXPLANATIONS: dict[str, Callable[[_Refusal], SyntaxProblem]] = {
    "could not find expected ':'": _key_without_colon,
    "mapping values are not allowed in this context": _misplaced_colon,
    "mapping keys are not allowed in this context": _misplaced_key,
    "block sequence entries are not allowed in this context": _misplaced_item,
    "did not find expected key": _bad_indentation,
    "did not find expected '-' indicator": _bad_indentation,
    "did not find expected ',' or ']'": _unclosed_bracket,
    "did not find expected ',' or '}'": _unclosed_bracket,
    "did not find expected node content": _no_value,
    "found unexpected ':'": _tight_colon,
    "found unexpected end of stream": _unclosed_quote,
    "found unexpected document indicator": _unclosed_quote,
    "found character that cannot start any token": _bad_start,
    "did not find expected alphabetic or numeric character": _no_name,
    "found undefined tag handle": _bad_tag,
    "found unknown escape character": _bad_escape,
    "did not find expected hexdecimal number": _bad_escape,
    "found invalid Unicode character escape code": _no_character,
    "did not find expected comment or line break": _bad_header,
    "found an indentation indicator equal to 0": _bad_header,
    "did not find expected <document start>": _no_document,
    "found incompatible YAML document": _bad_directive,
}
