"""`feira graph`: four kinds of graph in six forms, on the command line."""

import json
from xml.etree import ElementTree

import pytest
from forging import manifest

UNIT = """apiVersion: wasm.pleme.io/v1alpha1
kind: ComputeUnit
metadata: {name: NOME}
spec: {module: {source: ./x.wasm}, trigger: {service: {port: 8080, paths: [/]}}}
"""
SHOP = """(defcaixa :nome "shop" :versao "0.1.0" :kind Aplicacao
  :membros ((:caixa "cart" :versao "*") (:caixa "catalog" :versao "*"))
  :contratos ((:de "cart" :para "catalog" :wit "wasi:http/proxy" :endpoint "/x"))
  :placement (:estrategia SingleNode :clusters ("rio")))
"""


@pytest.fixture
def shop(feira):
    """A mesh with its members beside it."""
    feira.write("caixa.lisp", SHOP)
    for nome in ("cart", "catalog"):
        path = f"servicos/{nome}.computeunit.yaml"
        form = f'(defcaixa :nome "{nome}" :versao "0.1.0" :kind Servico :servicos ("{path}"))'
        feira.write(f"{nome}/caixa.lisp", form)
        feira.write(f"{nome}/{path}", UNIT.replace("NOME", nome))
    return feira


FORMS = {
    "text": "shop 0.1.0\n",
    "mermaid": "flowchart LR\n",
    "dot": "digraph caixa {\n",
    "svg": "<svg ",
    "html": "<!doctype html>\n",
    "json": "{\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_mesh_is_drawn_in_every_form(shop, form):
    drawn = shop("graph", "--format", form)
    assert (drawn.status, drawn.err) == (0, "")
    assert drawn.out.startswith(FORMS[form])
    assert drawn.out == shop("graph", "--kind", "mesh", "--as", form).out
    if form == "svg":
        assert ElementTree.fromstring(drawn.out).get("role") == "img"
    if form == "json":
        assert [node["label"] for node in json.loads(drawn.out)["nodes"]] == ["cart", "catalog"]


def test_the_layers_of_a_deploy_are_those_of_what_is_rendered(shop):
    text = shop("graph", "--kind", "layers", "--members", ".").out
    assert text.startswith("shop 0.1.0, one deploy\n  layer 1: CiliumNetworkPolicy ")
    assert "[CiliumNetworkPolicy shop-default-deny]" in text
    assert "ComputeUnit catalog" in text


def test_a_closure_is_what_is_locked(feira):
    feira.write(
        "caixa.lisp", manifest("app", deps='(:nome "money" :versao "*" :fonte (:tipo path :caminho "money"))')
    )
    feira.write("money/caixa.lisp", manifest("money"))
    unlocked = feira("graph", "--kind", "closure")
    assert "refused: money is not locked" in unlocked.out
    assert feira("lock").status == 0
    assert feira("graph", "--kind", "closure").out.splitlines()[-1] == "  (app) ───▶ [money]"


def test_what_is_refused_is_in_the_picture_and_after_it(shop):
    shop.write("caixa.lisp", SHOP.replace(':para "catalog"', ':para "ghost"'))
    drawn = shop("graph", "--format", "svg")
    assert "ghost is not a member" in drawn.out
    assert drawn.status == 1
    assert "error[" in drawn.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--kind", "forest"), "forest"),
        (("--format", "png"), "png"),
        (("--most", "1"), "1"),
    ],
)
def test_a_graph_that_there_is_not_is_one_clear_error(shop, words, said):
    answer = shop("graph", *words)
    assert answer.status != 0
    assert said in answer.err


@pytest.mark.parametrize(
    ("words", "missing", "fitting"),
    [
        (("--kind", "tree"), "an Aplicacao, which has no tree", "a Supervisor"),
        (("--path", "cart"), "a Servico, which has no mesh and no tree", "an Aplicacao or a Supervisor"),
    ],
)
def test_a_graph_that_a_kind_does_not_have_is_named_and_so_is_what_has_one(shop, words, missing, fitting):
    refused = shop("graph", *words)
    assert (refused.status, refused.out) == (1, "")
    assert missing in refused.err
    assert f"ask for --kind closure or --kind layers, or name {fitting}" in refused.err


def test_a_closure_without_a_lock_says_that_nothing_is_locked(shop):
    assert "  nothing is locked\n" in shop("graph", "--kind", "closure").out


def test_a_contract_of_one_method_is_drawn_with_it(shop):
    shop.write("caixa.lisp", SHOP.replace('"/x"', '"/x" :method GET'))
    assert "wasi:http/proxy GET /x" in shop("graph").out


def test_a_long_list_of_members_is_broken_between_names(shop):
    names = ["cart", "catalog", *(f"member-{number}" for number in range(60))]
    members = " ".join(f'(:caixa "{nome}" :versao "*")' for nome in names)
    shop.write(
        "caixa.lisp", SHOP.replace('(:caixa "cart" :versao "*") (:caixa "catalog" :versao "*")', members)
    )
    text = shop("graph").out
    assert max(map(len, text.splitlines())) <= 112
    assert f"SingleNode on rio: {', '.join(names)}" in " ".join(text.split())
