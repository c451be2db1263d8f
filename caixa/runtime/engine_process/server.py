"""The loop of the engine process: requests in, one after another; answers out; Stop heard at any time."""

from __future__ import annotations

import os
import queue
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass

from .. import protocol as say
from ..budget import RESULT_LIMIT
from ..errors import InvalidModule, ResultTooLarge, RuntimeFailure
from .cache import CodeCache, default_directory
from .calls import run
from .graphviz import draw
from .guests import Guests
from .machine import Machine, assemble, form_of
from .sandbox import Turn
from .units import Units
from .watchdog import CallStopped, Ticket

__all__ = ["serve"]


@dataclass(frozen=True, slots=True)
class _House:
    """What requests are about."""

    machine: Machine
    guests: Guests
    units: Units


def serve(channel: socket.socket) -> None:
    """Answer requests until the other side closes, which ends the process at once."""
    machine = Machine(CodeCache(default_directory()))
    house = _House(machine, Guests(machine), Units(machine))
    waiting: queue.SimpleQueue[say.Frame] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(channel, machine, waiting), name="listener", daemon=True).start()
    with suppress(OSError):  # nobody is there any more; the listener notices that, too
        _reply(channel, 0, say.Ready())
        while True:
            frame = waiting.get()
            with machine.watchdog.ticket(frame.call) as ticket:
                answer = _answer(house, ticket, frame.message)
            _reply(channel, frame.call, answer)
    os._exit(0)


def _reply(channel: socket.socket, call: int, answer: say.Answer) -> None:
    parts = say.encode(say.Frame(call, answer))
    if len(parts[0]) > RESULT_LIMIT:
        failure = ResultTooLarge(len(parts[0]), RESULT_LIMIT)
        parts = say.encode(say.Frame(call, say.Failed(failure.to_wire())))
    say.send_parts(channel, parts)


def _listen(channel: socket.socket, machine: Machine, waiting: queue.SimpleQueue[say.Frame]) -> None:
    """Queue requests and pass Stop on. When the kernel is gone, so is this process, whatever it is doing."""
    try:
        while (frame := say.receive(channel)) is not None:
            if isinstance(frame.message, say.Stop):
                machine.watchdog.stop(frame.call)
            else:
                waiting.put(frame)
    finally:
        os._exit(0)


def _answer(house: _House, ticket: Ticket, request: say.Message) -> say.Answer:
    try:
        # What a unit holds is freed though nobody waits for the answer any more.
        if ticket.stopped and not isinstance(request, say.Close):
            return say.Stopped(began=False)
        return _obey(house, ticket, request)
    except CallStopped:
        return say.Stopped(began=True)
    except RuntimeFailure as failure:
        return say.Failed(failure.to_wire())


def _obey(house: _House, ticket: Ticket, request: say.Message) -> say.Answer:
    match request:
        case say.Wat(text):
            return say.Bytes(_assemble(house.machine, text))
        case say.Inspect(body):
            return say.Info(house.guests.of(body).info.to_wire())
        case say.Run(function, args):
            turn = Turn(house.machine, ticket, request.limits)
            return say.Ran(run(turn, house.guests.of(request.body), function, args).to_wire())
        case say.Svg(dot, layout):
            return say.Text(draw(house.machine, ticket, dot, layout))
    return _obey_about_units(house, ticket, request)


def _obey_about_units(house: _House, ticket: Ticket, request: say.Message) -> say.Answer:
    units = house.units
    match request:
        case say.Open(unit, digest, function, args, _, body):
            guest = house.guests.of(body) if body else house.guests.known(digest)
            if guest is None:
                return say.Wanted()
            units.open(ticket, unit, guest, request.limits)
            if function:
                units.introduce(ticket, unit, function, args)
            return say.Status.of(units.status(unit))
        case say.Ask(unit, function, args):
            return say.Ran(units.ask(ticket, unit, function, args).to_wire())
        case say.Close(unit):
            return say.Status.of(units.close(unit))
        case say.List():
            return say.Status.of(*units.list())
    raise InvalidModule(f"the engine was asked for `{request.kind}`")


def _assemble(machine: Machine, text: str) -> bytes:
    """Assemble and validate, so that a mistake is found where the text is, and not at the first run."""
    wasm = assemble(text)
    form_of(wasm)
    machine.compile(wasm)
    return wasm
