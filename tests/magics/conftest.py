"""A notebook with a display that keeps what it is shown, and one engine for all tests."""

import pytest

from caixa.runtime.engine import Engine
from caixa.session import Session
from caixa_magics.notebook import Notebook


class RecordingDisplay:
    def __init__(self):
        self.shown = []

    def show(self, bundle, metadata=None, *, display_id=None, update=False):
        self.shown.append(dict(bundle))

    def clear(self, *, wait=False):
        self.shown.clear()

    @property
    def texts(self):
        return [bundle["text/plain"] for bundle in self.shown]


@pytest.fixture(scope="session")
def engine():
    engine = Engine()
    yield engine
    engine.close()


@pytest.fixture
def notebook(engine, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    notebook = Notebook(RecordingDisplay(), session=Session(clock=lambda: 0.0))
    notebook.__dict__["engine"] = engine  # what the cached property would hold
    return notebook


@pytest.fixture
def run(notebook):
    """Run a cell and return the text of its value, or None."""
    from caixa_magics.mime import bundle

    def run(text, name="cell 1"):
        value = notebook.run_cell(text, name)
        return None if value is None else bundle(value)[0]["text/plain"]

    return run
