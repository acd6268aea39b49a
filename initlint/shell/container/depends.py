"""Which commands of a script fail if another one has failed, and which look whether it did: by paths and tools."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from initlint.regex import regex
from initlint.shell.commands.facts import Step
from initlint.shell.commands.meaning import Action, Effect
from initlint.shell.container.images import known_image
from initlint.shell.container.prerequisites import (
    finds_nothing,
    is_in_namespace,
    is_of_made,
    may_be_of_package,
    namespaces,
    removes_in_vain,
)
from initlint.shell.container.products import BUILDING_BY_NAME, Product, built, products, written
from initlint.shell.container.servers import asks_the_same, is_in_database
from initlint.shell.language import syntax
from initlint.shell.language.syntax import Variable, Word
from initlint.shell.language.values import resolve

_ANEW = (Action.WRITE, Action.APPEND, Action.MAKE_DIRECTORY, Action.REMOVE, Action.LINK)
_VERIFYING = frozenset({
    "b2sum", "cmp", "cosign", "gpg", "gpg2", "gpgv", "md5sum", "minisign", "sha1sum", "sha224sum", "sha256sum",
    "sha384sum", "sha512sum", "shasum", "slsa-verifier",
})  # fmt: skip
_OPENSSL_VERIFYING = {"cms", "dgst", "sha256", "smime", "verify"}
_FAMILIES = (BUILDING_BY_NAME | {"node"}, frozenset({"composer", "php"}))
# Where programs look for their settings and keys, in whatever home.
_LOGIN = regex(r"[\w/-]+/login")  # of `vault write auth/kubernetes/login`
_SIGNING_IN = (["login"], ["signin"], ["sign-in"], ["auth"])
_SETTING = (["config"], ["configure"])
# What makes the database that the same program then fills: `rake db:create`, `console doctrine:database:create`.
_CREATING = regex(r"(?:[\w:]+:)?(?:db|database):create")
_AT_HOME = {
    "/.aws/": ("aws",),
    "/.docker/": ("crane", "docker", "oras", "podman", "skopeo"),
    "/.gitconfig/": ("git",),
    "/.kube/": ("helm", "kubectl"),
    "/.my.cnf/": ("mariadb", "mariadb-dump", "mysql", "mysqldump"),
    "/.netrc/": ("curl", "git"),
    "/.npmrc/": ("npm", "npx", "pnpm", "yarn"),
    "/.pgpass/": ("pg_dump", "pg_restore", "psql"),
    "/.ssh/": ("git", "rsync", "scp", "sftp", "ssh"),
}
# They are content with a file that is empty.
_UNDEMANDING = frozenset({
    "awk", "base64", "cat", "chgrp", "chmod", "chown", "cp", "cut", "envsubst", "head", "install", "ln", "ls",
    "mariadb", "mv", "mysql", "psql", "redis-cli", "sed", "sort", "sqlite3", "tail", "tee", "touch", "tr", "wc",
})  # fmt: skip
ADDING_USERS = ("addgroup", "adduser", "groupadd", "useradd")
_AS_USERS = ("chgrp", "chown", "install", "runuser", "su", "usermod")
_REWRITING = ("awk", "sed")
_UPDATES = frozenset({"makecache", "refresh", "update"})
"""What brings the index up to date, without which the same program installs nothing."""

_BASE = "debian"
"""What this image has, nobody needs to install."""


class Relations(NamedTuple):
    """By the identity of their syntax: what fails with a command, and what looks whether it has failed."""

    dependents: frozenset[int]
    lookers: frozenset[int]


def relations(steps: Sequence[Step], text: str, start: int, there: AbstractSet[str]) -> Relations:
    """Of the step at this index; `there` are directories that are there in any case."""
    step = steps[start]
    own = list(products(step, text, there))
    failing, made, names = {start}, [*own, *built(step, there)], filled(step, steps)
    is_fed, spaces = False, namespaces(step, steps, text)
    for index in range(start + 1, len(steps)):
        # Also what reads it from a pipe: `echo $out | grep -q done`.
        is_fed = _is_fed(steps[index], names) or (is_fed and steps[index].command.context.stage[0] > 0)
        one = steps[index]
        is_without = is_in_namespace(one, spaces, text) or may_be_of_package(one, step, there)
        is_without |= (
            removes_in_vain(one, step) or is_of_made(one, step) or finds_nothing(one, step, steps, text, there)
        )
        if _depends(one, step, made, text) or is_without or (one.meaning.can_fail and is_fed):
            failing.add(index)
            made += [*products(steps[index], text, there), *built(steps[index], there)]
        else:
            made = [each._replace(is_poured=each.is_poured or _writes(one, each, text)) for each in made]
    others = [one for one in steps if one.command.statement is not step.command.statement and _is_behind(one, step)]
    sums = [one for one in others if verifies(one) and _is_of_product(one, step, own, text)]
    names = names.union(*(filled(one, steps) for one in sums))
    lookers = [
        one
        for one in others
        if _looks(one, step, own, steps, text)
        or (one.command.is_test and (uses(one, names) or any(_is_in(each, one) for each in sums)))
    ]
    return Relations(_ids(steps[index] for index in failing - {start}), _ids(lookers))


def _writes(step: Step, product: Product, text: str) -> bool:
    """Whether a command makes a file that is not there, with what is not all that was to be in it: `echo x >> file`."""
    written_to = (one for one in step.meaning.effects if one.action in (Action.WRITE, Action.APPEND))
    return any(written(one, text) == product.path for one in written_to)


def verifies(step: Step) -> bool:
    """Whether a command compares a file with what it should be: a checksum, a signature, another file."""
    name = step.command.name
    return name in _VERIFYING or (name == "openssl" and bool(_OPENSSL_VERIFYING & set(step.command.words)))


def _is_of_product(step: Step, on: Step, made: Sequence[Product], text: str) -> bool:
    """Whether a checksum is that of what a command downloads, or of what lies in what it makes."""
    paths = [written(effect, text) for effect in step.meaning.effects]
    return bool(on.meaning.downloads) or any(one.is_needed_by(path) for one in made for path in paths)


def _ids(steps: Iterable[Step]) -> frozenset[int]:
    return frozenset(id(step.command.statement) for step in steps)


def _depends(step: Step, on: Step, made: Sequence[Product], text: str) -> bool:
    if step.command.name in _UNDEMANDING:
        made = [one for one in made if not one.is_poured]
    if on.meaning.lasts == "image" and _is_of(step, on):
        return True
    if on.meaning.downloads and verifies(step):
        return True
    if _sets_up(on) and not _sets_up(step) and _is_same_program(step, on):
        return True
    if _finds_its_settings(step, made):
        return True
    if step.meaning.waits and step.command.name == on.command.name:
        return True  # `kubectl apply`, and `kubectl wait` for what it makes
    if _is_in_checkout(step, on, made) or _is_of_user(step, on) or asks_the_same(step, on, text):
        return True
    cwd = step.command.cwd
    is_there = cwd.known == on.command.cwd.known  # where it runs itself
    if cwd.is_whole and not is_there and any(one.is_needed_by(cwd.known) for one in made):
        return True
    if _changes_the_same(step, on) or _sets_the_same(step, on) or is_in_database(step, on):
        return True
    return any(_needs(effect, one, text) for effect in step.meaning.effects for one in made) or any(
        one.is_needed_by(path) for one in made for path in _called(step)
    )


def _is_of_user(step: Step, on: Step) -> bool:
    """Whether it is for a user, or a group, that another command adds: `useradd app`, `chown app:app /data`."""
    if on.command.name not in ADDING_USERS or step.command.name not in _AS_USERS:
        return False
    names = {name for word in step.command.words[1:] for name in (word or "").split(":")}
    return on.command.words[-1] in names


def _changes_the_same(step: Step, other: Step) -> bool:
    """Whether both change owner or mode of the same paths: who may not do the one may not do the other."""
    both = [[effect for effect in one.meaning.effects if effect.action is Action.CHANGE] for one in (step, other)]
    own, others = ({effect.path.text for effect in effects} for effects in both)
    return bool(others) and others <= own and None not in others


def _sets_the_same(step: Step, other: Step) -> bool:
    """Whether both write settings of a program: where the one cannot be written, neither can the other."""
    words, others = (one.command.words[1:2] for one in (step, other))
    return step.command.name == other.command.name and words == others and words in _SETTING


def _sets_up(step: Step) -> bool:
    """Whether other commands of the program fail without it, as its verb says where the program is not known."""
    words = [word for word in step.command.words[1:] if word and not word.startswith("-")]
    is_signing_in = (not step.meaning.is_known and words[:1] in _SIGNING_IN) or any(map(_LOGIN.fullmatch, words))
    return step.meaning.sets_up or is_signing_in or any(map(_CREATING.fullmatch, words))


def _is_same_program(step: Step, other: Step) -> bool:
    """Whether a command is of the program that another one sets up, or runs by means of it."""
    names = {step.command.name, other.command.name}
    is_related = any(names <= family for family in _FAMILIES)
    return len(names) == 1 or is_related or other.command.name in step.command.wrappers


def _finds_its_settings(step: Step, made: Sequence[Product]) -> bool:
    """Whether a program looks for a file at home that another command makes: `git` for the key of `ssh`."""
    places = [place for place, names in _AT_HOME.items() if step.command.name in names]
    return any(place in f"{one.path}/" for place in places for one in made)


def _is_in_checkout(step: Step, on: Step, made: Sequence[Product]) -> bool:
    """Whether `git` works in what `git clone` or `git init` makes, be it in a directory that is there in any case."""
    if not (step.command.name == on.command.name == "git" and {"clone", "init"} & set(on.command.words)):
        return False
    named = itertools.pairwise(step.command.arguments)
    places = [resolve(word.value, step.command.cwd) for option, word in named if option.text == "-C"]
    known = {place.known.rstrip("/") for place in places or [step.command.cwd] if place.is_whole}
    here = [on.command.cwd.known] if "init" in on.command.words else []
    return any(path.rstrip("/") in known for path in (*here, *(one.path for one in made)))


def _needs(effect: Effect, product: Product, text: str) -> bool:
    """What is written, or added to, does not need what was there, but the directory it lies in."""
    path = written(effect, text)
    if effect.action in _ANEW and not product.is_directory:
        return path != product.path and not product.is_below and product.is_needed_by(path)
    return product.is_needed_by(path)


def _called(step: Step) -> Iterator[str]:
    """The program itself, if it is called by its path; of one that nothing is known of, every path."""
    for word in step.command.arguments[: 1 if step.meaning.is_known else None]:
        if word.value.is_whole and "/" in word.value.known:
            path = resolve(word.value, step.command.cwd)
            yield path.known if path.is_whole else word.value.known.removeprefix("./")


def _is_of(step: Step, install: Step) -> bool:
    """Whether a tool may come with a package that is installed, or needs the index that is brought up to date."""
    name = step.command.name
    named = any(name in (word or "") for word in install.command.words[1:])
    if name == install.command.name:
        return named or not _UPDATES.isdisjoint(install.command.words)
    return bool(name) and (named or known_image(_BASE).has(name) is not True)


def _looks(step: Step, on: Step, made: Sequence[Product], steps: Sequence[Step], text: str) -> bool:
    """A test of what the command made, or, where that is not known, of any file; or the same program as a condition."""
    if not step.command.is_test:
        context = step.command.context
        is_asked = context.is_checked and not context.in_substitution and not step.meaning.is_significant
        return is_asked and step.command.name == on.command.name != "" and not _is_let_go(step, steps)
    asked = [step, *(one for one in steps if _is_in(one, step))]
    paths = [written(effect, text) for one in asked for effect in one.meaning.effects]
    read = {written(effect, text) for effect in on.meaning.effects if effect.action is Action.READ}
    if (
        any(_may_be_same(one, on) for one in asked)
        or (not made and (not read.issuperset(paths) or len(asked) > 1))  # what it only reads tells nothing of it
        or on.command.name in [one.command.name for one in asked]
    ):
        return True
    return any(one.is_needed_by(path) or Product(path).is_needed_by(one.path) for one in made for path in paths)


def _is_let_go(step: Step, steps: Sequence[Step]) -> bool:
    """Whether nothing but `|| true` sees how a command ends."""
    statement = step.command.statement
    behind = [(one, guard) for one in steps for guard in one.command.context.guards if guard.statement is statement]
    return bool(behind) and all(not guard.succeeded and one.command.name in ("true", ":") for one, guard in behind)


def _may_be_same(step: Step, on: Step) -> bool:
    """Whether a path that is not known may be that of a function, which calls it by other names."""
    if step.command.context.functions == on.command.context.functions:
        return False
    ours, theirs = ({one.path for one in it.meaning.effects if not one.path.is_whole} for it in (step, on))
    return not ours.isdisjoint(theirs)


def _is_behind(step: Step, on: Step) -> bool:
    """Whether a command may run after another, if only in the next round of a loop."""
    is_in_same = bool({*step.command.context.loops} & {*on.command.context.loops})
    return is_in_same or step.command.start > on.command.start or step.command.context.functions != ()


def filled(step: Step, steps: Sequence[Step]) -> set[str]:
    """The variables that the output of a command becomes, if that is what it is for."""
    if not step.command.context.in_substitution:
        return set()
    around = (one.command for one in steps if one.command.start <= step.command.start < one.command.end)
    return {name for command in around for name in command.assigned if isinstance(command.statement, syntax.Simple)}


def _is_fed(step: Step, names: AbstractSet[str]) -> bool:
    """Whether it fails without what a variable is to hold; a text that is put in for another may be empty."""
    is_text = step.command.name in _REWRITING and len(step.command.arguments) > 2
    return uses(step, names, first=-1 if is_text else 0)


def uses(step: Step, names: AbstractSet[str], first: int = 0) -> bool:
    """Whether a variable is in its words, from the `first` on, or in what it writes."""
    redirects = step.command.statement.redirects if isinstance(step.command.statement, syntax.Simple) else ()
    return holds([*(one.word for one in step.command.arguments[first:]), *(one.target for one in redirects)], names)


def holds(words: Iterable[Word | None], names: AbstractSet[str]) -> bool:
    """Whether a variable is in one of the words."""
    return any(isinstance(part, Variable) and part.name in names for word in words if word for part in word.parts)


def _is_in(step: Step, test: Step) -> bool:
    """Whether a command's output is looked at in a test."""
    return step.command.context.in_substitution and test.command.start <= step.command.start < test.command.end
