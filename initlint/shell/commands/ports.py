"""Names of ports, as /etc/services has them, where getservbyname reads them."""

from __future__ import annotations

from initlint.shell.language.values import Value, whole

NUMBERS = {
    "amqp": "5672", "amqps": "5671", "domain": "53", "epmd": "4369", "ftp": "21", "git": "9418",
    "http": "80", "http-alt": "8080", "https": "443", "imap": "143", "imap2": "143", "imaps": "993", "kerberos": "88",
    "ldap": "389", "ldaps": "636", "memcache": "11211", "mongodb": "27017", "mqtt": "1883", "ms-sql-s": "1433",
    "mysql": "3306", "nfs": "2049", "pop3": "110", "pop3s": "995", "postgres": "5432", "postgresql": "5432",
    "redis": "6379", "rsync": "873", "secure-mqtt": "8883", "smtp": "25", "ssh": "22", "submission": "587",
    "telnet": "23", "webcache": "8080", "www": "80", "x11": "6000", "zabbix-agent": "10050", "zabbix-trapper": "10051",
}  # fmt: skip


def numbered(port: Value | None) -> Value | None:
    """A port that is named as in /etc/services, by its number."""
    return whole(NUMBERS[port.text]) if port and port.text in NUMBERS else port
