"""What is shown is well formed, says nothing as markup that was data, and loads nothing it does not need."""

import subprocess
import sys
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from caixa.lisp.values import List, Symbol
from caixa_magics.mime import bundle

from .cells import CART, CATALOG, SHOP, WASM

GRAPH_SCRIPT = files("caixa_renderers.graph").joinpath("graph.js").read_text(encoding="utf-8")
VOID = {"br", "col", "hr", "img", "input", "wbr"}


class Checker(HTMLParser):
    """Notes every element and attribute; refuses an end that does not match its start."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.attributes, self.scripts = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts.append(data)


def checked(html):
    checker = Checker()
    checker.feed(html)
    checker.close()
    assert not checker.open
    return checker


EDIT = SHOP.replace("/products/:id", "/items/:id")
CELLS = [
    CART,
    f"{CATALOG}\n{SHOP}",
    "%caixa list",
    "%caixa show shop",
    "%caixa validate cart",
    "%caixa render cart --as helm",
    "%caixa render shop",
    "%caixa crds",
    "%caixa crds Lacre",
    "%caixa nix cart",
    "%caixa graph shop",
    "%caixa graph shop --as dot",
    EDIT,
    "%caixa diff shop",
    "%caixa help",
    "%caixa help deploy",
    WASM,
    "%caixa run cart add 1 2",
    "%caixa run cart",
    "%caixa build cart",
    "%caixa lock cart --dry-run",
]


def test_every_output_is_well_formed_and_has_its_text(notebook):
    for text in CELLS:
        value = notebook.run_cell(text, "cell 1")
        for data in (*notebook.display.shown, bundle(value)[0]):
            assert data["text/plain"].strip(), text
            if "text/html" in data:
                checker = checked(data["text/html"])
                assert checker.tags[:2] == ["div", "style"], text
                assert set(checker.scripts) <= {GRAPH_SCRIPT}  # and nothing that is shown
        notebook.display.clear()


def test_what_a_manifest_says_never_becomes_markup(notebook):
    evil = '<img src=x onerror=alert(1)>&amp;\\"</style><script>alert(2)</script>'
    caixa = CART.replace(":kind Servico", f':kind Servico :descricao "{evil}" :autores ("{evil}")')
    cells = [
        caixa,
        "%caixa show cart",
        "%caixa render cart",
        "%caixa list",
        caixa.replace("alert(1)", "0"),
        "%caixa diff cart",
    ]
    for text in cells:
        checker = checked(bundle(notebook.run_cell(text, "cell 1"))[0]["text/html"])
        assert "script" not in checker.tags
        assert "img" not in checker.tags
        assert not [name for name, value in checker.attributes if name == "onerror"]


def test_a_manifest_can_be_copied_and_saved(notebook):
    notebook.run_cell(CART, "cell 1")
    html = bundle(notebook.run_cell("%caixa render cart --as computeunit", "cell 2"))[0]["text/html"]
    attributes = dict(checked(html).attributes)
    assert attributes["download"] == "cart.computeunit.yaml"
    assert attributes["href"].startswith("data:application/yaml;charset=utf-8;base64,")
    assert "navigator.clipboard" in attributes["onclick"]


def test_objects_are_folded_one_by_one(notebook):
    notebook.run_cell(f"{CART}\n{CATALOG}\n{SHOP}", "cell 1")
    html = bundle(notebook.run_cell("%caixa render shop --as mesh", "cell 2"))[0]["text/html"]
    assert checked(html).tags.count("details") > 2
    assert "CiliumNetworkPolicy shop-cart-to-catalog" in html


def test_a_run_shows_how_much_of_each_limit_it_used(notebook):
    notebook.run_cell(CART, "cell 1")
    notebook.run_cell(WASM, "cell 2")
    html = bundle(notebook.run_cell("%caixa run cart add 40 2", "cell 3"))[0]["text/html"]
    assert checked(html).tags.count("meter") == 3


def test_a_picture_has_its_text_for_who_cannot_see_it(notebook):
    notebook.run_cell(f"{CART}\n{CATALOG}\n{SHOP}", "cell 1")
    data = bundle(notebook.run_cell("%caixa graph shop", "cell 2"))[0]
    assert dict(checked(data["text/html"]).attributes)["alt"] == data["text/plain"]


def test_only_what_refuses_or_warns_is_told_at_length(notebook):
    notebook.run_cell(f"{CART}\n{CATALOG}", "cell 1")
    notebook.run_cell(SHOP[:-1] + '\n  :politicas (:rate-limit "10/s"))', "cell 2")
    html = bundle(notebook.run_cell("%caixa render shop --as mesh", "cell 3"))[0]["text/html"]
    assert "notes</summary>" in html or "1 note</summary>" in html


@pytest.mark.parametrize(
    ("value", "text"),
    [(42, "42"), ("a", '"a"'), (List([1, Symbol("x")]), "(1 x)"), (None, "()"), (True, "#t"), (1.5, "1.5")],
)
def test_data_is_shown_as_it_is_written(value, text):
    assert bundle(value) == ({"text/plain": text}, {})


def test_a_foreign_object_shows_itself():
    class Widget:
        def __repr__(self):
            return "a widget"

        def _repr_mimebundle_(self):
            return {"text/html": "<b>w</b>"}, {"text/html": {"isolated": True}}

    assert bundle(Widget()) == (
        {"text/plain": "a widget", "text/html": "<b>w</b>"},
        {"text/html": {"isolated": True}},
    )


HEAVY = [
    "click",
    "yaml",
    "pygments",
    "graphviz",
    "wasmtime",
    "hy",
    "blake3",
    "feira",
    "caixa.manifest",
    "caixa_renderers",
    "ipywidgets",
    "IPython",
]


def test_a_cell_of_arithmetic_loads_nothing_heavy():
    program = f"""
import sys
from caixa_magics.notebook import Notebook
from caixa_magics.mime import bundle
notebook = Notebook(None)
assert bundle(notebook.session.interpreter and 42)[0] == {{"text/plain": "42"}}
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
