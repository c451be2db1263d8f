"""The canonical text of a caixa: one line per slot in byte order, nested values flat (caixa.md section 1.6)."""

from __future__ import annotations

from .model import Caixa
from .profile import Profile
from .slots import CAIXA

__all__ = ["to_lisp"]


def to_lisp(caixa: Caixa, profile: Profile = Profile.STRICT) -> str:
    """Return the one text that stands for `caixa`; reading it gives the same caixa.

    Names of enumerations are bare symbols; the APRIL profile writes them as strings, as the older system does.
    """
    return "(defcaixa\n" + "\n".join(f"  {line}" for line in CAIXA.lines(caixa, profile)) + ")\n"
