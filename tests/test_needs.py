"""The objects, and keys of objects, that Pods cannot start without, and what may make them all the same."""

from __future__ import annotations

import pytest

from initlint.run import check_sources
from initlint.settings import Settings
from initlint.text.source import Source
from tests.objects import SET, thing

ABSENT = "which the input does not hold"
STAYS = "the Pod stays in `CreateContainerConfigError`"
HOLDING = "{{apiVersion: v1, kind: {}, metadata: {{name: conf, namespace: n{}}}, {}}}"
OTHER_KEY = HOLDING.format("ConfigMap", "", "data: {b: x}")
OTHER_SECRET = "{apiVersion: v1, kind: Secret, metadata: {name: other, namespace: n}, data: {k: eA==}}"
CONFIG = "envFrom: [{configMapRef: {name: conf}}]"
SECRET = "envFrom: [{secretRef: {name: cred}}]"
KEY = "env: [{name: A, valueFrom: {configMapKeyRef: {name: conf, key: HOST}}}]"
SERVING = "{apiVersion: v1, kind: Service, metadata: {name: s, annotations: {x/serving-cert-secret-name: cred}}}"
INGRESS = (
    "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, annotations: {cert-manager.io/issuer: x}}, "
    "spec: {tls: [{secretName: cred}]}}"
)


def needed(spec: str, *others: str, complete: bool = True) -> list[str]:
    """What a Pod of that spec needs in vain, with what may be meant; `path:x#` before a text is where it lies."""
    texts = (f"{{apiVersion: v1, kind: Pod, metadata: {{name: app, namespace: n}}, spec: {{{spec}}}}}", *others)
    placed = (text if text.startswith("path:") else f"path:{index}.yaml#{text}" for index, text in enumerate(texts))
    parted = (text.removeprefix("path:").partition("#") for text in placed)
    sources = [Source(path, text) for path, _, text in parted]
    report = check_sources(sources, Settings(select=("INIT505",), is_complete=complete, jobs=1))
    return [f"{one.message} | {one.help}" for one in report.active]


def env(source: str, more: str = "") -> str:
    return f"containers: [{{name: c, image: c, {source}}}]{more}"


def mounted(volume: str) -> str:
    return env("volumeMounts: [{name: v, mountPath: /v}]", f", volumes: [{{name: v, {volume}}}]")


def script(text: str) -> str:
    inner = f"{{restartPolicy: Never, containers: [{{name: a, image: a, command: [sh, -c, {text!r}]}}]}}"
    spec = f"{{template: {{spec: {inner}}}}}"
    return f"{{apiVersion: batch/v1, kind: Job, metadata: {{name: j, namespace: n}}, spec: {spec}}}"


def bound(
    verbs: str, *, to: str = "{kind: ServiceAccount, name: op, namespace: n}", role: str = "op"
) -> tuple[str, str]:
    """A Role for ConfigMaps and its binding."""
    api = "apiVersion: rbac.authorization.k8s.io/v1"
    rules = f"rules: [{{apiGroups: [''], resources: [configmaps], verbs: [{verbs}]}}]"
    ref = f"roleRef: {{kind: Role, name: {role}}}"
    return (
        f"{{{api}, kind: Role, metadata: {{name: {role}, namespace: n}}, {rules}}}",
        f"{{{api}, kind: RoleBinding, metadata: {{name: b, namespace: n}}, subjects: [{to}], {ref}}}",
    )


def kustomized(text: str) -> str:
    return f"path:k/kustomization.yaml#{text}"


def patched(kind: str, path: str) -> str:
    """A kustomization that adds something to an object of the files."""
    patch = f"{{target: {{kind: {kind}}}, patch: '[{{op: add, path: {path}, value: x}}]'}}"
    return f"path:kustomization.yaml#{{resources: [0.yaml, 1.yaml], patches: [{patch}]}}"


@pytest.mark.parametrize(
    ("spec", "others", "said"),
    [
        (env(CONFIG), (), f"container `c` takes variables from ConfigMap `conf`, {ABSENT}: {STAYS} | mend the name"),
        (env(CONFIG), (thing("ConfigMap", "conf", "o"),),
         f"ConfigMap `conf` in namespace `n`, {ABSENT}: {STAYS} | there is one in namespace `o`"),
        (env(SECRET), (OTHER_SECRET,), "variables from Secret `cred`"),
        (env(KEY), (), "takes `A` from ConfigMap `conf`"),
        (mounted("configMap: {name: conf}"), (), "volume `v` takes its files from ConfigMap `conf`"),
        (mounted("secret: {secretName: cred}"), (OTHER_SECRET,), "volume `v` takes its files from Secret `cred`"),
        (mounted("projected: {sources: [{secret: {name: cred}}]}"), (OTHER_SECRET,), "from Secret `cred`"),
        (mounted("csi: {driver: d, nodePublishSecretRef: {name: cred}}"), (OTHER_SECRET,), "from Secret `cred`"),
        (mounted("persistentVolumeClaim: {claimName: pvc}"), (SET,), "is PersistentVolumeClaim `pvc`, which"),
        (mounted("configMap: {name: conf, optional: false}"), (), "ConfigMap `conf`"),
        ("serviceAccountName: me, " + env("env: []"), (),
         f"the Pod runs as ServiceAccount `me`, {ABSENT}: the API server rejects it | mend the name, or add the "),
        (env(SECRET), (thing("SealedSecret", "other", api="bitnami.com/v1alpha1"),), "Secret `cred`"),
        (env(CONFIG), (thing("ServiceMonitor", "conf", api="monitoring.coreos.com/v1"),), "ConfigMap `conf`"),
        (env(CONFIG), (thing("Rollout", "con", api="argoproj.io/v1alpha1"),), "ConfigMap `conf`"),
        (env(CONFIG), (kustomized("resources: [p.yaml]"), f"path:k/p.yaml#{OTHER_SECRET}"), "ConfigMap `conf`"),
    ],
)  # fmt: skip
def test_what_a_pod_needs_in_vain(spec: str, others: tuple[str, ...], said: str) -> None:
    (one,) = needed(spec, *others)
    assert said in one


@pytest.mark.parametrize(
    ("spec", "others"),
    [
        (env(CONFIG), (thing("ConfigMap", "conf"),)), (env(CONFIG), (thing("ConfigMap", "conf", ""),)),
        (env("envFrom: [{configMapRef: {name: conf, optional: true}}]"), ()), (env(SECRET), ()),
        (env("env: []", ", volumes: [{name: v, configMap: {name: conf}}]"), ()),
        (mounted("persistentVolumeClaim: {claimName: data-x-2}"), (SET,)), (mounted("emptyDir: {}"), ()),
        ("serviceAccountName: default, " + env("env: []"), ()), (mounted("configMap: {name: kube-root-ca.crt}"), ()),
        (env(CONFIG), (thing("App", "con", api="example.com/v1"),)),
        (env(CONFIG), ("{apiVersion: example.com/v1, kind: App, metadata: {name: z}, spec: {map: conf}}",)),
        (env(CONFIG), ("{apiVersion: v1, kind: ConfigMap, metadata: {generateName: co, namespace: n}}",)),
        (env(CONFIG), (script("kubectl create configmap conf --from-literal=a=b"),)),
        (env(CONFIG), (script("kubectl apply -f /all"),)), (env(CONFIG), (script("helm upgrade --install x y"),)),
        (env(CONFIG), (script('kubectl create configmap "$NAME"'),)),
        (env(CONFIG), (script("oc create -n n secret generic --type=x pre-$NAME"),)),
        (env(CONFIG), bound("create")),
        (env(CONFIG), bound("'*'", to="{kind: Group, name: 'system:serviceaccounts'}")),
        (env(SECRET), (OTHER_SECRET, SERVING)), (env(SECRET), (OTHER_SECRET, INGRESS)),
        (env(SECRET), (OTHER_SECRET, script("certgen --secret-name=cred"))),
        (env(SECRET), (OTHER_SECRET, HOLDING.format("ConfigMap", "", "data: {a: 'tls.secret=cred'}"))),
        (env(CONFIG), (kustomized("resources: ['https://example.com/all.yaml']"),)),
        (env(CONFIG), (kustomized("resources: [../elsewhere]"),)),
        (env(CONFIG), (kustomized("configMapGenerator: [{name: conf, literals: [a=b]}]"),)),
        (env(CONFIG.replace("conf", "conf-5g7h2kdm4t")), (kustomized("configMapGenerator: [{name: conf}]"),)),
        (env(SECRET), (kustomized("secretGenerator: [{name: cred, envs: [x.env]}]"),)),
    ],
)  # fmt: skip
def test_what_a_pod_may_find(spec: str, others: tuple[str, ...]) -> None:
    assert needed(spec, *others) == []


@pytest.mark.parametrize(
    "others",
    [
        (script("kubectl get configmap conf"),), (script("# kubectl apply -f /all"),),
        (script("kubectl create configmap other --from-literal=a=$(cat /a)"),), (script("argocd --help"),),
        bound("get, list"), bound("create", to="{kind: User, name: me}"),
        bound("create", role="leader-election"), (script("echo config-map > /etc/conf/x"),),
    ],
)  # fmt: skip
def test_what_makes_nothing(others: tuple[str, ...]) -> None:
    assert len(needed(env(CONFIG), *others)) == 1


def test_only_where_the_input_is_complete() -> None:
    assert needed(env(CONFIG), complete=False) == []


@pytest.mark.parametrize(
    ("held", "meant"),
    [("data: {HOTS: x}", "did you mean `HOTS`?"), ("binaryData: {x: eA==}", "add the key to the ConfigMap")],
)
def test_a_key_that_is_not_there(held: str, meant: str) -> None:
    (one,) = needed(env(KEY), HOLDING.format("ConfigMap", "", held))
    assert "takes `A` from key `HOST`, which ConfigMap `conf` does not have" in one
    assert meant in one


@pytest.mark.parametrize(
    "others",
    [
        (HOLDING.format("ConfigMap", "", "data: {HOST: x}"),), (HOLDING.format("ConfigMap", "", "data: {}"),),
        (HOLDING.format("ConfigMap", ", labels: {x/inject-ca: 'true'}", "data: {b: x}"),),
        (HOLDING.format("ConfigMap", "", "data: {'${K}': x}"),), (OTHER_KEY, *bound("patch")),
        (OTHER_KEY, script("kubectl create configmap conf")), (OTHER_KEY, patched("ConfigMap", "/data/HOST")),
        (kustomized("configMapGenerator: [{name: conf, envs: [a]}]"),),
        (kustomized("configMapGenerator: [{name: conf, literals: [HOST=b]}]"),),
        (kustomized("configMapGenerator: [{name: conf, files: [x/HOST]}]"),),
        (kustomized("configMapGenerator: [{name: conf, files: [HOST=x/b]}]"),),
        (OTHER_KEY, "path:kustomization.yaml#{resources: [1.yaml], configMapGenerator: [{name: conf, envs: [a]}]}"),
    ],
)  # fmt: skip
def test_keys_that_may_be_there(others: tuple[str, ...]) -> None:
    assert needed(env(KEY), *others) == []


def test_a_key_of_a_secret_and_of_a_token() -> None:
    spec = env("env: [{name: A, valueFrom: {secretKeyRef: {name: conf, key: token}}}]")
    secret = HOLDING.format("Secret", "", "stringData: {a: x}")
    assert len(needed(spec, secret)) == 1
    assert needed(spec, secret, patched("Secret", "/stringData/token")) == []
    filled = "type: kubernetes.io/service-account-token, data: {a: eA==}"
    assert needed(spec, HOLDING.format("Secret", "", filled)) == []


def test_each_object_is_told_once_with_all_its_uses() -> None:
    text = f"{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {{{env(f'{CONFIG}, {KEY}')}}}}}"
    (one,) = check_sources([Source("a.yaml", text)], Settings(select=("INIT505",), is_complete=True, jobs=1)).active
    assert [place.message for place in one.related] == ["it is needed here, too"]


def test_what_is_not_known_of_one_part_does_not_hide_another() -> None:
    changed = patched("Pod, labelSelector: a=b", "/spec/containers/0/env")
    (one,) = needed("serviceAccountName: me, " + env(CONFIG), OTHER_SECRET, changed)
    assert "ServiceAccount `me`" in one


@pytest.mark.parametrize(
    ("field", "count"),
    [("spec.containers.0.envFrom.0.configMapRef.name", 0), ("spec.serviceAccountName", 1), ("metadata.labels.x", 1)],
)
def test_what_a_replacement_sets(field: str, count: int) -> None:
    target = f"{{select: {{kind: Pod}}, fieldPaths: [{field}]}}"
    text = f"{{resources: [0.yaml], replacements: [{{source: {{kind: X}}, targets: [{target}]}}]}}"
    assert len(needed(env(CONFIG), f"path:kustomization.yaml#{text}")) == count


def test_names_among_many_are_compared_with_those_that_begin_alike() -> None:
    many = [thing("ConfigMap", f"x{index}") for index in range(250)]
    assert "did you mean `cons`?" in needed(env(CONFIG), *many, thing("ConfigMap", "cons"))[0]
    alike = [one.replace("x", "con") for one in many]
    assert "mend the name" in needed(env(CONFIG), *alike, thing("ConfigMap", "cons"))[0]
