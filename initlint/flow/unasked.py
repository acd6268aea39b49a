"""What programs read without being told: configuration, keys, caches, lists of packages."""

from __future__ import annotations

from initlint.regex import regex
from initlint.shell.commands.facts import Step

_IMPLICIT = regex(
    r"/(?:etc|root|home/[^/]+|run|var/(?:run|cache|log|spool|lib/(?:apt|dpkg))|usr|bin|sbin|lib|lib64)(?:/.*)?|.*/\.[^/].*"
)
# The same of programs of which all that they do with their words is known: no directory of another program's own.
_IMPLICIT_TO_TOOLS = regex(
    r"/(?:etc|root|home/[^/]+|run|var/(?:run|cache|log|spool|lib/(?:apt|dpkg))|bin|sbin|lib|lib64"
    r"|usr/(?:local/)?(?:s?bin|lib|lib64|libexec|include|share/(?:ca-certificates|keyrings|zoneinfo|misc)))(?:/.*)?"
    r"|.*/\.[^/].*"
)
# A directory there belongs to the program that it is called after, but for those of the whole system.
_OF_ONE = regex(r"/(?:etc|run|var/(?:run|cache|log|spool))/([A-Za-z][^/]*)/(?:[^/.][^/]*(?:/[^/.][^/]*)*)?/?")
_OF_SYSTEM = regex(
    r"(?:X11|alternatives|apk|apt|bash|ca-certificates|containers|cron|crypto|dbus|debconf|default|dnf|dpkg|environment"
    r"|fontconfig|fonts|gss|init|java|krb5|ld\.so|ldconfig|lib|locale|lock|login|modprobe|modules|my\.cnf|network|nss"
    r"|odbc|openldap|openssl|os-|pam|pip|pki|profile|rc|rpm|secrets|security|selinux|skel|ssh|ssl|sudoers|sysctl"
    r"|systemd|terminfo|tmpfiles|udev|update|user|xdg|yum|zsh)(?:[.\d_-].*|\.d)?"
)
# They ask a server, or the system, and read no more than what is called like them.
_CLIENTS = frozenset({
    "aws", "consul", "curl", "dig", "etcdctl", "git", "helm", "host", "ip", "iptables", "kubectl", "mariadb", "mc",
    "mongo", "mongosh", "mysql", "mysqladmin", "nc", "nslookup", "oc", "openssl", "ping", "psql", "redis-cli", "ss",
    "sysctl", "vault", "wget",
})  # fmt: skip
_POSTGRES = regex(r"psql|pg_\w+|createdb|dropdb")
_SHARED_LETTERS = 3


def reads_unasked(path: str, step: Step, *, is_followed: bool, is_foreign: bool = False) -> bool:
    """Whether a command may read a path that none of its words names; one of a directory ends with a slash.

    `is_followed`: all that it does with its words is known. `is_foreign`: another image's program is to read it.
    """
    name = step.command.name
    own = _OF_ONE.fullmatch(path) if is_followed or is_foreign or name in _CLIENTS else None
    if own:
        return _OF_SYSTEM.fullmatch(own[1]) is not None or _are_kin(own[1].lower(), name.lower())
    return bool((_IMPLICIT_TO_TOOLS if is_followed else _IMPLICIT).fullmatch(path.rstrip("/")))


def _are_kin(directory: str, program: str) -> bool:
    """Whether a directory may be that of a program, as they are called: `/etc/kubernetes` of `kubectl`."""
    family = "postgres" if _POSTGRES.fullmatch(program) else program.rpartition("/")[2]
    is_within = family in directory or directory in family
    return is_within or family[:_SHARED_LETTERS] == directory[:_SHARED_LETTERS]
