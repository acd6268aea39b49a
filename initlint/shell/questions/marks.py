"""Marks what only some shells have in the nodes of the parser, by the names of `bashisms.py`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from initlint.regex import regex
from initlint.shell.questions.bashisms import COMMANDS, VARIABLES

if TYPE_CHECKING:
    from tree_sitter import Node

Mark = tuple[str, "Node"]
Finder = Callable[["Node", str], Iterator[Mark]]

_BRACES = regex(r"(?<![$\\])\{(?!\d*,\d*\})[^{}\s'\"$`:,]*,[^{}\s'\"`:]*\}")
_NAME = regex(r"[A-Za-z_]\w*")
_SIGNAL = regex(r"SIG[A-Z]+\d*")
_SOCKET = regex(r"""["']?/dev/(?:tcp|udp)/""")
_OPERATIONS = {"/": "replacement", "//": "replacement", "/#": "replacement", "/%": "replacement", ":": "substring",
               "^": "case-change", "^^": "case-change", ",": "case-change", ",,": "case-change",
               "!": "indirection", "@": "transformation"}  # fmt: skip
# Where braces can only be meant to be expanded; `helm --set hosts={a,b}` wants them as they are.
_OF_FILES = frozenset({
    "cat", "chgrp", "chmod", "chown", "cp", "du", "find", "gzip", "head", "install", "ln", "ls", "mkdir", "mv", "rm",
    "rmdir", "rsync", "stat", "tail", "tar", "tee", "touch", "wc", "zip",
})  # fmt: skip
_REDIRECTIONS = {"&>": "both", "&>>": "append-both"}
_SYNTAX = {"array": "array", "ansi_c_string": "escapes", "herestring_redirect": "here-string",
           "process_substitution": "process", "subscript": "subscript", "c_style_for_statement": "arithmetic-for",
           "brace_expression": "brace-range"}  # fmt: skip
_TOKENS = {"|&": "pipe-both", ";&": "fall-through", ";;&": "fall-through", "+=": "append", "select": "select"}


def marks(root: Node, text: str) -> Iterator[Mark]:
    """Every use, in the order of the text; of a command that is a function of the script none."""
    nodes = list(_every(root))
    own = {_text(node.child_by_field_name("name"), text) for node in nodes if node.type == "function_definition"}
    counted = {_text(node.child_by_field_name("name"), text) for node in nodes if _sets_anew(node, text)}
    for node in nodes:
        if node.type == "variable_name" and _text(node, text) in counted:
            continue
        if _text(node.child_by_field_name("name"), text) not in own or node.type != "command":
            yield from _of_node(node, text)


def _every(root: Node) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack += reversed(node.children)


def _text(node: Node | None, text: str) -> str:
    return text[node.start_byte : node.end_byte] if node else ""


def _sets_anew(node: Node, text: str) -> bool:
    """Whether a variable is given a value of the script's own; `SECONDS=0` only starts the count."""
    return node.type == "variable_assignment" and _text(node.child_by_field_name("value"), text) != "0"


def _of_node(node: Node, text: str) -> Iterator[Mark]:
    if node.type in _SYNTAX:
        kind, is_assigned = _SYNTAX[node.type], _is_assigned(node)
        if not (is_assigned and kind == "brace-range"):
            yield "item" if is_assigned and kind == "subscript" else kind, node
    elif node.type in _TOKENS and not node.is_named:
        if node.type != "+=" or _appends_text(node):
            yield _TOKENS[node.type], node
    elif node.type in _FINDERS:
        yield from _FINDERS[node.type](node, text)


def _is_assigned(node: Node) -> bool:
    """Whether a node is a part of an assignment, in which braces are not expanded."""
    parent = node.parent if node.parent is None or node.parent.type != "concatenation" else node.parent.parent
    return parent is not None and parent.type == "variable_assignment"


def _appends_text(node: Node) -> bool:
    """Whether `+=` stands in an assignment of its own, and not of an array."""
    parent = node.parent
    if parent is None or parent.type != "variable_assignment" or parent.children[-1].type == "array":
        return False
    return parent.parent is None or parent.parent.type != "c_style_for_statement"


def _test(node: Node, text: str) -> Iterator[Mark]:
    if node.children[0].type == "[[":
        yield "double-bracket", node.children[0]
        return
    for inner in _every(node):
        if inner.type == "==" and not inner.is_named:
            yield "equals", inner
        elif inner.type == "test_operator" and _text(inner, text) == "-v":
            yield "is-set", inner


def _compound(node: Node, _: str) -> Iterator[Mark]:
    if node.children[0].type == "((":
        yield "arithmetic", node


def _arithmetic(node: Node, _: str) -> Iterator[Mark]:
    inner = [one for one in _every(node) if one.type == "postfix_expression" or (one.type == "**" and not one.is_named)]
    if inner:
        yield "increment", node


def _expansion(node: Node, _: str) -> Iterator[Mark]:
    operators = [one.type for one in node.children[1:-1] if not one.is_named]
    if operators and operators[0] in _OPERATIONS and len(node.named_children) > 0:
        yield _OPERATIONS[operators[0]], node


def _variable(node: Node, text: str) -> Iterator[Mark]:
    name, parent = _text(node, text), node.parent
    is_read = parent is not None and (
        parent.type in ("simple_expansion", "expansion") or parent.type.endswith("_expression")
    )
    kind = {"RANDOM": "random", "SECONDS": "seconds"}.get(name, "variable" if name in VARIABLES else "")
    if kind and is_read and parent is not None:
        yield kind, parent if parent.type.endswith("expansion") else node


def _function(node: Node, text: str) -> Iterator[Mark]:
    name = node.child_by_field_name("name")
    if node.children[0].type == "function":
        yield "function", node.children[0]
    elif name is not None and not _NAME.fullmatch(_text(name, text)):
        yield "function-name", name


def _redirect(node: Node, text: str) -> Iterator[Mark]:
    for child in node.children:
        if child.type in _REDIRECTIONS and not child.is_named:
            yield _REDIRECTIONS[child.type], child
    target = node.child_by_field_name("destination")
    if target is not None and _SOCKET.match(_text(target, text)):
        yield "socket", target


def _declaration(node: Node, text: str) -> Iterator[Mark]:
    name = node.children[0]
    option = next((one for one in node.children[1:] if _text(one, text).startswith("-")), None)
    if name.type in COMMANDS:
        yield "command", name
    elif option is not None and name.type == "local":
        yield "local-option", option
    elif option is not None and name.type == "export" and _text(option, text) == "-f":
        yield "export-option", option


def _substitution(node: Node, _: str) -> Iterator[Mark]:
    """`$(< file)`, which has no command."""
    inner = node.named_children
    while len(inner) == 1 and inner[0].type == "redirected_statement":
        inner = inner[0].named_children
    if len(inner) == 1 and inner[0].type == "file_redirect" and inner[0].children[0].type == "<":
        yield "file", node


def _for(node: Node, text: str) -> Iterator[Mark]:
    yield from _braces(node.children_by_field_name("value"), text)


def _command(node: Node, text: str) -> Iterator[Mark]:
    name = node.child_by_field_name("name")
    arguments = node.children_by_field_name("argument")
    words = [_text(one, text) for one in arguments]
    if name is None:
        return
    program = _text(name, text)
    if program in ("source", "let"):
        yield program, name
    elif program in COMMANDS:
        yield "command", name
    for kind, index in _OPTIONS.get(program, _no_option)(words):
        yield kind, arguments[index] if index >= 0 else name
    if program == "echo" and words[:1] and re.fullmatch("-[neE]*e[neE]*", words[0]) and _is_kept(node, text):
        yield "echo-option", arguments[0]
    yield from _braces(arguments, text) if program in _OF_FILES else ()


def _braces(nodes: list[Node], text: str) -> Iterator[Mark]:
    for node in nodes:
        if node.type in ("word", "concatenation") and _BRACES.search(_text(node, text)):
            yield "brace-list", node


def _is_kept(node: Node, text: str) -> bool:
    """Whether the output goes to a file or another command, not just to the log."""
    child, parent = node, node.parent
    while parent is not None:
        if parent.type == "command_substitution" or (parent.type == "pipeline" and parent.children[-1] != child):
            return True
        if parent.type == "redirected_statement":
            return any(_is_file(one, text) for one in parent.children if one.type == "file_redirect")
        child, parent = parent, parent.parent
    return False


def _is_file(redirect: Node, text: str) -> bool:
    target = _text(redirect.child_by_field_name("destination"), text)
    return not target.startswith("/dev/") and not target.isdecimal() and _text(redirect, text)[:1] in ">&"


def _no_option(_: list[str]) -> Iterator[tuple[str, int]]:
    return iter(())


def _of_read(words: list[str]) -> Iterator[tuple[str, int]]:
    index = 0
    while index < len(words) and re.fullmatch("-[a-zN]+.*", words[index]):
        letters = words[index][1:]
        if "a" in letters:
            yield "read-array", index
        if set(letters[:1]) & set("tnsduNei") or (letters[:1] == "r" and set(letters) & set("tnsduN")):
            yield "read-option", index
        index += 2 if letters[-1] in "tndupNia" else 1
    if index >= len(words) and not re.search("-[a-z]*a", " ".join(words)):
        yield "read-nothing", -1


def _of_test(words: list[str]) -> Iterator[tuple[str, int]]:
    yield from (("equals", index) for index, word in enumerate(words) if word == "==")
    yield from [("is-set", 0)] if words[:1] == ["-v"] else ()


def _of_printf(words: list[str]) -> Iterator[tuple[str, int]]:
    if words[:1] == ["-v"]:
        yield "printf-variable", 0
    elif words and re.search(r"(?<!%)(?:%%)*%q", words[0]):
        yield "printf-quote", 0


def _of_trap(words: list[str]) -> Iterator[tuple[str, int]]:
    yield from (("trap-error", index) for index, word in enumerate(words) if index and word == "ERR")
    yield from (("signal", index) for index, word in enumerate(words) if index and _SIGNAL.fullmatch(word))


_OPTIONS: Mapping[str, Callable[[list[str]], Iterator[tuple[str, int]]]] = {
    "kill": lambda words: iter([("signal", 0)] if words and _SIGNAL.fullmatch(words[0][1:]) else []),
    "printf": _of_printf,
    "read": _of_read,
    "set": lambda words: (("pipefail", index) for index, word in enumerate(words) if word == "pipefail"),
    "test": _of_test,
    "trap": _of_trap,
    "wait": lambda words: iter([("wait-option", 0)] if words[:1] == ["-n"] else []),
}
_FINDERS: Mapping[str, Finder] = {
    "arithmetic_expansion": _arithmetic,
    "command": _command,
    "command_substitution": _substitution,
    "compound_statement": _compound,
    "declaration_command": _declaration,
    "expansion": _expansion,
    "file_redirect": _redirect,
    "for_statement": _for,
    "function_definition": _function,
    "test_command": _test,
    "variable_name": _variable,
}
