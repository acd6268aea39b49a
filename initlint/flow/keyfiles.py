"""Which files a program closes to all but who runs it, whatever the umask is: private keys, as a rule."""

from __future__ import annotations

from initlint.flow.model import Use
from initlint.shell.commands.facts import Step

# All that they write; of `step` certificates, too (pemutil.ToFile, WriteCerts).
_WHOLLY = frozenset({"age-keygen", "ssh-keygen", "step"})
# What of openssl writes a private key to `-out` (bio_open_owner, since 1.1.1), and what else only if it is told so.
_KEYS = frozenset({"gendsa", "genpkey", "genrsa", "pkcs12", "pkcs8"})
_OF_KEYS = frozenset({"dsa", "ec", "pkey", "rsa"})
_WITH_KEYS = frozenset({"dsaparam", "ecparam"})
_PUBLIC = frozenset({"-pubin", "-pubout", "-noout", "-genparam"})


def is_secret(use: Use, step: Step) -> bool:
    """Whether a program makes a file that only its own user can read (0600)."""
    name, words = step.command.name, [word or "" for word in step.command.words]
    if name == "openssl":
        return _is_private(use, step, words)
    return name in _WHOLLY or (name == "cfssljson" and (use.text or "").endswith("-key.pem"))


def _is_private(use: Use, step: Step, words: list[str]) -> bool:
    """Whether it is the private key that openssl writes there."""
    arguments = enumerate(step.command.arguments)
    before = next((words[index - 1] for index, one in arguments if one.start == use.effect.start and index), "")
    if before != "-out":
        return before == "-keyout"
    verb = next((word for word in words[1:] if not word.startswith("-")), "")
    if verb in _OF_KEYS | _KEYS:
        return _PUBLIC.isdisjoint(words)
    return verb in _WITH_KEYS and "-genkey" in words
