"""Terraform's JSON: checked by a reader written from its documentation, and by terraform itself."""

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from iac_parsing import infrastructure
from iac_strategies import DATA_VALUE, INFRASTRUCTURE, TEXT
from iac_terraform_json import LABELS, NotTerraform, evaluated, parts, read

from caixa.iac.dependencies import used_by
from caixa.iac.document import expression, terraform_document, terraform_json
from caixa.iac.model import Infrastructure, Resource
from caixa.iac.values import Raw, Template

EVERYTHING = """
(defprovedor :nome aws :fonte "hashicorp/aws" :versao "~> 5.0" :configuracao (:region "eu-west-1"))
(defprovedor :nome aws :apelido west :configuracao (:region (var region)))
(defbackend :tipo s3 :configuracao (:bucket "state" :key "a/${b}"))
(defvariavel :nome region :tipo string :padrao "eu ${x}" :descricao "where ${y}" :nulavel #f
  :validacao ((:condicao (expr "length(var.region) > 1") :mensagem "too ${short}")))
(defvariavel :nome ports :padrao nil :sensivel #t
  :tipo (list (object (:port number :hosts (optional (set string))))))
(deflocal :nome zone :valor (texto (var region) "a"))
(defdado :tipo aws/ami :nome base :atributos (:most-recent #t) :provedor west)
(defmodulo :nome net :fonte "./net" :provedores (:aws aws.west)
  :entradas (:cidr "10.0.0.0/16" :zone (local zone)))
(defmodulo :nome vpc :fonte "terraform-aws-modules/vpc/aws" :versao "5.0.0" :depende-de ((modulo net)))
(defteia :tipo aws/instance :nome web :para-cada (var ports) :depende-de ((modulo net) (dado aws/ami base))
  :atributos (:ami (dado aws/ami base id) :tags {"Name" "web" "a-b" 1} :ebs-block-device ((:volume-size 8)))
  :ciclo (:prevent-destroy #t :ignore-changes (user-data) :replace-triggered-by ((local zone))))
(defsaida :nome ids :valor (expr "values(aws_instance.web)[*].id") :sensivel #t :descricao "all ${of them}"
  :depende-de ((aws/instance web)))
"""


def test_every_kind_of_block_stands_where_terraform_has_it():
    document = terraform_document(infrastructure(EVERYTHING))
    assert document.keys() == LABELS.keys()
    assert document["terraform"] == [
        {
            "required_providers": {"aws": {"source": "hashicorp/aws", "version": "~> 5.0"}},
            "backend": {"s3": {"bucket": "state", "key": "a/${b}"}},
        }
    ]
    assert document["provider"] == [
        {"aws": {"region": "eu-west-1"}},
        {"aws": {"alias": "west", "region": "${var.region}"}},
    ]
    assert document["resource"]["aws_instance"]["web"] == {
        "ami": "${data.aws_ami.base.id}",
        "tags": {"Name": "web", "a-b": 1},
        "ebs_block_device": [{"volume_size": 8}],
        "for_each": "${var.ports}",
        "depends_on": ["module.net", "data.aws_ami.base"],
        "lifecycle": {
            "prevent_destroy": True,
            "ignore_changes": ["user_data"],
            "replace_triggered_by": ["local.zone"],
        },
    }
    assert document["data"]["aws_ami"]["base"] == {"most_recent": True, "provider": "aws.west"}
    assert document["module"]["net"]["providers"] == {"aws": "aws.west"}
    assert document["variable"]["ports"] == {
        "type": "list(object({ hosts = optional(set(string)), port = number }))",
        "default": None,
        "sensitive": True,
    }


def test_a_string_is_a_template_or_a_literal_as_its_place_asks():
    document = terraform_document(infrastructure(EVERYTHING))
    variable = document["variable"]["region"]
    assert (variable["default"], variable["description"]) == ("eu ${x}", "where ${y}")
    assert variable["validation"] == [
        {"condition": "${length(var.region) > 1}", "error_message": "too $${short}"}
    ]
    assert document["output"]["ids"]["description"] == "all ${of them}"


def test_the_independent_reader_finds_every_block_and_expression():
    found = read(terraform_document(infrastructure(EVERYTHING)))
    assert ("resource", "aws_instance", "web") in found.blocks
    assert {"var.region", "local.zone", "data.aws_ami.base.id"} <= set(found.expressions)


@pytest.mark.parametrize(
    "document",
    [{"resources": {}}, {"output": {"a b": {}}}, {"locals": {"a": "${b"}}, {"locals": {"a": "%{if}"}}],
)
def test_the_independent_reader_refuses_what_is_not_terraform(document):
    with pytest.raises(NotTerraform):
        read(document)


@settings(max_examples=50)
@given(INFRASTRUCTURE)
def test_whatever_is_declared_is_well_formed_and_refers_to_what_was_referred_to(whole):
    found = read(terraform_document(whole))
    wanted = {reference.expression for part in whole for reference in used_by(part)}
    assert wanted <= set(found.expressions)
    assert json.loads(terraform_json(whole)) == terraform_document(whole)


@given(DATA_VALUE)
def test_data_evaluates_to_itself(value):
    assert evaluated(json.loads(json.dumps(expression(value)))) == json.loads(json.dumps(value))


@given(TEXT, TEXT)
def test_a_text_with_a_value_in_it_keeps_its_text(before, after):
    written = expression(Template((before, Raw("var.x"), after)))
    joined = "".join({'"$"': "$", "var.x": "\0"}.get(part, part) for _, part in parts(written))
    assert joined == before + "\0" + after


@pytest.mark.parametrize(
    ("source", "root", "expected"),
    [
        ("./net", "../..", "../../net"),
        ("../net", "../..", "../../../net"),
        ("./net", ".", "./net"),
        ("./../x", "a", "./x"),
        ("hashicorp/consul/aws", "../..", "hashicorp/consul/aws"),
    ],
)
def test_a_module_of_the_package_is_found_from_where_the_document_is(source, root, expected):
    whole = infrastructure(f'(defmodulo :nome m :fonte "{source}")')
    assert terraform_document(whole, root)["module"]["m"]["source"] == expected


def test_the_text_is_the_same_to_the_byte_whatever_the_hash_seed():
    code = (
        "import sys; from caixa.lisp.source import Source;"
        "from caixa.iac.reader import read_infrastructure as r;"
        "from caixa.iac.document import terraform_json;"
        "sys.stdout.write(terraform_json(r([Source('x', sys.stdin.read())]).infrastructure))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", code],
            input=EVERYTHING,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert texts == {terraform_json(infrastructure(EVERYTHING))}


# -- by terraform itself ----------------------------------------------------------------------------------

REAL = """
(defbackend :tipo local :configuracao (:path "kept.tfstate"))
(defvariavel :nome region :tipo string :padrao "eu ${x}" :descricao "where ${y}" :nulavel #f
  :validacao ((:condicao (expr "length(var.region) > 1") :mensagem "too short, ${x}")))
(defvariavel :nome ports :padrao ((:port 80))
  :tipo (list (object (:port number :hosts (optional (set string))))))
(deflocal :nome zone :valor (texto "$$" (var region) "a"))
(defteia :tipo terraform/data :nome first :atributos (:input (:zone (local zone) :ports (var ports))))
(defteia :tipo terraform-data :nome second :depende-de ((terraform/data first))
  :atributos (:input {"Cost ${a}" "%{b}" "c" (ref terraform/data first output)})
  :ciclo (:ignore-changes (triggers-replace) :create-before-destroy #t))
(defmodulo :nome inner :fonte "./inner" :entradas (:given (local zone)))
(defsaida :nome all :valor (ref terraform/data second output) :descricao "all ${of it}")
(defsaida :nome back :valor (modulo inner given))
"""
INNER = "(defvariavel :nome given)(defsaida :nome given :valor (var given))"


def test_terraform_takes_the_document_and_plans_what_was_declared(terraform, tmp_path):
    (tmp_path / "tf" / "inner").mkdir(parents=True)
    (tmp_path / "tf" / "inner" / "main.tf.json").write_text(terraform_json(infrastructure(INNER)))
    terraform("init", "-input=false", files={"main.tf.json": terraform_json(infrastructure(REAL))})
    assert json.loads(terraform("validate", "-json"))["valid"]
    terraform("apply", "-auto-approve", "-input=false")
    outputs = json.loads(terraform("output", "-json"))
    assert outputs["back"]["value"] == "$$eu ${x}a"
    assert outputs["all"]["value"]["Cost ${a}"] == "%{b}"
    assert (tmp_path / "tf" / "kept.tfstate").is_file()


def test_terraform_evaluates_many_values_to_what_they_are(terraform):
    texts = [
        "$",
        "$$",
        "${",
        "$${",
        "%{",
        "%%{x}",
        "a${b}c",
        '"',
        "\\",
        "\\n",
        "é ☃ 🦀",
        "{",
        "}",
        '${"',
        "#{x}",
        "\t\n",
    ]
    values = {f"v{at}": text for at, text in enumerate(texts)} | {
        "n": 1.5,
        "b": True,
        "z": None,
        "l": (1, "${"),
    }
    whole = Infrastructure.of([Resource(tipo="terraform/data", nome="x", atributos={"input": values})])
    document = terraform_document(whole) | {"output": {"o": {"value": "${terraform_data.x.output}"}}}
    terraform("init", "-input=false", files={"main.tf.json": json.dumps(document)})
    terraform("apply", "-auto-approve", "-input=false")
    assert json.loads(terraform("output", "-json"))["o"]["value"] == json.loads(json.dumps(values))
