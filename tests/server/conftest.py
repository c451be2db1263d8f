"""A started server for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .client import Client


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    started = Client().start(tmp_path)
    yield started
    started.kill()
