"""HCL, Ruby and Go: what is written is what was meant, by the tools of each language."""

import json
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from iac_parsing import infrastructure, program
from iac_strategies import DATA_VALUE, INFRASTRUCTURE, TEXT

from caixa.iac.document import terraform_document
from caixa.iac.golang import quoted
from caixa.iac.hcl import Attribute, Block, print_block, print_expression, to_hcl
from caixa.iac.model import Resource
from caixa.iac.pangea import to_pangea
from caixa.iac.ruby import Call, Comment, Symbol, print_ruby, ruby_literal
from caixa.iac.values import Raw, Template

# -- HCL --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (1.5, "1.5"),
        ('a"b\\\n', '"a\\"b\\\\\\n"'),
        ("${x} %{y}", '"$${x} %%{y}"'),
        ((), "[]"),
        ({}, "{}"),
        ({"a": 1, "b c": (2,), "null": 3}, '{ a = 1, "b c" = [2], "null" = 3 }'),
        (Template(("a$", Raw("b"))), '"a${"$"}${b}"'),
        ("\0", '"\\u0000"'),
    ],
)
def test_a_value_has_one_spelling_in_hcl(value, text):
    assert print_expression(value) == text


def test_blocks_nest():
    block = Block("terraform", (), [Block("backend", ("local",), [Attribute("path", "x")])])
    assert print_block(block) == 'terraform {\n  backend "local" {\n    path = "x"\n  }\n}\n'


def test_terraform_reads_the_native_syntax_as_it_reads_the_json(terraform):
    values = {"a": 'x"\\\n\t$${y} %{z} ☃', "b c": [1, {"d-e": None}], "for": True}
    teia = Resource(tipo="terraform/data", nome="x", atributos={"input": values | {"b c": (1, {"d-e": None})}})
    output = Block("output", ("o",), [Attribute("value", Raw("terraform_data.x.output"))])
    terraform("init", "-input=false", files={"main.tf": to_hcl(teia) + print_block(output)})
    terraform("fmt", "-check=false", "-write=false")
    terraform("apply", "-auto-approve", "-input=false")
    assert json.loads(terraform("output", "-json"))["o"]["value"] == values


# -- Ruby -------------------------------------------------------------------------------------------------

# A DSL of fifteen lines that writes down which words it hears: what Pangea's own makes of a template.
RECORDER = """
require "json"
class Words < BasicObject
  def initialize; @found = {}; end
  def self.of(block); words = new; words.instance_eval(&block); words.found!; end
  def found!; @found; end
  def method_missing(name, value = nil) = @found[name.to_s] = value
  def respond_to_missing?(*) = true
end
DOCUMENT = Hash.new { |all, kind| all[kind] = {} }
class Template
  %w[resource data].each do |kind|
    define_method(kind) { |type, name, &block| (DOCUMENT[kind][type.to_s] ||= {})[name.to_s] = Words.of(block) }
  end
  %w[variable output module].each do |kind|
    define_method(kind) { |name, &block| DOCUMENT[kind][name.to_s] = Words.of(block) }
  end
  def locals(&block) = DOCUMENT["locals"] = Words.of(block)
  def provider(name, &block)
    DOCUMENT["provider"] = [*DOCUMENT.fetch("provider", []), { name.to_s => Words.of(block) }]
  end
  def terraform(&block) = DOCUMENT["terraform"] = [Words.of(block)]
end
def template(_name, &block) = Template.new.instance_eval(&block)
"""
REPORT = "\nputs JSON.generate(DOCUMENT)\n"


def ruby(text, *words):
    ran = subprocess.run([program("ruby"), *words], input=text, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr + text
    return ran.stdout


@settings(max_examples=8, deadline=None)
@given(INFRASTRUCTURE)
def test_ruby_that_runs_the_template_hears_the_very_document(whole):
    text = to_pangea(whole, "infra")
    assert json.loads(ruby(RECORDER + text + REPORT)) == json.loads(json.dumps(terraform_document(whole)))


def test_names_that_ruby_takes_for_itself_still_reach_the_template():
    names = ["class", "format", "hash", "end", "system", "p", "Name", "a-b", "send", "test", "method_missing"]
    whole = infrastructure(
        f"(defteia :tipo a/b :nome x :atributos ({' '.join(f':{name} 1' for name in names)}))"
    )
    text = to_pangea(whole, "infra")
    assert ruby(text, "-c").strip() == "Syntax OK"
    assert json.loads(ruby(RECORDER + text + REPORT)) == terraform_document(whole)


@settings(max_examples=8, deadline=None)
@given(st.lists(DATA_VALUE, max_size=20))
def test_ruby_reads_each_literal_as_it_was(values):
    wanted = json.loads(json.dumps(values))
    source = f"# frozen_string_literal: true\nrequire 'json'\nputs JSON.generate({ruby_literal(values)})\n"
    assert json.loads(ruby(source)) == wanted


def test_a_comment_cannot_become_code():
    assert print_ruby([Comment("a\nb")]) == "# a\n# b\n"
    assert print_ruby([Call("x", (Symbol('a"b'),), ())]) == 'x(:"a\\"b") do\nend\n'


# -- Go ---------------------------------------------------------------------------------------------------


@given(TEXT)
def test_a_string_of_go_has_no_raw_quote_or_line_end(text):
    inner = quoted(text)[1:-1]
    assert "\n" not in inner
    assert '"' not in inner.replace("\\\\", "").replace('\\"', "")


def test_go_reads_each_string_as_it_was(tmp_path):
    go = program("go")
    texts = ['"', "\\", "\n\t\r", "\0", "é ☃ 🦀", "`", "\u2028", "%s ${x}", "\x7f"]
    lines = "".join(f"\t\t{quoted(text)},\n" for text in texts)
    imports = 'import (\n\t"encoding/json"\n\t"os"\n)\n'
    main = f"func main() {{\n\tjson.NewEncoder(os.Stdout).Encode([]string{{\n{lines}\t}})\n}}\n"
    (tmp_path / "main.go").write_text(f"package main\n\n{imports}\n{main}", encoding="utf-8")
    ran = subprocess.run([go, "run", "main.go"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == texts
