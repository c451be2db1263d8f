"""The kinds of what runs: ComputeUnit and Tree of `wasm.pleme.io`, Aplicacao of `mesh.pleme.io`."""

from __future__ import annotations

from typing import Any, Final

from caixa.manifest.model import RestartKind

from ..servico.unit_schema import CARRIED, spec_properties
from .definition import AGE, CONDITIONS, READY, Column, Definition
from .rules import ROLES, validations
from .slots import of_caixa
from .structural import TEXT, TIME, count, listed, object_of, structural

__all__ = ["APLICACAO", "COMPUTE_UNIT", "TREE"]

_WASM: Final = "wasm.pleme.io"
_MESH: Final = "mesh.pleme.io"
_SUPERVISED: Final = object_of(
    {
        "tree": TEXT | ROLES["label"] | {"description": "The Tree that starts it."},
        "restart": TEXT | {"enum": [str(kind) for kind in RestartKind]},
        "position": count() | {"description": "Its place among its siblings, in the order of their start."},
    },
    ("tree", "restart", "position"),
    "The supervisor that restarts it, and when.",
)


def _not_itself(code_message: str, items: str) -> dict[str, str]:
    rule = f"!has(self.spec.{items}) || self.spec.{items}.all(each, each.caixa != self.metadata.name)"
    return {"rule": rule, "message": code_message}


def _unit_spec() -> dict[str, Any]:
    plain = {name: structural(part) for name, part in spec_properties().items()}
    carried = of_caixa(*CARRIED)
    # A token that a file grants twice is granted once (caixa.md section 8.2), so it is no reason to refuse it.
    carried["capabilities"] |= {"x-kubernetes-list-type": "atomic"}
    return object_of(plain | carried | {"supervisor": _SUPERVISED}, ("module", "trigger"))


COMPUTE_UNIT: Final = Definition(
    group=_WASM,
    kind="ComputeUnit",
    plural="computeunits",
    short="cu",
    doc="A wasm component that runs: once, at times, for requests, for messages, or for changes.",
    spec=_unit_spec(),
    status=object_of(
        {
            **CONDITIONS,
            "phase": TEXT | {"enum": ["Pending", "Running", "Succeeded", "Failed"]},
            "url": TEXT,
            "moduleDigest": TEXT | {"description": "The digest of the bytes that run."},
            "restarts": count(),
        }
    ),
    columns=(
        Column("Shape", "string", r".metadata.labels.pleme\.pleme\.io/shape"),
        Column("Module", "string", ".spec.module.source"),
        Column("Phase", "string", ".status.phase"),
        READY,
        AGE,
    ),
)

_CHILD_STATUS: Final = object_of(
    {"caixa": TEXT, "phase": TEXT, "restarts": count(), "lastRestart": TIME}, ("caixa",)
)

TREE: Final = Definition(
    group=_WASM,
    kind="Tree",
    plural="trees",
    short="tree",
    doc="A supervisor: the units that it starts, and which of them it restarts when one fails.",
    spec=object_of(
        {"versao": TEXT | ROLES["version"] | {"description": "The version of the package that it is of."}}
        | of_caixa("estrategia", "maxRestarts", "restartWindow", "children"),
        ("estrategia", "maxRestarts", "children"),
    )
    | validations("supervisor"),
    status=object_of(
        {
            **CONDITIONS,
            "restarts": count() | {"description": "How many there were within the window."},
            "children": listed(_CHILD_STATUS, "caixa"),
        }
    ),
    columns=(
        Column("Estrategia", "string", ".spec.estrategia"),
        Column("Max", "integer", ".spec.maxRestarts"),
        Column("Restarts", "integer", ".status.restarts"),
        READY,
        AGE,
    ),
    rules=(_not_itself("A supervisor is not its own child. [child-is-self]", "children"),),
)

APLICACAO: Final = Definition(
    group=_MESH,
    kind="Aplicacao",
    plural="aplicacoes",
    short="apl",
    doc="A mesh: its members, the edges between them that are allowed, and where it runs.",
    spec=object_of(
        {"versao": TEXT | ROLES["version"] | {"description": "The version of the package that it is of."}}
        | of_caixa("membros", "contratos", "politicas", "placement", "entrada"),
        ("membros", "placement"),
    )
    | validations("mesh"),
    status=object_of({**CONDITIONS, "members": count(), "readyMembers": count()}),
    columns=(
        Column("Placement", "string", ".spec.placement.estrategia"),
        Column("Host", "string", ".spec.entrada.host"),
        READY,
        AGE,
    ),
    rules=(_not_itself("A mesh is not a member of itself. [membro-is-self]", "membros"),),
)
