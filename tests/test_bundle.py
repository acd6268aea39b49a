"""What manifests know of each other: offers, questions, answers, and what the patches of kustomizations change."""

from __future__ import annotations

from itertools import permutations

import pytest

from initlint.bundle import Bundle, offers
from initlint.engine import analyse, read
from initlint.kube.kustomize.kustomization import OBJECTS, TARGETS, as_patches
from initlint.kube.kustomize.patches import EVERY_PART, parts, touched
from initlint.kube.terms.cluster import BOUNDS, CONTAINER_LIMITS, PATCHED, TEMPLATES, Cluster, Offer, Question
from initlint.kube.terms.unknown import Part
from initlint.report import Report
from initlint.run import check_sources
from initlint.settings import Settings
from initlint.text import yamltext
from initlint.text.source import Source

# INIT201 for `code`, INIT203 for `html`, INIT401 for both init containers.
BASE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  selector: {matchLabels: {app: app}}
  template:
    spec:
      initContainers:
        - name: fetch
          image: git:1
          volumeMounts: [{name: code, mountPath: /code}]
        - name: render
          image: render:1
          args: [--to=/html]
          volumeMounts: [{name: html, mountPath: /html}]
      containers:
        - name: app
          image: nginx:1
          env: [{name: ROOT, value: /html}]
      volumes: [{name: html, emptyDir: {}}]
"""
ALL = {"INIT201", "INIT203", "INIT401"}
META = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app}\n"
MOUNTS = (
    META
    + """\
spec:
  template:
    spec:
      containers:
        - name: app
          volumeMounts: [{name: html, mountPath: /html}]
"""
)
REPLICAS = META + "spec: {replicas: 3}\n"
OPERATIONS = (
    "- op: add\n  path: /spec/template/spec/containers/0/volumeMounts\n  value: [{name: html, mountPath: /html}]\n"
)
# Of objects that are told by their labels nothing is known but what a patch touches.
UNCLEAR = "{kind: Deployment, labelSelector: app=app}"


def indent(text: str, by: int = 6) -> str:
    return "".join(" " * by + line for line in text.splitlines(keepends=True))


def kustomization(text: str = "", taken: str = "resources: [../base]\n") -> str:
    return f"kind: Kustomization\n{taken}{text}"


def listed(path: str, target: str = "") -> str:
    return kustomization(f"patches:\n  - path: {path}\n" + (f"    target: {target}\n" if target else ""))


def inline(patch: str, target: str = "") -> str:
    return kustomization(f"patches:\n  - patch: |-\n{indent(patch)}\n" + (f"    target: {target}\n" if target else ""))


PROJECT = {"base/app.yaml": BASE, "base/kustomization.yaml": kustomization(taken="resources: [app.yaml]\n")}


def run(files: dict[str, str]) -> Report:
    settings = Settings(select=tuple(ALL))
    return check_sources([Source(path, text) for path, text in files.items()], settings)


def found(files: dict[str, str]) -> set[str]:
    return {one.code for one in run(files).active if one.path.startswith("base/")}


def overlaid(overlay: str, patch: str | None = None, name: str = "patch.yaml", base: str = BASE) -> set[str]:
    """What is found in the base, with an overlay and perhaps the patch file that it names."""
    files = PROJECT | {"base/app.yaml": base, "overlay/kustomization.yaml": overlay}
    return found(files | ({f"overlay/{name}": patch} if patch is not None else {}))


class TestOneContainer:
    PATCH = (
        META
        + """\
spec:
  template:
    spec:
      initContainers:
        - name: render
          resources: {limits: {memory: 64Mi}}
"""
    )

    def test_the_resources_of_the_others_are_known(self) -> None:
        files = PROJECT | {"overlay/kustomization.yaml": listed("patch.yaml"), "overlay/patch.yaml": self.PATCH}
        found = [one for one in run(files).active if one.code == "INIT401"]
        own, patched = ("base/app.yaml", "fetch"), ("overlay/patch.yaml", "render")
        assert [(one.path, one.container) for one in found] == [own, patched]
        files["overlay/kustomization.yaml"] = listed("patch.yaml", UNCLEAR)
        found = [one for one in run(files).active if one.code == "INIT401"]
        assert [(one.path, one.container) for one in found] == [own]
        silent = {(one.subject, one.rule) for one in run(files).notes}
        assert ("Deployment/app init container `render`", "missing-resources") in silent


class TestKindsOfPatches:
    def test_without_a_patch_all_is_found(self) -> None:
        assert overlaid(kustomization()) == ALL

    def test_a_file(self) -> None:
        assert overlaid(listed("patch.yaml"), MOUNTS) == ALL - {"INIT203"}

    def test_a_file_with_a_target(self) -> None:
        other = MOUNTS.replace("name: app}", "name: not-important}", 1)
        assert overlaid(listed("patch.yaml", "{kind: Deployment, name: app}"), other) == ALL - {"INIT203"}

    def test_the_target_wins_over_the_patch(self) -> None:
        assert overlaid(listed("patch.yaml", "{kind: Deployment, name: other}"), MOUNTS) == ALL

    def test_a_text(self) -> None:
        assert overlaid(inline(MOUNTS)) == ALL - {"INIT203"}

    def test_operations_in_a_text(self) -> None:
        assert overlaid(inline(OPERATIONS, "{kind: Deployment, name: app}")) == ALL - {"INIT203"}

    def test_operations_in_a_json_file(self) -> None:
        mount = '{"name": "html", "mountPath": "/html"}'
        patch = f'[{{"op": "add", "path": "/spec/template/spec/containers/0/volumeMounts", "value": [{mount}]}}]'
        overlay = listed("patch.json", "{kind: Deployment, name: app}")
        assert overlaid(overlay, patch, "patch.json") == ALL - {"INIT203"}

    @pytest.mark.parametrize("key", ["patchesStrategicMerge", "patches"])
    def test_a_list_of_files(self, key: str) -> None:
        assert overlaid(kustomization(f"{key}: [patch.yaml]\n"), MOUNTS) == ALL - {"INIT203"}

    def test_a_list_of_texts(self) -> None:
        assert overlaid(kustomization(f"patchesStrategicMerge:\n  - |-\n{indent(MOUNTS, 4)}")) == ALL - {"INIT203"}

    def test_json_in_one_line(self) -> None:
        patch = '{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "app"}, "spec": {"replicas": 2}}'
        assert overlaid(kustomization(f"patchesStrategicMerge:\n  - '{patch}'\n")) == ALL

    def test_json_6902_with_its_own_key(self) -> None:
        target = "{group: apps, version: v1, kind: Deployment, name: app}"
        overlay = inline(OPERATIONS, target).replace("patches:", "patchesJson6902:")
        assert overlaid(overlay) == ALL - {"INIT203"}

    def test_several_documents_in_a_file(self) -> None:
        assert overlaid(listed("patch.yaml"), f"{REPLICAS}---\n{MOUNTS}") == ALL - {"INIT203"}

    def test_a_kustomization_patches_its_own_resources(self) -> None:
        own = kustomization(f"patchesStrategicMerge:\n  - |-\n{indent(MOUNTS, 4)}", "resources: [app.yaml]\n")
        assert found({"base/kustomization.yaml": own, "base/app.yaml": BASE}) == ALL - {"INIT203"}

    def test_flux_patches_what_it_may_reach(self) -> None:
        flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec:\n  path: ./base\n"
        patch = f"  patches:\n    - patch: |-\n{indent(OPERATIONS, 8)}      target: {{kind: Deployment}}\n"
        assert found({"base/app.yaml": BASE, "cluster/app.yaml": flux + patch}) == ALL - {"INIT203"}
        operations = f"  patchesJson6902:\n    - target: {{kind: Deployment}}\n      patch:\n{indent(OPERATIONS, 8)}"
        assert found({"base/app.yaml": BASE, "cluster/app.yaml": flux + operations}) == ALL - {"INIT203"}


class TestWhatIsNotKnown:
    """A patch that cannot be read may change anything, of whatever it may be for."""

    def test_a_file_outside_the_run(self) -> None:
        assert overlaid(listed("patch.yaml")) == set()

    def test_a_file_outside_the_run_for_another_object(self) -> None:
        assert overlaid(listed("patch.yaml", "{kind: Deployment, name: other}")) == ALL
        assert overlaid(listed("patch.yaml", "{kind: Service}")) == ALL

    @pytest.mark.parametrize("patch", ["a: [", "a: \\x07", "a: *b"])
    def test_a_text_that_is_no_yaml(self, patch: str) -> None:
        assert overlaid(kustomization(f'patches:\n  - patch: "{patch}\\n"\n')) == set()

    def test_a_file_that_is_no_yaml(self) -> None:
        assert overlaid(listed("patch.yaml"), "kind: Deployment\nspec: [") == set()

    def test_a_directive(self) -> None:
        assert overlaid(inline(META + "$patch: delete\n")) == set()
        patch = MOUNTS.replace("volumeMounts:", "env: [{name: A, $patch: replace}] #")
        assert overlaid(listed("patch.yaml"), patch) == set()

    def test_a_kind_that_is_not_important(self) -> None:
        patch = MOUNTS.replace("Deployment", "Any").replace("apps/v1", "v1")
        assert overlaid(inline(patch, "{kind: Deployment}")) == ALL - {"INIT203"}
        assert overlaid(inline(patch, UNCLEAR)) == set()
        assert overlaid(inline(patch)) == ALL

    def test_a_patch_that_is_a_whole_object(self) -> None:
        """It says nothing of the resources."""
        assert overlaid(listed("patch.yaml", UNCLEAR), BASE) == {"INIT401"}
        assert overlaid(listed("patch.yaml"), BASE) == ALL


class TestParts:
    @pytest.mark.parametrize(
        ("spec", "left"),
        [
            ("volumes: [{name: code}]", {"INIT401"}),
            ("volumes: null", {"INIT401"}),
            ("containers: [{name: app, image: nginx:2}]", ALL),
            ("containers: [{name: app, env: [{name: ROOT}]}]", ALL),
            ("containers: [{name: app, volumeMounts: null}]", {"INIT201", "INIT401"}),
            ("containers: [{name: other, resources: {}, volumeMounts: []}]", {"INIT201", "INIT401"}),
            ("containers: [{volumeMounts: []}]", {"INIT201", "INIT401"}),
            # The other init container still sets none.
            ("initContainers: [{name: render, resources: {limits: {cpu: 1}}}]", ALL),
            ("initContainers: [{name: render, resources: {}}, {name: fetch, resources: {}}]", {"INIT201", "INIT203"}),
            ("initContainers: [{name: before, image: x}]", {"INIT201", "INIT401"}),
            ("initContainers: null", {"INIT201"}),
            ("resources: {limits: {cpu: 1}}", {"INIT201", "INIT203"}),
            ("nodeSelector: {disk: ssd}", ALL),
        ],
    )
    def test_of_strategic_merge_patches(self, spec: str, left: set[str]) -> None:
        assert overlaid(inline(f"{META}spec: {{template: {{spec: {{{spec}}}}}}}\n", UNCLEAR)) == left

    @pytest.mark.parametrize(
        ("operation", "left"),
        [
            ("op: replace, path: /spec/replicas, value: 3", ALL),
            ("op: replace, path: /spec/template/spec/containers/0/image, value: x", ALL),
            ("op: add, path: /spec/template/metadata/annotations, value: {a: resources}", ALL),
            ("op: test, path: /spec/template/spec/volumes/0/name, value: html", ALL),
            ("op: remove, path: /metadata/labels/containers", {"INIT201"}),
            ("op: add, path: /spec/template/spec/volumes/-, value: {name: code}", {"INIT401"}),
            ("op: add, path: /spec/template/spec/containers/0/volumeMounts/-, value: {}", {"INIT201", "INIT401"}),
            ("op: add, path: /spec/template/spec/containers/-, value: {}", {"INIT201", "INIT401"}),
            ("op: replace, path: /spec/template/spec/containers/0, value: {}", {"INIT201"}),
            ("op: add, path: /spec/template/spec/initContainers/1/resources, value: {}", {"INIT201", "INIT203"}),
            ("op: remove, path: /spec/template/spec/initContainers", {"INIT201"}),
            ("op: move, from: /spec/template/spec/volumes/0, path: /metadata/x", {"INIT401"}),
            ("op: replace, path: /spec/template/spec, value: {}", set()),
            ("op: replace, path: '', value: {}", set()),
            ("op: add, path: /spec/else, value: {containers: []}", set()),
        ],
    )
    def test_of_operations(self, operation: str, left: set[str]) -> None:
        assert overlaid(inline(f"- {{{operation}}}\n", UNCLEAR)) == left

    def test_only_replicas(self) -> None:
        assert overlaid(listed("patch.yaml"), REPLICAS) == ALL

    def test_every_part_of_an_entry(self) -> None:
        entry = "{name: a, image: x, command: [], args: [], env: [], volumeMounts: [], resources: {}}"
        text = f"{{apiVersion: v1, kind: Pod, spec: {{initContainers: [{entry}], restartPolicy: Never}}}}"
        (document,) = yamltext.read(Source("p.yaml", text), 0, text)
        assert {part for part, _ in parts(touched(document.root), {"a"})} == set(Part) - {Part.VOLUMES, Part.ACCOUNT}
        assert {part for part, _ in parts(touched(document.root), {"b"})} == {Part.CONTAINERS}

    def test_claims_are_volumes(self) -> None:
        text = "{apiVersion: apps/v1, kind: StatefulSet, spec: {volumeClaimTemplates: [{spec: {resources: {}}}]}}"
        (document,) = yamltext.read(Source("p.yaml", text), 0, text)
        assert touched(document.root) == ("VOLUMES",)

    def test_lists_of_custom_resources_are_replaced(self) -> None:
        spec = "spec: {template: {spec: {containers: [{name: a, image: x}]}}}"
        text = f"{{apiVersion: argoproj.io/v1alpha1, kind: Rollout, {spec}}}"
        (document,) = yamltext.read(Source("p.yaml", text), 0, text)
        assert {part for part, _ in parts(touched(document.root), {"a"})} == set(Part) - {Part.VOLUMES, Part.ACCOUNT}

    def test_a_custom_resource_with_pods_somewhere(self) -> None:
        text = "{apiVersion: example.com/v1, kind: App, spec: {podTemplate: {containers: []}}}"
        (document,) = yamltext.read(Source("p.yaml", text), 0, text)
        assert touched(document.root) == EVERY_PART


class TestTargets:
    @pytest.mark.parametrize(
        "target",
        [
            "{kind: Deployment}",
            "{name: app}",
            "{kind: Deployment, name: a.*}",
            "{kind: Deployment, name: (app|other)}",
            "{kind: Deployment|StatefulSet, name: ^app$}",
            "{kind: Deployment, name: app, namespace: production}",
            "{kind: Deployment, labelSelector: app=other}",
            "{annotationSelector: patched=true}",
            "{kind: Deployment, name: '(unclosed'}",
            "{kind: Deployment, name: '[[:alpha:]]+'}",
            "{kind: Deployment, name: '(a+)+$'}",
            "{kind: Deployment, name: 'x*x*x*'}",
            f"{{kind: Deployment, name: {'x' * 300}|app}}",
        ],
    )
    def test_that_may_mean_it(self, target: str) -> None:
        assert overlaid(inline(OPERATIONS, target)) == ALL - {"INIT203"}

    @pytest.mark.parametrize(
        "target",
        [
            "{kind: StatefulSet, name: app}",
            "{kind: Deployment, name: ap}",
            "{kind: Deployment, name: apps}",
            "{kind: Deployment, name: other|more}",
            "{kind: Stateful.*}",
            "{kind: Job, labelSelector: app=app}",
        ],
    )
    def test_that_mean_another(self, target: str) -> None:
        assert overlaid(inline(OPERATIONS, target)) == ALL

    def test_the_namespace_is_not_the_bases_to_know(self) -> None:
        named = MOUNTS.replace("name: app}", "name: app, namespace: production}", 1)
        base = BASE.replace("name: app}", "name: app, namespace: default}", 1)
        assert overlaid(inline(named), base=base) == ALL - {"INIT203"}

    def test_one_of_two_objects_of_a_file(self) -> None:
        other = BASE.replace("metadata: {name: app}", "metadata: {name: other}")
        files = {"base/app.yaml": f"{BASE}---\n{other}", "kustomization.yaml": inline(MOUNTS)}
        files["kustomization.yaml"] = files["kustomization.yaml"].replace("../base", "base/app.yaml")
        unread = [one for one in run(files).active if one.code == "INIT203"]
        assert [one.object.name for one in unread if one.object] == ["other"]

    @pytest.mark.parametrize(("prefix", "left"), [("namePrefix: dev-\n", ALL - {"INIT203"}), ("", ALL)])
    @pytest.mark.parametrize("name", ["dev-app", "dev-.*"])
    def test_a_name_that_a_kustomization_makes(self, name: str, prefix: str, left: set[str]) -> None:
        files = {
            "base/app.yaml": BASE,
            "base/kustomization.yaml": kustomization(prefix, "resources: [app.yaml]\n"),
            "dev/kustomization.yaml": inline(OPERATIONS, f"{{kind: Deployment, name: {name}}}"),
        }
        assert found(files) == left

    def test_a_name_with_both(self) -> None:
        files = {
            "base/app.yaml": BASE,
            "base/kustomization.yaml": kustomization("namePrefix: my-\nnameSuffix: -1\n", "resources: [app.yaml]\n"),
            "dev/kustomization.yaml": inline(OPERATIONS, "{kind: Deployment, name: my-app-1}"),
        }
        assert found(files) == ALL - {"INIT203"}

    def test_a_name_that_a_kustomization_makes_of_another(self) -> None:
        files = {
            "base/app.yaml": BASE,
            "base/kustomization.yaml": kustomization("nameSuffix: -1\n", "resources: [app.yaml]\n"),
            "dev/kustomization.yaml": inline(OPERATIONS, "{kind: Deployment, name: other-1}"),
            "test/kustomization.yaml": inline(OPERATIONS, "{kind: Deployment, name: my-app-1}"),
        }
        assert found(files) == ALL
        files = {path: text for path, text in files.items() if path.startswith("base/")}
        files["prod/kustomization.yaml"] = inline(OPERATIONS, "{kind: Deployment, name: app-1}")
        assert found(files) == ALL - {"INIT203"}


class TestReach:
    def test_another_project(self) -> None:
        other = {f"other/{path}": text for path, text in PROJECT.items()}
        assert found(PROJECT | other | {"other/prod/kustomization.yaml": inline(MOUNTS)}) == ALL

    def test_a_kustomization_that_does_not_take_the_file(self) -> None:
        empty = {"base/kustomization.yaml": kustomization(taken="resources: [service.yaml]\n")}
        assert found(PROJECT | empty | {"prod/kustomization.yaml": inline(MOUNTS)}) == ALL

    def test_by_way_of_others(self) -> None:
        between = {"between/kustomization.yml": kustomization(taken="bases: [../base/]\n")}
        top = {"prod/Kustomization": inline(MOUNTS).replace("../base", "../between")}
        assert found(PROJECT | between | top) == ALL - {"INIT203"}

    def test_two_overlays(self) -> None:
        volumes = META + "spec: {template: {spec: {volumes: [{name: code}]}}}\n"
        resources = META + "spec: {template: {spec: {initContainers: [{name: fetch, resources: {}}]}}}\n"
        resources = resources.replace("{name: fetch", "{name: render, resources: {}}, {name: fetch")
        overlays = {"dev/kustomization.yaml": inline(volumes), "prod/kustomization.yaml": inline(resources)}
        assert found(PROJECT | {"dev/kustomization.yaml": overlays["dev/kustomization.yaml"]}) == ALL - {"INIT201"}
        assert found(PROJECT | overlays) == ALL
        unclear = {path: text.replace("- patch", f"- target: {UNCLEAR}\n    patch") for path, text in overlays.items()}
        assert found(PROJECT | {"dev/kustomization.yaml": unclear["dev/kustomization.yaml"]}) == {"INIT401"}
        assert found(PROJECT | unclear) == set()

    def test_a_component_of_the_overlay(self) -> None:
        component = {
            "component/kustomization.yaml": inline(MOUNTS).replace("Kustomization\nresources: [../base]", "Component")
        }
        overlay = {"prod/kustomization.yaml": kustomization("components: [../component]\n")}
        assert found(PROJECT | component) == ALL
        assert found(PROJECT | component | overlay) == ALL - {"INIT203"}

    def test_a_component_brings_the_file(self) -> None:
        brought = {"base/kustomization.yaml": "kind: Component\nresources: [app.yaml]\n"}
        overlay = {"prod/kustomization.yaml": inline(MOUNTS).replace("resources:", "components:")}
        assert found(PROJECT | brought | overlay) == ALL - {"INIT203"}

    def test_a_component_in_common_connects_nothing(self) -> None:
        component = {"component/kustomization.yaml": "kind: Component\n"}
        users = {
            "prod/kustomization.yaml": kustomization("components: [../component]\n"),
            "other/kustomization.yaml": inline(MOUNTS).replace("resources: [../base]", "components: [../component]"),
        }
        assert found(PROJECT | component | users) == ALL

    def test_a_folder_without_a_known_kustomization(self) -> None:
        overlay = {"prod/kustomization.yaml": inline(MOUNTS)}
        assert found({"base/app.yaml": BASE} | overlay) == ALL - {"INIT203"}
        assert found({"base/deeper/app.yaml": BASE} | overlay) == ALL - {"INIT203"}
        assert {one.code for one in run({"based/app.yaml": BASE} | overlay).active} == ALL

    def test_the_folder_of_the_run(self) -> None:
        files = {"app.yaml": BASE, "kustomization.yaml": inline(MOUNTS).replace("../base", "app.yaml")}
        assert {one.code for one in run(files).active} == ALL - {"INIT203"}

    def test_the_context_patches_what_is_reported(self) -> None:
        overlay = Source("prod/kustomization.yaml", inline(MOUNTS))
        report = check_sources([Source("base/app.yaml", BASE)], Settings(select=tuple(ALL)), context=[overlay])
        assert {one.code for one in report.active} == ALL - {"INIT203"}


class TestNotes:
    def test_the_reason_names_the_kustomization(self) -> None:
        report = run({"base/app.yaml": BASE, "overlays/prod/kustomization.yaml": inline(MOUNTS).replace("..", "../..")})
        reasons = {note.rule: note.reason for note in report.notes if note.path == "base/app.yaml"}
        why = "volume mounts are unknown: a kustomization patches them (overlays/prod/kustomization.yaml)"
        assert reasons == {"unread-volume": why}

    def test_of_two_the_first_is_named(self) -> None:
        files = {"base/app.yaml": BASE, "b/kustomization.yaml": inline(MOUNTS), "a/kustomization.yaml": inline(MOUNTS)}
        notes = [note for note in run(files).notes if note.path == "base/app.yaml"]
        assert ["(a/kustomization.yaml)" in note.reason for note in notes] == [True]


class TestBundle:
    def test_nothing_is_known_of_nothing(self) -> None:
        assert Bundle([], []).answer(Question(PATCHED, None, "Deployment/app", "app.yaml")) == ()
        assert Bundle([], []).answer(Question("x", None)) == ()

    def test_what_is_offered_and_asked(self) -> None:
        reading = read(Source("base/app.yaml", BASE))
        assert [offer.kind for offer in reading.offers] == [TEMPLATES]
        analysis = analyse(reading, (), Cluster())
        assert Question(PATCHED, None, "Deployment/app", "base/app.yaml") in analysis.questions

    def test_what_an_inline_patch_offers(self) -> None:
        text = inline(MOUNTS)
        (document,) = yamltext.read(Source("prod/kustomization.yaml", text), 0, text)
        (offer,) = (offer for offer in offers(document.root) if offer.kind == TARGETS)
        assert offer.facts == ("Deployment", "app", "turn 1.0000", "@app", "MOUNTS@app")
        assert (offer.through, offer.by) == ("prod", "prod/kustomization.yaml")

    def test_what_operations_in_a_file_change(self) -> None:
        assert as_patches(Source("patch.yaml", OPERATIONS)) == [Offer(OBJECTS, None, "patch.yaml", ("", "", "MOUNTS"))]

    def test_the_order_of_the_offers_changes_nothing(self) -> None:
        files = {"p/kustomization.yaml": listed("a.yaml"), "q/kustomization.yaml": inline(MOUNTS), "p/a.yaml": MOUNTS}
        sources = [Source(path, text) for path, text in files.items()]
        given = [read(source).offers for source in sources]
        question = Question(PATCHED, None, "Deployment/app", "base/app.yaml")
        orders = permutations([one for some in given for one in some])
        answers = {Bundle(order, sources).answer(question) for order in orders}
        assert [len(answer) for answer in answers] == [2]

    def test_the_order_of_the_files_changes_nothing(self) -> None:
        files = {"p/kustomization.yaml": listed("a.yaml"), "p/a.yaml": MOUNTS, "base/app.yaml": BASE}
        reports = [run(dict(order)) for order in permutations(files.items())]
        assert all(report == reports[0] for report in reports)

    def test_a_patch_of_another_object_is_no_answer(self) -> None:
        asked = analyse(read(Source("other/app.yaml", BASE)), (), Cluster()).questions
        known = read(Source("p/kustomization.yaml", inline(MOUNTS))).offers
        assert asked
        assert not any(map(Bundle(known, []).answer, asked))


class TestLimitRanges:
    RANGE = """\
apiVersion: v1
kind: LimitRange
metadata: {name: defaults%s}
spec:
  limits:
    - type: Container
      default: {memory: 1Gi}
      defaultRequest: {cpu: 100m}
    - type: Pod
      max: {storage: 1Gi}
"""

    @pytest.mark.parametrize(
        ("of_range", "of_app", "is_answer"),
        [
            ("", "", True),
            (", namespace: a", "", True),
            ("", ", namespace: a", True),
            (", namespace: a", ", namespace: b", False),
        ],
    )
    def test_namespaces(self, of_range: str, of_app: str, is_answer: bool) -> None:
        base = BASE.replace("metadata: {name: app}", f"metadata: {{name: app{of_app}}}")
        assert ("INIT401" in found({"base/app.yaml": base, "range.yaml": self.RANGE % of_range})) is not is_answer

    def test_what_it_offers(self) -> None:
        offer, bounds = read(Source("range.yaml", self.RANGE % "")).offers
        facts = ("limits.memory=1Gi=121=124", "requests.cpu=100m=154=158", "requests.memory=1Gi=121=124")
        assert offer == Offer(CONTAINER_LIMITS, None, "defaults", ("LimitRange", *facts), by="range.yaml")
        assert (bounds.kind, bounds.name, bounds.by) == (BOUNDS, "defaults", "range.yaml")
        assert "Pod.max.storage=1Gi=197=200" in bounds.facts

    def test_a_default_and_a_patch(self) -> None:
        """What only the defaults make a defect of is not known, either, where a patch changes the resources."""
        entries = "{name: fetch}, {name: render, resources: {}}"
        patch = inline(META + f"spec: {{template: {{spec: {{initContainers: [{entries}]}}}}}}\n")
        files = {"base/app.yaml": BASE, "range.yaml": self.RANGE % "", "p/kustomization.yaml": patch}
        assert found(files) == {"INIT201", "INIT203"}
