"""From nothing to a cluster, for each kind: init, lint, build, chart, deploy."""

import json
import subprocess
import sys

import pytest

KINDS = ("Biblioteca", "Binario", "Servico", "Supervisor", "Aplicacao")


@pytest.mark.parametrize("kind", KINDS)
def test_a_fresh_package_lints_validates_and_builds(feira, kind):
    assert feira("init", "first", "--kind", kind).status == 0
    for verb in ("lint", "validate", "build"):
        outcome = feira(verb, "--path", "first")
        assert (verb, outcome.status) == (verb, 0), outcome.err
    assert feira("lint", "--path", "first").err == f"✓ {len(list(feira.folder.rglob('*.lisp')))} file" + (
        "s, no findings\n" if kind in ("Biblioteca", "Binario", "Servico") else ", no findings\n"
    )


def test_a_kind_may_be_written_in_lower_case(feira):
    assert feira("init", "first", "--kind", "servico").status == 0
    assert ":kind Servico" in (feira.folder / "first/caixa.lisp").read_text()


@pytest.mark.parametrize("kind", KINDS)
def test_the_digest_is_the_data_of_a_build_and_the_same_every_time(feira, kind):
    feira("init", "first", "--kind", kind)
    first, second = feira("build", "--path", "first"), feira("build", "--path", "first")
    assert first == second
    assert first.out.startswith("blake3:")
    assert len(first.out) == 72


@pytest.mark.parametrize("nome", ["a", "a" * 63, "0", "a-b"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_name_that_kubernetes_takes_makes_a_package_that_builds(feira, kind, nome):
    assert feira("init", nome, "--kind", kind).status == 0
    assert feira("build", "--path", nome).status == 0


def test_a_package_is_made_in_a_repository_that_is_there(feira, git):
    git(feira.folder, "init", "--quiet", ".")
    feira.write("README.md", "mine\n")
    feira.write(".gitignore", "*.log\n")
    assert feira("init", "first", "--path", ".").status == 0
    assert feira("build").status == 0
    assert (feira.folder / ".gitignore").read_text() == "*.log\n"


def test_init_writes_over_nothing(feira):
    feira.write("first/lib/first.lisp", "mine\n")
    before = feira.files()
    outcome = feira("init", "first")
    assert outcome.status == 1
    assert "already has lib/first.lisp" in outcome.err
    assert feira.files() == before


@pytest.mark.parametrize(
    ("nome", "fix"), [("MyApp", "use my-app"), ("a_b", "use a-b"), ("a" * 64, "choose another"), ("", "choose")]
)
def test_a_bad_name_is_refused_with_the_nearest_good_one(feira, nome, fix):
    outcome = feira("init", nome)
    assert outcome.status == 1
    assert fix in outcome.err
    assert feira.files() == {}


def test_a_servico_goes_from_init_to_the_remote(feira, k8s, git):
    feira("init", "hello", "--kind", "Servico")
    assert feira("chart", "--path", "hello").status == 0
    assert (feira.folder / ".caixa/chart/lareira-hello/Chart.yaml").is_file()
    words = ("deploy", "--path", "hello", "--cluster", "rio", "--k8s-repo", str(k8s))

    dry = feira(*words, "--dry-run")
    assert dry.status == 0
    assert "+    - name: hello\n" in dry.out
    assert git(k8s, "status", "--porcelain") == ""

    done = feira(*words, "--commit")
    assert done.status == 0
    assert done.out == dry.out  # the diff is the same, and it comes first
    assert git(k8s, "log", "-1", "--format=%s").strip() == "Deploy hello 0.1.0 to rio"
    assert git(k8s, "show", "--name-only", "--format=", "HEAD").split() == [
        "clusters/rio/programs/release.yaml"
    ]

    pushed = feira(*words, "--apply")
    assert pushed.status == 0
    assert "already up to date" in pushed.err
    assert git(k8s, "rev-parse", "origin/main") == git(k8s, "rev-parse", "main")


def test_a_deploy_keeps_the_comments_of_the_release(feira, k8s):
    feira("init", "hello", "--kind", "Servico")
    feira("deploy", "--path", "hello", "--cluster", "rio", "--k8s-repo", str(k8s), "--commit")
    text = (k8s / "clusters/rio/programs/release.yaml").read_text()
    assert text.startswith("# the fleet of this cluster\n")


def test_an_aplicacao_goes_out_as_manifests_and_an_entry_for_each_member(feira, k8s, git):
    feira("init", "shop", "--kind", "Aplicacao")
    feira("init", "shop-web", "--kind", "Servico")
    words = ("--path", "shop", "--cluster", "local", "--k8s-repo", str(k8s), "--members", ".")
    outcome = feira("app", "deploy", *words, "--apply")
    assert outcome.status == 0, outcome.err
    changed = git(k8s, "show", "--name-only", "--format=", "origin/main").split()
    assert changed == [
        "clusters/local/aplicacaos/shop/aplicacao.yaml",
        "clusters/local/aplicacaos/shop/manifests.yaml",
        "clusters/local/programs/release.yaml",
    ]
    assert "name: shop-web" in (k8s / changed[2]).read_text()
    again = feira("deploy", *words, "--apply")  # the same fan-out under the shorter name
    assert "already up to date" in again.err


def test_a_mesh_is_rendered_into_the_namespace_and_with_the_issuer_and_channel_that_are_named(feira):
    feira("init", "shop", "--kind", "Aplicacao")
    manifest = feira.folder / "shop/caixa.lisp"
    door = ':entrada (:host "a.b" :para "shop-web"))'
    manifest.write_text(manifest.read_text().rstrip().removesuffix(")") + door)
    flags = ("--namespace", "prod", "--issuer", "letsencrypt", "--gateway-api", "standard")
    text = feira("render", "--path", "shop", "--as", "mesh", *flags).out
    assert "namespace: prod" in text
    assert "namespace: tatara-system" not in text
    assert "Gateway API: standard channel" in text
    assert "cert-manager.io/cluster-issuer: letsencrypt" in text


def test_a_member_that_left_is_taken_out_of_the_release_and_named(feira, k8s):
    feira("init", "shop", "--kind", "Aplicacao")
    for name in ("shop-web", "shop-db"):
        feira("init", name, "--kind", "Servico")
    words = ("app", "deploy", "--path", "shop", "--cluster", "local", "--k8s-repo", str(k8s), "--members", ".")
    release, manifest = k8s / "clusters/local/programs/release.yaml", feira.folder / "shop/caixa.lisp"
    alone = manifest.read_text()
    before = release.read_text()
    manifest.write_text(alone.replace(":membros (", ':membros ((:caixa "shop-db" :versao "^0.1") ', 1))
    assert feira(*words, "--commit").status == 0
    assert "name: shop-db" in release.read_text()
    manifest.write_text(alone)
    outcome = feira(*words, "--commit")
    assert "member-left" in outcome.err
    assert "shop-db" not in release.read_text()
    assert "name: shop-web" in release.read_text()
    assert before.splitlines()[0] == release.read_text().splitlines()[0]


def test_a_member_that_is_not_here_is_shown_and_never_committed(feira, k8s, git):
    feira("init", "shop", "--kind", "Aplicacao")
    words = ("app", "deploy", "--path", "shop", "--cluster", "local", "--k8s-repo", str(k8s))
    head = git(k8s, "rev-parse", "HEAD")
    assert "member-unresolved" in feira(*words).err
    for step in ("--commit", "--apply"):
        refused = feira(*words, step)
        assert refused.status == 1
        assert "error[deploy-refused]" in refused.err
        assert "member-unresolved" in refused.err
        assert "manifests.yaml" in refused.out  # the diff came first all the same
    assert git(k8s, "rev-parse", "HEAD") == head
    assert git(k8s, "status", "--porcelain") == ""


def test_a_member_is_found_through_a_path_dependency(feira, k8s):
    feira("init", "shop", "--kind", "Aplicacao")
    feira("init", "shop-web", "--kind", "Servico", "--path", "elsewhere/web")
    manifest = feira.folder / "shop/caixa.lisp"
    dep = '(:nome "shop-web" :versao "^0.1" :fonte (:tipo path :caminho "../elsewhere/web"))'
    manifest.write_text(manifest.read_text().replace("  :membros", f"  :deps ({dep})\n  :membros"))
    words = ("app", "deploy", "--path", "shop", "--cluster", "local", "--k8s-repo", str(k8s))
    assert feira(*words, "--commit").status == 0


def test_a_member_of_another_version_is_not_a_member(feira):
    feira("init", "shop", "--kind", "Aplicacao")
    feira("init", "shop-web", "--kind", "Servico")
    manifest = feira.folder / "shop-web/caixa.lisp"
    manifest.write_text(manifest.read_text().replace("0.1.0", "0.2.0"))
    outcome = feira("render", "--path", "shop", "--as", "flux", "--members", ".")
    assert outcome.status == 1
    assert "member-unresolved" in outcome.err


def test_a_mesh_goes_only_where_its_placement_says(feira, k8s):
    feira("init", "shop", "--kind", "Aplicacao")
    feira("init", "shop-web", "--kind", "Servico")
    outcome = feira(
        "deploy", "--path", "shop", "--cluster", "rio", "--k8s-repo", str(k8s), "--members", ".", "--commit"
    )
    assert outcome.status == 1
    assert "cluster-outside-placement" in outcome.err
    assert "deploy to local, or name rio in :placement :clusters" in outcome.err


def test_a_mesh_of_a_single_node_is_told_that_only_its_first_cluster_has_it(feira, k8s):
    feira("init", "shop", "--kind", "Aplicacao")
    text = (feira.folder / "shop/caixa.lisp").read_text()
    feira.write(
        "shop/caixa.lisp", text.replace('Replicated :clusters ("local")', 'SingleNode :clusters ("mar" "rio")')
    )
    outcome = feira("deploy", "--path", "shop", "--cluster", "rio", "--k8s-repo", str(k8s))
    assert "deploy to mar, or name rio first in :placement :clusters" in outcome.err


@pytest.mark.parametrize("kind", ["Biblioteca", "Binario", "Supervisor"])
def test_what_no_cluster_runs_is_not_deployed(feira, k8s, kind):
    feira("init", "first", "--kind", kind)
    outcome = feira("deploy", "--path", "first", "--cluster", "rio", "--k8s-repo", str(k8s))
    assert outcome.status == 1
    assert "error[not-deployable]" in outcome.err


def test_a_missing_computeunit_is_proposed_and_accepted_with_the_words_shown(feira):
    feira("init", "hello", "--kind", "Servico")
    unit = feira.folder / "hello/servicos/hello.computeunit.yaml"
    text = unit.read_text()
    unit.unlink()
    shown = feira("build", "--path", "hello")
    assert shown.status == 1
    words = shown.err.split("accept it with  feira ")[1].splitlines()[0]
    assert feira(*words.split()).status == 0
    assert unit.read_text() == text
    assert feira("build", "--path", "hello").status == 0
    again = feira(*words.split())
    assert again.status == 1
    assert "nothing-to-propose" in again.err


def test_a_component_runs_under_the_limits_of_its_servico(feira):
    feira("init", "hello", "--kind", "Servico")
    feira.write(
        "add.wat",
        '(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))'
        ' (func (export "spin") (loop (br 0))))',
    )
    words = ("run", "--path", "hello", "--component", "add.wat")
    assert feira(*words, "add", "2", "-5").out == "-3\n"
    assert json.loads(feira(*words, "--json", "add", "2", "3").out)["values"] == [5]
    assert "add(" in feira(*words).out
    spun = feira(*words, "spin")
    assert spun.status == 1
    assert "fuel" in spun.err


def test_a_saved_package_builds_to_the_same_digest(feira):
    feira("init", "hello", "--kind", "Servico")
    assert feira("save", "--path", "hello", "copy").status == 0
    assert feira("build", "--path", "copy").out == feira("build", "--path", "hello").out
    assert feira("open", "copy").status == 0
    assert feira("save", "--path", "hello", "copy").status == 0  # once more changes nothing
    feira("init", "other")
    refused = feira("save", "--path", "other", "copy")
    assert refused.status == 1
    assert "already has caixa.lisp" in refused.err


def test_diff_shows_slots_and_objects(feira):
    feira("init", "hello", "--kind", "Servico")
    feira("save", "--path", "hello", "old")
    manifest = feira.folder / "hello/caixa.lisp"
    manifest.write_text(manifest.read_text().replace("1000000", "2000000").replace("0.1.0", "0.2.0"))
    outcome = feira("diff", "old", "hello")
    assert outcome.status == 0
    assert "~ limits.fuel: 1000000 → 2000000" in outcome.out
    assert "# hello, object by object" in outcome.out
    assert json.loads(feira("diff", "old", "hello", "--json").out)["forms"]


def test_lock_writes_what_its_dry_run_shows(feira):
    feira("init", "hello")
    dry = feira("lock", "--path", "hello", "--dry-run")
    assert not (feira.folder / "hello/lacre.lisp").exists()
    assert feira("lock", "--path", "hello").status == 0
    assert (feira.folder / "hello/lacre.lisp").read_text() == dry.out
    assert feira("build", "--path", "hello").status == 0


def test_the_installed_program_leaves_with_the_status(feira):
    def status(*words):
        return subprocess.run(
            [sys.executable, "-m", "feira", *words], capture_output=True, check=False
        ).returncode

    assert [status("init", "hello"), status("build"), status("bild"), status("--version")] == [0, 1, 2, 0]
