"""One engine for all tests of this folder, with a compile cache of its own that outlives the run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from caixa.runtime.engine import Engine

from . import guests


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    engine = Engine()
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def modules(engine: Engine) -> dict[str, bytes]:
    return {"core": engine.wat(guests.CORE), "component": engine.wat(guests.COMPONENT)}


@pytest.fixture(scope="session")
def echo(engine: Engine) -> bytes:
    return engine.wat(guests.ECHO)


@pytest.fixture(scope="session")
def printer(engine: Engine) -> bytes:
    return engine.wat(guests.PRINTER)
