"""From the nodes of tree-sitter-bash to the words of a script, and what each is made of."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from initlint.regex import regex
from initlint.shell.language import syntax
from initlint.shell.language.syntax import Block, Quote, Word

if TYPE_CHECKING:
    from tree_sitter import Node

_BRACES = regex(r"(?<!\$)\{[^{}]*(?:,|\.\.)[^{}]*\}")
_VARIABLE = regex(r"\$(?:\{(\w+)\}|([A-Za-z_]\w*))")
# What the parser takes for text in a here-document.
_UNSEEN = regex(r"(?<!\\)(?:`|\$[0-9@*#?!])")
_QUOTED = regex(r"['\"\\]")
_EXPANDED = regex(rf"[*?\[]|{_BRACES.pattern}")


class UnknownSyntax(Exception):  # noqa: N818 - not an error: syntax that the conversion does not know
    """Raised where a script has syntax that is not converted; nothing is known of it then."""


def literal_parts(text: str, expanded: frozenset[int], start: int, end: int) -> Iterator[syntax.Part]:
    """Text that this shell does not expand; what Kubernetes or an outer shell has expanded in it is not literal."""
    for offset in sorted(offset for offset in expanded if start <= offset < end):
        yield syntax.Literal(text[start:offset], Quote.SINGLE)
        variable = _VARIABLE.match(text, offset, end)
        if variable is None:
            yield syntax.Pattern(text[offset:end], Quote.SINGLE)
            return
        yield syntax.Variable(variable[1] or variable[2], Quote.SINGLE)
        start = variable.end()
    yield syntax.Literal(text[start:end], Quote.SINGLE)


def adjoining(nodes: Iterable[Node]) -> Iterator[list[Node]]:
    """Nodes, those together between which there is no blank."""
    found: list[Node] = []
    for node in nodes:
        if found and found[-1].end_byte != node.start_byte:
            yield found
            found = []
        found.append(node)
    if found:
        yield found


class WordReader(ABC):
    """Reads words; `origin` says where a character of the text stands in the one around it."""

    def __init__(self, text: str, expanded: frozenset[int], origin: Callable[[int], int] | None) -> None:
        self.text = text
        self.expanded = expanded
        self.origin = origin

    @abstractmethod
    def block(self, node: Node, children: list[Node] | None = None) -> Block:
        """The statements among a node's children."""

    def place(self, node: Node) -> tuple[int, int]:
        """Where a node begins and ends in the outermost text."""
        if self.origin is None:
            return node.start_byte, node.end_byte
        return self.origin(node.start_byte), self.origin(node.end_byte)

    def read(self, node: Node) -> str:
        """A node's own text."""
        return self.text[node.start_byte : node.end_byte]

    def leaf(self, node: Node) -> Word:
        """A node of which only the text is known."""
        return Word(*self.place(node), (syntax.Pattern(self.read(node)),))

    def word(self, node: Node) -> Word:
        """A word with its parts."""
        return Word(*self.place(node), tuple(self.parts(node, Quote.NONE)))

    def joint(self, nodes: Sequence[Node]) -> Word:
        """One word of nodes without a blank between them: the parser may end it where a backquote begins."""
        if len(nodes) == 1:
            return self.word(nodes[0])
        if any(self.text[one.start_byte] != "`" for one in nodes[1:]):
            raise UnknownSyntax("words without a blank between them")
        parts = (part for one in nodes for part in self.parts(one, Quote.NONE))
        return Word(self.place(nodes[0])[0], self.place(nodes[-1])[1], tuple(parts))

    def parts(self, node: Node, quote: Quote) -> Iterator[syntax.Part]:
        """What a word is made of, concatenations and quotes taken apart."""
        if not node.is_named or node.type == "test_operator":
            yield syntax.Literal(self.read(node), quote)
            return
        match node.type:
            case "concatenation" if quote is Quote.NONE and _BRACES.search(self.read(node)):
                yield syntax.Pattern(self.read(node))
            case "command_name" | "concatenation":
                for child in node.children:
                    yield from self.parts(child, quote)
            case "word" | "number" | "regex" | "extglob_pattern" | "special_variable_name" | "variable_name":
                yield from self.plain(node, quote)
            case "raw_string":
                yield from literal_parts(self.text, self.expanded, node.start_byte + 1, node.end_byte - 1)
            case "string" | "heredoc_body" | "translated_string":
                yield from self.quoted(node)
            case "simple_expansion" | "expansion":
                yield self.variable(node, quote)
            case "command_substitution":
                yield syntax.Substitution(self.block(node), quote)
            case _:
                yield syntax.Pattern(self.read(node), quote)

    def plain(self, node: Node, quote: Quote) -> Iterator[syntax.Part]:
        """Unquoted text: escapes are taken off, and what is expanded without a `$` is a pattern."""
        text = self.read(node)
        bare = re.sub(r"\\.", "", text, flags=re.DOTALL)
        if quote is Quote.NONE and (_EXPANDED.search(bare) or text.startswith("~")) and text not in ("[", "?"):
            yield syntax.Pattern(text, quote)
        else:
            yield syntax.Literal(re.sub(r"\\(\n|.)", lambda one: one[1].strip("\n"), text), quote)
        for child in node.named_children:
            raise UnknownSyntax(child.type)

    def quoted(self, node: Node) -> Iterator[syntax.Part]:
        """Text between expansions; a here-document whose delimiter is quoted has none."""
        delimiter = '"' if node.type != "heredoc_body" else ""
        if not delimiter and _UNSEEN.search(self.read(node)) and not self.is_raw(node):
            yield syntax.Pattern(self.read(node), Quote.DOUBLE)
            return
        end = node.start_byte + len(delimiter) + (node.type == "translated_string")
        for child in node.named_children:
            if child.type in ("string_content", "heredoc_content"):
                continue
            yield from self.between(end, child.start_byte)
            yield from self.parts(child, Quote.DOUBLE)
            end = child.end_byte
        yield from self.between(end, node.end_byte - len(delimiter))

    def is_raw(self, document: Node) -> bool:
        """Whether the delimiter of a here-document is quoted."""
        starts = (
            [child for child in document.parent.children if child.type == "heredoc_start"] if document.parent else []
        )
        return any(_QUOTED.search(self.read(one)) for one in starts)

    def between(self, start: int, end: int) -> Iterator[syntax.Part]:
        """Text in double quotes, between two expansions."""
        text = self.text[start:end]
        if text:
            yield syntax.Literal(re.sub(r'\\([$`"\\\n])', lambda one: one[1].strip("\n"), text), Quote.DOUBLE)

    def variable(self, node: Node, quote: Quote) -> syntax.Part:
        """`$x`, `${x}` and `${x:-y}`; `${#x}`, `${!x}` and arrays are only patterns."""
        names = [child for child in node.named_children if child.type in ("variable_name", "special_variable_name")]
        text = self.read(node)
        if not names or re.match(r"\$\{[#!]", text) or not text.endswith(("}", self.read(names[0]))):
            return syntax.Pattern(text, quote)
        braced = text.startswith("${")
        operation = text[len("${") + len(self.read(names[0])) : -1] if braced else ""
        return syntax.Variable(self.read(names[0]), quote, operation)
