"""Credentials in plain text: by the name of what holds them, by their place in an address, by their own shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from initlint.kube.terms.placeholder import is_placeholder
from initlint.regex import regex

# Characters of a text that are looked at, about as many as of a script.
_MAX_LENGTH = 16_000
_PARTS = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SECRET = frozenset({
    "accesstoken", "apikey", "authtoken", "credential", "credentials", "dbpass", "masterauth", "pass", "passcode",
    "passphrase", "passwd", "privatekey", "pw", "pwd", "requirepass", "secret", "secretkey", "token",
})  # fmt: skip
_KEYS = frozenset({
    "account", "admin", "aes", "api", "app", "auth", "cipher", "cookie", "crypto", "encryption", "fernet", "hmac",
    "jwt", "license", "master", "private", "secret", "session", "shared", "signing", "storage", "subscription",
})  # fmt: skip
# What a name may end with that says how the secret is written.
_WRITTEN = frozenset({"b64", "base", "hex", "plain", "plaintext", "raw", "string", "value"})
_PAIRS = (("rediscli", "auth"), ("erlang", "cookie"))
# What a name ends with that says something about a secret, or where it is, not the secret.
_ABOUT = frozenset({
    "age", "algorithm", "audience", "class", "config", "count", "dir", "directory", "duration", "enabled", "encoding",
    "endpoint", "env", "exists", "expiration", "expires", "expiry", "field", "file", "filename", "files", "folder",
    "format", "header", "host", "id", "ids", "interval", "issuer", "key", "keys", "label", "length", "lifetime",
    "limit", "location", "manager", "max", "min", "mode", "mount", "name", "namespace", "names", "path", "paths",
    "policy", "port", "prefix", "provider", "ref", "reference", "region", "required", "rotation", "scope", "size",
    "source", "stdin", "store", "suffix", "timeout", "ttl", "type", "uri", "url", "user", "username", "version",
    "volume", "window",
})  # fmt: skip
_NOT = frozenset({
    "allow", "bos", "csrf", "disable", "empty", "enable", "eos", "generate", "has", "is", "max", "min", "no", "pad",
    "public", "random", "require", "skip", "special", "use", "with", "without",
})  # fmt: skip
_OBJECTS = frozenset({
    "ca", "cert", "certificate", "credentials", "image", "key", "kubernetes", "password", "pull", "ssl", "tls", "token",
})  # fmt: skip
_OBJECT = regex(r"[a-z]+(?:-[a-z0-9]+)+")
_WORDS = regex(
    r"(?i)true|false|yes|no|on|off|none|null|nil|n/a|enabled?|disabled?|auto|random|default|required|optional|"
    r".*(?:change.?(?:me|this|it)|replace.?(?:me|this|with)|place.?holder|redacted|dummy|example|your[-_. ]|fix.?me|"
    r"\btodo\b|to.?be.?(?:set|filled|replaced)|insert[-_ ]|xxx|\*\*\*|\.\.\.).*|x+|\*+|-+|\.+|[01]"
)
_REFERENCE = regex(
    r"(?i)(?:vault|ref\+|sm|ssm|op|awssm|gcp-?sm|secret|secretref|secrets?|k8s|env|file|akv\w*|azure\w*|doppler|keychain|"
    r"arn|enc|kms)(?:[:+/\[].*)|projects/.*/secrets/.*|>>.*|[./~].*|@.*"
)
_ADDRESS = regex(r"(?<![\w+.-])[A-Za-z][\w+.-]*://[^\s:@/'\"<>`]*:([^\s@/'\"`]+)@(?=[\w.\[$({<%-])")
# As drivers of databases take them, without a scheme: `user:password@tcp(host:3306)/x`, `user:password@host:5432/x`.
_DATA_SOURCE = regex(
    r"(?<![^\s='\"])[^\s:@/'\"=<>`]{1,100}:([^\s@/'\"`]{1,200})@"
    r"(?=(?:tcp|udp|unix)?\([\w./$-]|[A-Za-z][\w.-]{0,253}:\d{2,5}/)"
)
_NAME = regex(r"(?<![\w$.{-])(-{0,2}[A-Za-z_][\w.-]*)(=|[ \t]+(?=\S)|[\"']?:[ \t]+)")
_PROPERTY = regex(r"\\?\"([A-Za-z_][\w.-]{0,100})\\?\"\s{0,20}:\s{0,20}\\?\"([^\"\\\n]{1,500})\\?\"")
_VALUE = regex(r"\\?\"([^\"\n]{0,500}?)\\?\"|'([^'\n]{0,500})'|([^\s;&|'\"<>()`,]{1,500})")
# Words of the same command, on the same line or on lines that go on it, up to the option; then its value.
_UP_TO = r"(?:\\\n|[^\n;|&]){0,200}?\s"
# What code computes: `os.environ['TOKEN']`, `get_token()`; and what it passes on: `connect(password=config.password)`.
_COMPUTED = regex(r"[A-Za-z_][\w.]*(?:$|\[(?:$|[\w.:-]*\]))")
_VARIABLE = regex(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_IN_CALL = regex(r"(?:\w\(|,\s)\s*$|(?:^|\n)[ \t]+$")
_BARE = 3  # the group of a value without quotes
# What ends a command is no part of its last word.
_TO_END = r"([^\s'\"]*[^\s'\";|&)])"
_GIVEN = rf"[\"']?{_TO_END}"
_PHRASES = (
    regex(r"(?i)\bidentified\s+(?:with\s+\S+\s+)?by\s+['\"]([^'\"]+)['\"]"),
    regex(r"(?i)\bpassword\s+['\"]([^'\"]+)['\"]"),
    regex(r"(?i)\bauthorization:\s*(?:bearer|basic|token)\s+([^\s'\"]+)"),
    regex(r"(?i)\b(?:x-[\w-]*(?:token|key|secret)|private-token|api-key|apikey):\s*([^\s'\"]+)"),
    regex(
        r"(?<![\w/.:-])(?:/[\w/]*/)?(?:mysql(?:admin|dump|sh|import|check|show)?|mariadb(?:-\w+)?)(?=\s)"
        rf"{_UP_TO}-p(?!\s|ort|\d+\b){_GIVEN}"
    ),
    regex(rf"\b(?:redis-cli|valkey-cli)\b{_UP_TO}-a\s+{_GIVEN}"),
    regex(rf"\b(?:docker|podman)\s+login\b{_UP_TO}-p\s+{_GIVEN}"),
    regex(rf"\bmc\s+(?:alias\s+set|config\s+host\s+add)\s+\S+\s+\S+\s+\S+\s+{_GIVEN}"),
    regex(rf"\s-(?:src|dest)?(?:store|key)pass\s+{_GIVEN}|\s-pass(?:in|out)?\s+[\"']?pass:([^\s'\"]+)"),
    regex(rf"\b(?:mongo(?:sh|dump|restore)?|cqlsh)\b{_UP_TO}-p\s*{_GIVEN}"),
    regex(rf"\bsqlcmd\b{_UP_TO}-P\s*{_GIVEN}"),
    regex(rf"\brabbitmqctl\s+(?:add_user|change_password)\s+\S+\s+{_GIVEN}"),
    regex(rf"\baws\s+configure\s+set\s+aws_secret_access_key\s+{_GIVEN}"),
    regex(rf"\bhtpasswd\s+-(?=\w*b)(?=\w*n)\w+\s+\S+\s+{_GIVEN}"),
    regex(rf"\bhtpasswd\s+-(?=\w*b)(?!\w*n)\w+\s+\S+\s+\S+\s+{_GIVEN}"),
    regex(rf"\bsshpass\b\s+-p\s*{_GIVEN}"),
    regex(rf"\bldap(?:add|compare|delete|modify|modrdn|passwd|search|whoami)\b{_UP_TO}-w\s*{_GIVEN}"),
    regex(rf"\b(?:helm\s+registry|oras|skopeo|az|crane\s+auth)\s+login\b{_UP_TO}-p\s+{_GIVEN}"),
    regex(r"\becho\s+(?:-n\s+)?[\"']?([^\s'\"|;]+)[\"']?\s*\|[^\n;|]{0,200}--password-stdin"),
    regex(r"\becho\s+(?:-n\s+)?[\"']?[\w.-]+:([^\s'\"|;]+)[\"']?\s*\|\s*chpasswd\b"),
    regex(rf"\b(?:curl|wget|http|etcdctl)\b{_UP_TO}(?:-u\s*|--user[ =])[\"']?[^\s:'\"]+:{_TO_END}"),
)
_SHAPES = regex(
    r"\bgh[pousr]_[A-Za-z0-9]{36,}|\bgithub_pat_\w{40,}|\bglpat-[\w-]{20,}|\bxox[abpr]-[\w-]{10,}|\bhf_[A-Za-z0-9]{30,}|"
    r"\bsk-(?:proj-|ant-)?[\w-]{32,}|\bhvs\.[\w-]{24,}|\bAIza[\w-]{35}|\bnpm_[A-Za-z0-9]{36}|\bdop_v1_[0-9a-f]{64}|"
    r"\bSG\.[\w-]{16,}\.[\w-]{32,}|\b[rs]k_live_\w{20,}|\bhooks\.slack\.com/services/T\w+/B\w+/\w{20,}|"
    r"\bAKIA[0-9A-Z]{16}\b|\beyJ[\w-]{10,300}\.eyJ[\w-]{10,}\.[\w-]{10,}|-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----"
)

# How vendors write the keys of their examples: `AKIAIOSFODNN7EXAMPLE`, `T00000000/B00000000/XXXXXXXX`.
_OF_DOCUMENTATION = regex("EXAMPLE|XXXX")


class Credential(NamedTuple):
    """Where it stands in a text, and what says that it is one; `what` is how messages call it."""

    start: int
    end: int
    what: str


def credentials(text: str) -> list[Credential]:
    """The credentials in an argument or a script, as far as it is read."""
    text = text[:_MAX_LENGTH]
    found: dict[int, Credential] = {}
    for one in (*_shaped(text), *_in_addresses(text), *_in_phrases(text), *_named(text), *_in_json(text)):
        if not any(other.start < one.end and one.start < other.end for other in found.values()):
            found[one.start] = one
    return [found[start] for start in sorted(found)]


def _shaped(text: str) -> Iterator[Credential]:
    for match in _SHAPES.finditer(text):
        if not _OF_DOCUMENTATION.search(match.group()):
            what = "a private key" if match.group().startswith("-----") else "an access token"
            yield Credential(match.start(), match.end(), what)


def _in_addresses(text: str) -> Iterator[Credential]:
    for pattern in (_ADDRESS, _DATA_SOURCE):
        for match in pattern.finditer(text):
            if is_secret(match[1]):
                yield Credential(*match.span(1), "the password of an address")


def _in_phrases(text: str) -> Iterator[Credential]:
    for pattern in _PHRASES:
        for match in pattern.finditer(text):
            group = match.lastindex or 0
            if is_secret(match[group]):
                yield Credential(*match.span(group), "a credential")


def _named(text: str) -> Iterator[Credential]:
    """`NAME=value`, `--name value`, and `name: value` as a line of its own."""
    for match in _NAME.finditer(text):
        name, between = match.groups()
        if not names_secret(name.lstrip("-")) or not _is_assigned(name, between, text, match.start()):
            continue
        value = _VALUE.match(text, match.end())
        index = next((index for index in (1, 2, _BARE) if value and value[index]), 0)
        if not value or not index or (index == _BARE and _is_code(text, match.start(), value)):
            continue
        if holds_secret(name.lstrip("-"), value[index]) and _is_given(name, between, value[index]):
            yield Credential(*value.span(index), f"`{name}`")


def _is_code(text: str, start: int, value: re.Match[str]) -> bool:
    """Whether a value without quotes is an expression of a program, which takes the secret from elsewhere."""
    after = text[value.end() : value.end() + 1]
    if after == "(" or "[" in value[_BARE]:
        return _COMPUTED.match(value[_BARE]) is not None
    is_passed = after in (")", ",") and _IN_CALL.search(text, max(0, start - 80), start) is not None
    return is_passed and _VARIABLE.fullmatch(value[_BARE]) is not None


def _in_json(text: str) -> Iterator[Credential]:
    """`"name": "value"`, wherever it stands; what breaks out of its quotes is no text."""
    for match in _PROPERTY.finditer(text):
        if holds_secret(match[1], match[2]) and "'" not in match[2] and not _OBJECT.fullmatch(match[2]):
            yield Credential(*match.span(2), f"`{match[1]}`")


def _is_assigned(name: str, between: str, text: str, start: int) -> bool:
    if between == "=":
        return True
    if ":" in between:
        line = text[text.rfind("\n", 0, start) + 1 : start]
        return not line.strip().strip("\"'{- ")
    return name.startswith("--")


def _is_given(name: str, between: str, value: str) -> bool:
    """Whether it is no other option, nor in a line of settings the name of an object, or of a key in one."""
    if between.isspace():
        return not value.startswith("-")
    is_named = _OBJECT.fullmatch(value) or (name.lower().endswith("key") and value.isalpha() and value.islower())
    return ":" not in between or not is_named


def names_secret(name: str) -> bool:
    """Whether what has this name holds a secret itself."""
    parts = [part.lower() for part in _PARTS.findall(name)]
    if not parts or name in ("PWD", "OLDPWD", "pwd") or set(parts) & _NOT:
        return False
    while len(parts) > 1 and (parts[-1] in _WRITTEN or parts[-1].isdecimal()):
        parts.pop()
    last, before = parts[-1], parts[-2] if len(parts) > 1 else ""
    if last == "key":
        return before in _KEYS or (before == "access" and bool(_KEYS & set(parts)))
    if last in _ABOUT:
        return False
    return last in _SECRET or last.endswith(("password", "passwd", "apikey")) or (before, last) in _PAIRS


def holds_secret(name: str, text: str) -> bool:
    """Whether the value of what has this name is a secret; of `TLS_SECRET: web-tls`, it is the name of a Secret."""
    parts = [part.lower() for part in _PARTS.findall(name)]
    if _is_called_alike(parts, text):
        return False
    if parts and parts[-1] == "secret" and (parts[-2:-1] == [] or parts[-2] in _OBJECTS or _OBJECT.fullmatch(text)):
        is_object = re.fullmatch(r"[a-z][a-z0-9.-]*", text) is not None
        return names_secret(name) and is_secret(text) and not is_object
    return names_secret(name) and is_secret(text)


def _is_called_alike(parts: list[str], text: str) -> bool:
    """Whether a Secret, or a key in one, has the name of what it is for: `DB_SECRET: db`, `TOKEN_SECRET_KEY: token`."""
    ends = next((ends for ends in (["secret"], ["secret", "key"]) if parts[-len(ends) :] == ends), [])
    return bool(ends) and set(re.split(r"[-._]", text)) <= set(parts[: -len(ends)])


def is_known(text: str) -> bool:
    """Whether a text is what it will be, and nothing stands there that is to be replaced."""
    return not is_placeholder(text) and not _WORDS.fullmatch(text)


def is_secret(text: str) -> bool:
    """Whether a text is the secret itself: nothing that stands for one, and no switch, path or address."""
    text = text.strip()[:500].replace("$$", "")  # which Kubernetes makes one `$` of, that stands for itself
    if not text or is_placeholder(text) or _WORDS.fullmatch(text) or _REFERENCE.fullmatch(text) or "`" in text:
        return False
    if "://" in text or not re.search(r"\w{2}", text):
        return False
    return not re.fullmatch(r"\d{1,3}|\d+[smhd]", text)
