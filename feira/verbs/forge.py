"""`tofu forge`: the types of a provider as forms to check declarations against, or as a provider in Go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import AlreadyThere, UsageProblem
from ..files import write_files
from ..infrastructure import read_provider_schemas
from ..results import Piece, Result, written_pieces
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa.iac.schema import ProviderSchema

__all__ = ["Forged", "forge"]


@dataclass(frozen=True, slots=True)
class Forged(Result):
    """The files that were made of a provider's schema, below `directory`, and those that changed."""

    provider: str
    form: str
    directory: str
    files: tuple[str, ...]
    changed: tuple[str, ...]

    def pieces(self) -> Iterator[Piece]:
        """Yield a line for each file."""
        yield from written_pieces(self.directory, self.files, self.changed)

    def to_json(self) -> dict[str, Any]:
        """Return what was written where."""
        return {
            "provider": self.provider,
            "as": self.form,
            "directory": self.directory,
            "files": list(self.files),
            "changed": list(self.changed),
        }


def forge(
    workspace: Workspace, file: str, *, provider: str | None = None, out: str | None = None, form: str = "lisp"
) -> Forged:
    """Write the types of the `provider` in a schema `file` below `out` as (defteia-schema …) forms, or as Go.

    Raises AlreadyThere for files that it has not made itself, FileProblem, InvalidSchema, InvalidTeia,
    NameCollision, and UsageProblem for a provider that is not there, or none named where there are several.
    """
    schemas = {schema.name: schema for schema in read_provider_schemas(workspace, [file])}
    name = provider if provider is not None else next(iter(schemas), "") if len(schemas) == 1 else ""
    if name not in schemas:
        there = ", ".join(sorted(schemas)) or "none"
        message = f"{file} has no provider {name!r}" if provider else f"{file} does not have one provider"
        raise UsageProblem(message, fix=f"there: {there}; name one with --provider")
    directory = out if out is not None else f".caixa/forge/{name}"
    made = _made(form, schemas[name])
    _guard(workspace.locate(directory), made)
    changed = write_files(workspace.locate(directory), {path: text.encode() for path, text in made.items()})
    return Forged(name, form, directory, tuple(made), tuple(changed))


def _guard(directory: Path, made: Mapping[str, str]) -> None:
    """Refuse to write over what was not forged: everything that is begins with a line that says so."""
    foreign = [path for path, text in made.items() if not _begins(directory / path, text.partition("\n")[0])]
    if foreign:
        raise AlreadyThere(str(directory), foreign)


def _begins(path: Path, line: str) -> bool:
    return not path.exists() or path.read_text("utf-8", "replace").startswith(line)


def _made(form: str, schema: ProviderSchema) -> dict[str, str]:
    if form == "go":
        from caixa.iac.provedor import provedor  # noqa: PLC0415 - a form that few ask for

        return provedor(schema)
    from caixa.iac.forge import forge as forged  # noqa: PLC0415 - as above

    return forged(schema)
