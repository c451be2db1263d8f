"""The resolver's configuration, as a `(defresolver-config …)` form (caixa.md section 3.4)."""

from __future__ import annotations

from dataclasses import dataclass

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.lisp.errors import ReaderError
from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.syntax import Form
from caixa.manifest.decode import decode_top
from caixa.manifest.decoding import Decoding, Place
from caixa.manifest.profile import Profile
from caixa.manifest.records import Record, Slot
from caixa.manifest.shapes import Boolean, ListOf, Text

from .errors import InvalidConfig

__all__ = ["ResolverConfig", "read_config"]


@dataclass(frozen=True, slots=True)
class ResolverConfig:
    """How dependencies without a source are found, and where fetched ones are kept."""

    default_host: str = "github:pleme-io"
    cache_dir: str | None = None
    include_dev: bool = False
    additional_hosts: tuple[str, ...] = ()


_TEXT = Text()
_CONFIG = Record(
    "a resolver config",
    ResolverConfig,
    [
        Slot(
            "default-host", _TEXT, "Where a dependency without :fonte lives.", '"github:o"', "github:pleme-io"
        ),
        Slot("cache-dir", _TEXT, "Where fetched sources are kept.", '"/var/cache/caixa"'),
        Slot("include-dev", Boolean(), "Whether :deps-dev are resolved too.", "#t", default=False),
        Slot("additional-hosts", ListOf(_TEXT), "Other hosts to look at.", '("gitlab:o")', default=()),
    ],
)


def read_config(source: Source) -> ResolverConfig:
    """Read a `(defresolver-config …)`. Raises InvalidConfig with every problem."""
    try:
        forms = read(source).forms
    except ReaderError as error:
        raise InvalidConfig(*error.diagnostics) from error
    if not forms or not isinstance(forms[0], Form):
        message = f"{source.name} holds no (defresolver-config …) form"
        raise InvalidConfig(Diagnostic("not-defresolver-config", Severity.ERROR, source.span(0, 0), message))
    place = Place(Decoding(source, Profile.STRICT))
    config = decode_top(_CONFIG, "defresolver-config", forms[0], place)
    if not isinstance(config, ResolverConfig) or place.decoding.problems:
        raise InvalidConfig(*place.decoding.problems)
    return config
