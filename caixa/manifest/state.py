"""The rules on the state of a Servico: its schema, how it migrates, and the hooks that move it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from caixa.lisp.diagnostics import Diagnostic

from .errors import InvalidValue
from .ground import Ground
from .model import Caixa, StateField, StateType
from .version import Version

__all__ = ["check_state"]

_TYPES: Final[Mapping[StateType, tuple[type, ...]]] = {  # a list or a map has no literal
    StateType.INT: (int,),
    StateType.FLOAT: (float, int),
    StateType.BOOL: (bool,),
    StateType.STRING: (str,),
}


def check_state(caixa: Caixa, ground: Ground) -> Iterator[Diagnostic]:
    """Yield what does not fit together."""
    for index, field in enumerate(caixa.state_schema):
        if field.padrao is not None and type(field.padrao) not in _TYPES.get(field.tipo, ()):
            yield _mistyped(field, index, ground)
    for index, migration in enumerate(caixa.schema_migrations):
        older, newer = _version(migration.from_), _version(migration.to)
        if older is not None and newer is not None and not older < newer:
            message = f"a migration from {migration.from_} to {migration.to} leads back"
            yield ground.error("migration-not-forward", ("schema_migrations", index, "to"), message)
    if (caixa.snapshot is None) != (caixa.receive_state is None):
        there, lacking = ("snapshot", "receive-state")[:: 1 if caixa.snapshot is not None else -1]
        message = f":{there} has no :{lacking} beside it"
        yield ground.error("snapshot-one-sided", (there.replace("-", "_"),), message)


def _mistyped(field: StateField, index: int, ground: Ground) -> Diagnostic:
    data: dict[str, Any] = {"nome": field.nome, "tipo": field.tipo.value}
    path = ("state_schema", index, "padrao")
    message = f"the :padrao of {field.nome[:60]} is not of the type {field.tipo}"
    return ground.error("state-field-padrao-mistyped", path, message, **data)


def _version(text: str) -> Version | None:
    try:
        return Version.parse(text)
    except InvalidValue:
        return None
