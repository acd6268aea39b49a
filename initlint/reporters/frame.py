"""Code frames: the lines that a message speaks of, with its words under the exact characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from initlint.errors import InitlintError
from initlint.finding import Place, RelatedPlace, Severity
from initlint.reporters.display import BOLD, DIM, PLAIN, RELATED, SEVERITY, Display
from initlint.reporters.width import cell, width
from initlint.text.source import Source

# Columns of the source that are shown however narrow the display is.
_NARROWEST = 20


def headline(severity: Severity, message: str, rule: str = "", display: Display = PLAIN) -> str:
    """The line above a frame: how bad, by which rule, and what."""
    kind = f"{severity}[{display.name(rule)}]" if rule else str(severity)
    return display.paint(kind, SEVERITY[severity]) + display.paint(f": {display.prose(message)}", BOLD)


def error_frame(error: InitlintError, display: Display = PLAIN) -> str:
    """What the user can mend, with a frame if its place is known."""
    title = headline(Severity.ERROR, str(error), display=display)
    if error.source is None or error.span is None:
        return title
    return f"{title}\n{code_frame(Place(error.source, error.span), display=display)}"


def code_frame(
    place: Place,
    related: Sequence[RelatedPlace] = (),
    footnotes: Iterable[tuple[str, str]] = (),
    *,
    severity: Severity = Severity.ERROR,
    display: Display = PLAIN,
) -> str:
    """Draw a place, the places related to it with what is said of them, and below footnotes of a kind and a text.

    Lines are drawn in their order, those of other sources in blocks of their own; a line that is too wide is cut to
    what surrounds the mark, and drawn once more for a mark that is far away.
    """
    marks = [_mark(place, "", primary=True), *(_mark(other, message) for other, message in related)]
    pen = _Pen(display, SEVERITY[severity], len(str(max(mark.line for mark in marks))))
    blocks: dict[Source, list[_Mark]] = {}
    for mark in marks:
        blocks.setdefault(mark.place.source, []).append(mark)
    lines = [line for block in blocks.values() for line in pen.block(block)]
    lines += [pen.footnote(kind, text) for kind, text in footnotes]
    return "\n".join(lines)


class _Mark(NamedTuple):
    """A place as it is drawn: the part of it that is on its first line."""

    place: Place
    line: int
    start: int
    stop: int
    label: str
    primary: bool


class _Row(NamedTuple):
    """A line, or what is shown of it, and the marks under it."""

    source: Source
    line: int
    left: int
    right: int
    marks: list[_Mark]

    def takes(self, mark: _Mark) -> bool:
        return mark.line == self.line and mark.stop <= self.right


class _Lane(NamedTuple):
    """A line of underlines: its text, the columns that it takes, and whether a label has closed it."""

    text: str = ""
    end: int = -1
    closed: bool = False


class _Pen(NamedTuple):
    """Draws the lines of one frame."""

    display: Display
    primary: str
    digits: int

    def block(self, marks: list[_Mark]) -> Iterator[str]:
        source, main = marks[0].place.source, marks[0].primary
        at = marks[0].place.start if main else min(mark.place.start for mark in marks)
        if not main:
            yield self.gutter()
        arrow = self.display.paint("-->" if main else ":::", DIM)
        yield f"{' ' * self.digits}{arrow} {self.display.name(source.path)}:{at.line}:{at.column}"
        yield self.gutter()
        for row in self.rows(source, sorted(marks, key=lambda mark: mark.start)):
            yield from self.row(row) if row else [" " * self.digits + self.display.paint(" ...", DIM)]

    def rows(self, source: Source, marks: list[_Mark]) -> list[_Row | None]:
        """The rows to draw; None where lines are left out, but a single line is not worth it."""
        drawn: list[_Row | None] = []
        above: _Row | None = None
        for row in self.marked(source, marks):
            if above and row.line == above.line + 2:
                between = above.line + 1
                drawn.append(_Row(source, between, *self.window(source, between, source.line_starts[between - 1]), []))
            elif above and row.line != above.line + 1:
                drawn.append(None)
            drawn.append(row)
            above = row
        return drawn

    def marked(self, source: Source, marks: list[_Mark]) -> list[_Row]:
        rows: list[_Row] = []
        for mark in marks:
            if rows and rows[-1].takes(mark):
                rows[-1].marks.append(mark)
            else:
                rows.append(_Row(source, mark.line, *self.window(source, mark.line, mark.start), [mark]))
        return rows

    def row(self, row: _Row) -> Iterator[str]:
        first, last = _bounds(row.source, row.line)
        left = self.display.ellipsis if row.left > first else ""
        right = self.display.ellipsis if row.right < last else ""
        yield self.gutter(f"{left}{self.shown(row.source, row.left, row.right)}{right}", row.line)
        for lane in self.lanes(row, len(left)):
            yield self.gutter(lane.text)

    def lanes(self, row: _Row, indent: int) -> list[_Lane]:
        """Underlines, the primary on top; one goes beside those before it if none of them covers it or speaks there."""
        lanes: list[_Lane] = []
        for mark in sorted(row.marks, key=lambda mark: not mark.primary):
            column = indent + width(self.shown(row.source, row.left, mark.start))
            free = (index for index, lane in enumerate(lanes) if not lane.closed and lane.end < column)
            index = next(free, len(lanes))
            if index == len(lanes):
                lanes.append(_Lane())
            lanes[index] = self.underline(row, mark, column, lanes[index])
        return lanes

    def underline(self, row: _Row, mark: _Mark, column: int, lane: _Lane) -> _Lane:
        length = max(1, width(self.shown(row.source, mark.start, min(mark.stop, row.right))))
        label = f" {self.display.prose(mark.label)}".rstrip()
        text = ("^" if mark.primary else "-") * length + label
        painted = self.display.paint(text, self.primary if mark.primary else RELATED)
        return _Lane(lane.text + " " * (column - max(lane.end, 0)) + painted, column + length, bool(label))

    def shown(self, source: Source, start: int, stop: int) -> str:
        return "".join(cell(char, self.display.encoding) for char in source.text[start:stop])

    def gutter(self, text: str = "", line: int | None = None) -> str:
        number = f"{line:>{self.digits}} |" if line else f"{' ' * self.digits} |"
        return f"{self.display.paint(number, DIM)} {text}".rstrip()

    def footnote(self, kind: str, text: str) -> str:
        display = self.display
        return f"{' ' * self.digits} {display.paint('=', DIM)} {display.paint(f'{kind}:', BOLD)} {display.prose(text)}"

    def window(self, source: Source, line: int, at: int) -> tuple[int, int]:
        """The part of a line to show around a character: all of it if it fits, else as much as does."""
        room = max(_NARROWEST, self.display.width - self.digits - len(" | ") - 2 * len(self.display.ellipsis))
        first, last = _bounds(source, line)
        left = at - self.fitting(source.text[max(first, at - room // 3) : at][::-1], room // 3)
        right = left + self.fitting(source.text[left : min(last, left + room)], room)
        if right == last:
            left = last - self.fitting(source.text[max(first, last - room) : last][::-1], room)
        return left, right

    def fitting(self, text: str, room: int) -> int:
        """Number of leading characters that fit; of those without a width no more come here than there is room."""
        for count, char in enumerate(text):
            room -= width(cell(char, self.display.encoding))
            if room < 0:
                return count
        return len(text)


def _mark(place: Place, label: str, *, primary: bool = False) -> _Mark:
    source, (start, end) = place
    line = place.start.line
    # What ends with a newline ends on the line of that newline, not on the next.
    last_line = source.position(max(start, end - 1)).line
    _, last = _bounds(source, line)
    words = [label] if label else []
    words += [f"(to line {last_line})"] if last_line > line else []
    return _Mark(place, line, min(start, last), max(min(start, last), min(end, last)), " ".join(words), primary)


def _bounds(source: Source, line: int) -> tuple[int, int]:
    """Offsets of a line's first character and of its newline, found without a copy of what may be megabytes."""
    starts = source.line_starts
    first, last = starts[line - 1], starts[line] if line < len(starts) else len(source.text)
    while last > first and source.text[last - 1] in "\r\n":
        last -= 1
    return first, last
