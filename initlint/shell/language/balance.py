"""What begins in a script and never ends, or ends without a beginning: any shell stops there with a syntax error.

Only what is sure: of what is not understood here nothing is said.
"""

from __future__ import annotations

from typing import NamedTuple

from initlint.shell.language.tokens import Kind, Obscure, Token, Unclosed, tokens

# What may stand before each word that goes on or ends a compound, and what it leaves open.
_GOES_ON = {
    "then": (("if", "elif"), "then"),
    "elif": (("then",), "elif"),
    "else": (("then",), "else"),
    "do": (("while", "until", "for"), "do"),
}
_ENDS = {"fi": ("then", "else"), "done": ("do",), "esac": ("case",), "}": ("{",)}
_OPENS = ("if", "while", "until", "case", "{")
_LACKS = {"if": "then", "elif": "then", "then": "fi", "else": "fi", "while": "do", "until": "do", "for": "do",
          "do": "done", "case": "esac", "{": "}", "(": ")"}  # fmt: skip
_BEGINS_A_COMMAND = frozenset({"if", "elif", "then", "else", "while", "until", "do", "{", "!", "time"})
_MOST_NESTED = 100  # a budget: how deep quotes and substitutions may lie in one another
_JOINING = frozenset({"&&", "||", "|", "|&", ";", "&"})


class Imbalance(NamedTuple):
    """A word or mark of a script: `lacks` is what it needs and nothing gives; empty if it is itself not expected."""

    start: int
    end: int
    text: str
    lacks: str = ""


class _Begun(NamedTuple):
    token: Token
    word: str


def imbalance(text: str) -> Imbalance | None:
    """The first of them in a script; None if there is none, or if that is not sure."""
    if sum(text.count(one) for one in ("$(", "${", "`", "<(", ">(")) > _MOST_NESTED:
        return None
    try:
        return _Balance(text).read()
    except Unclosed as error:
        return Imbalance(error.start, error.start + len(error.mark), error.mark, error.lacks)
    except Obscure:
        return None


class _Balance:
    def __init__(self, text: str) -> None:
        self.rest = tokens(text)
        self.open: list[_Begun] = []
        self.is_first = True  # whether a command begins here
        self.before = ""

    def read(self) -> Imbalance | None:
        endless = None
        for token in self.rest:
            if token.kind is Kind.ENDLESS:
                endless = token
                continue
            found = self._operator(token) if token.kind is Kind.OPERATOR else self._word(token)
            if found:
                return found
            self.before = token.text
        last = self.open[-1] if self.open else None
        if last and endless:
            return Imbalance(endless.start, endless.end, f"<<{endless.text}", endless.text)
        return _of(last.token, _LACKS[last.word]) if last else None

    def _word(self, token: Token) -> Imbalance | None:
        word = token.text if self.is_first and token.is_plain else ""
        self.is_first = word in _BEGINS_A_COMMAND
        if word in _GOES_ON or word in _ENDS:
            return self._goes_on(token)
        if word in _OPENS:
            self.open.append(_Begun(token, word))
            if word == "case":
                self._skip("in")
                self._pattern()
        elif word in ("for", "select"):
            self.open.append(_Begun(token, "for"))
            self._head()
        elif word == "[[":
            self._skip("]]")
        elif word in ("function", "coproc"):
            raise Obscure
        return None

    def _goes_on(self, token: Token) -> Imbalance | None:
        word, top = token.text, self.open[-1] if self.open else None
        before, after = _GOES_ON.get(word) or (_ENDS[word], "")
        if top is None or top.word not in before:
            is_head = top is not None and top.word in ("for", "while", "until", "if", "elif")
            return _of(top.token, _LACKS[top.word]) if top and is_head else _of(token)
        self.open.pop()
        if after:
            self.open.append(_Begun(top.token, after))
        return None

    def _operator(self, token: Token) -> Imbalance | None:
        mark, top = token.text, self.open[-1] if self.open else None
        if mark == "(":
            return self._parenthesis(token)
        if mark == ")":
            if top is None or top.word != "(":
                return _of(token) if top is None else _of(top.token, _LACKS[top.word])
            self.open.pop()
            self.is_first = False
            return None
        if mark in (";;", ";&", ";;&"):
            return self._next_pattern(token, top)
        if mark in _JOINING and self.is_first and (self.before in _JOINING or self.before in _BEGINS_A_COMMAND):
            return _of(token)
        self.is_first = True
        return None

    def _parenthesis(self, token: Token) -> Imbalance | None:
        if self.is_first and self.before == "(" and self.open and self.open[-1].token.end == token.start:
            self.open.pop()
            self._arithmetic()
            self.is_first = False
        elif self.is_first:
            self.open.append(_Begun(token, "("))
        elif next(self.rest, token).text == ")":
            self.is_first = True  # a function
        else:
            raise Obscure  # a pattern of bash
        return None

    def _next_pattern(self, token: Token, top: _Begun | None) -> Imbalance | None:
        if top is None or top.word != "case":
            return _of(token) if top is None else _of(top.token, _LACKS[top.word])
        self._pattern()
        return None

    def _skip(self, word: str) -> None:
        """Everything up to a word."""
        if not any(token.kind is Kind.WORD and token.text == word for token in self.rest):
            raise Obscure

    def _pattern(self) -> None:
        """What stands before the commands of one case, or the end of all."""
        found = next((one for one in self.rest if one.text not in ("\n", "(")), None)
        if found and found.text == "esac":
            self.open.pop()
            self.is_first = False
        elif found is None or not any(one.text == ")" for one in self.rest):
            raise Obscure
        else:
            self.is_first = True

    def _head(self) -> None:
        """The words of a loop, up to what ends them; `for x do` has none."""
        self.is_first = True
        first, second = next(self.rest, None), next(self.rest, None)
        if first is None or second is None or first.kind is Kind.OPERATOR:
            return self._arithmetic() if first and second and first.text == second.text == "(" else None
        if second.text == "do":
            self.open[-1] = self.open[-1]._replace(word="do")
        for token in self.rest if second.text == "in" else ():
            if token.kind is Kind.OPERATOR:
                if token.text not in (";", "\n"):
                    raise Obscure
                break
        return None

    def _arithmetic(self) -> None:
        """The rest of `((…))`."""
        depth = 2
        for token in self.rest:
            depth += {"(": 1, ")": -1}.get(token.text, 0)
            if not depth:
                return
        raise Obscure


def _of(token: Token, lacks: str = "") -> Imbalance:
    return Imbalance(token.start, token.end, token.text, lacks)
