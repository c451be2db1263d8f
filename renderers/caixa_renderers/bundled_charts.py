"""Where the charts are that come with this package: among its data in a wheel, beside it in a checkout."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

__all__ = ["CHARTS", "bundled_chart", "chart_files"]

CHARTS: Final = ("pleme-computeunit", "lareira-fleet-programs", "lareira-tatara-stack")
WITH_DEFINITIONS: Final = "lareira-tatara-stack"


def bundled_chart(name: str) -> Traversable:
    """Return the directory of a chart. Raises LookupError for a name that is not in `CHARTS`."""
    if name not in CHARTS:
        message = f"there is no chart {name} here; there are {', '.join(CHARTS)}"
        raise LookupError(message)
    return _charts() / name


def chart_files(name: str) -> dict[str, bytes]:
    """Return the files of a chart by their paths in its directory, in a fixed order. Raises LookupError.

    To what lies in the directory the definitions of our kinds are added, which are made from the slots.
    """
    definitions = _definitions() if name == WITH_DEFINITIONS else {}
    return dict(sorted((dict(_walk(bundled_chart(name), "")) | definitions).items()))


def _definitions() -> dict[str, bytes]:
    from . import crds  # noqa: PLC0415 - only the stack needs them

    return {f"crds/{artifact.path}": artifact.content for artifact in crds.render().artifacts}


def _charts() -> Traversable:
    """Return `charts` of the installed package, or that of the checkout which is installed as editable."""
    package = files(__package__)
    installed = package / "charts"
    return installed if installed.is_dir() else package / ".." / ".." / "charts"


def _walk(directory: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in directory.iterdir():
        if entry.is_dir():
            yield from _walk(entry, f"{prefix}{entry.name}/")
        else:
            yield f"{prefix}{entry.name}", entry.read_bytes()
