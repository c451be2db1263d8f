"""One server for all tests, in which nothing is open when a test begins."""

from collections.abc import Iterator

import pytest

from .client import Client


@pytest.fixture(scope="session")
def server() -> Iterator[Client]:
    started = Client().start()
    yield started
    started.kill()


@pytest.fixture
def client(server: Client) -> Iterator[Client]:
    yield server
    for uri in list(server.versions):
        server.close(uri)
