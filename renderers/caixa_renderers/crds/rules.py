"""The rules of the manifest that a cluster can check too, said in CEL or as bounds of a value.

Each is known by its code in `caixa.manifest.rules`, which gives it its words. A rule that compares every part
of a mesh with every other is not here: a cluster allows an expression only so much work.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from caixa.manifest import parts
from caixa.manifest.records import Record, Tagged
from caixa.manifest.rules.table import rule_of
from caixa.manifest.slots import CAIXA

__all__ = ["BOUNDS", "CEL", "KEYS", "ROLES", "SETS", "shorter_than", "validations"]

_LABEL: Final = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
_NUMBER: Final = "(0|[1-9][0-9]*)"
_TAIL: Final = "(-[0-9A-Za-z-]+([.][0-9A-Za-z-]+)*)?([+][0-9A-Za-z-]+([.][0-9A-Za-z-]+)*)?"
_WILD: Final = "[*xX]"
_PATCH: Final = f"[.]({_WILD}|{_NUMBER}{_TAIL})"
_COMPARATOR: Final = f" *([<>]=?|[=~^])? *{_NUMBER}([.]({_WILD}([.]{_WILD})?|{_NUMBER}({_PATCH})?))? *"
_WORD: Final = "[a-z][a-z0-9]*(-[a-z0-9]+)*"
_HOST: Final = r"^([*]\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
_ABSOLUTE: Final = r"^/[^\s?#]*$"
_SUBJECT: Final = r"^([^\s.*>]+|[*])(\.([^\s.*>]+|[*]))*(\.>)?$|^>$"

# What a text must be, by its role (`caixa.manifest.declared` has the same rules).
ROLES: Final[Mapping[str, dict[str, Any]]] = {
    "label": {"pattern": _LABEL, "maxLength": 63},
    "module": {"pattern": _LABEL, "maxLength": 63},
    "membro": {"pattern": _LABEL, "maxLength": 63},
    "word": {"pattern": "^[A-Za-z][A-Za-z0-9_-]*$", "maxLength": 63},
    "version": {"pattern": f"^{_NUMBER}[.]{_NUMBER}[.]{_NUMBER}{_TAIL}$", "maxLength": 256},
    "from-version": {"pattern": f"^{_NUMBER}[.]{_NUMBER}[.]{_NUMBER}{_TAIL}$", "maxLength": 256},
    "requirement": {"pattern": f"^( *[*] *|{_COMPARATOR}(,{_COMPARATOR})*)$", "maxLength": 256},
    "wit": {"pattern": f"^{_WORD}:{_WORD}(/{_WORD})?(@[0-9A-Za-z.+-]+)?$", "maxLength": 256},
    "path": {"pattern": r"^([^/.\\]|[.]+[^/.\\]|\./)[^\\]*$", "minLength": 1, "maxLength": 1024},
    "capability": {"pattern": r"\S", "minLength": 1, "maxLength": 1024},
    "duration": {"pattern": "^(0*[1-9][0-9]*([.][0-9]+)?|0+[.]0*[1-9][0-9]*)(ms|s|m|h)?$", "maxLength": 32},
}

# What a value must be beyond what its slot declares, by record and key.
BOUNDS: Final[Mapping[tuple[str, str], dict[str, Any]]] = {
    ("a contrato", "endpoint"): {"pattern": _ABSOLUTE, "maxLength": 1024},
    ("a contrato", "subject"): {"pattern": _SUBJECT, "maxLength": 256},
    ("a contrato", "slot"): {"pattern": _SUBJECT, "maxLength": 256},
    ("a placement", "affinity"): {"minLength": 1},
    ("a placement", "shardKey"): {"minLength": 1},
    ("an entrada", "host"): {"pattern": _HOST, "maxLength": 253},
    # Lists have ends, since a cluster reckons what a rule costs at the most before it takes a definition.
    ("an entrada", "paths"): {"maxItems": 256},
    ("an entrada", "paths[]"): {"pattern": _ABSOLUTE, "maxLength": 1024},
    ("a caixa", "membros"): {"maxItems": 10_000},
    ("a caixa", "contratos"): {"maxItems": 8_192},
    ("a caixa", "children"): {"maxItems": 1_000},
    ("a caixa", "deps"): {"maxItems": 1_000},
    ("a caixa", "depsDev"): {"maxItems": 1_000},
    ("a caixa", "bibliotecas"): {"maxItems": 1_000},
    ("a caixa", "exe"): {"maxItems": 1_000},
    ("a caixa", "servicos"): {"maxItems": 1_000},
    ("a caixa", "maxRestarts"): {"minimum": 1},
}

# Lists in which nothing stands twice: the key of their items, or texts of which each is its own.
KEYS: Final[Mapping[tuple[str, str], str]] = {
    ("a caixa", "deps"): "nome",
    ("a caixa", "depsDev"): "nome",
    ("a caixa", "membros"): "caixa",
    ("a caixa", "children"): "caixa",
    ("a caixa", "upgradeFrom"): "from",
    ("a caixa", "stateSchema"): "nome",
    ("a caixa", "schemaMigrations"): "from",
}
SETS: Final = frozenset(
    {
        ("a caixa", "bibliotecas"),
        ("a caixa", "exe"),
        ("a caixa", "servicos"),
        ("a caixa", "capabilities"),
        ("a placement", "clusters"),
        ("an entrada", "paths"),
    }
)

_HTTP: Final = "(self.wit.startsWith('wasi:http/') || self.wit.startsWith('http:'))"
_PUBSUB: Final = "(self.wit.startsWith('nats:') || self.wit.startsWith('kafka:'))"
_STORE: Final = "(self.wit.startsWith('wasi:keyvalue/') || self.wit.startsWith('kv:'))"
_SIMPLE: Final = "(has(self.estrategia) && self.estrategia == 'SimpleOneForOne')"
_CHILDREN: Final = "(has(self.children) && self.children.size() > 0)"
_ENTRANCE: Final = "!has(self.entrada) || self.membros.exists(membro, membro.caixa == self.entrada.para)"
_CODE: Final = " && ".join(
    f"(!has(self.{slot}) || self.{slot}.size() == 0)" for slot in ("bibliotecas", "exe", "servicos")
)


def _under(directory: str) -> str:
    """Return the rule that the files of a slot are below the directory of its name, if no `..` is in them."""
    within = f"path.contains('..') || path.matches('^([.]/+)*{directory}/')"
    return f"!has(self.{directory}) || self.{directory}.all(path, {within})"


# Rules on several keys of a record, by its title: the code of each, and its CEL.
CEL: Final[Mapping[str, Mapping[str, str]]] = {
    parts.CONTRATO.title: {
        "contrato-missing-target": (
            f"(!{_HTTP} || has(self.endpoint)) && (!{_PUBSUB} || has(self.subject))"
            f" && (!{_STORE} || has(self.slot))"
        ),
        "contrato-wrong-target": (
            f"({_HTTP} || !has(self.endpoint)) && ({_PUBSUB} || !has(self.subject))"
            f" && ({_STORE} || !has(self.slot))"
        ),
        "contrato-method-unused": f"{_HTTP} || !has(self.method)",
    },
    parts.PLACEMENT.title: {
        "sharded-without-key": "self.estrategia != 'Sharded' || has(self.shardKey)",
        "shard-key-on-non-sharded": "self.estrategia == 'Sharded' || !has(self.shardKey)",
        "placement-without-clusters": "has(self.clusters) && self.clusters.size() > 0",
    },
    parts.FONTE.title: {
        "fonte-many-pins": "[has(self.tag), has(self.rev), has(self.branch)].filter(pin, pin).size() <= 1"
    },
    "supervisor": {
        "no-children": f"{_SIMPLE} || {_CHILDREN}",
        "simple-one-for-one-with-static-children": f"!{_SIMPLE} || !{_CHILDREN}",
    },
    "mesh": {
        "entrada-member-missing": _ENTRANCE,
    },
    CAIXA.title: {
        "supervisor-owns-code": f"self.kind != 'Supervisor' || ({_CODE})",
        "aplicacao-owns-code": f"self.kind != 'Aplicacao' || ({_CODE})",
        "binario-without-exe": "self.kind != 'Binario' || (has(self.exe) && self.exe.size() > 0)",
        "servico-without-servicos": (
            "self.kind != 'Servico' || (has(self.servicos) && self.servicos.size() > 0)"
        ),
        "exe-outside-dir": _under("exe"),
        "servico-outside-dir": _under("servicos"),
        "no-children": f"self.kind != 'Supervisor' || {_SIMPLE} || {_CHILDREN}",
        "simple-one-for-one-with-static-children": f"!{_SIMPLE} || !{_CHILDREN}",
        "entrada-member-missing": f"self.kind != 'Aplicacao' || !has(self.membros) || {_ENTRANCE}",
        "dep-is-self": " && ".join(
            f"(!has(self.{slot}) || self.{slot}.all(dep, dep.nome != self.nome))"
            for slot in ("deps", "depsDev")
        ),
        "child-is-self": "!has(self.children) || self.children.all(child, child.caixa != self.nome)",
        "membro-is-self": "!has(self.membros) || self.membros.all(membro, membro.caixa != self.nome)",
        "no-membros": "self.kind != 'Aplicacao' || (has(self.membros) && self.membros.size() > 0)",
    },
}


def shorter_than(seconds: int) -> dict[str, Any]:
    """Return the CEL rule that a duration is at most so many seconds; one without a unit is not looked at."""
    rule = f"self.matches('[0-9]$') || duration(self) <= duration('{seconds}s')"
    return {"x-kubernetes-validations": [{"rule": rule, "message": f"at most {seconds} seconds"}]}


def validations(part: Record | Tagged | str) -> dict[str, Any]:
    """Return the CEL rules on a record, or on a group of slots that has a name, as a schema holds them."""
    title = part if isinstance(part, str) else part.title
    found = [
        {"rule": rule, "message": f"{rule_of(code).says} [{code}]"} for code, rule in CEL.get(title, {}).items()
    ]
    return {"x-kubernetes-validations": found} if found else {}
