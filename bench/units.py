"""Live units: opened, told, restarted by their supervisor; beside wasmtime used directly in one process."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from unittest import mock

from harness import Row, Target, main, median
from wasmtime import Config, Instance, Module, Store
from wasmtime import Engine as BareEngine

from caixa.runtime.engine import Engine
from caixa.runtime.errors import RuntimeFailure
from caixa.runtime.live import Image
from caixa.runtime.supervision.driver import Supervisor
from caixa.runtime.supervision.requests import ListChildren
from caixa.runtime.supervision.specification import ChildSpec, Flags
from caixa.runtime.units.behaviour import Behaviour, Fall
from caixa.runtime.units.host import UnitHost
from caixa.runtime.units.system import UnitSystem
from caixa.runtime.units.wasm import WasmBehaviour, WasmProgram

GUEST = """(module (memory 1) (global $n (mut i32) (i32.const 0))
  (func (export "on-init") (param i32))
  (func (export "on-call") (param i32) (result i32)
    (if (i32.lt_s (local.get 0) (i32.const 0)) (then unreachable))
    (global.set $n (i32.add (global.get $n) (local.get 0))) (global.get $n)))"""


def timed(act: Callable[[], object], runs: int) -> float:
    """Return the median of what `act` takes, in milliseconds."""
    samples = []
    for _ in range(runs):
        begun = time.perf_counter()
        act()
        samples.append((time.perf_counter() - begun) * 1000)
    return median(samples)


class Timed(WasmBehaviour):
    """A life that notes when it is ready."""

    ready = threading.Event()
    at = 0.0

    def init(self, arguments: tuple[object, ...], fall: Fall) -> bool:
        """See Behaviour."""
        outcome = super().init(arguments, fall)
        Timed.at = time.perf_counter()
        Timed.ready.set()
        return outcome


def restart(system: UnitSystem, supervisor: Supervisor, runs: int) -> float:
    """Return the median from the news of a trap to a successor whose `init` is done, in milliseconds."""
    samples = []
    for _ in range(runs):
        [seen] = supervisor.ask(ListChildren())  # type: ignore[misc]  # one child
        Timed.ready.clear()
        with suppress(RuntimeFailure):
            system.call(seen.ref, -1)
        died = time.perf_counter()
        Timed.ready.wait()
        samples.append(max(0.0, Timed.at - died) * 1000)
        time.sleep(0.002)
    return median(samples)


def bare() -> tuple[Callable[[], object], Callable[[], object]]:
    """Return what opens and calls an instance, and what calls one that is open, with the same limits on."""
    config = Config()
    config.consume_fuel = config.epoch_interruption = True
    engine = BareEngine(config)
    module = Module(engine, GUEST)

    def instance() -> tuple[Store, Instance]:
        store = Store(engine)
        store.set_fuel(10**9)
        store.set_epoch_deadline(1)
        return store, Instance(store, module, [])

    def fresh() -> object:
        store, made = instance()
        return made.exports(store)["on-call"](store, 1)  # type: ignore[operator]  # a function

    store, made = instance()
    call = made.exports(store)["on-call"]
    return fresh, lambda: call(store, 1)  # type: ignore[operator]  # a function


def measure(*, quick: bool) -> list[Row]:
    runs = 100 if quick else 500
    engine, system = Engine(), UnitSystem()
    image = Image(engine.wat(GUEST))
    program = WasmProgram(engine, image, None)
    fresh, warm = bare()

    def reopen() -> None:
        unit = engine.open(image, None)
        unit.call("on-call", ["1"])
        unit.close()

    def life() -> Behaviour:
        return Timed(program)

    unit = engine.open(image, None)
    actor = system.start("a", program.life(), (0,))
    host = UnitHost(system, {"a": life})
    there = Supervisor(Flags(max_restarts=10**6), (ChildSpec("a", arguments=(0,)),), host)
    there.start()
    own = "the guest in a process of its own; wasmtime in this one"
    rows = [
        ("open a unit, call it, close it", timed(reopen, runs), timed(fresh, runs), 1.5, own),
        ("call a live unit", timed(lambda: unit.call("on-call", ["1"]), runs), timed(warm, runs), 0.5, own),
        ("call a unit by its mailbox", timed(lambda: system.call(actor, 1), runs), None, 0.5, ""),
        ("supervised restart, p50", restart(system, there, runs), None, 1.0, "from the news to init done"),
    ]
    there.stop()
    system.close()
    engine.close()
    return [
        Row(name, "ms", ours, peer, Target(limit=limit), Target(limit=limit / 2), note)
        for name, ours, peer, limit, note in rows
    ]


if __name__ == "__main__":
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.dict("os.environ", XDG_CACHE_HOME=str(Path(folder))),
    ):
        main(measure)
