"""The table of what infrastructure can be refused or warned for, each with an example of either side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from caixa.lisp.diagnostics import Severity

__all__ = ["RULES", "IacRule"]


@dataclass(frozen=True, slots=True)
class IacRule:
    """One rule: what it asks, what to do about a breach, and a text that it accepts and one that it refuses."""

    code: str
    says: str
    fix: str
    accepts: str
    refuses: str
    severity: Severity = Severity.ERROR


_VPC: Final = '(defteia-schema :tipo nuvem/vpc :atributos ((:nome "cidr" :tipo String :obrigatorio #t)))\n'
_SIZED: Final = _VPC.replace(":obrigatorio #t", "").replace('"cidr" :tipo String', '"size" :tipo Numeric')
_COMPUTED: Final = _VPC.replace(":obrigatorio", ":computado").replace("cidr", "id")

RULES: Final[Mapping[str, IacRule]] = MappingProxyType(
    {
        rule.code: rule
        for rule in (
            IacRule(
                "teia-name",
                "A name is a letter or _, then letters, digits, - and _.",
                "Choose another name.",
                "(deflocal :nome zone :valor 1)",
                '(deflocal :nome "a zone" :valor 1)',
            ),
            IacRule(
                "teia-head",
                "A form that is nearly one of infrastructure is meant to be it: as code it declares nothing.",
                "Correct its head.",
                "(defteia :tipo aws/vpc :nome main)",
                "(deftea :tipo aws/vpc :nome main)",
                Severity.WARNING,
            ),
            IacRule(
                "attributes-expected",
                "Attributes are names and values in turn.",
                "Write (:name value …).",
                "(defteia :tipo a/b :nome x :atributos (:a 1))",
                "(defteia :tipo a/b :nome x :atributos 1)",
            ),
            IacRule(
                "attribute-repeated",
                "A name is said once, in whichever spelling.",
                "Remove one of them.",
                "(defteia :tipo a/b :nome x :atributos (:a-b 1))",
                "(defteia :tipo a/b :nome x :atributos (:a-b 1 :a_b 2))",
            ),
            IacRule(
                "reserved-attribute",
                "What Terraform itself understands beside the attributes of a type has slots of its own.",
                "Write it as a slot of the form.",
                "(defteia :tipo a/b :nome x :contagem 2)",
                "(defteia :tipo a/b :nome x :atributos (:count 2))",
            ),
            IacRule(
                "value-unknown",
                "A value is data or a reference: nothing is evaluated.",
                "Write the value itself.",
                "(deflocal :nome a :valor (1 2))",
                "(deflocal :nome a :valor #{1 2})",
            ),
            IacRule(
                "value-too-deep",
                "A value is nested at most 64 deep.",
                "Give its parts names with (deflocal …).",
                "(deflocal :nome a :valor ((1)))",
                f"(deflocal :nome a :valor {'(' * 70}{')' * 70})",
            ),
            IacRule(
                "ref-malformed",
                "A reference names a type, a name and an attribute.",
                "Write (ref TYPE NAME ATTRIBUTE).",
                "(defteia :tipo a/b :nome x)(deflocal :nome l :valor (ref a/b x id))",
                "(deflocal :nome l :valor (ref a/b x))",
            ),
            IacRule(
                "expr-malformed",
                "An (expr …) holds one expression of Terraform as a string on one line.",
                'Write (expr "…").',
                '(deflocal :nome l :valor (expr "1 + 1"))',
                "(deflocal :nome l :valor (expr 1 + 1))",
            ),
            IacRule(
                "texto-malformed",
                "A (texto …) is made of texts and references.",
                'Write (texto "a text" (ref …)).',
                '(deflocal :nome l :valor (texto "a" (expr "1")))',
                "(deflocal :nome l :valor (texto (1 2)))",
            ),
            IacRule(
                "template-in-string",
                "A string is text; `${` in it is written so that it stays text.",
                'Write (ref …), (var …), (expr "…") or (texto …).',
                '(deflocal :nome l :valor (expr "1 + 1"))',
                '(deflocal :nome l :valor "${1 + 1}")',
                Severity.WARNING,
            ),
            IacRule(
                "literal-wanted",
                "A default and the arguments of a backend are read before there is anything to refer to.",
                "Write the value itself.",
                "(defvariavel :nome a :padrao 1)",
                "(defvariavel :nome a :padrao (local b))",
            ),
            IacRule(
                "variable-type",
                "A variable takes string, number, bool, any, or a collection of them.",
                "Write a type such as (list string).",
                "(defvariavel :nome a :tipo (list string))",
                "(defvariavel :nome a :tipo (liste string))",
            ),
            IacRule(
                "schema-type",
                "An attribute of a schema is of one of the types that teia-forge writes.",
                "Write a type such as String or (List String).",
                _VPC,
                _VPC.replace("String", "Text"),
            ),
            IacRule(
                "type-unknown",
                "A type is one that its provider has, where its schema is known.",
                "Write one of its types.",
                _VPC + "(defteia :tipo nuvem/vpc :nome v :atributos (:cidr x))",
                _VPC + "(defteia :tipo nuvem/vcp :nome v :atributos (:cidr x))",
            ),
            IacRule(
                "attribute-unknown",
                "An attribute is one that the type has.",
                "Write one of its attributes.",
                _SIZED + "(defteia :tipo nuvem/vpc :nome v :atributos (:size 1))",
                _SIZED + "(defteia :tipo nuvem/vpc :nome v :atributos (:sise 1))",
            ),
            IacRule(
                "attribute-missing",
                "What a type requires is given.",
                "Add it.",
                _VPC + "(defteia :tipo nuvem/vpc :nome v :atributos (:cidr x))",
                _VPC + "(defteia :tipo nuvem/vpc :nome v)",
            ),
            IacRule(
                "attribute-computed",
                "What the provider computes is not given.",
                "Remove it.",
                _COMPUTED + "(defteia :tipo nuvem/vpc :nome v)",
                _COMPUTED + "(defteia :tipo nuvem/vpc :nome v :atributos (:id x))",
            ),
            IacRule(
                "attribute-mistyped",
                "A value is of the type of its attribute, or Terraform makes it so without loss.",
                "Write a value of the type.",
                _SIZED + '(defteia :tipo nuvem/vpc :nome v :atributos (:size "10"))',
                _SIZED + "(defteia :tipo nuvem/vpc :nome v :atributos (:size ten))",
            ),
            IacRule(
                "unique-resource-names",
                "Everything is declared once; two spellings of a type are one type.",
                "Give one of them another name.",
                "(defteia :tipo aws/vpc :nome a)(defteia :tipo aws/vpc :nome b)",
                "(defteia :tipo aws/vpc :nome a)(defteia :tipo aws-vpc :nome a)",
            ),
            IacRule(
                "no-unresolved-refs",
                "What is referred to is declared.",
                "Declare it, or correct the reference.",
                "(defvariavel :nome a)(deflocal :nome b :valor (var a))",
                "(deflocal :nome b :valor (var a))",
            ),
            IacRule(
                "no-public-ingress-without-tags",
                "A security group that is open to everyone has a tag that says whose it is.",
                "Add :tags (:owner …).",
                '(defteia :tipo aws/security-group :nome s :atributos (:cidr "0.0.0.0/0" :tags (:owner a)))',
                '(defteia :tipo aws/security-group :nome s :atributos (:cidr "0.0.0.0/0"))',
                Severity.WARNING,
            ),
            IacRule(
                "cidr-block-looks-valid",
                "A :cidr-block is four octets, a slash and a length from 0 to 32.",
                'Write it as "10.0.0.0/16".',
                '(defteia :tipo aws/vpc :nome v :atributos (:cidr-block "10.0.0.0/16"))',
                '(defteia :tipo aws/vpc :nome v :atributos (:cidr-block "10.0.0.0/64"))',
                Severity.HINT,
            ),
            IacRule(
                "no-reference-cycle",
                "References never go round in a circle.",
                "Take one of the references out.",
                "(deflocal :nome a :valor 1)(deflocal :nome b :valor (local a))",
                "(deflocal :nome a :valor (local b))(deflocal :nome b :valor (local a))",
            ),
            IacRule(
                "one-way-to-repeat",
                "A resource is repeated by :contagem or by :para-cada, not both.",
                "Keep one of them.",
                "(defteia :tipo a/b :nome x :contagem 2)",
                '(defteia :tipo a/b :nome x :contagem 2 :para-cada {"k" 1})',
            ),
        )
    }
)
"""The rules by code."""
