"""Every rule on one caixa, in the order of caixa.md section 2; what needs the files is in `layout`."""

from __future__ import annotations

from collections.abc import Iterator, Set

from caixa.lisp.diagnostics import Diagnostic

from .aplicacao import check_aplicacao
from .ground import NO_SPANS, Ground
from .layout import check_layout
from .model import Caixa
from .profile import Profile
from .reading import Spans
from .strict import check_strict
from .supervisor import check_supervisor

__all__ = ["validate"]


def validate(
    caixa: Caixa,
    spans: Spans = NO_SPANS,
    profile: Profile = Profile.STRICT,
    dropped: Set[str] = frozenset(),
    keys: Spans = NO_SPANS,
) -> Iterator[Diagnostic]:
    """Yield every finding about `caixa`.

    `spans` are the places of its parts and `keys` those of their keywords; `dropped` are the slots of which a
    part could not be read, so that nothing is called missing which is only misspelt. The APRIL profile leaves
    out what the older system does not check.
    """
    ground = Ground(spans, profile, dropped, keys)
    if ground.is_strict:
        yield from check_layout(caixa, None, ground)
    yield from check_supervisor(caixa, ground)
    yield from check_aplicacao(caixa, ground)
    if ground.is_strict:
        yield from check_strict(caixa, ground)
