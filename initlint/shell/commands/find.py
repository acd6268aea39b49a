"""What `find` does: where it looks, and what it does to what it finds there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from initlint.shell.commands.meaning import Action, Effect, Meaning, Rerun
from initlint.shell.language.values import Argument, Value, resolve, whole

_BEFORE = ("-H", "-L", "-P")
_RUNNING = ("-exec", "-execdir", "-ok", "-okdir")
_PRINTING = ("-fprint", "-fprint0", "-fprintf", "-fls")

Understand = Callable[[Sequence[Argument]], Meaning]


def find(program: Argument, words: Sequence[Argument], cwd: Value, understand: Understand) -> Meaning:
    """The meaning of a `find`; what it runs, it runs on everything below the directories that it is given."""
    words = [word for word in words if word.text not in _BEFORE]
    start = next((index for index, word in enumerate(words) if _is_expression(word)), len(words))
    roots = words[:start] or [program._replace(value=whole("."))]
    looks = [Effect(Action.LOOK, root.start, root.end, resolve(root.value, cwd), None, (), True) for root in roots]
    runs = list(_runs(words[start:], roots, understand))
    effects = [*looks, *_own(words[start:], roots, cwd), *(one for run in runs for one in run.effects)]
    return Meaning(
        effects=tuple(effects),
        is_known=True,
        is_complete=all(run.is_complete for run in runs),
        is_significant=any(run.is_significant for run in runs) or len(effects) > len(looks),
        needs_root=any(run.needs_root for run in runs),
        needs_host=any(run.needs_host for run in runs),
        owner=next((run.owner for run in runs if run.owner), None),
        rerun=Rerun.SAFE,
    )


def _is_expression(word: Argument) -> bool:
    return word.value.known.startswith(("-", "(", "!", "\\("))


def _own(words: Sequence[Argument], roots: Sequence[Argument], cwd: Value) -> Iterator[Effect]:
    """What it removes, and files that it writes its findings to."""
    for index, word in enumerate(words):
        if word.text == "-delete":
            for root in roots:
                yield Effect(Action.REMOVE, root.start, root.end, _below(resolve(root.value, cwd)), None, (), True)
        elif word.text in _PRINTING and index + 1 < len(words):
            file = words[index + 1]
            yield Effect(Action.WRITE, file.start, file.end, resolve(file.value, cwd), False)


def _below(path: Value) -> Value:
    """Something that lies in a directory."""
    return Value(path.known.rstrip("/") + "/") if path.is_whole else path


def _runs(words: Sequence[Argument], roots: Sequence[Argument], understand: Understand) -> Iterator[Meaning]:
    """The commands behind `-exec`, each with every root for `{}`; what they touch lies there or below."""
    for index, word in enumerate(words):
        if word.text in _RUNNING:
            command = _command(words[index + 1 :])
            for root in roots if any(one.text == "{}" for one in command) else roots[:1]:
                found = understand([_filled(one, root) for one in command])
                yield found._replace(effects=tuple(_widened(one, root) for one in found.effects))


def _command(words: Sequence[Argument]) -> Sequence[Argument]:
    end = next((index for index, word in enumerate(words) if word.text in (";", "+")), len(words))
    return words[:end]


def _filled(word: Argument, root: Argument) -> Argument:
    """The word with what is found for `{}`; it is placed where the script says the directory."""
    return root._replace(word=word.word) if word.text == "{}" else word


def _widened(effect: Effect, root: Argument) -> Effect:
    if (effect.start, effect.end) != (root.start, root.end):
        return effect
    return effect._replace(is_recursive=True, is_directory=None)
