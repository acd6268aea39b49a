"""What is a credential in a text, and what only speaks of one."""

from __future__ import annotations

import pytest

from initlint.kube.terms.credentials import credentials, holds_secret


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("JWT_SECRET", "supersecret", True),
        ("RABBITMQ_ERLANG_COOKIE", "SWQOKODSQALRPCLNMEQG", True),
        ("SPRING_DATASOURCE_PASSWORD", "pa$$word1", True),
        ("DB_PASSWORD", "$${DB_PASSWORD}", False),
        ("SESSION_COOKIE_NAME", "sid", False),
        ("dbPassword", "abc1", True),
        ("SECRET_ACCESS_KEY", "abc/def+", True),
        ("RABBITMQ_DEFAULT_PASS", "guest", True),
        ("TLS_SECRET", "web-tls", False),
        ("DB_PASSWORD_SECRET", "dbcreds", False),
        ("KUBECONFIG_SECRET", "kubeconfig", False),
        ("PASSWORD_SECRET_KEY", "password", False),
        ("ORDERS_DB_SECRET", "db-orders", False),
        ("SECRET_KEY", "secret", True),
        ("DB_SECRET", "db1", True),
        ("MINIO_ACCESS_KEY", "minio", False),
        ("PASSWORD_RESET_TIMEOUT", "30", False),
        ("SSH_PUBLIC_KEY", "AAAAB3", False),
        ("DB_PASSWORD", "$(OTHER)", False),
    ],
)
def test_variables(name: str, value: str, expected: bool) -> None:
    """By what they are called, and what they hold."""
    assert holds_secret(name, value) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("psql 'host=db user=a password=secret1 dbname=x'", ["secret1"]),
        ("openssl enc -d -aes-256-cbc -pass pass:spectrum81 -in a", ["spectrum81"]),
        ("openssl enc -d -aes-256-cbc -pass file:/run/pass -in a", []),
        ("Server=db;User Id=sa;Password=P@ss1;", ["P@ss1"]),
        ("cat <<EOF > f\npassword: hunter2\nsecretName: abc\nEOF", ["hunter2"]),
        ("curl \\\n -u u:pw1 \\\n http://x", ["pw1"]),
        ("psql -c \"ALTER USER a WITH PASSWORD 'abc1'\"", ["abc1"]),
        ("mc alias set m http://m:9000 admin secret123", ["secret123"]),
        ("mongosh -u root -p s3cret --eval x; rabbitmqctl add_user app pw2", ["s3cret", "pw2"]),
        ("sqlcmd -S db -U sa -P S3cret! -Q 'select 1'", ["S3cret!"]),
        ("https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX", []),
        ("echo 'root:newpw99' | chpasswd", ["newpw99"]),
        ("openssl pkcs12 -passout pass:abc1", ["abc1"]),
        ("(mysql -u a -pabc1; curl -u u:pw1& redis-cli -a 'ab;c1') | cat", ["abc1", "pw1", "ab;c1"]),
        ("git clone https://user:tok1@github.com/x", ["tok1"]),
        ("root:abc12@tcp(db:3306)/x?parseTime=true", ["abc12"]),
        ("app --dsn='app:abc12@unix(/run/m.sock)/x' --other app:abc12@pg.db.svc:5432/x", ["abc12", "abc12"]),
        ("root:$PW@tcp(db:3306)/x root:${PW}@db:3306/x root:$(PW)@(db:3306)/x", []),
        ("acme/app:1.2@sha256:12345/x git@host:22/a npm:left-pad@1.0.0 a:b@host", []),
        ("read -p 'password: ' x; grep -q password= f", []),
        ('sed -i "s/password=.*/password=$PW/" f; echo password=$(cat f)', []),
        ("vault kv get -field=password secret/db", []),
        ('curl -d \'{"user":"a","password":"Gh5kWW"}\' http://x', ["Gh5kWW"]),
        ('curl -d "{\\"token\\": \\"Gh5kWW\\"}" http://x', ["Gh5kWW"]),
        ('curl -d \'{"password":"\'"$PW"\'","secret":"web-tls","token": "$T"}\' http://x', []),
        ("htpasswd -Bbn admin Kk19s > /g; htpasswd -cb /f admin Kk20s && htpasswd -Bbn admin $PW", ["Kk19s", "Kk20s"]),
        ("tool --token=@/var/token --password --secret regcred", []),
    ],
)
def test_texts(text: str, expected: list[str]) -> None:
    """By what stands before them."""
    assert [text[one.start : one.end] for one in credentials(text)] == expected
