"""Sources to infrastructure, and the programs that say whether what is made of it is right."""

import shutil
from pathlib import Path

import pytest

from caixa.iac.reader import read_infrastructure
from caixa.lisp.source import Source

SCHEMA = Path(__file__).parent / "data" / "nuvem-schema.json"


def parse(text):
    return read_infrastructure([Source("main.lisp", text)])


def infrastructure(text):
    reading = parse(text)
    assert not reading.errors, [each.message for each in reading.errors]
    return reading.infrastructure


def program(*names):
    """The path of the first of the programs that is here, or a skip that names them."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no {' or '.join(names)} on this machine, so what is generated is not checked by it")
    return found
