"""The charts are found by who installed a wheel, and they are those of the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from caixa_renderers.bundled_charts import CHARTS, chart_files

ROOT = Path(__file__).parents[2]
PRINT_DIGESTS = """
import hashlib, caixa_renderers
from caixa_renderers.bundled_charts import CHARTS, chart_files
print(caixa_renderers.__file__)
for name in CHARTS:
    for path, data in chart_files(name).items():
        print(name, path, hashlib.sha256(data).hexdigest())
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Return the wheel, built by the project's own back end without a network."""
    directory = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(directory)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (found,) = directory.glob("*.whl")
    return found


def test_the_wheel_holds_every_file_of_every_chart(wheel):
    with zipfile.ZipFile(wheel) as archive:
        for name in CHARTS:
            for path, data in chart_files(name).items():
                if path.startswith("crds/"):  # made where they are asked for
                    continue
                assert archive.read(f"caixa_renderers/charts/{name}/{path}") == data


def test_who_installed_the_wheel_finds_the_charts_by_the_same_function(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)

    def seen(first: Path) -> list[str]:
        program = f"import sys; sys.path.insert(0, {str(first)!r})\n{PRINT_DIGESTS}"
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        run = [sys.executable, "-c", program]
        done = subprocess.run(run, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True)
        return done.stdout.splitlines()

    where, *installed = seen(tmp_path)
    assert Path(where).is_relative_to(tmp_path)
    checkout, *editable = seen(ROOT / "renderers")
    assert Path(checkout).is_relative_to(ROOT)
    assert installed == editable
