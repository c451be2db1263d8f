"""What kernel and engine process say to each other: typed requests and answers, and the frames they travel in.

A frame is `header length (u32) · body length (u64) · header (JSON) · body (raw bytes)`, little-endian. Bytes of
wasm are the body and are never encoded. Both sides use this module and nothing else to talk.
"""

from __future__ import annotations

import json
import socket
import struct
from dataclasses import dataclass, fields
from typing import Any, ClassVar, get_args

from .budget import Budget
from .results import ModuleInfo, RunResult, UnitStatus

__all__ = [
    "Answer",
    "Ask",
    "Bytes",
    "Close",
    "Failed",
    "Frame",
    "Info",
    "Inspect",
    "List",
    "Open",
    "Ran",
    "Ready",
    "Request",
    "Run",
    "Status",
    "Stop",
    "Stopped",
    "Svg",
    "Text",
    "Wanted",
    "Wat",
    "encode",
    "receive",
    "send",
    "send_parts",
]

_PREFIX = struct.Struct("<IQ")
_HEADER_LIMIT = 64 << 20
_BODY_LIMIT = 1 << 30
# Bodies that are worth copying to save a system call.
_SMALL = 64 << 10


@dataclass(frozen=True, slots=True)
class Message:
    """Something said: its fields are the JSON header, but for `body`, which is raw."""

    kind: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class Wat(Message):
    """Assemble text."""

    kind = "wat"
    text: str


@dataclass(frozen=True, slots=True)
class Inspect(Message):
    """Tell exports and imports."""

    kind = "inspect"
    body: bytes


@dataclass(frozen=True, slots=True)
class Run(Message):
    """Call one function of a fresh instance."""

    kind = "run"
    function: str
    args: list[str]
    budget: dict[str, int]
    body: bytes

    @property
    def limits(self) -> Budget:
        """The budget, typed again."""
        return Budget(**self.budget)


@dataclass(frozen=True, slots=True)
class Svg(Message):
    """Lay out and draw a graph."""

    kind = "svg"
    dot: str
    layout: str


@dataclass(frozen=True, slots=True)
class Open(Message):
    """Make an instance that stays, as `unit`; without a body, of the guest whose bytes have this SHA-256.

    Unless `function` is empty, it is called before the answer, which is a failure if that fails.
    """

    kind = "open"
    unit: int
    digest: str
    function: str
    args: list[str]
    budget: dict[str, int]
    body: bytes

    @property
    def limits(self) -> Budget:
        """The budget, typed again."""
        return Budget(**self.budget)


@dataclass(frozen=True, slots=True)
class Ask(Message):
    """Call one function of a unit."""

    kind = "ask"
    unit: int
    function: str
    args: list[str]


@dataclass(frozen=True, slots=True)
class Close(Message):
    """End a unit."""

    kind = "close"
    unit: int


@dataclass(frozen=True, slots=True)
class List(Message):
    """Tell the live units."""

    kind = "list"


@dataclass(frozen=True, slots=True)
class Stop(Message):
    """Interrupt the call with the number that the frame carries."""

    kind = "stop"


@dataclass(frozen=True, slots=True)
class Ready(Message):
    """The process has started and listens: sent once, about no call (number 0)."""

    kind = "ready"


@dataclass(frozen=True, slots=True)
class Bytes(Message):
    """The answer is bytes."""

    kind = "bytes"
    body: bytes


@dataclass(frozen=True, slots=True)
class Text(Message):
    """The answer is text, as the UTF-8 body."""

    kind = "text"
    body: bytes


@dataclass(frozen=True, slots=True)
class Info(Message):
    """The answer is a ModuleInfo."""

    kind = "info"
    info: dict[str, Any]

    @property
    def value(self) -> ModuleInfo:
        """The information, typed again."""
        return ModuleInfo.from_wire(self.info)


@dataclass(frozen=True, slots=True)
class Ran(Message):
    """The answer is a RunResult."""

    kind = "ran"
    result: dict[str, Any]

    @property
    def value(self) -> RunResult:
        """The result, typed again."""
        return RunResult.from_wire(self.result)


@dataclass(frozen=True, slots=True)
class Wanted(Message):
    """The answer needs the guest's bytes: they are not known here, or not any more."""

    kind = "wanted"


@dataclass(frozen=True, slots=True)
class Status(Message):
    """The answer is what units have used."""

    kind = "status"
    units: list[dict[str, Any]]

    @classmethod
    def of(cls, *units: UnitStatus) -> Status:
        """Say it of `units`."""
        return cls([unit.to_wire() for unit in units])

    @property
    def value(self) -> tuple[UnitStatus, ...]:
        """The statuses, typed again."""
        return tuple(UnitStatus(**unit) for unit in self.units)


@dataclass(frozen=True, slots=True)
class Failed(Message):
    """The answer is a failure: see `RuntimeFailure.to_wire`."""

    kind = "failed"
    failure: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stopped(Message):
    """The call was interrupted; a guest that it had begun to run is lost."""

    kind = "stopped"
    began: bool


Request = Wat | Inspect | Run | Svg | Open | Ask | Close | List | Stop
Answer = Ready | Bytes | Text | Info | Ran | Wanted | Status | Failed | Stopped

_KINDS: dict[str, type[Message]] = {kind.kind: kind for kind in (*get_args(Request), *get_args(Answer))}


@dataclass(frozen=True, slots=True)
class Frame:
    """One message about one call: `call` is the number that pairs an answer with its request."""

    call: int
    message: Message


def encode(frame: Frame) -> tuple[bytes, bytes]:
    """Return prefix with header, and body, ready to be sent one after the other."""
    data = {field.name: getattr(frame.message, field.name) for field in fields(frame.message)}
    body = data.pop("body", b"")
    header = json.dumps({"call": frame.call, "kind": frame.message.kind, **data}).encode()
    return _PREFIX.pack(len(header), len(body)) + header, body


def decode(header: bytes, body: bytes) -> Frame:
    """Return the frame. Raises ValueError, KeyError or TypeError when it is none of ours."""
    data = json.loads(header)
    call, kind = data.pop("call"), _KINDS[data.pop("kind")]
    if "body" in {field.name for field in fields(kind)}:
        data["body"] = body
    return Frame(call, kind(**data))


def send(channel: socket.socket, frame: Frame) -> None:
    """Write one frame. Raises OSError when nobody reads any more."""
    send_parts(channel, encode(frame))


def send_parts(channel: socket.socket, parts: tuple[bytes, bytes]) -> None:
    """Write an encoded frame; a small one at a stroke. Raises as `send` does."""
    header, body = parts
    if len(body) < _SMALL:
        channel.sendall(header + body)
    else:
        channel.sendall(header)
        channel.sendall(body)


def receive(channel: socket.socket) -> Frame | None:
    """Read one frame; None when the other side has closed. Raises ValueError on bytes that are no frame."""
    prefix = _read(channel, _PREFIX.size)
    if prefix is None:
        return None
    header_size, body_size = _PREFIX.unpack(prefix)
    if header_size > _HEADER_LIMIT or body_size > _BODY_LIMIT:
        raise ValueError(f"a frame of {header_size} + {body_size} bytes is none of ours")
    header, body = _read(channel, header_size), _read(channel, body_size)
    return None if header is None or body is None else decode(header, body)


def _read(channel: socket.socket, size: int) -> bytes | None:
    data = bytearray(size)
    view, done = memoryview(data), 0
    while done < size:
        count = channel.recv_into(view[done:])
        if not count:
            return None
        done += count
    return bytes(data)
