"""The MIME bundle of any value: Lisp data as `write` prints it, everything else by its view.

Only values of our own packages load the views, so that a cell of arithmetic answers without them.
"""

from __future__ import annotations

from typing import Any

from caixa.lisp.printer import write_short

__all__ = ["bundle"]

LONGEST_TEXT = 1_000_000  # characters of a value that are shown: one that shares its parts may have no end
_OURS = frozenset({"caixa", "caixa_renderers", "feira", "caixa_magics"})


def bundle(value: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the data and the metadata for showing `value`; the data always has `text/plain`."""
    foreign = getattr(type(value), "_repr_mimebundle_", None)
    if foreign is not None:
        made = foreign(value)
        data, metadata = made if isinstance(made, tuple) else (made, {})
        return {"text/plain": repr(value), **data}, dict(metadata)
    package, _, rest = type(value).__module__.partition(".")
    if package in _OURS and (not rest.startswith("lisp") or rest.startswith("lisp.testing")):
        from .views import of  # noqa: PLC0415  # see above

        view = of(value)
        if view is not None:
            return view.bundle(), {}
    return {"text/plain": write_short(value, LONGEST_TEXT)}, {}
