"""What running code may do: a set of capability tokens that can be narrowed and never widened.

A native that reaches outside of the program says what it needs where it is registered (`needs="fs:{path}:ro"`,
the argument in braces), and its guard asks for exactly that at each call. Two things are asked: what the
interpreter was given, which is bound into its natives, and what `with-capabilities` has left of it, which a
ContextVar holds.
The grammar is in `capability_tokens`, which is imported once something is not granted whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from .errors import CapabilityDenied

if TYPE_CHECKING:
    from .capability_tokens import Token

__all__ = [
    "ALL",
    "Capabilities",
    "can",
    "confined",
    "current_capabilities",
    "demand",
    "demand_for",
    "guarded",
    "narrowed_to",
]

_NEED: Final = r"([a-z*-]+)(?::(?:\{([a-z_]+)(?:\.([a-z]+))?\}|([^{}]*?)))?(?::(ro|rw))?"
Function = Callable[..., Any]


class Capabilities:
    """An immutable set of capability tokens."""

    __slots__ = ("_tokens",)

    def __init__(self, tokens: Iterable[Token]) -> None:
        """Hold `tokens`, of which the paths are resolved."""
        self._tokens = frozenset(tokens)

    @classmethod
    def all(cls) -> Capabilities:
        """Return the capabilities of a notebook cell: everything."""
        return ALL

    @classmethod
    def none(cls) -> Capabilities:
        """Return the capabilities of a sandbox: nothing."""
        return cls(())

    @classmethod
    def of(cls, *texts: str) -> Capabilities:
        """Return what the tokens in `texts` grant. Raises NativeError if one of them is malformed."""
        from .capability_tokens import parse_token, resolved  # noqa: PLC0415  # not needed to start

        return cls(resolved(parse_token(text)) for text in texts)

    @property
    def is_all(self) -> bool:
        """Whether this is `Capabilities.all()`, which need not be asked."""
        return self is ALL

    def __iter__(self) -> Iterator[str]:
        """Return the tokens as text, sorted."""
        return iter(["*"] if self.is_all else sorted(str(token) for token in self._tokens))

    def __repr__(self) -> str:
        return f"Capabilities.of({', '.join(map(repr, self))})"

    def allow(self, needed: Token) -> bool:
        """Return whether a resolved token is granted."""
        from .capability_tokens import meet  # noqa: PLC0415  # not needed to start

        return self.is_all or any(meet(token, needed) == needed for token in self._tokens)

    def narrowed(self, other: Capabilities) -> Capabilities:
        """Return what both grant."""
        if self.is_all or other.is_all:
            return other if self.is_all else self
        from .capability_tokens import meet  # noqa: PLC0415  # not needed to start

        both = (meet(one, another) for one in self._tokens for another in other._tokens)
        return Capabilities(token for token in both if token is not None)


ALL: Final = Capabilities(())  # compared by identity: asking it costs one comparison
_current: ContextVar[Capabilities] = ContextVar("capabilities", default=ALL)


def current_capabilities() -> Capabilities:
    """Return what the running code may do."""
    return _current.get()


@contextmanager
def narrowed_to(capabilities: Capabilities) -> Iterator[None]:
    """Let what runs in the block do only what `capabilities` grant too."""
    before = _current.set(_current.get().narrowed(capabilities))
    try:
        yield
    finally:
        _current.reset(before)


def demand(function: str, kind: str, scope: str = "", mode: str = "") -> None:
    """Raise CapabilityDenied unless the running code may do what `function` is about to do."""
    current = _current.get()
    if current.is_all:
        return
    from .capability_tokens import Token  # noqa: PLC0415  # see above

    token = Token(kind, scope, mode)
    if not current.allow(token):
        raise CapabilityDenied(function, str(token))


def demand_for(function: str, kind: str, value: object, mode: str = "", part: str = "") -> None:
    """Demand a capability whose scope is worked out from a path, URL, port or name; see `demand`."""
    if _current.get().is_all:
        return
    from .capability_tokens import scope_of  # noqa: PLC0415  # see above

    demand(function, kind, scope_of(kind, value, part), mode)


def can(kind: str, value: object = "", mode: str = "") -> bool:
    """Return whether the running code may do what a kind of token is for, with a path, URL, port or name."""
    try:
        demand_for("can", kind, value, mode)
    except CapabilityDenied:
        return False
    return True


# -- natives ----------------------------------------------------------------------------------------------


def guarded(function: Function, name: str, needs: Sequence[str]) -> Function:
    """Return the native `function` behind a guard that asks for what it `needs` at each call."""

    @wraps(function)
    def guard(*arguments: object) -> object:
        if _current.get() is not ALL:
            for need in needs:
                _check(function, name, need, arguments)
        return function(*arguments)

    return guard


def confined(function: Function, granted: Capabilities) -> Function:
    """Return a guarded native as an interpreter that has only what is `granted` sees it."""

    @wraps(function)
    def within(*arguments: object) -> object:
        with narrowed_to(granted):
            return function(*arguments)

    within.__wrapped__ = getattr(function, "__wrapped__", function)  # where `arity` looks
    return within


def _check(function: Function, name: str, need: str, arguments: Sequence[object]) -> None:
    match = re.fullmatch(_NEED, need)
    assert match, need
    kind, parameter, part, literal, mode = match.groups()
    is_given, value = (True, literal or "") if parameter is None else _argument(function, parameter, arguments)
    if is_given:
        demand_for(name, kind, value, mode or "", part or "")


def _argument(function: Function, parameter: str, arguments: Sequence[object]) -> tuple[bool, object]:
    """Return whether there is an argument for a parameter, and which; without one the call will fail."""
    code = function.__code__
    at = code.co_varnames.index(parameter)
    if at < len(arguments):
        return True, arguments[at]
    defaults = function.__defaults__ or ()
    return (True, defaults[at - code.co_argcount]) if at >= code.co_argcount - len(defaults) else (False, None)
