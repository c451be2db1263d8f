"""The values that are names: symbols, keywords and characters; equal ones are one object."""

from __future__ import annotations

from typing import Any, ClassVar, Self

__all__ = ["Char", "Keyword", "Symbol"]


class _Interned:
    """A name of which there is only one object, so that comparing two is comparing identities."""

    __slots__ = ("__weakref__", "name")
    _table: ClassVar[dict[str, Any]]
    name: str

    def __init_subclass__(cls) -> None:
        cls._table = {}

    def __new__(cls, name: str) -> Self:
        found = cls._table.get(name)
        if found is None:
            found = object.__new__(cls)
            found.name = name
            found = cls._table.setdefault(name, found)  # another thread may have been first
        return found  # type: ignore[no-any-return]  # the table holds only this class

    @classmethod
    def known(cls) -> list[str]:
        """Return every name of this class that has been read or made."""
        return list(cls._table)

    def __reduce__(self) -> tuple[type[Self], tuple[str]]:
        return type(self), (self.name,)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"


class Symbol(_Interned):
    """A name, as in `foo`."""

    __slots__ = ()
    __lisp_kind__ = "symbol"


class Keyword(_Interned):
    """A name that evaluates to itself, as in `:foo`; called on a map it looks itself up."""

    __slots__ = ()
    __lisp_kind__ = "keyword"

    def __call__(self, target: object, default: object = None) -> object:
        """Return what `target`, a map or nil, holds under this keyword, else `default`."""
        lookup = getattr(target, "get", None)
        if lookup is not None:
            return lookup(self, default)
        if target is None:
            return default
        from .errors import TypeMismatch  # noqa: PLC0415  # the error tree prints values, so it comes after them

        raise TypeMismatch("map", target)


class Char(_Interned):
    r"""One Unicode character, as in `#\a`."""

    __slots__ = ()
    __lisp_kind__ = "char"
