"""Channels as values (language.md section 5.5); `<!` and `>!`, which may wait, are in `fibers`."""

from __future__ import annotations

from ..errors import NativeError, TypeMismatch
from ..fibers.channel import Buffer, Channel, Overflow
from ..lists import List
from ..names import Keyword
from ..objects import Foreign
from .checks import integer_of
from .registry import native

__all__ = ["channel_of"]


def channel_of(value: object) -> Channel:
    """Return `value` if it is a channel."""
    if isinstance(value, Channel):
        return value
    raise TypeMismatch("channel", value)


@native("chan")
def chan(capacity: object = None) -> Channel:
    """Return a channel for any number of values, for at most `capacity`, or with a buffer.

    With capacity 0 a value passes only from a fiber that waits to one that waits.
    """
    if capacity is None:
        return Channel()
    if isinstance(capacity, Foreign) and isinstance(capacity.value, Buffer):
        return Channel(*capacity.value)
    size = integer_of(capacity, "non-negative int")
    if size < 0:
        raise NativeError("chan", "negative capacity")
    return Channel(size)


@native("sliding-buffer")
def sliding_buffer(capacity: object) -> Foreign:
    """Return a buffer for `chan` that, when it is full, drops its oldest value for a new one."""
    return _buffer("sliding-buffer", capacity, Overflow.DROP_OLDEST)


@native("dropping-buffer")
def dropping_buffer(capacity: object) -> Foreign:
    """Return a buffer for `chan` that, when it is full, drops new values."""
    return _buffer("dropping-buffer", capacity, Overflow.DROP_NEWEST)


def _buffer(function: str, capacity: object, overflow: Overflow) -> Foreign:
    size = integer_of(capacity, "positive int")
    if size < 1:
        raise NativeError(function, "the capacity is not positive")
    return Foreign(Buffer(size, overflow), f"{overflow.value} buffer of {size}")


@native("chan?")
def is_channel(value: object) -> bool:
    """Return whether `value` is a channel."""
    return isinstance(value, Channel)


@native("chan-closed?")
def is_closed(channel: object) -> bool:
    """Return whether a channel takes no more values."""
    return channel_of(channel).is_closed


@native("chan-len")
def chan_len(channel: object) -> int:
    """Return how many values wait in a channel."""
    return len(channel_of(channel))


@native("chan-capacity")
def chan_capacity(channel: object) -> object:
    """Return how many values a channel takes, or `:unbounded`."""
    capacity = channel_of(channel).capacity
    return Keyword("unbounded") if capacity is None else capacity


@native("close!")
def close(channel: object) -> None:
    """Let a channel take no more values; fibers that wait to put one into it get false."""
    channel_of(channel).close()


@native("drain!")
def drain(channel: object) -> List:
    """Close a channel and return the values that it still held."""
    return List.own(channel_of(channel).drain())
