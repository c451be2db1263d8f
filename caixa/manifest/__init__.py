"""The typed package: slots, codecs, decoding, validation and the canonical form of (defcaixa …)."""

from .canonical import to_lisp
from .decode import decode_form, read_manifest
from .errors import (
    InvalidManifest,
    InvalidValue,
    ManifestError,
    MissingManifest,
    UnreadablePackage,
    UnsafePath,
)
from .json import from_json, to_json
from .layout import verify
from .model import Caixa, Kind
from .package import MANIFEST, Members, Package, nobody
from .profile import Profile
from .reading import Reading
from .version import Requirement, Version

__all__ = [
    "MANIFEST",
    "Caixa",
    "InvalidManifest",
    "InvalidValue",
    "Kind",
    "ManifestError",
    "Members",
    "MissingManifest",
    "Package",
    "Profile",
    "Reading",
    "Requirement",
    "UnreadablePackage",
    "UnsafePath",
    "Version",
    "decode_form",
    "from_json",
    "nobody",
    "read_manifest",
    "to_json",
    "to_lisp",
    "verify",
]
