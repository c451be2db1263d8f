"""One engine for all tests of this folder, and a compile cache that is not the user's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from caixa.runtime.engine import Engine

from . import guests


@pytest.fixture(scope="session", autouse=True)
def compile_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def engine(compile_cache: None) -> Iterator[Engine]:
    engine = Engine()
    yield engine
    engine.close()


@pytest.fixture
def own() -> Iterator[Engine]:
    """An engine for one test, which may kill it."""
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
