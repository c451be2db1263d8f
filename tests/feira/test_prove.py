"""`feira prove`: one table, its exit status, its JSON, and proofs judged again from a file."""

import io
import json
from pathlib import Path

import pytest

from caixa.runtime.engine import Engine
from feira.cli import run
from feira.terminal import Terminal
from feira.workspace import DirectoryWorkspace

UNIT = """\
spec:
  module: {{source: oci://example/{nome}}}
  trigger: {{service: {{port: 8080, paths: [/]}}}}
  capabilities: {tokens}
"""
MEMBERS = {
    "cart": ["http-in:0.0.0.0:8080", "http-out:catalog"],
    "catalog": ["http-in:0.0.0.0:8080"],
    "names": [],
}
SHOP = """(defcaixa :nome "shop" :versao "0.1.0" :kind Aplicacao
  :membros ((:caixa "cart" :versao "*") (:caixa "catalog" :versao "*") (:caixa "names" :versao "*"))
  :contratos ((:de "cart" :para "catalog" :wit "wasi:http/proxy" :endpoint "/products/:id")
              (:de "catalog" :para "names" :wit "acme:names/look"))
  :politicas (:timeout "30s")
  :placement (:estrategia Replicated :clusters ("rio"))
  :entrada (:host "shop.example" :para "cart" :paths ("/") :port 8080))"""
CALLER = (
    '(component (import "acme:names/look" (instance (export "find" (func (param "id" u32) (result u32))))))'
)
CALLEE = """(component (core module $m (func (export "f") (param i32) (result i32) (local.get 0)))
  (core instance $i (instantiate $m))
  (func $f (param "id" {kind}) (result {kind}) (canon lift (core func $i "f")))
  (instance $n (export "find" (func $f)))
  (export "acme:names/look" (instance $n)))"""


@pytest.fixture(scope="module")
def engine():
    engine = Engine()
    yield engine
    engine.close()


@pytest.fixture
def shop(tmp_path):
    """Write the shop and its members beside one another; return the folder."""
    for nome, tokens in MEMBERS.items():
        path = f"servicos/{nome}.computeunit.yaml"
        manifest = (
            f'(defcaixa :nome "{nome}" :versao "0.1.0" :kind Servico :servicos ("{path}")'
            ' :limits (:memory "64MiB"))'
        )
        write(tmp_path / nome / "caixa.lisp", manifest)
        write(tmp_path / nome / path, UNIT.format(nome=nome, tokens=json.dumps(tokens)))
    write(tmp_path / "shop" / "caixa.lisp", SHOP)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def feira(shop, engine):
    """Run words in the folder of the shop; return status, what is printed, and what is printed as an error."""

    def feira(*words, where="shop"):
        out, err = io.StringIO(), io.StringIO()
        workspace = DirectoryWorkspace(shop / where)
        workspace.engine = lambda: engine
        status = run(["prove", *words], Terminal(out, err, {"NO_COLOR": "1"}), workspace)
        return status, out.getvalue(), err.getvalue()

    return feira


def claims(text):
    return {claim["name"]: claim["standing"] for claim in json.loads(text)["proofs"]}


def test_the_table_says_each_claim_with_its_evidence_and_the_word_of_the_checker(feira):
    status, text, _ = feira("--members", "..")
    lines = text.splitlines()
    assert status == 0
    assert lines[0] == "shop 0.1.0  Aplicacao  6 proved, 0 refuted, 1 not checked"
    assert lines[1].startswith("  ✓ no call waits for itself")
    assert lines[-1] == "  7 certificates checked again by caixa_proof_checker: all hold"
    assert "catalog → names: not checked, because catalog and names have no built component" in text


def test_the_same_is_told_as_json(feira):
    status, text, _ = feira("--members", "..", "--json")
    assert status == 0
    assert claims(text) == dict.fromkeys(
        ["cycle", "capabilities", "locality", "policies", "fields", "limits"], "proved"
    ) | {"types": "not checked"}
    assert json.loads(text)["ok"] is True


def test_what_is_refuted_fails(feira, shop):
    unit = shop / "cart" / "servicos" / "cart.computeunit.yaml"
    unit.write_text(UNIT.format(nome="cart", tokens='["http-in:0.0.0.0:8080"]'))
    status, text, _ = feira("--members", "..")
    assert status == 1
    assert "cart has no http-out:catalog" in text


def test_members_that_are_not_here_leave_claims_unchecked_and_do_not_fail(feira):
    status, text, _ = feira("--json")
    assert status == 0
    assert claims(text)["policies"] == "not checked"
    assert claims(text)["cycle"] == "proved"


@pytest.mark.parametrize(("kind", "verdict"), [("u32", "the same"), ("s32", "DRIFT")])
def test_the_types_of_built_components_are_compared(feira, shop, engine, kind, verdict):
    for nome, text in (("catalog", CALLER), ("names", CALLEE.format(kind=kind))):
        (shop / nome / ".caixa").mkdir()
        (shop / nome / ".caixa" / "component.wasm").write_bytes(engine.wat(text))
    status, text, _ = feira("--members", "..")
    assert status == (verdict == "DRIFT")
    assert verdict in text
    assert "7 certificates checked again" in text


def test_a_refused_manifest_is_judged_as_far_as_it_goes(feira, shop):
    write(
        shop / "shop" / "caixa.lisp",
        SHOP.replace('(:de "catalog" :para "names"', '(:de "catalog" :para "cart"'),
    )
    status, text, _ = feira("--members", "..")
    assert status == 1
    assert "a closed path: cart → catalog → cart" in text
    assert text.count("not checked  the manifest is refused: contrato-cycle\n") == 6
    assert "is here" not in text


def test_a_member_whose_unit_does_not_read_leaves_claims_unchecked(feira, shop):
    write(shop / "cart" / "servicos" / "cart.computeunit.yaml", "- no unit\n")
    _, text, _ = feira("--members", "..")
    assert "not checked  cart: not checked, because no unit of it is here" in text
    assert "not checked  no unit of cart is here: its labels and its port are not known" in text


def test_a_manifest_that_does_not_decode_is_an_error(feira, shop):
    write(shop / "shop" / "caixa.lisp", '(defcaixa :nome "shop"')
    status, text, error = feira()
    assert (status, text) == (1, "")
    assert "error" in error


def test_a_servico_is_proved_too(feira):
    status, text, _ = feira("--json", where="cart")
    assert status == 0
    assert claims(text)["fields"] == "proved"
    assert claims(text)["limits"] == "proved"
    assert claims(text)["policies"] == "not checked"


def test_proofs_are_judged_again_from_a_file_and_a_changed_one_fails(feira, shop):
    _, text, _ = feira("--members", "..", "--json")
    file = shop / "shop" / "proofs.json"
    file.write_text(text)
    status, again, _ = feira("--check", "proofs.json")
    assert status == 0
    assert "all hold" in again
    data = json.loads(text)
    data["case"]["rendered"].pop("CiliumNetworkPolicy/tatara-system/shop-cart-to-catalog")
    file.write_text(json.dumps(data))
    status, again, _ = feira("--check", "proofs.json")
    assert status == 1
    assert "the checker rejects" in again
    assert "policies: " in again


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"case": 1}', '{"case": {"manifest": {"nome": "x"}}}'])
def test_a_file_without_proofs_is_an_error_that_says_so(feira, shop, text):
    (shop / "shop" / "proofs.json").write_text(text)
    status, out, error = feira("--check", "proofs.json")
    assert (status, out) == (2, "")
    assert "holds no proofs" in error


def test_a_file_that_is_not_there_is_an_error(feira):
    status, _, error = feira("--check", "nothing.json")
    assert status == 1
    assert "nothing.json" in error
