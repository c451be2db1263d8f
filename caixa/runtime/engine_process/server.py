"""The loop of the engine process: requests in, one after another; answers out; Stop heard at any time."""

from __future__ import annotations

import os
import queue
import socket
import threading

from wasmtime import Module

from .. import protocol as say
from ..budget import RESULT_LIMIT
from ..errors import InvalidModule, ResultTooLarge, RuntimeFailure
from .cache import CodeCache, default_directory
from .component import inspect_component, run_component
from .core import inspect_module, run_module
from .graphviz import draw
from .machine import Machine, assemble, form_of
from .sandbox import Turn
from .watchdog import CallStopped, Ticket

__all__ = ["serve"]


def serve(channel: socket.socket) -> None:
    """Answer requests until the other side closes, which ends the process at once."""
    machine = Machine(CodeCache(default_directory()))
    waiting: queue.SimpleQueue[say.Frame] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(channel, machine, waiting), name="listener", daemon=True).start()
    _reply(channel, 0, say.Ready())
    while True:
        frame = waiting.get()
        with machine.watchdog.ticket(frame.call) as ticket:
            answer = _answer(machine, ticket, frame.message)
        _reply(channel, frame.call, answer)


def _reply(channel: socket.socket, call: int, answer: say.Answer) -> None:
    parts = say.encode(say.Frame(call, answer))
    if len(parts[0]) > RESULT_LIMIT:
        failure = ResultTooLarge(len(parts[0]), RESULT_LIMIT)
        parts = say.encode(say.Frame(call, say.Failed(failure.to_wire())))
    for part in parts:
        channel.sendall(part)


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


def _answer(machine: Machine, ticket: Ticket, request: say.Message) -> say.Answer:
    try:
        if ticket.stopped:
            return say.Stopped()
        return _obey(machine, ticket, request)
    except CallStopped:
        return say.Stopped()
    except RuntimeFailure as failure:
        return say.Failed(failure.to_wire())


def _obey(machine: Machine, ticket: Ticket, request: say.Message) -> say.Answer:
    match request:
        case say.Wat(text):
            return say.Bytes(_assemble(machine, text))
        case say.Inspect(body):
            return _inspect(machine, body)
        case say.Run():
            return _run(machine, ticket, request)
        case say.Svg(dot, layout):
            return say.Text(draw(machine, ticket, dot, layout))
    raise InvalidModule(f"the engine was asked for `{request.kind}`")


def _assemble(machine: Machine, text: str) -> bytes:
    """Assemble and validate, so that a mistake is found where the text is, and not at the first run."""
    wasm = assemble(text)
    form_of(wasm)
    machine.compile(wasm)
    return wasm


def _inspect(machine: Machine, wasm: bytes) -> say.Info:
    compiled = machine.compile(wasm)
    info = (
        inspect_module(compiled)
        if isinstance(compiled, Module)
        else inspect_component(compiled, machine.engine)
    )
    return say.Info(info.to_wire())


def _run(machine: Machine, ticket: Ticket, request: say.Run) -> say.Ran:
    compiled = machine.compile(request.body)
    turn = Turn(machine, ticket, request.limits)
    if isinstance(compiled, Module):
        result = run_module(turn, compiled, request.function, request.args)
    else:
        result = run_component(turn, compiled, request.function, request.args)
    return say.Ran(result.to_wire())
