"""From the text of a script to its syntax, by tree-sitter-bash; what it does not understand is said, not guessed.

Its nodes do not pickle: here they become our own types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from initlint.regex import regex
from initlint.shell.language import syntax
from initlint.shell.language.binding import Trailing, as_test, as_until, joined, piped, with_redirects
from initlint.shell.language.syntax import Block, Item, Redirect, Script, Statement, Word
from initlint.shell.language.tree import NEGATION, tree
from initlint.shell.language.words import UnknownSyntax, WordReader, adjoining

if TYPE_CHECKING:
    from tree_sitter import Node

_COMPOUND = (
    "compound_statement", "if_statement", "while_statement", "for_statement", "c_style_for_statement", "case_statement",
)  # fmt: skip
# In a subscript: what counts, and what runs a command.
_BUSY = regex(r"\+\+|--|=|\$\((?!\()|`")
_HERESTRING = "herestring_redirect"
_REDIRECTS = ("file_redirect", _HERESTRING)
_DESCRIPTORS = ("file_descriptor",)
_MAX_SPLICED = 1_000
"""A budget: each use of an array gets words of its own."""
_ITEMS = regex(r"\$\{(\w+)\[@\]\}")
_RESERVED = ("{", "}", "do", "done", "elif", "else", "esac", "fi", "then")
_DECLARING = ("declaration_command", "unset_command")


def parse(text: str, expanded: frozenset[int] = frozenset(), origin: Callable[[int], int] | None = None) -> Script:
    """Read a script. One that is too long, or that the parser stumbles over, has errors and an empty body.

    `expanded` is where variables begin that are no longer there when the shell reads the text: quotes do not matter.
    `origin` says where a character of the text stands in the one around it: there all syntax is placed.
    """
    return _parsed(text, expanded, None) if origin is None else _read(text, expanded, origin)


def _read(text: str, expanded: frozenset[int], origin: Callable[[int], int] | None) -> Script:
    empty = Script(text, Block(0, len(text)), has_errors=True)
    root = tree(text)
    if root is None:
        return empty
    try:
        return Script(text, _Converter(text, expanded, origin).block(root))
    except (UnknownSyntax, RecursionError):
        return empty


_parsed = lru_cache(maxsize=256)(_read)  # copies of one manifest run the same scripts


class _Converter(WordReader):
    """Turns nodes into syntax."""

    def __init__(self, text: str, expanded: frozenset[int], origin: Callable[[int], int] | None) -> None:
        super().__init__(text, expanded, origin)
        self.arrays: dict[str, tuple[Word, ...] | None] = {}
        self.spliced = 0
        self.negations = dict(self.negated_compounds()) if "!" in text else {}
        self.statements: dict[str, Callable[[Node], Statement]] = {
            "command": self.command,
            "variable_assignment": self.assigning,
            "variable_assignments": self.assigning,
            "declaration_command": self.command,
            "unset_command": self.command,
            "redirected_statement": self.redirected,
            "pipeline": self.pipeline,
            "negated_command": self.negated,
            "list": self.and_or,
            "if_statement": self.branching,
            "while_statement": self.looping,
            "for_statement": self.counting,
            "c_style_for_statement": self.counting,
            "case_statement": self.choosing,
            "subshell": self.subshell,
            "compound_statement": self.group,
            "function_definition": self.function,
            "test_command": self.test,
        }

    def block(self, node: Node, children: list[Node] | None = None) -> Block:
        """The statements among a node's children; `&` behind one puts it into the background."""
        items: list[Item] = []
        parts = node.children if children is None else children
        for child in parts:
            if child.type == "&" and items:
                items[-1] = Item(items[-1].statement, in_background=True)
            elif child.type in self.statements:
                items.append(Item(self.statement(child)))
            elif child.type.endswith("_redirect"):  # `$(< file)`
                items.append(Item(syntax.Simple(*self.place(child), redirects=tuple(self.redirect(child)))))
            elif child.is_named and child.type not in ("comment", "heredoc_body"):
                raise UnknownSyntax(child.type)
        if not parts:
            return Block(*self.place(node))
        return Block(self.place(parts[0])[0], self.place(parts[-1])[1], tuple(items))

    def negated_compounds(self) -> Iterator[tuple[int, int]]:
        """Where what is behind a `!` that the parser was not shown may begin, and where the `!` stands."""
        for match in NEGATION.finditer(self.text):
            start = match.end()
            while self.text[start].isspace():
                start += 1
            yield start, self.origin(match.start()) if self.origin else match.start()

    def place(self, node: Node) -> tuple[int, int]:
        """What holds more than such a compound begins with its `!`."""
        start, end = super().place(node)
        is_more = bool(self.negations) and node.type in ("list", "pipeline", "redirected_statement")
        return (self.negations.get(node.start_byte, start) if is_more else start), end

    def statement(self, node: Node) -> Statement:
        if node.type not in self.statements:
            raise UnknownSyntax(node.type)
        statement = self.statements[node.type](node)
        negation = self.negations.get(node.start_byte) if node.type in _COMPOUND else None
        return statement if negation is None else syntax.Not(negation, statement.end, statement)

    def command(self, node: Node) -> Statement:
        """A simple command; `export` and its like assign by their arguments."""
        words: list[Word] = []
        assignments: list[syntax.Assignment] = []
        children = [child for child in node.children if child.type != "comment"]
        given = [child for child in children if child.type.endswith("_redirect")]
        if any(one.type == _HERESTRING and one.end_byte == child.start_byte for one in given for child in children):
            raise UnknownSyntax("a text behind `<<<` that the parser splits")
        redirects = tuple(one for child in given for one in self.redirect(child))
        for first, *more in adjoining(child for child in children if not child.type.endswith("_redirect")):
            if first.type == "variable_assignment":
                assignments.append(self.assignment(first, more))
            else:
                words += self.items(self.joint([first, *more]))
        if words and words[0].text in _RESERVED and words[0].end - words[0].start == len(words[0].text):
            raise UnknownSyntax("a reserved word that the parser takes for a command: `! { …; }`, `f; done`")
        declares = node.type in _DECLARING
        return as_test(syntax.Simple(*self.place(node), tuple(words), tuple(assignments), redirects, declares))

    def assigning(self, node: Node) -> Statement:
        parts = [node] if node.type == "variable_assignment" else node.named_children
        return syntax.Simple(*self.place(node), assignments=tuple(map(self.assignment, parts)))

    def assignment(self, node: Node, more: Sequence[Node] = ()) -> syntax.Assignment:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        is_item = name is not None and name.type == "subscript"
        array = name.child_by_field_name("name") if name and is_item else name
        if name is None or array is None or (is_item and _BUSY.search(self.read(name))):
            raise UnknownSyntax("a subscript that does something")
        appends = any(child.type == "+=" for child in node.children)
        if value is not None and value.type == "array":
            self.fill(self.read(name), value, appends=appends)
        word = self.joint([value, *more]) if value else None
        return syntax.Assignment(*self.place(node), self.read(array), word, appends, is_item)

    def fill(self, name: str, array: Node, *, appends: bool) -> None:
        """Remember what is in an array; what is added may not be, and of two lists it is not known which it is."""
        if appends:
            kept = self.arrays.get(name)
            self.arrays[name] = (*kept, self.leaf(array)) if kept else None
        else:
            words = tuple(map(self.joint, adjoining(array.named_children)))
            self.arrays[name] = None if name in self.arrays else words

    def items(self, word: Word) -> Sequence[Word]:
        """The words that `"${cmd[@]}"` stands for, where it stands."""
        part = word.parts[0] if len(word.parts) == 1 else None
        match = _ITEMS.fullmatch(part.text) if isinstance(part, syntax.Pattern) else None
        found = (match and self.arrays.get(match[1])) or ()
        self.spliced += len(found)
        if not found or self.spliced > _MAX_SPLICED:
            return [word]
        return [Word(word.start, word.end, one.parts) for one in found]

    def redirected(self, node: Node) -> Statement:
        body = node.child_by_field_name("body")
        given = [child for child in node.children if child.type.endswith("_redirect")]
        redirects = tuple(one for child in given for one in self.redirect(child))
        if body is None:
            return syntax.Simple(*self.place(node), redirects=redirects)
        more = Trailing(redirects, tuple(word for child in given for word in self.words_behind(child)))
        document = next((child for child in node.children if child.type == "heredoc_redirect"), None)
        behind = self.behind(document) if document else None
        if document is None or behind is None:
            return with_redirects(self.statement(body), more, self.place(node))
        last = [child for child in document.children if child.type == "heredoc_start" or child.type in _REDIRECTS][-1]
        place = self.place(node)[0], self.place(last)[1]
        return joined(with_redirects(self.statement(body), more, place), *behind)

    def behind(self, document: Node) -> tuple[str, Statement] | None:
        """The operator and the command behind the delimiter of a here-document: `cat <<EOF | tee app.conf`."""
        others = [child for child in document.named_children if child.type in self.statements]
        if len(others) != 1:
            return None
        (other,) = others
        if other.type == "pipeline" and other.children[0].type in ("|", "|&"):
            stages = [self.statement(child) for child in other.named_children if child.type != "comment"]
            return "|", stages[0] if len(stages) == 1 else piped(stages, self.place(other.named_children[0])[0])
        return next(child.type for child in document.children if child.type in ("&&", "||")), self.statement(other)

    def redirect(self, node: Node) -> Iterator[Redirect]:
        """A redirection; a here-document may carry others behind its delimiter."""
        inner = [child for child in node.children if child.type.endswith("_redirect")]
        if node.type == "heredoc_redirect":
            others = [child for child in node.named_children if child.type in self.statements]
            if len(others) > 1:
                raise UnknownSyntax("several commands behind a here-document")
            body = next((child for child in node.children if child.type == "heredoc_body"), None)
            yield Redirect(*self.place(node), "<<", self.word(body) if body else Word(*self.place(node)))
        else:
            given = node.children_by_field_name("destination") or node.named_children[-1:]
            target = next(adjoining(given), None)
            number = next((self.read(child) for child in node.children if child.type in _DESCRIPTORS), "")
            operator = next(self.read(child) for child in node.children if not child.is_named)
            is_target = target is not None and target[0].type not in _DESCRIPTORS
            yield Redirect(*self.place(node), operator, self.joint(target) if target and is_target else None, number)
        for child in inner:
            yield from self.redirect(child)

    def words_behind(self, node: Node) -> Iterator[Word]:
        """The words behind a redirection, which the parser takes for a part of it: `curl 2> log https://…`."""
        yield from map(self.joint, adjoining(node.children_by_field_name("argument")))
        for one in (node, *node.children) if node.type in ("file_redirect", "heredoc_redirect") else ():
            if one.type == "file_redirect":
                yield from map(self.joint, islice(adjoining(one.children_by_field_name("destination")), 1, None))

    def pipeline(self, node: Node) -> Statement:
        stages = [self.statement(child) for child in node.named_children if child.type != "comment"]
        return piped(stages, self.place(node)[0])

    def negated(self, node: Node) -> Statement:
        return syntax.Not(*self.place(node), self.statement(node.named_children[-1]))

    def and_or(self, node: Node) -> Statement:
        left, right = (child for child in node.named_children if child.type != "comment")
        operator = next(child.type for child in node.children if child.type in ("&&", "||"))
        return syntax.AndOr(*self.place(node), self.statement(left), operator, self.statement(right))

    def branching(self, node: Node) -> Statement:
        """`elif` and `else` are children that hold their own parts."""
        branches, otherwise = [self.branch(node)], None
        for child in node.named_children:
            if child.type == "elif_clause":
                branches.append(self.branch(child))
            elif child.type == "else_clause":
                otherwise = self.block(child)
        return syntax.If(*self.place(node), tuple(branches), otherwise)

    def branch(self, node: Node) -> syntax.Branch:
        then = next(index for index, child in enumerate(node.children) if child.type == "then")
        body = [child for child in node.children[then + 1 :] if child.type not in ("elif_clause", "else_clause", "fi")]
        return syntax.Branch(self.block(node, node.children[1:then]), self.block(node, body))

    def looping(self, node: Node) -> Statement:
        body = node.child_by_field_name("body")
        assert body is not None
        until = node.children[0].type == "until"
        condition = [child for child in node.children[1:] if child.type != "do_group"]
        return as_until(syntax.While(*self.place(node), self.block(node, condition), self.block(body), until))

    def counting(self, node: Node) -> Statement:
        body = node.child_by_field_name("body")
        assert body is not None
        if node.type == "c_style_for_statement":
            header = self.text[node.start_byte : body.start_byte]
            return syntax.For(*self.place(node), "", None, self.block(body), header)
        name = node.child_by_field_name("variable")
        assert name is not None
        given = any(child.type == "in" for child in node.children)
        words = tuple(map(self.joint, adjoining(node.children_by_field_name("value"))))
        return syntax.For(*self.place(node), self.read(name), words if given else None, self.block(body))

    def choosing(self, node: Node) -> Statement:
        subject = node.child_by_field_name("value")
        assert subject is not None
        arms = tuple(self.arm(child) for child in node.named_children if child.type == "case_item")
        return syntax.Case(*self.place(node), self.word(subject), arms)

    def arm(self, node: Node) -> syntax.Arm:
        close = next(index for index, child in enumerate(node.children) if child.type == ")")
        patterns = tuple(map(self.word, node.children_by_field_name("value")))
        falls = any(child.type in (";&", ";;&") for child in node.children)
        body = [child for child in node.children[close + 1 :] if child.type not in (";;", ";&", ";;&")]
        return syntax.Arm(patterns, self.block(node, body), falls)

    def subshell(self, node: Node) -> Statement:
        return syntax.Subshell(*self.place(node), self.block(node))

    def group(self, node: Node) -> Statement:
        if node.children[0].type == "((":
            return syntax.Test(*self.place(node), "((", (self.leaf(node),))
        return syntax.Group(*self.place(node), self.block(node))

    def function(self, node: Node) -> Statement:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        assert name is not None
        assert body is not None
        text = self.read(body)
        hands_on = any(sign in text for sign in ("$@", "${@", "$*", "$1", "${1"))
        return syntax.Function(*self.place(node), self.read(name), self.statement(body), hands_on)

    def test(self, node: Node) -> Statement:
        bracket = node.children[0].type
        if bracket == "((":
            return syntax.Test(*self.place(node), bracket, (self.leaf(node),))
        return syntax.Test(*self.place(node), bracket, tuple(self.operands(node.children[1:-1])))

    def operands(self, nodes: list[Node]) -> Iterator[Word]:
        for node in nodes:
            if node.type.endswith("_expression") and node.type != "brace_expression":
                yield from self.operands(node.children)
            else:
                yield self.word(node)
