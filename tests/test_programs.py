"""What is known to run for ever, and above all what is not: a finite use that is called endless is a false alarm."""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from initlint import programs
from initlint.kube.terms.image import parse
from initlint.programs import EndlessProgram, of_command, of_image
from initlint.programs.data import load
from initlint.shell.commands.table import builtin
from initlint.shell.container import scripts
from initlint.shell.questions import endless
from tests.helpers import pod

DATA: dict[str, Any] = yaml.safe_load(Path(programs.__file__).with_name("programs.yaml").read_text(encoding="utf-8"))
KINDS = {"server", "proxy", "agent", "log-shipper", "exporter", "sync", "reloader", "scheduler",
         "supervisor", "idle"}  # fmt: skip
UNKNOWN = "<unknown>"


def words(line: str | None) -> list[str | None] | None:
    """The words of a shell line; `<unknown>` stands for a word that is not known."""
    return None if line is None else [None if word == UNKNOWN else word for word in shlex.split(line)]


def of_container(argv: list[str]) -> endless.Endless | None:
    spec = {"containers": [{"name": "app", "image": "app:1", "command": argv}]}
    return endless.endless(pod(json.dumps(spec)).containers[0])


def command(line: str, env: programs.Environment = None) -> EndlessProgram | None:
    return of_command(words(line) or [], env)


@pytest.mark.parametrize(
    ("line", "program", "culprit"),
    [
        ("sleep infinity", "sleep", 0),
        ("/bin/sleep inf", "sleep", 0),
        ("tail -f /dev/null", "tail", 0),
        ("tail -n 0 -F /var/log/app.log", "tail", 0),
        ("tail --follow=name --retry /var/log/app.log", "tail", 0),
        ("busybox tail -f /dev/null", "tail", 1),
        ("journalctl -f -u kubelet", "journalctl", 0),
        ("journalctl -fu kubelet --directory /host/log", "journalctl", 0),
        ("/pause", "pause", 0),
        ("nginx -g 'daemon off;'", "nginx", 0),
        ("/usr/sbin/nginx -c /etc/nginx/x.conf -g 'pid /tmp/nginx.pid; daemon off;'", "nginx", 0),
        ("openresty -g 'daemon off;'", "openresty", 0),
        ("httpd-foreground", "httpd-foreground", 0),
        ("apache2ctl -D FOREGROUND", "apache2ctl", 0),
        ("chronyd -d -f /etc/chrony.conf", "chronyd", 0),
        ("nomad agent -dev", "nomad", 0),
        ("streamlit run app.py --server.port 80", "streamlit", 0),
        ("httpd -DFOREGROUND", "httpd", 0),
        ("busybox httpd -f -p 8080 -h /www", "httpd", 1),
        ("python3 -m http.server 8080", "python3", 0),
        ("python -u -m http.server", "python", 0),
        ("python -m gunicorn app:app", "python", 0),
        ("python3 manage.py runserver 0.0.0.0:8000", "python3", 0),
        ("poetry run uvicorn main:app --port 80", "uvicorn", 2),
        ("bundle exec puma -C config/puma.rb", "puma", 2),
        ("bundle exec rails server -b 0.0.0.0", "rails", 2),
        ("celery -A shop worker -l info", "celery", 0),
        ("ddtrace-run celery -A shop beat", "celery", 1),
        ("airflow celery worker", "airflow", 0),
        ("litestream replicate -config /etc/litestream.yml", "litestream", 0),
        ("/vmagent-prod -remoteWrite.url=http://vm:8428", "vmagent-prod", 0),
        ("opa run --server --addr=:8181 /policies", "opa", 0),
        ("thanos sidecar --tsdb.path=/data", "thanos", 0),
        ("php-fpm -F -y /etc/fpm.conf", "php-fpm", 0),
        ("haproxy -W -db -f /etc/haproxy.cfg", "haproxy", 0),
        ("envoy -c /etc/envoy.yaml --mode serve -l info", "envoy", 0),
        ("traefik --providers.file.directory=/etc/traefik", "traefik", 0),
        ("caddy run --config /etc/caddy/Caddyfile", "caddy", 0),
        ("pilot-agent proxy sidecar --domain x", "pilot-agent", 0),
        ("/cloud_sql_proxy -instances=p:r:i=tcp:5432 <unknown>", "cloud_sql_proxy", 0),
        ("/cloud-sql-proxy --port=5432 p:r:i", "cloud-sql-proxy", 0),
        ("/alloydb-auth-proxy projects/p/locations/l/clusters/c/instances/i", "alloydb-auth-proxy", 0),
        ("kube-rbac-proxy --upstream=http://127.0.0.1:8080/ --v=10", "kube-rbac-proxy", 0),
        ("oauth2-proxy --config=/etc/oauth2.cfg", "oauth2-proxy", 0),
        ("cloudflared tunnel --no-autoupdate run --token x", "cloudflared", 0),
        ("tailscaled --state=kube:x --tun=userspace-networking -debug=:8080", "tailscaled", 0),
        ("kubectl port-forward svc/db 5432:5432", "kubectl", 0),
        ("kubectl proxy --port=8001", "kubectl", 0),
        ("consul agent -config-dir=/consul/config", "consul", 0),
        ("consul connect envoy -sidecar-for web", "consul", 0),
        ("socat TCP-LISTEN:8080,fork,reuseaddr TCP:db:5432", "socat", 0),
        ("ssh -i /key -N -L 5432:db:5432 bastion", "ssh", 0),
        ("vault server -config=<unknown>", "vault", 0),
        ("vault server <unknown>", "vault", 0),
        ("supervisord -n -c /etc/supervisord.conf", "supervisord", 0),
        ("crond -f -l 8", "crond", 0),
        ("/usr/sbin/sshd -D -e", "sshd", 0),
        ("daprd --app-id x", "daprd", 0),
        ("dockerd-entrypoint.sh --tls=false", "dockerd-entrypoint.sh", 0),
        ("fluentd -c /fluentd/etc/fluent.conf", "fluentd", 0),
        ("/fluent-bit/bin/fluent-bit -c /fluent-bit/etc/fluent-bit.conf", "fluent-bit", 0),
        ("filebeat -e -c /etc/filebeat.yml", "filebeat", 0),
        ("vector --config /etc/vector.yaml", "vector", 0),
        ("otelcol-contrib --config=/etc/otel.yaml", "otelcol-contrib", 0),
        ("telegraf --config /etc/telegraf.conf", "telegraf", 0),
        ("node_exporter --path.rootfs=/host", "node_exporter", 0),
        ("rclone mount remote:bucket /mnt --allow-other", "rclone", 0),
        ("rclone serve http /data", "rclone", 0),
        ("gcsfuse --foreground bucket /mnt", "gcsfuse", 0),
        ("mc mirror --watch /data minio/backup", "mc", 0),
        ("consul-template -template /a.ctmpl:/a", "consul-template", 0),
        ("confd -watch -backend etcdv3", "confd", 0),
        ("prometheus-config-reloader --watch-interval=30s", "prometheus-config-reloader", 0),
        ("postgres -c max_connections=200 -h 0.0.0.0", "postgres", 0),
        ("mysqld --datadir=/var/lib/mysql", "mysqld", 0),
        ("redis-server /etc/redis.conf --daemonize no", "redis-server", 0),
        ("valkey-server --port 6379", "valkey-server", 0),
        ("/opt/bitnami/scripts/postgresql/run.sh", "postgres", 0),
        ("mongod --bind_ip_all", "mongod", 0),
        ("cassandra -f", "cassandra", 0),
        ("zkServer.sh start-foreground", "zkServer.sh", 0),
        ("/usr/local/bin/etcd --name a --data-dir /var/lib/etcd", "etcd", 0),
        ("minio server /data --console-address :9001", "minio", 0),
        ("cockroach start-single-node --insecure", "cockroach", 0),
        ("prometheus --config.file=/etc/prometheus.yml", "prometheus", 0),
        ("grafana server --homepath=/usr/share/grafana", "grafana", 0),
        ("vllm serve /models --port 8000", "vllm", 0),
        ("exec nginx -g 'daemon off;'", "nginx", 1),
        ("ping -i 5 db", "ping", 0),
        ("tcpdump -i any -nn port 80 -w /captures/a.pcap", "tcpdump", 0),
        ("nc -lk -p 8080 -e cat", "nc", 0),
        ("ncat -l 8080 --keep-open --exec /bin/cat", "ncat", 0),
        ("busybox nc -ll -p 8080 -e cat", "nc", 1),
        ("mosquitto_sub -h broker -t 'a/#' -v", "mosquitto_sub", 0),
        ("redis-cli -h redis monitor", "redis-cli", 0),
        ("gitea web", "gitea", 0),
        ("dex serve /etc/dex/config.yaml", "dex", 0),
        ("kube-proxy --config=/var/lib/kube-proxy/config.conf", "kube-proxy", 0),
        ("php artisan queue:work --tries=3", "php", 0),
        ("uwsgi --ini /app/uwsgi.ini", "uwsgi", 0),
        ("iperf3 -s -p 5201", "iperf3", 0),
        ("slapd -d 256 -h ldap:///", "slapd", 0),
        ("top -b -d 30", "top", 0),
        ("stress --vm 1 --vm-bytes 150M", "stress", 0),
        ("bin/pulsar standalone", "pulsar", 0),
        ("rpk redpanda start --smp 1", "rpk", 0),
        ("nohup redis-server", "redis-server", 1),
        ("env -u A B=1 C=2 prometheus", "prometheus", 5),
        ("tini -s -- etcd", "etcd", 3),
        ("/usr/bin/dumb-init -- envoy -c /x", "envoy", 2),
        ("su-exec redis redis-server", "redis-server", 2),
        ("gosu postgres:postgres postgres", "postgres", 2),
        ("stdbuf -o L nice -n 10 memcached -m 64", "memcached", 6),
        ("setpriv --reuid 1000 --clear-groups etcd", "etcd", 4),
        ("docker-entrypoint.sh mysqld", "mysqld", 1),
        ("sleep 2147483647", "sleep", 0),
        ("sleep 365d", "sleep", 0),
        ("sleep infinity 5", "sleep", 0),
        ("sleep 10000h", "sleep", 0),
        ("tail -fn0 /log", "tail", 0),
        ("tail -100f /log", "tail", 0),
        ("tail -n0 -F /log", "tail", 0),
        ("tail -n +1 -qF /a /b", "tail", 0),
        ("kubectl -n db port-forward svc/x 1:1", "kubectl", 0),
        ("kubectl -ndb --context=x --insecure-skip-tls-verify proxy", "kubectl", 0),
        ("cloudflared tunnel --config f run", "cloudflared", 0),
        ("cloudflared tunnel --no-autoupdate --metrics 0.0.0.0:2000 run", "cloudflared", 0),
        ("cloudflared tunnel --url=http://localhost:80", "cloudflared", 0),
        ("ssh u@bastion -N -L 5432:db:5432", "ssh", 0),
        ("ssh -nNTL 5432:db:5432 bastion", "ssh", 0),
        ("ssh -o 'ProxyCommand=ssh -W %h:%p b' -N bastion", "ssh", 0),
        ("autossh -M 0 -N -L 1:db:1 bastion", "autossh", 0),
        ("rclone --config /c -vv serve http /data", "rclone", 0),
        ("minio -C /root/.minio server /data", "minio", 0),
        ("python3.12 -W ignore -u -m http.server 80", "python3.12", 0),
        ("sshd -D -h /key", "sshd", 0),
        ("rclone mount a: /mnt --daemon=false", "rclone", 0),
        ("setsid --wait redis-server", "redis-server", 2),
        ("nsenter -t 1 -m -- redis-server", "redis-server", 5),
        ("next start -p 8080", "next", 0),
        ("nodemon --watch src server.js", "nodemon", 0),
        ("vite --host 0.0.0.0", "vite", 0),
        ("vite preview --port 80 --strictPort", "vite", 0),
    ],
)
def test_endless_command(line: str, program: str, culprit: int) -> None:
    endless = command(line)
    assert endless is not None
    assert (endless.program, endless.culprit) == (program, culprit)
    assert endless.does in KINDS


@pytest.mark.parametrize(
    "line",
    [
        "next build",
        "nodemon --exitcrash server.js",
        "vite build",
        "vite optimize --force",
        "ping -c 3 db",
        "ping -c1 -W2 db",
        "ping -w 5 db",
        "tcpdump -c 100 -i any",
        "tcpdump -r /captures/a.pcap",
        "nc -l -p 8080",
        "nc -z db 5432",
        "nc -vz -w 3 db 5432",
        "nc -lk -w 60 -p 80",
        "mosquitto_sub -h broker -t ready -C 1",
        "mosquitto_sub -h broker -t ready -W 30",
        "redis-cli -h redis ping",
        "redis-cli -h subscribe ping",
        "redis-cli --help",
        "kafka-console-consumer.sh --topic a --max-messages 1",
        "nats sub --count 1 ready",
        "gitea migrate",
        "gitea admin user create",
        "forgejo dump -c /etc/app.ini",
        "dex version",
        "trivy image nginx",
        "velero backup create a",
        "concourse migrate",
        "gitlab-runner register",
        "gitlab-runner run-single",
        "kube-proxy --cleanup",
        "kube-scheduler --write-config-to=/x",
        "containerd config default",
        "cilium-agent build-config",
        "php artisan migrate --force",
        "php artisan queue:work --stop-when-empty",
        "php artisan schedule:run",
        "php -r 'echo 1;'",
        "uwsgi --build-plugin x",
        "iperf3 -c server -t 10",
        "iperf3 -s -1",
        "iperf -c server",
        "slapd -T test",
        "slapd -h ldap:///",
        "named -c /etc/named.conf",
        "ntpd -n -q -p pool.ntp.org",
        "smbd",
        "dovecot -n",
        "rsyslogd",
        "rsyslogd -N1 -n",
        "postfix check",
        "turnserver -o",
        "proxysql -c /etc/proxysql.cnf",
        "clamd",
        "top -b -n 1",
        "stress --cpu 2 --timeout 60s",
        "stern --no-follow app",
        "arangod --database.auto-upgrade true",
        "rethinkdb export -c db:28015",
        "rpk topic create a",
        "surreal import --conn x",
        "pulsar initialize-cluster-metadata --cluster a",
        "pulsar-admin tenants list",
        "milvus stop",
        "dgraph live -f a.rdf",
        "tikv-server --config-check --config /x",
        "victoria-metrics-prod -dryRun",
        "v2ray test -c /x",
        "frpc verify -c /x",
        "mitmdump -n -r flows",
        "ngrok config check",
        "openconnect --background vpn",
        "jupyterhub upgrade-db",
        "jupyter-lab build",
        "mkdocs build",
        "hugo --minify",
        "jekyll build",
        "bokeh info",
        "mlserver build .",
        "bentoml build",
        "prefect worker start --run-once",
        "prefect deploy",
        "rq worker --burst",
        "dagster-daemon wipe",
        "litellm --test",
        "text-generation-launcher --env",
        "tensorboard dev upload --logdir x",
        "activemq stop",
        "artemis create /x",
        "patroni --validate-config /x",
        "agnhost dns-suffix",
        "external-dns --once",
        "unitd",
        "k3s kubectl get nodes",
        "serve",
        "whoami",
        "chisel --help",
        "hypercorn --daemon app:app",
        "chronyd -d -q -f /etc/chrony.conf",
        "nomad job run app.nomad",
        "streamlit cache clear",
        "code-server --list-extensions",
        "couchdb --version",
        "",
        "exec",
        "env A=b",
        "<unknown> infinity",
        "my-server --port 80",
        "sleep 3600",
        "sleep <unknown>",
        "sleep infinity forever",
        "sleep infinity <unknown>",
        "sleep 5 infinity",
        "timeout 60 sleep infinity",
        "timeout 60 tail -f /dev/null",
        "journalctl -n 100 -u kubelet",
        "tail -n 5 /var/log/app.log",
        "tail --pid=7 -f /dev/null",
        "tail -f <unknown>",
        "env -S 'git-sync --one-time'",
        "bundle exec rake db:migrate",
        "bundle binstubs puma",
        "poetry add gunicorn",
        "celery -A shop inspect ping",
        "celery -A shop worker --detach",
        "airflow db migrate",
        "airflow scheduler --num-runs 1",
        "python manage.py migrate",
        "python -m gunicorn --check-config app:app",
        "litestream restore -if-replica-exists /data/app.db",
        "litestream replicate -exec ./app",
        "vmagent-prod -dryRun -promscrape.config=/etc/p.yml",
        "opa test /policies",
        "opa run",  # it asks a terminal
        "thanos tools bucket verify",
        "php-fpm -t",
        "nginx",  # goes to the background
        "nginx -t -g 'daemon off;'",
        "nginx -qt -g 'daemon off;'",
        "nginx -s reload",
        "nginx -v",
        "nginx -g 'daemon off;' <unknown>",
        "httpd -f /etc/httpd.conf",
        "apachectl -t",
        "python3 -m pip install x",
        "haproxy -c -f /etc/haproxy.cfg",
        "haproxy -D -f /etc/haproxy.cfg",
        "envoy --mode validate -c /x",
        "envoy --mode=validate -c /x",
        "envoy -mode validate",
        "envoy <unknown> -c /x",
        "traefik version",
        "caddy validate --config /x",
        "caddy <unknown>",
        "pilot-agent istio-iptables -p 15001",
        "pilot-agent wait --timeoutSeconds 60",
        "cloud-sql-proxy wait",
        "cloud-sql-proxy --version",
        "cloudflared tunnel list",
        "kubectl wait --for=condition=ready pod/x",
        "kubectl apply -f -",
        "kubectl get pods proxy",
        "/gluetun-entrypoint healthcheck",
        "/gluetun-entrypoint <unknown>",
        "consul connect envoy -bootstrap -sidecar-for web",
        "consul kv get x",
        "socat - TCP:db:5432",
        "socat TCP-LISTEN:80 TCP:db:80",
        "ssh host ls",
        "ssh -f -N -L 1:db:1 host",
        "ssh -Nf host",
        "vault agent -config=/vault/config.hcl",  # `exit_after_auth` may stand in the file
        "vault agent -config=/vault/config.hcl -exit-after-auth",
        "vault kv get secret/x",
        "supervisord",
        "sshd",
        "sshd -D -t",
        "crond",
        "dockerd-entrypoint.sh docker info",
        "fluentd --dry-run -c /x",
        "fluent-bit --dry-run -c /x",
        "fluent-bit -i tail -p Exit_On_Eof=true",
        "filebeat setup -e",
        "filebeat --once -e",
        "vector validate /etc/vector.yaml",
        "logstash -t -f /x",
        "otelcol validate --config=/x",
        "telegraf --test --config /x",
        "telegraf --once",
        "process-exporter -once-to-stdout",
        "rclone copy remote:bucket /data",
        "rclone sync a b --progress",
        "rclone mount remote:b /mnt --daemon",
        "gcsfuse bucket /mnt",
        "mc mirror /data minio/backup",
        "mc alias set minio http://minio",
        "aws s3 sync s3://b /data",
        "git-sync --one-time --repo=x",
        "git-sync -one-time=true",
        "consul-template -once -template /a:/b",
        "consul-template -config /x",  # `exec` may stand in the file
        "confd -onetime -backend env",
        "prometheus-config-reloader --watch-interval=0",
        "postgres --single",
        "postgres -C data_directory",
        "psql -h db -c 'select 1'",
        "pg_isready -h db",
        "initdb -D /data",
        "mysqld --initialize-insecure",
        "mysql -h db",
        "redis-server --daemonize yes",
        "redis-server --version",
        "mongod --fork --logpath /x",
        "mongosh --eval 'db.ping()'",
        "cassandra",
        "etcdctl endpoint health",
        "kafka-server-start.sh -daemon x.properties",
        "kafka-topics.sh --create",
        "zkServer.sh start",
        "influxd backup /x",
        "minio --version",
        "cockroach init",
        "cockroach start --background",
        "promtool check config /x",
        "grafana cli plugins install x",
        "registry garbage-collect /x",
        "ollama pull llama3",
        "ray start --head",
        "sleep 364d",
        "sleep 12w",
        "tail -nf /log",
        "tail -c -f",
        "kubectl -n proxy get pods",
        "kubectl -nproxy get pods",
        "kubectl --new-option proxy get pods",
        "kubectl -y proxy get pods",
        "kubectl <unknown> proxy",
        "kubectl -n",
        "kubectl port-forward -h",
        "kubectl exec proxy -- sleep infinity",
        "cloudflared tunnel --config run ingress validate",
        "ssh bastion mysql -N -e 'select 1'",
        "ssh bastion 'mysql -N -e select'",
        "ssh -i -N bastion",
        "ssh -p 22 -i /k bastion sleep -N infinity",
        "ssh -N --new-option bastion",
        "ssh -N <unknown>",
        "autossh -M 0 bastion ls -N",
        "rclone --config mount copy a b",
        "mc --config-dir mirror cp --watch a b",
        "mc mirror --watch=false a b",
        "supervisord -c -n",
        "python -m http.server -h",
        "python -c 'x' -m http.server",
        "python app.py -m http.server",
        "prometheus -h",
        "prometheus --help-long",
        "prometheus --version=true",
        "prometheus -V",
        "postgres -h",
        "sshd -D -h",
        "vector migrate up",
        "/app/loki --target read --dry-run",
        "prometheus-config-reloader --watch-interval=0m",
        "prometheus-config-reloader --watch-interval 0h0m0s",
        "prometheus-config-reloader --watch-interval=0.0ms",
        "prometheus-config-reloader --watch-interval=$(INTERVAL)",
        "redis-server ${OPTIONS}",
        "setsid redis-server",
        "tini -- setsid redis-server",
        "env A=b timeout 60 redis-server",
        "tini -- timeout 60 sleep infinity",
        "/opt/bitnami/scripts/postgresql/setup.sh",
        "/opt/app/run.sh",
    ],
)
def test_not_known_to_be_endless_command(line: str) -> None:
    assert command(line) is None


@pytest.mark.parametrize(
    ("shell", "script", "program"),
    [
        ("sh -c", "sleep infinity", "sleep"),
        ("/bin/sh -ec", "sleep infinity\n", "sleep"),
        ("bash -cex", "exec sleep infinity;", "sleep"),
        ("bash -euo pipefail -c", "sleep infinity", "sleep"),
        ("bash -c -e --", "sleep infinity", "sleep"),
        ("bash --login --rcfile /x -c", "sleep infinity", "sleep"),
        ("tini -- sh -c", "sleep infinity", "sleep"),
        ("busybox sh -c", "exec tail -f /dev/null", "tail"),
        ("sh -c", 'bash -c "sleep infinity"', "sleep"),
        ("sh -c", "exec nginx -g 'daemon off;'", "nginx"),
        ("sh -c", "nginx -g 'daemon off;' > /dev/null 2>&1", "nginx"),
        ("sh -c", "#!/bin/sh\nset -ex   # fail\n\n# don't end\nexec redis-server \\\n  --port 1\n", "redis-server"),
        ("sh -c", "trap : TERM INT; sleep infinity & wait", "sleep"),
        ("sh -c", "trap 'exit 0' TERM\ntail -f /dev/null &\nwait \"$!\"\n", "tail"),
        ("sh -c", "echo 'keeping it up' && sleep infinity", "sleep"),
        ("sh -c", "cd /data && exec redis-server", "redis-server"),
        ("sh -c", "A=b exec redis-server", "redis-server"),
        ("sh -c", "while true; do sleep 3600; done", "while true"),
        ("sh -c", "while :; do sleep 1; done;\n", "while :"),
        ("sh -c", "while true\ndo\n  date\n  sleep 1\ndone\n", "while true"),
        ("sh -ec", "while true; do echo $(date); sleep 1 & wait; done", "while true"),
        ("sh -c", "while true; do aws s3 sync s3://b /data; sleep 60; done", "while true"),
        ("sh -c", "while sleep 60; do :; done", "while sleep 60"),
        ("sh -c", "until false; do sleep 1; done", "until false"),
        ("bash -c", "for (( ; ; )); do sleep 1; done", "for (( ; ; ))"),
        ("bash -c", "trap exit TERM; for ((;;)); do sleep 1; done", "for ((;;))"),
        ("sh /scripts/with-db.sh -c", "redis-server", None),
        ("bash -o pipefail /run.sh -c", "redis-server", None),
        ("bash --rcfile -c", "redis-server", None),
        ("bash -n -c", "sleep infinity", None),
        ("timeout 60 sh -c", "sleep infinity", None),
        ("sh -c", "timeout 60 sleep infinity", None),
        ("sh -c", "setsid sleep infinity", None),
        ("sh -c", "sleep infinity & ./work", None),
        ("sh -c", "sleep infinity & kill $!", None),
        ("sh -c", "sleep 5 & wait", None),
        ("sh -c", "sleep infinity & wait $OTHER", None),
        ("sh -c", "tail -f /log | grep -m1 ready", None),
        ("sh -c", "sleep infinity || true", "sleep"),
        ("sh -c", "[ -f /x ] && exit 0; sleep infinity", None),
        ("sh -c", "if x; then sleep infinity; fi", None),
        ("sh -c", "echo sleep infinity", None),
        ("sh -c", "cat <<E\nsleep infinity\nE", None),
        ("sh -c", "sleep 'infinity", None),
        ("sh -c", "exec $PROGRAM infinity", None),
        ("sh -c", "nginx -g \"daemon $MODE;\"", None),
        ("sh -c", "exec redis-server --daemonize $D", None),
        ("sh -c", "set -e", None),
        ("sh -c", "", None),
        ("sh -c", "while true; do nslookup db && break; sleep 1; done", None),
        ("sh -c", "while true; do [ -f /done ] && kill 1; sleep 1; done", None),
        ("sh -c", "while true; do . /check.sh; sleep 1; done", None),
        ("sh -c", "while true; do echo ${X:?}; sleep 1; done", None),
        ("sh -c", "while true; do exec redis-cli ping; done", None),
        ("sh -c", "while true; do sleep 1; done; echo", "while true"),
        ("sh -c", "cd /x || exit 1; [ -f y ] || exit; sleep infinity", "sleep"),
        ("sh -c", "run() { exec redis-server; }; run", "redis-server"),
        ("sh -c", "while true; do sleep 1; done | head -n 1", None),
        ("sh -c", "until pg_isready; do sleep 1; done", None),
        ("sh -c", "while 1; do sleep 1; done", None),
        ("sh -ec", "while true; do curl -f x; sleep 1; done", None),
        ("bash -o errexit -c", "while true; do curl -f x; sleep 1; done", None),
        ("sh -c", "set -e; while true; do curl -f x; sleep 1; done", None),
    ],
)  # fmt: skip
def test_script(shell: str, script: str, program: str | None) -> None:
    found = of_container([*shlex.split(shell), script])
    assert (found and found.program) == program


@pytest.mark.parametrize("argv", [["sh"], ["sh", "-c"]])
def test_no_script(argv: list[str]) -> None:
    assert of_container(argv) is None


def test_a_script_may_set_variables() -> None:
    assert of_container(["sh", "-c", "/git-sync --repo=x"]) is not None
    assert of_container(["sh", "-c", "export GITSYNC_ONE_TIME=true; exec /git-sync --repo=x"]) is None
    assert of_container(["sh", "-c", "GITSYNC_ONE_TIME=true /git-sync --repo=x"]) is None


@pytest.mark.parametrize(
    ("image", "args", "program", "culprit"),
    [
        ("nginx", None, "nginx", None),
        ("nginx:1.27", "", "nginx", None),
        ("public.ecr.aws/nginx/nginx:1.27", None, "nginx", None),
        ("quay.io/thanos/thanos:v0.36.1", "sidecar --tsdb.path=/data", "thanos", None),
        ("registry.example.com:5000/openpolicyagent/opa:0.69.0-static", "run --server", "opa", None),
        ("ghcr.io/dapr/daprd:1.14.4", "/daprd --app-id shop", "daprd", 0),
        ("mcr.microsoft.com/oss/azure/workload-identity/proxy:v1.3.0", None, "workload-identity-proxy", None),
        ("natsio/prometheus-nats-exporter:0.15.0", "-varz http://localhost:8222", "prometheus-nats-exporter", None),
        ("docker.io/library/nginx@sha256:0000", None, "nginx", None),
        ("public.ecr.aws/docker/library/nginx:1", None, "nginx", None),
        ("registry.example.com:5000/mirror/library/redis:7", None, "redis-server", None),
        ("localhost:5000/nginx", None, "nginx", None),
        ("nginx", "nginx -g 'daemon off;'", "nginx", 0),
        ("nginxinc/nginx-unprivileged:alpine", None, "nginx", None),
        ("postgres:16", "-c max_connections=200", "postgres", None),
        ("postgres:16", "postgres -c max_connections=200", "postgres", 0),
        ("registry.example.com/mirror/bitnami/postgresql:16", None, "postgres", None),
        ("bitnamilegacy/kafka", None, "kafka-server-start.sh", None),
        ("cassandra:5", "-R", "cassandra", None),
        ("mysql:8", "--datadir /data", "mysqld", None),
        ("redis", "--appendonly yes", "redis-server", None),
        ("registry.k8s.io/pause:3.9", None, "pause", None),
        ("envoyproxy/envoy:v1.30", "-c /etc/envoy.yaml", "envoy", None),
        ("envoyproxy/envoy:v1.30", "envoy -c /etc/envoy.yaml", "envoy", 0),
        ("docker.io/istio/proxyv2:1.22", "proxy sidecar", "pilot-agent", None),
        ("gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.11", "--quitquitquit p:r:i", "cloud-sql-proxy", None),
        ("gcr.io/cloudsql-docker/gce-proxy:1.33", "/cloud_sql_proxy -instances=x", "cloud_sql_proxy", 0),
        ("cloudflare/cloudflared", "tunnel run", "cloudflared", None),
        ("qmcgaw/gluetun:v3", None, "gluetun-entrypoint", None),
        ("hashicorp/vault", None, "vault", None),
        ("hashicorp/consul-template:0.36", "-template /t/a:/c/a", "consul-template", None),
        ("apache/airflow:2.8", "scheduler", "airflow", None),
        ("apache/airflow:2.8", "airflow webserver", "airflow", 0),
        ("vault:1.13", "vault server -dev", "vault", 0),
        ("consul", "agent -server", "consul", None),
        ("docker:27-dind", None, "dockerd", None),
        ("docker:dind-rootless", "--tls=false", "dockerd", None),
        ("fluent/fluent-bit:3", "/fluent-bit/bin/fluent-bit -c /x", "fluent-bit", 0),
        ("docker.elastic.co/beats/filebeat:8.17.3", "-c /x -e", "filebeat", None),
        ("grafana/grafana:11", "--config=/x", "grafana", None),
        ("quay.io/prometheus/node-exporter:v1.8", "--path.rootfs=/host", "node_exporter", None),
        ("bitnami/kubectl", "proxy --port=8001", "kubectl", None),
        ("minio/minio", "server /data", "minio", None),
        ("minio/minio", "minio server /data", "minio", 0),
        ("k8s.gcr.io/git-sync:v3.1.1", "--repo=x", "git-sync", None),
        ("bitnami/kubectl", "-n db port-forward svc/x 1:1", "kubectl", None),
        ("busybox", "sleep infinity", "sleep", 0),
        ("docker.io/library/alpine:3", "tail -f /dev/null", "tail", 0),
        ("registry.access.redhat.com/ubi9/ubi:9", "sleep inf", "sleep", 0),
        ("node:20", "sleep infinity", "sleep", 0),
        ("stefanprodan/podinfo:6.7", None, "podinfo", None),
        ("hashicorp/http-echo:1.0", "-text=hello", "http-echo", None),
        ("kennethreitz/httpbin", None, "gunicorn", None),
        ("jenkins/jenkins:lts", "--httpPort=8081", "jenkins.sh", None),
        ("docker.elastic.co/kibana/kibana:8.14.1", None, "kibana-docker", None),
        ("ghostunnel/ghostunnel:v1.8", "client --listen localhost:1 --target a:1", "ghostunnel", None),
        ("qdrant/qdrant:v1.10", "./qdrant --config-path /c.yaml", "qdrant", 0),
        ("couchdb:3", None, "couchdb", None),
        ("gitea/gitea:1.22", None, "gitea/gitea", None),
        ("docker.io/library/sonarqube:lts", "", "sonarqube", None),
        ("quay.io/jupyter/scipy-notebook", None, "start-notebook.sh", None),
        ("quay.io/jupyter/scipy-notebook", "start-notebook.py --ip=0.0.0.0", "start-notebook.py", 0),
        ("wordpress:6-php8.3-fpm", None, "wordpress", None),
        ("php:8.3-fpm-alpine", None, "php-fpm", None),
        ("php:8.3-apache", None, "apache2-foreground", None),
        ("amazon/dynamodb-local", "-jar DynamoDBLocal.jar -sharedDb", "amazon/dynamodb-local", None),
        ("registry.k8s.io/e2e-test-images/agnhost:2.47", None, "agnhost", None),
        ("registry.k8s.io/e2e-test-images/agnhost:2.47", "netexec --http-port=80", "agnhost", None),
        ("docker.redpanda.com/redpandadata/redpanda:v24", "redpanda start --smp 1", "rpk", None),
        ("registry.k8s.io/kube-proxy:v1.30", "/usr/local/bin/kube-proxy --config=/x", "kube-proxy", 0),
        ("tensorflow/tensorflow:latest-jupyter", None, "tensorflow/tensorflow", None),
        ("rayproject/ray:2.9", "ray start --head --block", "ray", 0),
    ],
)
def test_endless_image(image: str, args: str | None, program: str, culprit: int | None) -> None:
    endless = of_image(image, words(args), {})
    assert endless is not None
    assert (endless.program, endless.culprit) == (program, culprit)


@pytest.mark.parametrize(
    ("image", "args"),
    [
        ("busybox", None),
        ("wordpress:cli", None),
        ("wordpress:cli-php8.3", "wp core install"),
        ("php:8.3-cli", None),
        ("php:8.3-fpm", "php artisan migrate"),
        ("gitea/gitea:1.22", "gitea migrate"),  # what its ENTRYPOINT makes of words is not known
        ("sonarqube:lts", "<unknown>"),
        ("amazon/dynamodb-local", "--help"),
        ("acme/gitea", None),
        ("registry.k8s.io/e2e-test-images/agnhost:2.47", "dns-suffix"),
        ("tensorflow/tensorflow:2.16", None),
        ("aquasec/trivy", "image nginx"),
        ("aquasec/trivy", None),
        ("busybox", "sleep 5"),
        ("acme/busybox", "sleep infinity"),
        ("node:20", None),
        ("node:20", "--version"),
        ("bash", "-c 'echo'"),
        ("bitnami/kubectl", "-n proxy wait --for=condition=ready pod/x"),
        ("prom/prometheus", "-h"),
        ("prom/prometheus", "sh -c 'sleep 1'"),  # the program is given a word that it does not take
        ("vllm/vllm-openai", "-h"),
        ("prom/prometheus", "--config.file=/x <unknown>"),
        ("acme/nginx", None),
        ("registry.example.com/acme/nginx:1", None),
        ("mycompany/nginx-custom", None),
        ("nginx-custom", None),
        ("acme/my-envoyproxy/envoy2", None),
        ("xenvoyproxy/envoy", None),
        ("nginx/library", None),
        ("", None),
        ("<unknown>", None),
        ("nginx", "-g 'daemon off;'"),  # the entrypoint executes -g, and fails
        ("nginx", "nginx -t"),
        ("nginx", "sh -c 'echo hello'"),
        ("nginx", "<unknown>"),
        ("postgres:16", "psql -h db"),
        ("postgres:16", "<unknown>"),
        ("postgres:16", "-c <unknown>"),
        ("redis", "redis-cli ping"),
        ("mysql:8", "mysqldump --all-databases"),
        ("mongo", "mongosh --eval x"),
        ("rabbitmq", "rabbitmqctl await_startup"),
        ("bitnami/kubectl", None),
        ("bitnami/kubectl", "wait --for=condition=complete job/x"),
        ("istio/proxyv2", None),
        ("istio/proxyv2", "istio-iptables -p 15001"),
        ("cloudflare/cloudflared", None),
        ("hashicorp/vault", "agent -config=/x -exit-after-auth"),
        ("hashicorp/vault", "kv get secret/x"),
        ("rclone/rclone", "copy a: /data"),
        ("minio/minio", None),
        ("minio/mc", "cp a b"),
        ("docker:27", None),
        ("docker:27-cli", None),
        ("docker:27-dind", "docker info"),
        ("qmcgaw/gluetun", "healthcheck"),
        ("docker.elastic.co/beats/filebeat:8", "setup -e"),
        ("timberio/vector", "validate"),
        ("otel/opentelemetry-collector", "validate --config=/x"),
        ("quay.io/prometheus-operator/prometheus-config-reloader:v0.7", "--watch-interval=0"),
        ("quay.io/coreos/etcd", "etcdctl endpoint health"),
        ("ollama/ollama", "pull llama3"),
        ("registry:2", "garbage-collect /x"),
        ("jenkins/jenkins:lts", "jenkins-plugin-cli --plugins git"),
        ("mailhog/mailhog", "sendmail a@b"),
        ("codercom/code-server", "--install-extension golang.go"),
        ("ghostunnel/ghostunnel:v1.8", None),
    ],
)
def test_not_known_to_be_endless_image(image: str, args: str | None) -> None:
    assert of_image(image, words(args), {}) is None


@pytest.mark.parametrize(
    ("env", "endless"),
    [
        ({}, True),
        ({"METHOD": "WATCH"}, True),
        ({"METHOD": "SLEEP", "LABEL": None}, True),
        ({"METHOD": "LIST"}, False),
        ({"METHOD": "list"}, False),
        ({"METHOD": None}, False),
        (None, False),
    ],
)
def test_environment_of_image(env: programs.Environment, endless: bool) -> None:
    assert (of_image("quay.io/kiwigrid/k8s-sidecar:1.27", None, env) is not None) is endless


@pytest.mark.parametrize(
    ("line", "env", "endless"),
    [
        ("/git-sync --repo=x", {}, True),
        ("/git-sync --repo=x", {"GITSYNC_ONE_TIME": "false"}, True),
        ("/git-sync --repo=x", {"GITSYNC_ONE_TIME": "true"}, False),
        ("/git-sync --repo=x", {"GIT_SYNC_ONE_TIME": "True"}, False),
        ("/git-sync --repo=x", {"GIT_SYNC_ONE_TIME": None}, False),
        ("/git-sync --repo=x", None, False),
        ("env GITSYNC_ONE_TIME=true /git-sync --repo=x", {}, False),
    ],
)
def test_environment_of_command(line: str, env: programs.Environment, endless: bool) -> None:
    assert (command(line, env) is not None) is endless


def test_quit_is_the_end_of_the_url_that_stops_it() -> None:
    assert of_image("gcr.io/cloud-sql-connectors/cloud-sql-proxy", ["p:r:i"], {}) == EndlessProgram(
        "cloud-sql-proxy", "proxy", None, "quitquitquit"
    )
    assert of_command(["sleep", "infinity"]) == EndlessProgram("sleep", "idle", 0)


@pytest.mark.parametrize(
    ("image", "repository", "tag"),
    [
        ("nginx", "nginx", ""),
        ("nginx:1.27", "nginx", "1.27"),
        ("library/nginx", "library/nginx", ""),
        ("docker.io/library/nginx:1", "library/nginx", "1"),
        ("localhost/nginx", "nginx", ""),
        ("localhost:5000/a/nginx@sha256:0123", "a/nginx", ""),
        ("host:5000/a/b/nginx:1.2-alpine@sha256:0123", "a/b/nginx", "1.2-alpine"),
        ("registry.example.com/x", "x", ""),
        ("acme/x:v1", "acme/x", "v1"),
        ("", "", ""),
    ],
)
def test_reference(image: str, repository: str, tag: str) -> None:
    reference = parse(image)
    assert (reference.repository, reference.tag) == (repository, tag)


DIGEST = "sha256:2a03a6059f21e150ae84b0973863609494aad70f0a80eaeb64bddd8d92465812"


@pytest.mark.parametrize(
    "image",
    ["nginx", "a/b/nginx-1.x__y:v1", "host:5000/a/nginx:latest", "localhost/nginx", f"nginx@{DIGEST}",
     f"registry.example.com/nginx:1.27@{DIGEST}", "123456789012.dkr.ecr.eu-central-1.amazonaws.com/x:TAG"],
)  # fmt: skip
def test_literal_reference(image: str) -> None:
    assert parse(image).is_literal
    assert image.startswith(parse(image).name)


@pytest.mark.parametrize(
    "image",
    ["", " ", "IMAGE", "REGISTRY/nginx", "nginx:", "nginx:$TAG", "${IMAGE}", "$(IMAGE)", "<image>", "auto", "image",
     "{user}/nginx:latest", "{{ .Values.image }}", "@IMAGE@", "%IMAGE%", "__IMAGE__", "ko://example.com/x", "a//b",
     "nginx@sha256:1", "https://example.com/nginx"],
)  # fmt: skip
def test_no_literal_reference(image: str) -> None:
    assert not parse(image).is_literal


def test_reference_has_every_part() -> None:
    found = parse(f"host:5000/a/nginx:1.27@{DIGEST}")
    assert found == ("host:5000/a/nginx", "host:5000", "a/nginx", "1.27", DIGEST, True)


def strings(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [text for pair in value.items() for item in pair for text in strings(item)]
    return [text for item in value for text in strings(item)] if isinstance(value, list) else [value]


@pytest.mark.parametrize(
    ("image", "env", "port"),
    [("postgres:16", {}, "5432"), ("bitnami/redis", {}, "6379"), ("postgres:16", {"PGPORT": "1"}, ""),
     ("postgres:16", None, ""), ("acme/app", {}, ""), ("haproxy:3", {}, "")],
)  # fmt: skip
def test_default_ports(image: str, env: dict[str, str | None] | None, port: str) -> None:
    assert programs.default_port(image, env) == port


@pytest.mark.parametrize("name", DATA["programs"])
def test_program_entry(name: str) -> None:
    entry = DATA["programs"][name]
    fields = {"does", "also", "runs", "needs", "ends", "ends-env", "options-env", "takes", "flags", "words", "quit",
              "port", "ports", "port-env", "listens", "local", "times", "configured", "source"}  # fmt: skip
    assert set(entry) <= fields
    assert entry["does"] in KINDS
    assert re.fullmatch(r"https?://\S+", entry["source"])
    texts = strings(
        {field: value for field, value in entry.items() if field not in ("words", "port", "ports", "port-env", "times")}
    )
    assert isinstance(entry.get("port", 1), int)
    assert all(isinstance(text, str) for text in texts), "quote what YAML takes for a number or a boolean"
    assert not {*entry.get("takes", ())} & {*entry.get("flags", ())}
    local = entry.get("local", {})
    assert all(re.compile(one).groups == 1 for one in (*entry.get("listens", ()), *local, *local.values()))


@pytest.mark.parametrize(
    ("words", "ports"),
    [
        ("--port=5432 a:b:c", ["5432"]), ("--port 5432 a:b:c", ["5432"]), ("a:b:c", []),
        ("--address=127.0.0.1 --port=5432", ["5432"]), ("--address 0.0.0.0 --port=5432", []),
        ("--port=5432 a:b:c?address=0.0.0.0", []), ("--http-port=9801 --address=0.0.0.0", ["9801"]),
        ("--http-port 9801 --http-address 0.0.0.0 -p 1433", ["1433"]),
    ],
)  # fmt: skip
def test_local_ports(words: str, ports: list[str]) -> None:
    assert [port for _, port in programs.local_ports("cloud-sql-proxy", words.split())] == ports


@pytest.mark.parametrize("entry", DATA["images"], ids=lambda entry: entry["names"][0])
def test_image_entry(entry: dict[str, Any]) -> None:
    assert set(entry) <= {"names", "program", "entry", "does", "default", "tag", "args", "commands", "source"}
    assert "program" not in entry or entry["program"].split()[0] in load().programs
    assert len({"program", "entry", "does"} & set(entry)) <= 1
    assert entry.get("does", "server") in KINDS
    assert {"program", "entry", "does"} & set(entry) or entry["args"] != "options"
    assert "entry" not in entry or builtin().get(entry["entry"]), "what is told to it is known by the table of commands"
    assert entry.get("args") in ({None, "options"} if "does" in entry else {"options", "command", "replaced"})
    assert re.fullmatch(r"https?://\S+", entry["source"])
    assert all(parse(name).repository == name for name in entry["names"])
    assert entry.get("args") == "options" or "default" not in entry, "only options are added to ENTRYPOINT alone"


def test_no_name_twice() -> None:
    text = Path(programs.__file__).with_name("programs.yaml").read_text(encoding="utf-8")
    keys = re.findall(r"^  (\S+):(?: {.*}|)$", text.partition("\nimages:")[0], re.MULTILINE)
    also = [name for entry in DATA["programs"].values() for name in entry.get("also", [])]
    images = [(name, entry.get("tag")) for entry in DATA["images"] for name in entry["names"]]
    assert set(keys) == {*DATA["programs"], *DATA["wrappers"]}
    for names in ([*keys, *also], images):
        assert [name for name, count in Counter(names).items() if count > 1] == []


def test_images_run_for_ever_without_args_unless_they_need_some() -> None:
    images = load().images
    silent = {
        name
        for name, (image, *_) in images.items()
        if (image.program or image.does) and not of_image(f"{name}:{image.tag}", None, {})
    }
    needs_args = {"istio/proxyv2", "istio-release/proxyv2", "istio/pilot", "istio-release/pilot"}
    needs_args |= {"cloudflare/cloudflared", "rclone/rclone", "minio/minio", "keycloak/keycloak"}
    needs_args |= {"cockroachdb/cockroach", "alpine/socat", "apache/airflow", "natsio/prometheus-nats-exporter"}
    needs_args |= {"kumahq/kuma-dp", "kuma/kuma-dp", "kong/kuma-dp", "openpolicyagent/opa", "litestream/litestream"}
    needs_args |= {"thanos/thanos", "thanosio/thanos", "ghostunnel/ghostunnel", "surrealdb/surrealdb", "ngrok/ngrok"}
    needs_args |= {"aquasec/trivy", "aquasecurity/trivy", "concourse/concourse", "velero/velero"}
    assert silent == needs_args | {"bitnami/kubectl", "bitnamilegacy/kubectl", "rancher/kubectl"}


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, "2376"),
        ({"DOCKER_TLS_CERTDIR": ""}, "2375"),
        ({"DOCKER_TLS_CERTDIR": "/certs"}, "2376"),
        ({"DOCKER_TLS_CERTDIR": None}, ""),
        ({"DOCKER_PORT": "1"}, ""),
        (None, ""),
    ],
)
def test_a_variable_may_decide_the_port(env: dict[str, str | None] | None, expected: str) -> None:
    assert programs.default_port("docker:27-dind", env) == expected


@pytest.mark.parametrize(
    ("image", "args", "expected"),
    [
        ("alpine/git:2.43.0", ["clone", "https://x"], "git"),
        ("quay.io/mirror/kubectl:1.30", ["wait", "pod/a"], ""),
        ("registry.k8s.io/kubectl:v1.30.0", ["wait", "pod/a"], "kubectl"),
        ("bitnami/kubectl", ["wait", "pod/a"], "kubectl"),
        ("bitnami/kubectl", ["port-forward", "pod/a"], ""),  # it runs for ever, which is another finding
        ("curlimages/curl", ["-fsS", "http://a"], "curl"),
        ("curlimages/curl", ["sh", "-c", "true"], ""),
        ("alpine/git", ["git", "pull"], ""),
        ("alpine/git", [], ""),
        ("own/git", ["pull"], ""),
        ("caddy", ["validate"], ""),
    ],
)
def test_entry_points_that_end(image: str, args: list[str], expected: str) -> None:
    assert programs.entry_point(image, args, {}) == expected


def test_arguments_of_an_entry_point_are_a_command() -> None:
    spec = "{name: a, image: alpine/git, args: [clone, https://x/r, /r], volumeMounts: [{name: r, mountPath: /r}]}"
    (script,) = scripts.scripts(pod(f"{{initContainers: [{spec}]}}").init_containers[0])
    assert [one.command.words for one in script.steps] == [["git", "clone", "https://x/r", "/r"]]
    for more in ("command: [x]", "args: ['$(X)', {}]", "args: []"):
        other = pod(f"{{initContainers: [{{name: a, image: alpine/git, {more}}}]}}").init_containers[0]
        assert all(one.steps[0].command.name != "git" for one in scripts.scripts(other) if one.steps)
