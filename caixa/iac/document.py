"""Infrastructure as Terraform's JSON: what stands where, what is an expression, and what is a literal.

Terraform reads a string as a template in most places, and as it is in some: sources of modules, the defaults
and descriptions of variables, references to providers, the arguments of a backend. The structure is that of
https://developer.hashicorp.com/terraform/language/syntax/json.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .model import ABSENT, Infrastructure, Module, Output, Provider, Resource, Teia, Variable
from .names import traversal
from .values import Raw, Reference, Template, Value, escape_template, template_source

__all__ = ["Json", "expression", "terraform_document", "terraform_json"]

Json = Any


def terraform_json(infrastructure: Infrastructure, root: str = ".") -> str:
    """Return the text of `main.tf.json`: keys in byte order, the same on every run; `root` as below."""
    document = terraform_document(infrastructure, root)
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True, allow_nan=False) + "\n"


def terraform_document(infrastructure: Infrastructure, root: str = ".") -> dict[str, Json]:
    """Return the document as JSON data, with the blocks that there are.

    `root` is the way from where the document will be to the package, in whose terms local modules are named.
    """
    document = {
        "resource": _labelled(infrastructure.resources, _resource),
        "data": _labelled(infrastructure.data, _teia),
        "variable": {each.nome: _variable(each) for each in infrastructure.variables},
        "locals": {each.nome: expression(each.valor) for each in infrastructure.locals},
        "module": {each.nome: _module(each, root) for each in infrastructure.modules},
        "output": {each.nome: _output(each) for each in infrastructure.outputs},
        "provider": _providers(infrastructure.providers),
        "terraform": _settings(infrastructure),
    }
    return {name: block for name, block in document.items() if block}


def expression(value: Value) -> Json:
    """Return a value as it stands where Terraform evaluates: strings are templates there."""
    if isinstance(value, (str, Template)):
        return template_source(value)
    if isinstance(value, (Reference, Raw)):
        return "${" + value.expression + "}"
    if isinstance(value, Mapping):  # names of an object are templates too
        return {escape_template(name): expression(each) for name, each in value.items()}
    return _inside(value, expression)


def literal(value: Value) -> Json:
    """Return a value as it stands where Terraform takes what is written."""
    return _inside(value, literal)


def _inside(value: Value, convert: Any) -> Json:
    if isinstance(value, Mapping):
        return {name: convert(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [convert(each) for each in value]
    return value


# -- blocks -----------------------------------------------------------------------------------------------


def _labelled(parts: Sequence[Any], block: Any) -> dict[str, Json]:
    by_type: dict[str, dict[str, Json]] = {}
    for part in parts:
        by_type.setdefault(part.type, {})[part.nome] = block(part)
    return by_type


def _present(**arguments: Json) -> dict[str, Json]:
    """Return the arguments that were given."""
    return {name: value for name, value in arguments.items() if value not in (None, [], {})}


def _addresses(references: Iterable[Reference]) -> list[str]:
    return [reference.address for reference in references]


def _teia(teia: Teia) -> dict[str, Json]:
    return {name: expression(value) for name, value in teia.atributos.items()} | _present(
        depends_on=_addresses(teia.depende_de),
        provider=teia.provider,
        count=expression(teia.contagem),
        for_each=expression(teia.para_cada),
    )


# What Terraform takes as references, not as values: written as they are, without `${}`.
_REFERENCES = ("ignore_changes", "replace_triggered_by")


def _resource(resource: Resource) -> dict[str, Json]:
    cycle = {name: _lifecycle(name, value) for name, value in resource.ciclo.items()}
    return _teia(resource) | _present(lifecycle=cycle)


def _lifecycle(name: str, value: Value) -> Json:
    if name not in _REFERENCES:
        return expression(value)
    if isinstance(value, (Reference, Raw)):
        return value.expression
    if isinstance(value, str):
        return traversal(value) or value
    return [_lifecycle(name, each) for each in value] if isinstance(value, tuple) else value


def _variable(variable: Variable) -> dict[str, Json]:
    block = _present(type=variable.tipo, description=variable.descricao)
    if variable.padrao is not ABSENT:
        block["default"] = literal(variable.padrao)
    if variable.sensivel:
        block["sensitive"] = True
    if not variable.nulavel:
        block["nullable"] = False
    rules = [
        {"condition": expression(each.condicao), "error_message": escape_template(each.mensagem)}
        for each in variable.validacao
    ]
    return block | _present(validation=rules)


def _output(output: Output) -> dict[str, Json]:
    block = {"value": expression(output.valor)} | _present(
        description=output.descricao, depends_on=_addresses(output.depende_de)
    )
    return block | {"sensitive": True} if output.sensivel else block


def _module(module: Module, root: str) -> dict[str, Json]:
    inputs = {name: expression(value) for name, value in module.entradas.items()}
    return inputs | _present(
        source=_source(module.fonte, root),
        version=module.versao,
        providers={name: literal(value) for name, value in module.provedores.items()},
        depends_on=_addresses(module.depende_de),
        count=expression(module.contagem),
        for_each=expression(module.para_cada),
    )


def _source(fonte: str, root: str) -> str:
    """Return the source of a module; a local one begins with a dot, and is relative to the document."""
    if not fonte.startswith(("./", "../")):
        return fonte
    path = posixpath.normpath(posixpath.join(root, fonte))
    return path if path.startswith("../") or path == ".." else f"./{path}"


def _providers(providers: Sequence[Provider]) -> list[dict[str, Json]]:
    """Return each configuration; a provider that says only where it comes from has none."""
    return [
        {each.nome: _present(alias=each.apelido) | _configuration(each.configuracao or {})}
        for each in providers
        if each.configuracao is not None or each.apelido is not None
    ]


def _configuration(arguments: Mapping[str, Value]) -> dict[str, Json]:
    return {name: expression(value) for name, value in arguments.items()}


def _settings(infrastructure: Infrastructure) -> list[dict[str, Json]]:
    required = {
        each.nome: _present(source=each.fonte, version=each.versao)
        for each in infrastructure.providers
        if each.fonte is not None or each.versao is not None
    }
    backend = {each.tipo: literal(each.configuracao) for each in infrastructure.backends}
    block = _present(required_providers=required) | ({"backend": backend} if backend else {})
    return [block] if block else []
