"""What calling a core module and calling a component have in common: which function, and its arguments."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import BadArguments, UnknownFunction
from ..results import FunctionType
from ..wit import Misfit, WitType, parse_word

__all__ = ["parse_arguments", "pick"]


def pick(function: str, exports: Sequence[str]) -> str:
    """Return the export that is meant: by its full name, or by its last part when only one has it.

    Raises UnknownFunction.
    """
    if function in exports:
        return function
    found = [name for name in exports if name.rpartition("#")[2] == function]
    if len(found) == 1:
        return found[0]
    raise UnknownFunction(function, list(exports))


def parse_arguments(words: Sequence[str], kinds: Sequence[WitType], signature: FunctionType) -> list[object]:
    """Return the plain value of every word. Raises BadArguments for the first that does not fit."""
    if len(words) != len(kinds):
        plural = "" if len(kinds) == 1 else "s"
        reason = f"`{signature.name}` takes {len(kinds)} argument{plural} and was given {len(words)}"
        raise BadArguments(reason, str(signature))
    return [
        _parse(word, kind, index, signature)
        for index, (word, kind) in enumerate(zip(words, kinds, strict=True))
    ]


def _parse(word: str, kind: WitType, index: int, signature: FunctionType) -> object:
    try:
        return parse_word(word, kind)
    except Misfit as misfit:
        name = signature.params[index][0]
        raise BadArguments(
            f"argument {index + 1} (`{name}`) of `{signature.name}`: {misfit}", str(signature)
        ) from None
