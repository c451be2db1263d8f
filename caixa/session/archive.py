"""A log as a text that another process replays: a header, then one entry in each line, all of it JSON.

Bytes that are UTF-8 stand as text, others as base64. A secret that was learnt after a cell with it had run is
taken out, and the entries from there on are chained anew, so that what is read verifies as any log does.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from .errors import BadArchive, BrokenLog, SecretInPackage
from .events import CaixaPut, CellRun, ComponentPut, Derived, Event, FilePut, Move, Moved
from .log import GENESIS, Entry, Log
from .secrets import Secrets

__all__ = ["FORMAT", "dump", "entry_data", "load", "without_secrets"]

FORMAT: Final = "caixa.session.v1"
Data = dict[str, Any]


def dump(log: Log) -> str:
    """Return `log` as text; equal logs make equal texts, but for the times that they note."""
    header = {"format": FORMAT, "entries": len(log), "digest": log.digest}
    lines = [header, *({**entry_data(entry), "event": event_data(entry.event)} for entry in log)]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def load(text: str) -> Log:
    """Return the log in `text`. Raises BadArchive for what is none, and BrokenLog for one that was edited."""
    lines = text.splitlines()
    header = _object(lines[0] if lines else "", 1)
    if header.get("format") != FORMAT:
        raise BadArchive(1, f"the format is not {FORMAT}")
    log = Log(tuple(_entry(_object(line, number), number) for number, line in enumerate(lines[1:], start=2)))
    if header.get("entries") != len(log):
        raise BadArchive(1, f"it announces {header.get('entries')} entries, and there are {len(log)}")
    log.verify()
    if header.get("digest") != log.digest:
        raise BrokenLog(len(log))
    return log


def without_secrets(log: Log, secrets: Secrets) -> Log:
    """Return `log` without the values of secrets in the texts of its cells, chained anew after the first.

    Raises SecretInPackage for a caixa that was put together before its secret was known.
    """
    clean, renamed = Log(), {GENESIS: GENESIS}
    for entry in log:
        event = _clean(entry.event, secrets, renamed)
        clean = clean.append(event, entry.time, step=entry.step, cell=entry.cell)
        renamed[entry.digest] = clean.digest
    return clean


def _clean(event: Event, secrets: Secrets, renamed: Mapping[str, str]) -> Event:
    if isinstance(event, CellRun):
        return replace(event, text=secrets.redact(event.text))
    if isinstance(event, Moved):
        return replace(event, digest=renamed[event.digest])
    for nome, path, data in event.contents():
        name = secrets.found_in(data)
        if name is not None:
            raise SecretInPackage(nome, path, name)
    return event


# -- writing ------------------------------------------------------------------------------------------------


def entry_data(entry: Entry) -> Data:
    """Return an entry as plain data, without its event but for the kind of it."""
    return {
        "sequence": entry.sequence,
        "time": entry.time,
        "step": entry.step,
        "cell": entry.cell,
        "kind": entry.event.kind,
        "digest": entry.digest,
    }


def event_data(event: Event) -> Data:
    """Return what an event holds as plain data."""
    match event:
        case CaixaPut(package):
            files = {path: _packed(data) for path, data in package.files.items()}
            return {"manifest": package.manifest.text, "files": files}
        case FilePut(nome, path, data):
            return {"nome": nome, "path": path, "data": _packed(data)}
        case ComponentPut(nome, wasm):
            return {"nome": nome, "wasm": _packed(wasm)}
        case Derived(what, nome, cell):
            return {"what": what, "nome": nome, "cell": cell}
        case CellRun(name, text, language, defined):
            return {"name": name, "text": text, "language": language, "defined": list(defined)}
        case Moved(move, digest):
            return {"move": move.value, "digest": digest}


def _packed(data: bytes) -> str | Data:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": b64encode(data).decode()}


# -- reading ------------------------------------------------------------------------------------------------


def _object(line: str, number: int) -> Data:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise BadArchive(number, f"no JSON: {error}") from error
    except RecursionError as error:
        raise BadArchive(number, "nested too deep") from error
    if not isinstance(found, dict):
        raise BadArchive(number, "no JSON object")
    return found


def _entry(data: Data, number: int) -> Entry:
    try:
        event = _EVENTS[data["kind"]](data["event"])
        place, time, step = int(data["sequence"]), float(data["time"]), int(data["step"])
        return Entry(place, time, event, str(data["digest"]), step, str(data["cell"]))
    except KeyError as error:
        raise BadArchive(number, f"no {error.args[0]!r}") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise BadArchive(number, str(error)) from error


def _caixa_put(data: Data) -> CaixaPut:
    from caixa.lisp.source import Source  # noqa: PLC0415  # an archive without caixas reads no manifest
    from caixa.manifest.decode import read_manifest  # noqa: PLC0415  # likewise
    from caixa.manifest.package import MANIFEST, Package  # noqa: PLC0415  # likewise

    reading = read_manifest(Source(MANIFEST, data["manifest"]))
    nome = reading.caixa.nome if reading.caixa else "?"
    manifest = Source(f"{nome}/{MANIFEST}", data["manifest"])
    files = {path: _unpacked(each) for path, each in data["files"].items()}
    return CaixaPut(Package.from_reading(reading, manifest, files))


def _unpacked(data: str | Data) -> bytes:
    return data.encode() if isinstance(data, str) else b64decode(data["base64"], validate=True)


_EVENTS: Final[Mapping[str, Callable[[Data], Event]]] = {
    CaixaPut.kind: _caixa_put,
    FilePut.kind: lambda data: FilePut(data["nome"], data["path"], _unpacked(data["data"])),
    ComponentPut.kind: lambda data: ComponentPut(data["nome"], _unpacked(data["wasm"])),
    Derived.kind: lambda data: Derived(data["what"], data["nome"], data["cell"]),
    CellRun.kind: lambda data: CellRun(data["name"], data["text"], data["language"], tuple(data["defined"])),
    Moved.kind: lambda data: Moved(Move(data["move"]), data["digest"]),
}
