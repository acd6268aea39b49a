"""What programs in JavaScript, Ruby, PHP and Perl wait for, as far as their text shows it."""

from __future__ import annotations

import pytest

from initlint.shell.commands.codewaits import asked_again

ATTEMPT = """const net = require("net");
function attempt() {{
  const s = net.connect(5432, "db");
  s.on("connect", () => process.exit(0));
  s.on("error", () => {0});
}}
attempt();"""
RETRY = """require "socket"
begin
  TCPSocket.new("db", 5432).close
rescue Errno::ECONNREFUSED, SocketError
  {0}
end"""

FETCH = """(async () => {
  for (;;) {
    try { await fetch('http://db:5432/'); break; }
    catch { await new Promise(r => setTimeout(r, 1000)); }
  }
})()"""


@pytest.mark.parametrize(
    ("text", "is_bounded"),
    [
        (ATTEMPT.format("setTimeout(attempt, 2000)"), False),
        (ATTEMPT.format("{ console.log('not yet'); setTimeout(attempt, 2000); }"), False),
        (ATTEMPT.format("{ if (++tries > 30) process.exit(1); setTimeout(attempt, 2000); }"), True),
        (ATTEMPT.format("tries++ < 30 ? setTimeout(attempt, 1e3) : process.exit(1)"), True),
        (ATTEMPT.format("{ if (left--) return setTimeout(attempt, 1e3); process.exit(1); }"), True),
        (RETRY.format("sleep 2\n  retry"), False),
        (RETRY.format("sleep 2\n  retry if (tries += 1) < 30\n  raise"), True),
        ('loop do\n  begin\n    TCPSocket.new("db", 5432)\n    break\n  rescue\n    sleep 1\n  end\nend', False),
        ('until (TCPSocket.new("db", 5432) rescue nil) do sleep 1 end', False),
        ('while (!@fsockopen("db", 5432)) { sleep(1); }', False),
        ('while (!($s = @fsockopen("db", 5432))) { if (++$n > 30) exit(1); sleep(1); }', True),
        ('until (IO::Socket::INET->new(PeerAddr => "db:5432")) { sleep 2 }', False),
        ('until(new IO::Socket::INET("db:5432")){sleep 1}', False),
        ('sleep 1 until IO::Socket::INET->new("db:5432"); sleep 1', False),
        (FETCH, False),
    ],
)
def test_waits(text: str, *, is_bounded: bool) -> None:
    found = asked_again(text)
    assert found
    assert (found.address.removeprefix("http://").rstrip("/"), found.is_bounded) == ("db:5432", is_bounded)


@pytest.mark.parametrize(
    "text",
    [
        ATTEMPT.format("process.exit(0)"),
        ATTEMPT.format("process.exit(1)"),
        ATTEMPT.format("{ if (++tries > 30) process.exit(); setTimeout(attempt, 2000); }"),
        ATTEMPT.format("{ if (++tries > 30) return; setTimeout(attempt, 2000); }"),
        ATTEMPT.format("setInterval(attempt, 2000)"),
        ATTEMPT.replace('"db"', "process.env.DB_HOST").format("setTimeout(attempt, 2000)"),
        ATTEMPT.format("setTimeout(attempt, 2000)") + '\nnet.connect(6379, "redis");',
        RETRY.format("sleep 2\n  retry if (tries += 1) < 30"),
        RETRY.format("puts 'going on'"),
        'while (!@fsockopen("db", 5432)) { if (++$n > 30) break; sleep(1); }',
        'while (fsockopen("db", 5432)) { sleep(1); }',
        'if (!@fsockopen("db", 5432)) { sleep(30); }',
        'for i in 1..30 do begin TCPSocket.new("db", 5432); break; rescue; sleep 1; end end',
        'net.connect(5432, "db")',
        "",
    ],
)
def test_what_may_go_on_without(text: str) -> None:
    assert asked_again(text) is None


@pytest.mark.parametrize(
    ("call", "address"),
    [
        ("net.connect(Number(process.env.DB_PORT), process.env.DB_HOST)", "db:5433"),
        ("net.connect({ host: process.env.DB_HOST || 'x', port: parseInt(process.env['DB_PORT'], 10) })", "db:5433"),
        ("net.connect(+process.env.DB_PORT, 'pg')", "pg:5433"),
        ("net.connect(5432, process.env.OTHER)", None),
        ("net.connect(5432, process.env.LONG)", None),
    ],
)
def test_variables_of_the_environment(call: str, address: str | None) -> None:
    text = ATTEMPT.format("setTimeout(attempt, 2000)").replace('net.connect(5432, "db")', call)
    env = (("DB_HOST", "db"), ("DB_PORT", "5433"), ("LONG", "a-name-of-more-letters.than-the-variable"))
    found = asked_again(text, env)
    assert (found.address if found else None) == address
    assert not found or text[found.start : found.end].startswith("connect(")


def test_variables_in_other_languages() -> None:
    env = (("DB_HOST", "db"), ("DB_PORT", "5433"))
    ruby = RETRY.format("sleep 2\n  retry").replace('"db", 5432', "ENV['DB_HOST'], ENV.fetch('DB_PORT', 5432)")
    php = "while (!@fsockopen(getenv('DB_HOST'), getenv('DB_PORT'))) { sleep(1); }"
    for text in (ruby, php):
        found = asked_again(text, env)
        assert found
        assert found.address == "db:5433"
