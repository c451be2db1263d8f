"""Channels: queues that never make anybody wait (language.md section 5.5)."""

from __future__ import annotations

from ..errors import NativeError, TypeMismatch
from ..lists import List
from ..names import Keyword
from ..objects import Channel
from .checks import integer_of
from .registry import native

__all__: list[str] = []


def _channel(value: object) -> Channel:
    if isinstance(value, Channel):
        return value
    raise TypeMismatch("channel", value)


@native("chan")
def chan(capacity: object = None) -> Channel:
    """Return a channel for any number of values, or for at most `capacity`."""
    if capacity is None:
        return Channel()
    size = integer_of(capacity, "non-negative int")
    if size < 0:
        raise NativeError("chan", "negative capacity")
    return Channel(size)


@native("chan?")
def is_channel(value: object) -> bool:
    """Return whether `value` is a channel."""
    return isinstance(value, Channel)


@native("chan-closed?")
def is_closed(channel: object) -> bool:
    """Return whether a channel takes no more values."""
    return _channel(channel).is_closed


@native("chan-len")
def chan_len(channel: object) -> int:
    """Return how many values wait in a channel."""
    return len(_channel(channel))


@native("chan-capacity")
def chan_capacity(channel: object) -> object:
    """Return how many values a channel takes, or `:unbounded`."""
    capacity = _channel(channel).capacity
    return Keyword("unbounded") if capacity is None else capacity


@native(">!")
def send(channel: object, value: object) -> bool:
    """Put a value into a channel, and return whether it was neither full nor closed."""
    return _channel(channel).send(value)


@native("<!")
def receive(channel: object) -> object:
    """Return the next value of a channel; `:empty`, or `:closed`, if there is none."""
    return _channel(channel).receive(lambda is_closed: Keyword("closed" if is_closed else "empty"))


@native("close!")
def close(channel: object) -> None:
    """Let a channel take no more values."""
    _channel(channel).close()


@native("drain!")
def drain(channel: object) -> List:
    """Close a channel and return the values that it still held."""
    return List.own(_channel(channel).drain())
