"""Guests by content: what was compiled and looked at once is not looked at again."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

from wasmtime import Module

from .calls import Guest
from .component import ComponentGuest
from .core import CoreGuest
from .machine import Machine

__all__ = ["Guests"]

_KEPT = 64


class Guests:
    """The guests that were used last, by the SHA-256 of their bytes."""

    def __init__(self, machine: Machine) -> None:
        """Know none yet; `machine` compiles them."""
        self._machine = machine
        self._known: OrderedDict[str, Guest] = OrderedDict()

    def known(self, digest: str) -> Guest | None:
        """Return the guest with this digest, if it is one of those used last."""
        guest = self._known.get(digest)
        if guest is not None:
            self._known.move_to_end(digest)
        return guest

    def of(self, wasm: bytes) -> Guest:
        """Return the guest that these bytes are. Raises InvalidModule."""
        digest = hashlib.sha256(wasm).hexdigest()
        guest = self.known(digest)
        if guest is None:
            guest = self._known[digest] = self._look_at(wasm)
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return guest

    def _look_at(self, wasm: bytes) -> Guest:
        compiled = self._machine.compile(wasm)
        if isinstance(compiled, Module):
            return CoreGuest(compiled)
        return ComponentGuest(compiled, self._machine.engine)
