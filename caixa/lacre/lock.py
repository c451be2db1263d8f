"""The lock file `lacre.lisp`: its value, its reader and its writer (caixa.md section 3.3).

The first form, `(deflacre …)`, is the older system's to the byte. It says where code came from, not what it is;
so a second form, `(defselos …)`, seals each package with its digest. The older system reads the first alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.lisp.errors import ReaderError
from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.syntax import Form, Node
from caixa.manifest.decode import decode_top
from caixa.manifest.decoding import INVALID, Decoding, Place
from caixa.manifest.model import Caixa, Dep, Fonte
from caixa.manifest.profile import Profile
from caixa.manifest.records import Record, Slot
from caixa.manifest.shapes import ListOf, Text, quoted
from caixa.manifest.slots import FONTE

from .closure import fechamento, raiz
from .config import ResolverConfig
from .digest import hash_bytes
from .errors import InvalidLock
from .sources import source_of

__all__ = [
    "LOCK",
    "VERSAO_LACRE",
    "Lock",
    "LockEntry",
    "Seal",
    "Seals",
    "read_lock",
    "read_lock_bytes",
    "stub_lock",
    "write_lock",
]

LOCK = "lacre.lisp"
VERSAO_LACRE = "0.1.0"
MOST_BYTES = 8 * 2**20  # some 40,000 packages
_ANEW = "Remove the file, and lock the package again."


@dataclass(frozen=True, slots=True)
class LockEntry:
    """One locked package: where it came from, and its digests; `deps_diretas` are names, for the eye."""

    nome: str
    versao: str
    fonte: Fonte
    conteudo: str
    fechamento: str
    deps_diretas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seal:
    """What one package was when it was locked: the digest of all that it is."""

    nome: str
    pacote: str


@dataclass(frozen=True, slots=True)
class Seals:
    """The seals of a lock, as they are written."""

    pacotes: tuple[Seal, ...] = ()


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock: the root digest and the entries it is made of; `seals` are the digests of packages, by name."""

    versao_lacre: str
    raiz: str
    entradas: tuple[LockEntry, ...] = ()
    seals: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, entries: Sequence[LockEntry], seals: Mapping[str, str] = MappingProxyType({})) -> Lock:
        """Return the lock of `entries`, sorted by name, with the root that belongs to them."""
        ordered = tuple(sorted(entries, key=lambda entry: entry.nome.encode()))
        return cls(VERSAO_LACRE, _root(ordered), ordered, seals)

    def without(self, names: Sequence[str]) -> Lock:
        """Return the lock of all entries but those of `names`."""
        kept = [entry for entry in self.entradas if entry.nome not in names]
        return Lock.of(kept, {nome: seal for nome, seal in self.seals.items() if nome not in names})

    @property
    def is_coherent(self) -> bool:
        """Whether the root is the one that the entries make."""
        return self.raiz == _root(self.entradas)

    def entry(self, nome: str) -> LockEntry | None:
        """Return the entry of that name."""
        return next((entry for entry in self.entradas if entry.nome == nome), None)


def _root(entries: Sequence[LockEntry]) -> str:
    return raiz((entry.nome, entry.fechamento) for entry in entries)


_TEXT = Text()
_ENTRY = Record(
    "an entry",
    LockEntry,
    [
        Slot("nome", _TEXT, "The name of the package.", '"caixa-teia"', required=True),
        Slot("versao", _TEXT, "The version that was found.", '"0.1.0"', required=True),
        Slot("fonte", FONTE, "Where it came from.", '(:tipo git :repo "github:o/x" :rev "…")', required=True),
        Slot("conteudo", _TEXT, "What names its content.", '"git:…"', required=True),
        Slot("fechamento", _TEXT, "The digest of it and of all it needs.", '"blake3:…"', required=True),
        Slot("deps-diretas", ListOf(_TEXT), "The names of what it needs.", '("x")', default=()),
    ],
)
_LOCK = Record(
    "a lacre",
    Lock,
    [
        Slot("versao-lacre", _TEXT, "The version of this format.", '"0.1.0"', required=True),
        Slot("raiz", _TEXT, "The digest of all entries.", '"blake3:…"', required=True),
        Slot("entradas", ListOf(_ENTRY), "The locked packages.", "()", default=()),
    ],
)
_SEAL = Record(
    "a seal",
    Seal,
    [
        Slot("nome", _TEXT, "The name of the package.", '"caixa-teia"', required=True),
        Slot("pacote", _TEXT, "The digest of the package.", '"blake3:…"', required=True),
    ],
)
_SEALS = Record("seals", Seals, [Slot("pacotes", ListOf(_SEAL), "The sealed packages.", "()", default=())])


def read_lock(source: Source) -> Lock:
    """Read a `(deflacre …)`. Raises InvalidLock with every problem; an incoherent root is not one."""
    try:
        forms = read(source).forms
    except ReaderError as error:
        raise InvalidLock(*error.diagnostics) from error
    if not forms or not isinstance(forms[0], Form):
        span = forms[0].span if forms else source.span(0, 0)
        message = f"{source.name} holds no (deflacre …) form"
        raise InvalidLock(Diagnostic("not-deflacre", Severity.ERROR, span, message, fix=_ANEW))
    lock = _decoded(_LOCK, "deflacre", forms[0], source)
    assert isinstance(lock, Lock)
    _require_distinct(lock, forms[0])
    return replace(lock, seals=_seals(forms[1:], source))


def read_lock_bytes(name: str, data: bytes) -> Lock:
    """Read the content of a lock file. Raises InvalidLock, also for what is no text or too much of it."""
    if len(data) > MOST_BYTES:
        message = f"{name} has {len(data):,} bytes, and a lock has at most {MOST_BYTES:,}"
        raise InvalidLock(Diagnostic("lock-too-large", Severity.ERROR, None, message, fix=_ANEW))
    try:
        return read_lock(Source(name, data.decode().removeprefix("\ufeff")))
    except UnicodeDecodeError as error:
        message = f"{name} is not UTF-8: byte {error.start} is 0x{data[error.start]:02x}"
        raise InvalidLock(Diagnostic("lock-unreadable", Severity.ERROR, None, message, fix=_ANEW)) from error


def _require_distinct(lock: Lock, form: Form) -> None:
    """Refuse two entries of one name, as careless merging leaves them. Raises InvalidLock."""
    seen: set[str] = set()
    for entry in lock.entradas:
        if entry.nome in seen:
            message = f'the lock has "{entry.nome}" more than once'
            raise InvalidLock(Diagnostic("entry-repeated", Severity.ERROR, form.span, message, fix=_ANEW))
        seen.add(entry.nome)


def _seals(rest: Sequence[Node], source: Source) -> Mapping[str, str]:
    """Return the seals among the forms after the first; what others put there is theirs."""
    form = next((form for form in rest if isinstance(form, Form) and form.head == "defselos"), None)
    if form is None:
        return MappingProxyType({})
    seals = _decoded(_SEALS, "defselos", form, source)
    assert isinstance(seals, Seals)
    return MappingProxyType({seal.nome: seal.pacote for seal in seals.pacotes})


def _decoded(record: Record, head: str, form: Form, source: Source) -> object:
    place = Place(Decoding(source, Profile.STRICT))
    value = decode_top(record, head, form, place)
    if value is INVALID or place.decoding.problems:
        raise InvalidLock(*place.decoding.problems)
    return value


def write_lock(lock: Lock) -> str:
    """Return the text of `lacre.lisp`: to the byte as the older system writes it, then the seals if any."""
    return _write_entries(lock) + _write_seals(lock)


def _write_seals(lock: Lock) -> str:
    if not lock.seals:
        return ""
    lines = (
        f"    {_SEAL.to_lisp(Seal(nome, digest), Profile.APRIL)}\n"
        for nome, digest in sorted(lock.seals.items(), key=lambda pair: pair[0].encode())
    )
    return "\n(defselos\n  :pacotes (\n" + "".join(lines) + "  ))\n"


def _write_entries(lock: Lock) -> str:
    head = f"(deflacre\n  :versao-lacre {quoted(lock.versao_lacre)}\n  :raiz {quoted(lock.raiz)}\n  :entradas ("
    if not lock.entradas:
        return head + "))\n"
    ordered = sorted(lock.entradas, key=lambda entry: entry.nome.encode())
    lines = "".join(f"    {_ENTRY.to_lisp(entry, Profile.APRIL)}\n" for entry in ordered)
    return f"{head}\n{lines}  ))\n"


def stub_lock(caixa: Caixa, config: ResolverConfig | None = None) -> Lock:
    """Return the lock that needs no network: names and requirements stand for the content (section 3.1)."""
    return Lock.of([_stub_entry(dep, config) for dep in caixa.deps])


def _stub_entry(dep: Dep, config: ResolverConfig | None) -> LockEntry:
    conteudo = hash_bytes(f"{dep.nome}@{dep.versao}".encode())
    return LockEntry(dep.nome, dep.versao, source_of(dep, config), conteudo, fechamento(conteudo))
