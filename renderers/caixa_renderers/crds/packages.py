"""The kinds of `caixa.pleme.io`: a package, its lock, and a build of it (caixa.md section 7.1)."""

from __future__ import annotations

from typing import Any, Final

from caixa.manifest.slots import CAIXA as CAIXA_RECORD

from .definition import AGE, CONDITIONS, Column, Definition
from .rules import ROLES
from .slots import record_schema
from .structural import TEXT, TIME, count, listed, object_of

__all__ = ["BUILD", "CAIXA", "GROUP", "LACRE"]

GROUP: Final = "caixa.pleme.io"
_FLAG: Final[dict[str, Any]] = {"type": "boolean", "default": False}
_NAMED: Final = {"type": "string", "minLength": 1, "maxLength": 253}
_TEXTS: Final = listed(TEXT)

_SOURCE: Final = object_of(
    {
        "repo": _NAMED | {"description": "The repository, or `path:` and a directory.", "maxLength": 2048},
        "gitRef": _NAMED | {"description": "A commit, a tag or a branch.", "maxLength": 1024},
    },
    ("repo", "gitRef"),
)
_DEP: Final = object_of(
    {"nome": TEXT | ROLES["label"], "versao": TEXT | ROLES["requirement"], "source": _SOURCE},
    ("nome", "versao"),
)
_RECONCILE: Final = object_of(
    {
        "intervalSeconds": count(bits=64) | {"default": 300, "minimum": 1},
        "autoResolve": _FLAG | {"description": "Whether newer versions are taken without being asked for."},
        "includeDev": _FLAG | {"description": "Whether development dependencies are resolved."},
    }
)
_AGREES: Final = {
    "rule": "!has(self.manifest) || (self.manifest.nome == self.nome && self.manifest.versao == self.versao"
    " && self.manifest.kind == self.kind)",
    "message": "spec.manifest is of another package than spec.nome, spec.versao and spec.kind",
}

CAIXA: Final = Definition(
    group=GROUP,
    kind="Caixa",
    plural="caixas",
    short="cxa",
    doc="A typed package, as `feira` reads it from a `(defcaixa …)`.",
    spec=object_of(
        {
            "nome": TEXT | ROLES["label"],
            "versao": _NAMED | {"maxLength": 256},
            "kind": _NAMED
            | {"description": "What it is; a kind that is unknown here is taken for a Biblioteca."},
            "source": _SOURCE | {"description": "Where the package itself is."},
            "reconcile": _RECONCILE | {"description": "How the operator treats it."},
            "deps": listed(_DEP, "nome", description="What it needs, as far as the operator resolves it."),
            "manifest": record_schema(CAIXA_RECORD) | {"description": "The whole manifest, nothing left out."},
        },
        ("nome", "versao", "kind", "source"),
    )
    | {"x-kubernetes-validations": [_AGREES]},
    status=object_of(
        {
            **CONDITIONS,
            "resolvedRev": TEXT | {"description": "The commit that `source` led to."},
            "fechamentoRoot": TEXT | {"description": "The root digest of its lock."},
            "lacreRef": TEXT | {"description": "The name of its Lacre."},
            "ready": TEXT | {"enum": ["True", "False", "Unknown"]},
            "lastReconciled": TIME,
        }
    ),
    columns=(
        Column("Versao", "string", ".spec.versao"),
        Column("Source", "string", ".spec.source.repo"),
        Column("Ref", "string", ".spec.source.gitRef"),
        Column("Root", "string", ".status.fechamentoRoot"),
        Column("Ready", "string", ".status.ready"),
        AGE,
    ),
)

_ENTRADA: Final = object_of(
    {
        "nome": TEXT,
        "versao": TEXT,
        "fonte": TEXT | {"description": "Where it came from, as JSON text."},
        "conteudo": TEXT,
        "fechamento": TEXT,
        "depsDiretas": _TEXTS,
    },
    ("nome", "versao", "fonte", "conteudo", "fechamento"),
)

LACRE: Final = Definition(
    group=GROUP,
    kind="Lacre",
    plural="lacres",
    short="lcr",
    doc="The lock of a Caixa: what each dependency was resolved to.",
    spec=object_of({"caixaRef": _NAMED, "resolvedRev": TEXT}, ("caixaRef", "resolvedRev")),
    status=object_of(
        {
            **CONDITIONS,
            "raiz": TEXT | {"description": "The digest of the whole lock."},
            "entradaCount": count(),
            "entradas": listed(_ENTRADA, "nome"),
            "lastUpdated": TIME,
        }
    ),
    columns=(
        Column("Caixa", "string", ".spec.caixaRef"),
        Column("Root", "string", ".status.raiz"),
        Column("Entries", "integer", ".status.entradaCount"),
        AGE,
    ),
)

_ARTIFACT: Final = object_of(
    {"name": TEXT, "backend": TEXT, "contentHash": TEXT, "pushedUri": TEXT}, ("name", "backend", "contentHash")
)

BUILD: Final = Definition(
    group=GROUP,
    kind="CaixaBuild",
    plural="caixabuilds",
    short="cxb",
    doc="One build of a Caixa by some of its back ends.",
    spec=object_of(
        {
            "caixaRef": _NAMED,
            "revOverride": TEXT | {"description": "The commit to build in place of the resolved one."},
            "backends": listed(
                TEXT | {"enum": ["lisp", "go-ferrite", "ruby-pangea", "nix"]},
                **{"x-kubernetes-list-type": "set", "default": []},
            ),
            "pushArtifacts": _FLAG,
        },
        ("caixaRef",),
    ),
    status=object_of(
        {
            **CONDITIONS,
            "phase": TEXT | {"enum": ["Pending", "Running", "Succeeded", "Failed"]},
            "startedAt": TIME,
            "finishedAt": TIME,
            "artifacts": listed(_ARTIFACT, "name"),
            "jobRef": TEXT,
            "logTail": TEXT,
        }
    ),
    columns=(
        Column("Caixa", "string", ".spec.caixaRef"),
        Column("Phase", "string", ".status.phase"),
        Column("Started", "date", ".status.startedAt"),
        Column("Finished", "date", ".status.finishedAt"),
    ),
)
