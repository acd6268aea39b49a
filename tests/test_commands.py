"""What commands do, by their words; what is not known of a word is never claimed."""

from __future__ import annotations

import json
from collections import Counter

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from initlint.shell.commands import table
from initlint.shell.commands.asked import of_test
from initlint.shell.commands.interpret import understand
from initlint.shell.commands.meaning import Effect, Meaning, Probe, ProbeKind, Rerun
from initlint.shell.language import syntax
from initlint.shell.language.parse import parse
from initlint.shell.language.scope import Scope
from initlint.shell.language.syntax import Literal, Pattern, Quote, Substitution, Variable, Word
from initlint.shell.language.values import UNKNOWN, Argument, Value, whole
from tests.conftest import ROOT

CWD = whole("/w")
FILE = ROOT / "initlint/shell/commands/commands.yaml"


def arguments(text: str, **variables: str) -> list[Argument]:
    (item,) = parse(text).body.items
    assert isinstance(item.statement, syntax.Simple | syntax.Test)
    statement, scope = item.statement, Scope(variables, CWD)
    is_named = isinstance(statement, syntax.Test) and statement.bracket == "test"
    name = Word(statement.start, statement.start + 4, (Literal("test"),))
    return [scope.argument(word) for word in (*[name] * is_named, *statement.words)]


def meaning(text: str, **variables: str) -> Meaning:
    return understand(arguments(text, **variables), CWD)


def shown(known: Value | None) -> str:
    return "-" if known is None else known.known + ("" if known.is_whole else "…")


def effect(one: Effect) -> str:
    """An effect as text: `writes /dst/{a b}`; a directory ends with a slash."""
    names = "{" + " ".join(map(shown, one.names)) + "}" if one.names else ""
    return f"{one.action.value} {shown(one.path)}{'/' if one.is_directory else ''}{names}"


def effects(text: str, **variables: str) -> str:
    return ", ".join(map(effect, meaning(text, **variables).effects))


def probe(one: Probe) -> str:
    host, port = shown(one.host) if one.host else "", f":{shown(one.port)}" if one.port else ""
    return f"{one.kind.value} {host}{port}{shown(one.path) if one.path else ''}"


def probes(text: str) -> str:
    return ", ".join(map(probe, meaning(text).probes))


def test_the_table_has_its_form() -> None:
    raw = yaml.load(FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    schema = json.loads((ROOT / "schemas/commands.schema.json").read_text(encoding="utf-8"))
    entries = {json.dumps(name).strip('"'): entry for name, entry in raw.items()}
    jsonschema.Draft202012Validator(schema).validate(entries)
    assert {*entries, *(name for one in entries.values() for name in one.get("also", "").split())} - {"true"} <= {
        word for name in table.builtin().names for word in (name, name.rpartition(" ")[2])
    }


def test_no_name_stands_twice() -> None:
    raw = yaml.load(FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    names = Counter(
        name if " " not in str(key) else f"{str(key).rpartition(' ')[0]} {name}"
        for key, entry in raw.items()
        for name in [str(key).rpartition(" ")[2], *entry.get("also", "").split()]
    )
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("name", sorted(table.builtin().names))
def test_every_entry_is_read(name: str) -> None:
    entry = table.builtin().get(name)
    assert entry is not None
    known = [*entry.flags, *entry.values, *entry.glued, *(one for one in entry.options if one not in entry.flags)]
    assert [one for one, count in Counter(known).items() if count > 1] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cp a /b", "reads /w/a, writes /b{a}"),
        ("cp -r a/b /dst/", "reads /w/a/b, writes /dst/{b}"),
        ("cp -a x/. /dst", "reads /w/x/, writes /dst/{…}"),
        ("cp -t /d a b", "writes /d/{a b}, reads /w/a, reads /w/b"),
        ("cp -rt/d a", "writes /d/{a}, reads /w/a"),
        ("cp --target-directory=/d -- -a", "writes /d/{-a}, reads /w/-a"),
        ("cp -rT a /d", "reads /w/a, writes /d"),
        ("/bin/cp -vf '/a b' \"/c\"", "reads /a b, writes /c{a b}"),
        ("mv /a/lib*.jar /libs", "reads /a/lib…, removes /a/lib…, writes /libs{lib…}"),
        ("mv a b /c", "reads /w/a, removes /w/a, reads /w/b, removes /w/b, writes /c/{a b}"),
        ("ln -sf /opt/x /usr/bin/y", "links /usr/bin/y{x}"),
        ("ln -sfn /opt/x /usr/bin/y", "links /usr/bin/y"),
        ("ln -s /opt/x", "links /w/x"),
        ("ln -st /bin /opt/x /opt/y", "links /bin/{x}, links /bin/{y}"),
        ("install -D -m 0755 a /b/c", "reads /w/a, writes /b/c{a}"),
        ("install -d -o root -g root /x y", "makes directory /x/, makes directory /w/y/"),
        ("pg_restore --clean -d app -j 4 /d/a.dump", "reads /d/a.dump"),
        ("pg_restore -l -L toc -f out.sql a.dump", "reads /w/toc, writes /w/out.sql, reads /w/a.dump"),
        ("mongorestore --drop --gzip --archive=/d/a.gz", "reads /d/a.gz"),
        ("mongoimport -c users --file /d/users.json --jsonArray", "reads /d/users.json"),
        ("mongoexport -c users -o /d/users.json", "writes /d/users.json"),
        ("mongodump -d app -o /d", "writes /d/{…}"),
        ("mysqlimport --local -h db app /d/users.txt", "reads /d/users.txt"),
        ("sqlcmd -S db -i /d/a.sql -o log", "reads /d/a.sql, writes /w/log"),
        ("ldapadd -x -H ldap://l -f /d/a.ldif", "reads /d/a.ldif"),
        ("mc cp s3/b/a.bin /d/", "writes /d/"),
        ("java -Xmx1g -jar /a/b.jar --root /d", "reads /a/b.jar"),
        ("java -cp /a/b.jar com.acme.Main /d", ""),
        ("dotnet publish -c Release -o /app a.csproj", "writes /app/{…}, reads /w/a.csproj"),
        ("dotnet /app/a.dll --x", "reads /app/a.dll"),
        ("sitegen -q --output-dir=/site --out=/log -o json", "writes /site/{…}, writes /log"),
        ("sitegen --format -o -o /a/b --outdir /c -output x", "writes /a/b, writes /c/{…}"),
        ("mc cp /d/a.bin s3/b", "reads /d/a.bin"),
        ("python -m venv /v", "writes /v/{…}"),
        ("virtualenv -p python3 /v", "writes /v/{…}"),
        ("svn checkout -q https://e.com/x /d", "writes /d/{…}"),
        ("hg clone https://e.com/x /d", "writes /d/{…}"),
        ("gdown 1xYz -O /d/a.bin", "writes /d/a.bin"),
        ("kaggle datasets download -p /d a/b", "writes /d/{…}"),
        ("kaggle competitions download -c a -p /d", "writes /d/{…}"),
        ("hugo --minify -d /d", "writes /d/{…}"),
        ("mkdocs build -d /d", "writes /d/{…}"),
        ("wal-g backup-fetch /d LATEST", "writes /d/{…}"),
        ("pgbackrest --stanza=a --pg1-path=/d restore", "writes /d/{…}"),
        ("step ca certificate a /d/a.crt /d/a.key", "writes /d/a.crt, writes /d/a.key"),
        ("git-sync --repo=https://e.com/x --one-time --root=/d", "writes /d/{x}"),
        ("git-sync --repo=https://e.com/x.git --root=/d --link=now", "writes /d/{now}"),
        ("geoipupdate -d /d", "writes /d/{…}"),
        ("storage-initializer s3://a /d", "writes /d/{…}"),
        ("mc mirror s3/b /d", "writes /d/{…}"),
        ("mc mirror /d s3/b", "reads /d"),
        ("curl --output-dir /d -O https://h/a.bin", "writes /d/a.bin"),
        ("aws s3api get-object --bucket b --key k /d/k", "writes /d/k"),
        ("mkdir -pm 0755 /a", "makes directory /a/"),
        ("mkdir --mode=755 a/b", "makes directory /w/a/b/"),
        ("rm -rf -- /a /b/*", "removes /a, removes /b/…"),
        ("touch -d yesterday x", "writes /w/x"),
        ("mkfifo -m 600 p", "writes /w/p"),
        ("mknod /dev/fuse c 10 229", "writes /dev/fuse"),
        ("dd if=/dev/zero of=/x bs=1M count=1", "reads /dev/zero, writes /x"),
        ("chmod -R a+x /x y", "changes /x, changes /w/y"),
        ("chmod --reference=/a /b", "looks at /a, changes /b"),
        ("chown -Rh 1000:1000 /data", "changes /data"),
        ("cat - a /dev/null", "reads /w/a"),
        ("head -n 5 -c3 a", "reads /w/a"),
        ("tee -a x", "appends to /w/x"),
        ("consul-template -once -template /in/a.ctmpl:/out/a:reload", "reads /in/a.ctmpl, writes /out/a"),
        ("dockerize -template a.tmpl:/out/a.conf", "reads /w/a.tmpl, writes /out/a.conf"),
        ("make -j4 install DESTDIR=/out", "writes /out/{…}"),
        ("javac -cp x.jar -d /out A.java", "writes /out/{…}"),
        ("redis-cli -h db --rdb /out/dump.rdb", "writes /out/dump.rdb"),
        ("cpio -idm -D /out", "writes /out/{…}"),
        ("cpio -it", ""),
        ("dpkg -x a.deb /out", "reads /w/a.deb, writes /out/{…}"),
        ("kopia restore k1 /out", "writes /out/{…}"),
        ("sftp -i /k u@h:/a/x.csv /out/x.csv", "writes /out/x.csv{x.csv}"),
        ("sftp -b - u@h", ""),
        ("7z x -y -o/out a.7z", "writes /out/{…}, reads /w/a.7z"),
        ("tee x /dev/stderr", "writes /w/x"),
        ("sort -u -o /x /y", "writes /x, reads /y"),
        ("grep -rq x /f /g", "reads /f, reads /g"),
        ("grep -e x -f /p /f", "reads /p, reads /f"),
        ("awk -F: -v a=b '{print}' /f", "reads /f"),
        ("sed -e s/a/b/ /c", "reads /c"),
        ("sed -n 1p /c", "reads /c"),
        ("dos2unix -k /c", "changes /c"),
        ("sed -i.bak s/a/b/ /c", "changes /c"),
        ("sed -ie s/a/b/ /c", "changes /c"),
        ("sed -i.bak -e s/a/b/ /c", "changes /c"),
        ("sed --in-place=.x --expression s/a/b/ /c", "changes /c"),
        ("yq -i '.a = 1' /f.yaml", "changes /f.yaml"),
        ("yq e -i '.a = 1' /f.yaml", "changes /f.yaml"),
        ("ln -s /a/*/b /c", "links /c{b}"),
        ("jq -r --arg a b --argjson c 1 .x f.json", "reads /w/f.json"),
        ("jq -r .x f.json", "reads /w/f.json"),
        ("rsync -a --delete /src/ /dst", "reads /src/, writes /dst/{…}"),
        ("rsync -az /src /dst", "reads /src, writes /dst{src}"),
        ("rsync -a host:/src /dst", "writes /dst{src}"),
        ("rsync -a /src host:/dst", "reads /src"),
        ("gunzip -f /a/b.gz", "reads /a/b.gz, removes /a/b.gz, writes /a/b"),
        ("gunzip -k b.gz", "reads /w/b.gz, writes /w/b"),
        ("gzip -dc b.gz", "reads /w/b.gz"),
        ("xz -9 b", "reads /w/b, removes /w/b"),
    ],
)
def test_files(text: str, expected: str) -> None:
    assert effects(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tar xzf a.tgz -C /data", "reads /w/a.tgz, writes /data/{…}"),
        ("tar -xzf a.tgz", "writes /w/{…}, reads /w/a.tgz"),
        ("tar -C /d -x -f - --strip-components=1", "writes /d/{…}"),
        ("tar xfC a.tar /d", "reads /w/a.tar, writes /d/{…}"),
        ("tar --extract --file=a.tar --directory /d x/y", "reads /w/a.tar, writes /d/{…}"),
        ("tar -xOf a.tar x", "reads /w/a.tar"),
        ("tar -czf /b/x.tgz -C /data .", "writes /b/x.tgz, reads /data/"),
        ("tar cf - /etc", "reads /etc"),
        ("tar -tf a.tar", "reads /w/a.tar"),
        ("unzip -qo /a.zip 'x/*' -d /b", "reads /a.zip, writes /b/{…}"),
        ("unzip a.zip", "writes /w/{…}, reads /w/a.zip"),
        ("unzip -p a.zip x", "reads /w/a.zip"),
        ("wget https://e.com/d/m.bin", "writes /w/m.bin"),
        ("wget -qP /models https://e.com/d/m.bin", "writes /models/{m.bin}"),
        ("wget -O- https://e.com/d/m.bin", ""),
        ("wget -nv -O /x -P /y https://e.com/d/m.bin", "writes /x"),
        ("wget --output-document=/x $URL", "writes /x"),
        ("busybox wget -O /x http://a", "writes /x"),
        ("wget https://e.com/", "writes /w/…"),
        ("wget https://e.com/$X/a.tgz", "writes /w/a.tgz"),
        ("wget https://e.com/a-$X.tgz", "writes /w/…"),
        ("curl -sLO https://e.com/a.bin?x=1", "writes /w/a.bin"),
        ("curl -fsSLo /x/y https://e.com", "writes /x/y"),
        ("curl --output-dir /d -O https://e.com/a", "writes /d/a"),
        ("curl --output=x -K c https://e.com/a", "writes /w/x, reads /w/c"),
        ("curl https://e.com/a", ""),
        ("wget -qO- https://e.com/a", ""),
        ("curl -d @a.json -F x=@/b -F 'z=@/c;type=text/plain' -F y=1 -d @- https://e.com", "reads /w/a.json, reads /b"),
        ("git clone https://github.com/a/b.git", "writes /w/b/"),
        ("git clone -b main --depth=1 git@github.com:a/b", "writes /w/b/"),
        ("git clone --depth 1 $REPOSITORY /src", "writes /src/{…}"),
        ("git -C /d clone $REPOSITORY src", "writes /d/src/{…}"),
        ("git -C /d pull", "writes /d/{…}"),
        ("git -C /d fetch origin main", "changes /d/"),
        ("git init", "writes /w/{…}"),
        ("git config user.name agent", "changes /w/"),
        ("git -C /d config --local user.name agent", "changes /d/"),
        ("git config --global user.name agent", ""),
        ("git config -f /d/.gitmodules submodule.a.url b", ""),
        ("jenkins-plugin-cli -d /p --plugins git", "writes /p/{…}"),
        ("jenkins-plugin-cli --list", ""),
        ("bin/elasticsearch-plugin install -b analysis-icu", "writes /w/plugins/{…}"),
        ("/opt/x/bin/elasticsearch-plugin install analysis-icu", "writes /opt/x/plugins/{…}"),
        ("elasticsearch-plugin install analysis-icu", ""),
        ("bin/elasticsearch-plugin list", ""),
        ("aws s3 cp s3://b/models/x.bin /models/", "writes /models/{x.bin}"),
        ("aws s3 cp --recursive s3://b/m /models", "writes /models/{…}"),
        ("aws --endpoint-url http://m s3 sync s3://b/m/ /models", "writes /models/{…}"),
        ("aws s3 cp /data/x s3://b/", "reads /data/x"),
        ("apk fetch -o /d curl", "writes /d/{…}"),
        ("apt-get source nginx", "writes /w/{…}"),
        ("aws s3 cp s3://b/x -", ""),
        ("gsutil -m cp -r gs://b/m /models", "writes /models/{…}"),
        ("gcloud storage cp gs://b/m.bin /models/", "writes /models/{m.bin}"),
        ("rclone copy remote:b/x /data --config /c", "writes /data/{…}, reads /c"),
        ("s5cmd cp 's3://b/m/*' /models/", "writes /models/{…}"),
        ("hf download a/b --local-dir /m --quiet", "writes /m/{…}"),
        ("huggingface-cli download a/b --local-dir=/m", "writes /m/{…}"),
        ("az storage blob download -c a -n b -f /x", "writes /x"),
        ("oras pull ghcr.io/a/b:1", "writes /w/{…}"),
        ("oras pull -o /p ghcr.io/a/b:1", "writes /p/{…}"),
        ("skopeo copy docker://a dir:/b", "writes /b/{…}"),
        ("skopeo copy docker://a docker-archive:/b.tar:a:1", "writes /b.tar"),
        ("pip install --target=/d x", "writes /d/{…}"),
        ("pip3.11 install -t /d -r r.txt", "writes /d/{…}, reads /w/r.txt"),
        ("huggingface-cli download a/b m.gguf --local-dir /d", "writes /d/{m.gguf}"),
        ("cfssljson -bare server", "writes /w/server.pem, writes /w/server-key.pem, writes /w/server.csr"),
        ("python3 -m pip install --target /d x", "writes /d/{…}"),
        ("npm ci --prefix /app", "writes /app/node_modules/{…}, reads /app/package.json"),
        ("yarn install", "writes /w/node_modules/{…}"),
        ("openssl req -x509 -nodes -keyout /k -out /c -subj /CN=x", "writes /k, writes /c"),
        ("openssl x509 -in a -noout", "reads /w/a"),
        ("keytool -importcert -keystore /k -file ca -storepass x -noprompt", "writes /k, reads /w/ca"),
        ("keytool -export -keystore /k -file ca", "reads /k, writes /w/ca"),
        ("elasticsearch-keystore create", "writes /usr/share/elasticsearch/config/{…}"),
        ("elasticsearch-keystore list", ""),
        ("kibana-keystore add x", "writes /usr/share/kibana/config/{…}"),
        ("kibana-keystore list", ""),
        ("htpasswd -v /p u", "looks at /p"),
        ("sqlite3 /d 'select 1'", "looks at /d"),
        ("sqlite3 /d 'select 1; delete from t'", "writes /d"),
        ("sqlite3 -readonly /d < x.sql", "looks at /d"),
        ("sqlite3 /d < x.sql", "writes /d"),
        ("git -C /d remote -v", "reads /d/"),
        ("git -C /d remote set-url origin u", "changes /d/"),
        ("git -C /d clean -n", "looks at /d/"),
        ("git -C /d fetch -n", "changes /d/"),
        ("git -C /d fetch --dry-run", "looks at /d/"),
        ("git -C /d apply --check x", "looks at /d/"),
        ("git -C /d stash list", "reads /d/"),
        ("git -C /d submodule status", "reads /d/"),
        ("git -C /d submodule update --init", "writes /d/{…}"),
        ("git config -f /x --get k", ""),
        ("rsync -avn /a/ /b/", "reads /a/, looks at /b/{…}"),
        ("rsync --dry-run -a /a /b/", "reads /a, looks at /b/{a}"),
        ("aws s3 sync --dryrun s3://b /d", "looks at /d/{…}"),
        ("rclone -n copy r:b /d", "looks at /d/{…}"),
        ("patch --dry-run -p1 -d /d", "looks at /d/{…}"),
        ("patch --check -p1 -d /d", "looks at /d/{…}"),
        ("pip install --dry-run --target /d x", "looks at /d/{…}"),
        ("cargo install --list --root /d", "looks at /d/{…}"),
        ("setfacl --test -m u:1:r /d", "looks at /d"),
        ("pg_ctl -D /d status", "looks at /d"),
        ("initdb --show -D /d", "looks at /d/{…}"),
        ("ssh-keygen -F h -f /k", "reads /k"),
        ("ssh-keygen -R h -f /k", "changes /k"),
        ("jenkins-plugin-cli -d /d --list", "looks at /d/{…}"),
        ("grafana-cli --pluginsDir /d plugins ls", "looks at /d"),
        ("grafana-cli --pluginsDir /d plugins install x", "writes /d/{…}"),
        ("helm dependency build /c", "changes /c"),
        ("helm dependency list /c", ""),
        ("update-ca-certificates --help", ""),
        ("jenkins-plugin-cli --version", ""),
        ("initdb --version", ""),
        ("helm pull --version 1 r/c", "writes /w/{…}"),
        ("update-ca-certificates --fresh", "writes /etc/ssl/certs/{…}"),
        ("python /a/run.py x", "reads /a/run.py"),
        ("kubectl apply -f /x.yaml", "reads /x.yaml"),
        ("kubectl config set-context a --kubeconfig=/k/config", "writes /k/config"),
        ("bundle exec cp a /b", "reads /w/a, writes /b{a}"),
        ("go build -trimpath -ldflags '-s -w' -o /out/app ./cmd/app", "writes /out/app"),
        ("go build -C /src -o app", "writes /src/app"),
        ("gcc -O2 -o /out/probe probe.c", "writes /out/probe"),
    ],
)
def test_archives_and_downloads(text: str, expected: str) -> None:
    assert effects(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("find /data -name x", "looks at /data"),
        ("find", "looks at /w"),
        ("find /a /b -type f -exec chmod 644 {} +", "looks at /a, looks at /b, changes /a, changes /b"),
        ("find /a -exec cp {} /b \\;", "looks at /a, reads /a, writes /b{a}"),
        ("find /a -mindepth 1 -delete", "looks at /a, removes /a/…"),
        ("find /a -fprint /b", "looks at /a, writes /b"),
        ("find $X -delete", "looks at …, removes …"),
    ],
)
def test_find(text: str, expected: str) -> None:
    assert effects(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cp $OPTIONS /a /b", "reads /a, writes /b{a}"),
        ("cp $FILES /b", "reads …, writes /b{…}"),
        ('cp "$FILE" /b', "reads …, writes /b{…}"),
        ("cp $DIRECTORY/x /b", "reads …, writes /b{x}"),
        ("cp /a $TARGET", "reads /a, writes …{a}"),
        ("cp /a /b $X", "reads /a"),
        ("cp $@", ""),
        ("cp -$X /a /b /c", "reads /b, writes /c{b}"),
        ("cp --frobnicate /a /b /c", "reads /b, writes /c{b}"),
        ("cp --frobnicate=x /a /b", "reads /a, writes /b{a}"),
        ("mkdir $X /a", "makes directory /a/"),
        ("tar $X /a", ""),
        ("tar -xf $X -C $Y", "reads …, writes …/{…}"),
        ("curl $X -o /a https://e.com", "writes /a"),
        ("curl -o $X https://e.com", "writes …"),
        ("git clone $X", "writes /w/…/"),
        ("head -n $X /a", "reads /a"),
        ("sed -i $X /a /b", "changes /b"),
        ("chown $X /a", "changes /a"),
        ("frobnicate /x", ""),
        ("$X /a", ""),
    ],
)
def test_unknown_words(text: str, expected: str) -> None:
    assert effects(text) == expected


def test_known_variables_are_split_as_the_shell_does() -> None:
    assert effects("cp $X /b", X="-r /a/x /a/y") == "reads /a/x, reads /a/y, writes /b/{x y}"
    assert effects('cp "$X" /b', X="/a b") == "reads /a b, writes /b{a b}"
    assert effects("curl $X https://e.com", X="-o /a") == "writes /a"
    assert effects("rm $X /b", X="") == "removes /b"
    assert effects("$X clone https://e/a /b", X="git") == "writes /b/{…}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nc -zvw2 db 5432", "port db:5432"),
        ("nc -z db mysql", "port db:3306"),
        ("wait-for-it cache:redis -t 9", "port cache:6379"),
        ("wait-for --host a:1 -s tcp://b:2 --every 2s --timeout 30s", "port a:1, port b:2"),
        ("bash -x /opt/wait-for-it.sh db:5432 -t 9", "port db:5432"),
        ("sh install.sh db:5432", ""),
        ("/opt/telnet.sh db 25", ""),
        ("waitforit.sh db:5432", "port db:5432"),
        ("nc -z db unheard-of", "port …"),
        ("nc -z mysql mysql", "port mysql:3306"),
        ("nc -z mysql 3306", "port mysql:3306"),
        ("nc -z $HOST 5432", "port …:5432"),
        ("nc -z $HOST $PORT", "port …:…"),
        ("nc -zv db $PORT", "port db:…"),
        ("ncat --wait=3 db 5432", "port db:5432"),
        ("nc -z db-0.db.ns.svc.cluster.local 5432", "port db-0.db.ns.svc.cluster.local:5432"),
        ("nc -l -p 80", ""),
        ("telnet db 25", "port db:25"),
        ("telnet db", "port db:23"),
        ("curl -s http://web:8080/health?x=1", "http web:8080/health?x=1"),
        ("curl -s http://web", "http web:80"),
        ("curl web/x", "http web:80/x"),
        ("curl -s telnet://db:5432", "port db:5432"),
        ("curl http://$HOST:8080/x", "http …:8080…"),
        ("curl http://web:$PORT/x", "http web:……"),
        ("curl http://user:p@web:81/x", "http web:81/x"),
        ("curl http://[::1]:81/x", "http ::1:81/x"),
        ("wget -q --spider https://web/x", "http web:443/x"),
        ("nslookup db.$NAMESPACE.svc", "name db.…"),
        ("nslookup -type=A db 10.0.0.10", "name db"),
        ("dig +short @8.8.8.8 db", "name db"),
        ("host -t A db", "name db"),
        ("getent hosts db", "name db"),
        ("getent passwd x", ""),
        ("ping -c1 -W 2 db", "name db"),
        ("pg_isready -h db -U x", "service db:5432"),
        ("pg_isready -h $DB -p 5433", "service …:5433"),
        ("pg_isready -hdb -p5433", "service db:5433"),
        ("pg_isready --host=db --port=$PORT", "service db:…"),
        ("pg_isready", "service localhost:5432"),
        ("psql -h db -c 'select 1'", "service db:5432"),
        ("psql postgresql://u:p@db:5433/app", "service db:5433/app"),
        ('psql "host=db port=5433"', "service db:5433"),
        ("psql -d app", "service localhost:5432"),
        ("psql -d $POSTGRES_DB", "service localhost:5432"),
        ("pg_isready -U u -d ${APP_DBNAME}", "service localhost:5432"),
        ("psql -d $DATABASE", "service …:…"),
        ("flyway -url=jdbc:postgresql://db:5433/app -user=u migrate", "service db:5433/app"),
        ("flyway -url=jdbc:mariadb://db/app info", "service db:3306/app"),
        ("flyway migrate", "service "),
        ("flyway -url='jdbc:sqlserver://db:1433;databaseName=a' info", "service db:1433;databaseName=a"),
        ("migrate -path /m -database postgres://u@db:5433/app?x=1 up", "service db:5433/app?x=1"),
        ("goose -dir /m mysql 'u:p@tcp(db:3307)/app' up", "service db:3307/app"),
        ("goose -dir /m sqlite3 db/app.sqlite up", "service "),
        ("goose up", "service "),
        ("dbmate -u postgres://db/app up", "service db:5432/app"),
        ("dbmate -e OTHER up", ""),
        ("atlas migrate apply --dir file:///m -u postgres://db:1/app", "service db:1/app"),
        ("atlas schema inspect -u file://schema.hcl", "service "),
        ("sqlx migrate run --database-url postgres://db:1/app", "service db:1/app"),
        ("sqitch deploy db:pg://u@db:1/app", "service db:1/app"),
        ("tern migrate --host db --port 1", "service db:1"),
        ("waitforit -address=tcp://db:1 -timeout=60", "port db:1"),
        ("nc -zu db 53", ""),
        ("liquibase --url=jdbc:postgresql://db/app update", "service db:5432/app"),
        ("mysqladmin ping -h db -psecret --silent", "service db:3306"),
        ("mysql --host=db -P 3307 -e 'select 1'", "service db:3307"),
        ("redis-cli -h redis -p 6380 ping", "service redis:6380"),
        ("redis-cli -u redis://r:1/0 ping", "service r:1/0"),
        ("redis-cli ping", "service localhost:6379"),
        ("ollama pull llama3.2:1b", "service localhost:11434"),
        ("ollama list", "service localhost:11434"),
        ("cub sr-ready sr 8081 300", "service sr:8081"),
        ("cub zk-ready zk:2181 60", "service zk:2181"),
        ("valkey-cli -h $X ping", "service …:6379"),
        ("mongosh mongodb://a:27018/db --eval x", "service a:27018/db"),
        ("mongosh --host rs/a:1,b:2 --eval x", "service a:1, service b:2"),
        ("mongosh --host a --port 1", "service a:1"),
        ("wait4x mysql 'u:p@tcp(db:3307)/app' -t 9s", "port db:3307/app"),
        ("mc alias set s http://minio:9000 $U $P", "http minio:9000"),
        ("mc alias set s http://minio:9000 $U $P --api S3v4", ""),
        ("mc alias list", ""),
        ("rabbitmq-diagnostics -n rabbit@mq ping", "service mq:25672"),
        ("kafka-topics.sh --bootstrap-server a:1,b:2 --list", "service a:1, service b:2"),
        ("/opt/kafka/bin/kafka-broker-api-versions.sh --bootstrap-server a", "service a:9092"),
        ("cqlsh db 9043 -e x", "service db:9043"),
        ("clickhouse-client --host db --query 'select 1'", "service db:9000"),
        ("etcdctl --endpoints=http://a:1,http://b:2 endpoint health", "service a:1, service b:2"),
        ("grpc_health_probe -addr=a:1", "service a:1"),
        ("http --check-status GET http://a:1/x q==1", "http a:1/x"),
        ("http -q --timeout=2 a:1/x", "http a:1/x"),
        ("http PUT a/x b=c", "http a:80/x"),
        ("wait-for-solr.sh --solr-url http://a:1 --max-attempts 3", "http a:1"),
        ("wait-for-solr.sh", "http localhost:8983"),
        ("grpc_health_probe -addr=:1", "service localhost:1"),
        ("wait_for db 5432", ""),
        ("dockerize -wait tcp://:5432", "port localhost:5432"),
        ("vault status -address=http://vault:8201", "service vault:8201"),
        ("openssl s_client -connect a:443", "port a:443"),
        ("test -f /x", "file /x"),
        ("socat - TCP4:a:1,connect-timeout=2", "port a:1"),
        ("sqlcmd -S tcp:a,1 -Q x", "service a:1"),
        ("sqlcmd -S a -Q x", "service a:1433"),
        ("sqlcmd -S 'a\\b' -Q x", ""),
        ("cockroach node status --host=a", "service a:26257"),
        ("temporal operator cluster health --address a:1", "service a:1"),
        ("nmap -p 1 a", "port a:1"),
        ("php -r 'exit(@fsockopen(\"a\", 1) ? 0 : 1);'", "port a:1"),
        ("php -r 'fsockopen(\"a\", 1);'", ""),
        ("socat -u OPEN:/dev/null tcp:$X:1", ""),
        ("socat - UNIX-CONNECT:/run/x.sock", ""),
        ("python -c 'import socket; socket.create_connection((\"a\", 1), 2)'", "port a:1"),
        ("python3 -c 'import requests; requests.get(\"http://a:1/x\").raise_for_status()'", "http a:1/x"),
        ("python3 -c 's.connect_ex((\"a\", 1))'", ""),
        ("python3 -c 'sys.exit(s.connect_ex((\"a\", 1)))'", "port a:1"),
        ("python3 -c 'while True: s.connect((\"a\", 1))'", ""),
        ("python3 x.py", ""),
        ("python3 < x.py", ""),
        ('node -e \'require("net").connect(1, "a")\'', "port a:1"),
        ('node -e \'require("net").connect({host: "a", port: 1})\'', "port a:1"),
        ("ruby -rsocket -e 'TCPSocket.new(\"a\", 1)'", "port a:1"),
        ("ruby -e 'TCPSocket.new(ENV[\"H\"], 1)'", ""),
    ],
)
def test_probes(text: str, expected: str) -> None:
    assert probes(text) == expected


@pytest.mark.parametrize(
    ("text", "host", "limit"),
    [
        ("wait-for-it db:5432", "db", 15), ("wait-for-it.sh db:5432 -t 0 -- npm start", "db", None),
        ("/w/wait-for-it.sh -h db -p 5432 --timeout=60", "db", 60), ("wait-for db:5432 -t 30 -- echo", "db", 30),
        ("wait4x tcp db:5432 --timeout 2m -- x", "db", 120), ("wait4x http http://db/x", "db", 10),
        ("wait4x tcp db:1 -t 0", "db", None), ("dockerize -wait tcp://db:5432 -timeout 60s x", "db", 60),
        ("dockerize -wait http://db x", "db", 10), ("wait-for-port --host=db --timeout=120 5432", "db", 120),
        ("wait-for-port 5432", "localhost", 30), ("wait-on -t 30000 tcp:db:5432", "db", 30),
        ("wait-on http://db/x", "db", None), ("kubectl wait --for=condition=ready pod/db", "db", 30),
        ("kubectl rollout status deploy/db", "db", None), ("kubectl rollout status deploy db --timeout 5m", "db", 300),
        ("curl --retry 5 --retry-delay 2 --retry-connrefused http://db", "db", 10),
        ("curl --retry 4 --retry-all-errors http://db", "db", 15),
        ("wget --retry-connrefused -t 0 http://db", "db", None),
        ("wget --retry-connrefused --tries=3 http://db", "db", 6),
    ],
)  # fmt: skip
def test_waits(text: str, host: str, limit: float | None) -> None:
    found = meaning(text)
    assert (found.waits, found.limit, found.limit_is_unknown) == (True, limit, False)
    assert found.probe
    assert shown(found.probe.host) == host


@pytest.mark.parametrize(
    "text",
    ["wait-for-it db:5432 -t $X", "mysqladmin --wait=30 ping", "kubectl wait pod/x --timeout=$X", "wait4x tcp a:1 -$X"],
)
def test_limits_that_are_not_known(text: str) -> None:
    assert meaning(text).limit_is_unknown


@pytest.mark.parametrize("text", ["curl --retry 5 http://a", "nc -z a 1", "kubectl get pod x", "wget -t 5 http://a"])
def test_what_does_not_wait(text: str) -> None:
    assert not meaning(text).waits


@pytest.mark.parametrize(
    ("text", "resource", "name", "namespace", "verbs"),
    [
        ("kubectl get pod x", "pod", "x", "-", "get"), ("kubectl -n a get svc/x -o json", "svc", "x", "a", "get"),
        ("kubectl get pods --namespace=$NS", "pods", "-", "…", "list"),
        ("oc get pods -w", "pods", "-", "-", "list watch"),
        ("kubectl wait --for=condition=complete job x -n a", "job", "x", "a", "get list watch"),
        ("kubectl wait pod -l app=x --for=condition=Ready", "pod", "-", "-", "list watch"),
        ("kubectl rollout status deploy/$X", "deploy", "…", "-", "get list watch"),
        ("kubectl delete job x --ignore-not-found", "job", "x", "-", "delete"),
        ("kubectl label node $NODE a=b", "node", "…", "-", "get patch"),
        ("kubectl cp db-0:/dump /tmp/dump -n a", "pod", "db-0", "a", "get create|get:pods/exec"),
    ],
)  # fmt: skip
def test_objects(text: str, resource: str, name: str, namespace: str, verbs: str) -> None:
    found = meaning(text).probe
    assert found
    assert found.kind is ProbeKind.OBJECT
    assert (found.resource, shown(found.host), shown(found.namespace)) == (resource, name, namespace)
    assert " ".join(found.verbs) == verbs


def test_several_objects_and_conditions() -> None:
    found = meaning("kubectl wait --for=delete pod/a pod/b")
    assert [shown(one.host) for one in found.probes] == ["a", "b"]
    assert {one.condition for one in found.probes} == {"delete"}
    assert meaning("kubectl apply -f x").probes == ()
    assert meaning("kubectl wait -f x").probes == ()


@pytest.mark.parametrize(
    ("text", "attempt"),
    [
        ("nc -zw2 a 1", 2), ("curl -m 5 http://a", 5), ("curl --max-time=1.5 http://a", 1.5), ("wget -T 3 http://a", 3),
        ("pg_isready -t 3", 3), ("curl http://a", None), ("nc -w $X a 1", None),
    ],
)  # fmt: skip
def test_attempts(text: str, attempt: float | None) -> None:
    assert meaning(text).attempt == attempt


@pytest.mark.parametrize(
    ("text", "rerun", "at"),
    [
        ("mkdir /a /b", "fails", "/a"), ("mkdir -p /a", "safe", ""), ("mkdir -vp /a", "safe", ""),
        ("mkdir $X", "fails", "$X"),
        ("mkdir $X /a", "unknown", ""), ("mkdir -$X /a", "unknown", ""), ("ln -s /a /b", "fails", "/b"),
        ("ln -sfn /a /b", "safe", ""), ("git clone https://e/a /b", "fails", "/b"), ("mv /a /b", "fails", "/a"),
        ("git clone https://e/a", "fails", "https://e/a"), ("cp -r /a /b", "safe", ""),
        ("createdb app", "fails", "app"),
        ("useradd -u 1000 app", "fails", "app"), ("rm /a", "unknown", ""), ("rm -f /a", "safe", ""),
        ("unzip a.zip -d /b", "fails", "/b"), ("unzip -o a.zip -d /b", "safe", ""),
        ("alembic upgrade head", "safe", ""),
        ("python manage.py migrate", "safe", ""), ("bundle exec rake db:migrate", "safe", ""),
        ("consul tls ca create -domain dc", "fails", "consul"),
    ],
)  # fmt: skip
def test_reruns(text: str, rerun: str, at: str) -> None:
    found = meaning(text)
    assert found.rerun is Rerun(rerun)
    assert (text[found.rerun_at.start : found.rerun_at.end] if found.rerun_at else "") == at


@pytest.mark.parametrize(
    ("text", "stores"),
    [
        ("curl -o x https://a", True), ("curl -sSLo x $URL", True), ("curl -fsSL https://a", False),
        ("curl --fail -o x https://a", False), ("curl --fail-with-body https://a", False),
        ("curl -sLf https://a", False),
        ("curl $OPTIONS https://a", False), ("curl -s$X https://a", False), ("curl \"$@\"", False),
        ("curl -w '%{http_code}' https://a", False), ("curl telnet://a:1", False), ("wget https://a", False),
    ],
)  # fmt: skip
def test_error_pages(text: str, stores: bool) -> None:
    assert meaning(text).stores_errors is stores


@pytest.mark.parametrize(
    ("text", "lasts"),
    [
        ("pip install x", "image"), ("pip install --user x", "image"), ("pip install -t /d x", ""),
        ("apk add x", "image"),
        ("apk --root /d add x", ""), ("apt-get -y install x", "image"), ("apt install x", "image"),
        ("dnf install x", "image"),
        ("yum install --installroot=/d x", ""), ("npm i -g x", "image"), ("npm ci", ""), ("gem install x", "image"),
        ("gem install -i /d x", ""), ("pip install $X", "image"), ("pip install $X y", ""), ("cd /x", "shell"),
        ("ulimit -n 5", "shell"), ("alias a=b", "shell"), ("cp a b", ""),
    ],
)  # fmt: skip
def test_where_effects_live(text: str, lasts: str) -> None:
    assert meaning(text).lasts == lasts


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("chown app /a", True), ("chown $(id -u):0 /a", False), ("chown \"$UID\" /a", False), ("sysctl -w a=b", True),
        ("sysctl a", False), ("sysctl a=b", True), ("apk add x", True), ("mount -t proc a /b", True),
        ("useradd x", True), ("cp a b", False),
        ("find /a -exec chown app {} +", True),
    ],
)  # fmt: skip
def test_needs_root(text: str, needs: bool) -> None:
    assert meaning(text).needs_root is needs


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("date -s now", True), ("date +%s", False), ("mknod a c 1 3", True), ("ip addr", False),
        ("ip tunnel add a", True), ("ulimit -n 5", True), ("find /a -exec chattr +i {} +", True),
        ("chown app /a", False), ("apk add x", False), ("kubectl wait pod/a", False),
    ],
)  # fmt: skip
def test_needs_host(text: str, needs: bool) -> None:
    assert meaning(text).needs_host is needs


def test_owner_and_variables() -> None:
    assert meaning("chown -R 1000:2000 /a").owner == whole("1000:2000")
    assert "PGHOST" in meaning("psql -c x").variables
    assert "PGHOST" not in meaning("psql -h db -c x").variables
    assert "PGPORT" in meaning("psql -h db -c x").variables
    assert "PGPORT" not in meaning("psql -h db -p 5432").variables
    assert "DATABASE_URL" not in meaning("pg_isready -d postgres://db/x").variables
    assert not meaning("pg_isready -d postgres://db:5433/x").variables
    assert not meaning("etcdctl --endpoints=http://e:2379 endpoint health").variables
    assert "PGHOST" in meaning("psql -d app -c x").variables
    assert meaning("vault status").assumes_host
    assert not meaning("vault status -address=http://v:8200").assumes_host
    assert not meaning("mysql -h db").assumes_host
    assert not meaning("pip install x").assumes_host
    assert "PIP_TARGET" in meaning("pip install x").variables


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("sleep 5", "5"), ("sleep 1m 30", "90"), ("sleep .5", "0.5"), ("sleep infinity", "inf"), ("sleep $X", "…"),
     ("sleep 5 $X", "…"), ("sleep 1d", "86400"), ("sleep infinity x", "-"), ("cat x", "-")],
)  # fmt: skip
def test_pauses(text: str, seconds: str) -> None:
    assert shown(meaning(text).pauses) == seconds


@pytest.mark.parametrize("text", ["echo x", "true", ":", "date", "sleep 5", "ls", "test -f x", "nc -z a 1",
    "curl http://a",
                                  "find . -name x", "wget --spider http://a", "kubectl get pod x"])  # fmt: skip
def test_what_prepares_nothing(text: str) -> None:
    found = meaning(text)
    assert found.is_known
    assert not found.is_significant


@pytest.mark.parametrize("text", ["cp a b", "curl -o a http://a", "curl -X POST http://a", "tar xf a", "psql -f a",
    "helm install a b",
                                  "wget http://a", "kubectl apply -f a", "find . -delete",
                                  "vault kv get a"])  # fmt: skip
def test_what_prepares_something(text: str) -> None:
    assert meaning(text).is_significant


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("cp a b", True), ("cp $X b", True), ("cp $X a b", False), ("cp --frobnicate a b c", False), ("echo x", True),
        ("make install", False), ("python x.py", False), ("sh x.sh", False), (". x", False), ("frobnicate", False),
        ("tar -xf a -C b", True), ("find a -exec cp {} b +", True), ("find a -exec frobnicate {} +", False),
        ("git clone $X /b", True), ("nc -z a 1", True), ("test -f a", True),
    ],
)  # fmt: skip
def test_what_touches_nothing_else(text: str, complete: bool) -> None:
    assert meaning(text).is_complete is complete


def test_what_can_fail() -> None:
    assert [meaning(text).can_fail for text in ("echo", "true", "date +%s", "cp a b", "false", "unknown")] == [
        False, False, False, True, True, True,
    ]  # fmt: skip


def test_pipelines() -> None:
    assert [meaning(text).produces for text in ("curl http://a", "pg_dump x", "cat x")] == [True, True, False]
    assert [meaning(text).checks_input for text in ("tar xz", "gunzip", "jq .", "cat", "sha256sum -c")] == [
        True, True, True, False, True,
    ]  # fmt: skip


def test_what_runs_behind() -> None:
    assert [one.text for one in meaning("wait-for-it db:1 -t 5 -- npm run -s start").runs] == [
        "npm",
        "run",
        "-s",
        "start",
    ]
    assert [one.text for one in meaning("dockerize -wait tcp://db:1 node -x app.js").runs] == ["node", "-x", "app.js"]
    assert meaning("cp a -- b").runs == ()


def test_downloads() -> None:
    assert [one.text for one in meaning("wget -O x https://a/b").downloads] == ["https://a/b"]
    assert [one.text for one in meaning("curl --url https://a/b -o x").downloads] == ["https://a/b"]
    assert [one.text for one in meaning("aws s3 cp s3://a/b x").downloads] == ["s3://a/b"]
    assert meaning("aws s3 cp x s3://a/b").downloads == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[ -f /a/b ]", "looks at /a/b"), ("[ ! -e $x/b ]", "looks at …"),
        ("[[ -d a && -s b ]]", "looks at /w/a, looks at /w/b"),
        ("[ a -nt b ]", "looks at /w/a, looks at /w/b"), ("[ -z $x ]", ""), ("[ $a = b ]", ""),
    ],
)  # fmt: skip
def test_tests_look(text: str, expected: str) -> None:
    found = of_test(arguments(text), CWD)
    assert ", ".join(map(effect, found.effects)) == expected
    assert len(found.probes) == (1 if len(found.effects) == 1 else 0)


def test_places() -> None:
    text = "curl -fsSLo/x/y --output='/q r' --cacert=\"$C\"/ca https://a"
    assert [text[one.start : one.end] for one in meaning(text).effects] == ["/x/y", "'/q r'", '"$C"/ca']
    text = "pg_isready -hdb -p 5432"
    (asked,) = meaning(text).probes
    assert text[asked.start : asked.end] == "db -p 5432"[:2]
    text = "nc -z db 5432"
    assert [text[one.start : one.end] for one in meaning(text).probes] == ["db 5432"]


def test_entries_of_ones_own() -> None:
    more = table.extended({"fetch": {"also": "fetch2", "options": {"-o": "write"}, "operands": "url...",
    "is": "significant"},
                           "cp": {"operands": "read..."}})  # fmt: skip
    found = understand(arguments("fetch2 -o /x https://a"), CWD, more)
    assert list(map(effect, found.effects)) == ["writes /x"]
    assert found.is_significant
    assert list(map(effect, understand(arguments("cp a b"), CWD, more).effects)) == ["reads /w/a", "reads /w/b"]
    assert understand(arguments("mkdir a"), CWD, more).is_known


PARTS = st.one_of(
    st.builds(Literal, st.text("-=/.:,@ab01 {}", max_size=6), st.sampled_from(Quote)),
    st.builds(Variable, st.sampled_from(["x", "@", "*"]), st.sampled_from(Quote)),
    st.builds(Substitution, st.just(syntax.Block(0, 0))),
    st.builds(Pattern, st.sampled_from(["*", "a/*", "~", "$((1))", "${a[@]}", "<(x)"])),
)
OPTIONS = [
    name
    for one in ("cp", "tar", "curl", "wget", "sed", "git clone", "kubectl get", "find", "openssl req")
    if (entry := table.builtin().get(one))
    for name in sorted([*entry.flags, *entry.values, *entry.options])
]
WORDS = st.one_of(
    st.lists(PARTS, max_size=3).map(tuple),
    st.sampled_from([*OPTIONS, "--", "-", "-exec", "{}", ";", "+", "x=y", "http://a:1/b",
    "a/b"]).map(lambda text: (Literal(text),)),
)  # fmt: skip


@given(st.sampled_from(sorted(table.builtin().names)), st.lists(WORDS, max_size=6))
def test_any_words_have_a_meaning_within_them(name: str, words: list[tuple[syntax.Part, ...]]) -> None:
    parts = [*((Literal(one),) for one in name.split()), *words]
    scope, given_words, start = Scope({}, CWD), list[Argument](), 0
    for one_word in parts:
        end = start + sum(len(getattr(part, "text", "$x")) + 2 * len(part.quote.value) for part in one_word)
        given_words.append(scope.argument(Word(start, end, one_word)))
        start = end + 1
    found = understand(given_words, CWD)
    named: list[Effect | Probe] = [*found.effects, *found.probes]
    for one in named:
        assert any(argument.start <= one.start <= argument.end for argument in given_words)
        assert any(argument.start <= one.end <= argument.end for argument in given_words)
        assert one.start <= one.end
    for word in (*found.downloads, *found.runs):
        assert 0 <= word.start <= word.end < start
    assert understand(given_words, UNKNOWN).is_known == found.is_known
