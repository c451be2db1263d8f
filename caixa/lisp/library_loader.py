"""The library that is written in Lisp: compiled once, kept as marshalled code, run at start.

The cache lies in the user's cache directory, under a name made of the library's text and of what else the code
depends on; if it cannot be read or written, the library is compiled anew.
"""

from __future__ import annotations

import marshal
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import source_hash
from pathlib import Path
from types import CodeType, FunctionType

from .compiler.compilation import fill_constants
from .data import quote
from .expander import Macro
from .expander.definitions import macro_definition
from .library import library_sources
from .namespace import Namespace
from .printer import write
from .reader import read
from .source import Source, Span
from .syntax import Form, Node

__all__ = ["load_library"]

_VERSION = 1  # of what is stored
_Step = tuple[CodeType, str, tuple[str, str, int, int] | None]
"""Code, its constants as text, and of a macro its name, its parameters and its span."""

_Filled = tuple[CodeType, tuple[str, str, int, int] | None, str]
"""Code with its constants, what there is to know of a macro, and the name of the source."""

_compiled: dict[bool, list[_Filled]] = {}
"""The library as it is, and with its work counted, each once it was asked for."""


def load_library(namespace: Namespace) -> None:
    """Define the library's functions and macros in `namespace`, whose names are those of the language."""
    sources = library_sources()
    is_metered = namespace.programs.budget is not None
    for source in sources:
        namespace.programs.add_source(source)
    compiled = _compiled.get(is_metered)  # shared by all interpreters of the process
    if compiled is None:
        path = _cache_path(sources, is_metered=is_metered)
        steps = _read_cache(path)
        if steps is None:
            steps = list(_compile_all(sources, namespace))
            _write_cache(path, steps)
        compiled = _compiled[is_metered] = [_filled(step) for step in steps]
    for code, macro, source_name in compiled:
        value = FunctionType(code, namespace.names)()
        if macro is not None:
            name, params, start, end = macro
            assert isinstance(value, FunctionType)
            namespace.macros[name] = Macro(name, value, params, value.__doc__, Span(source_name, start, end))


def _filled(step: _Step) -> _Filled:
    code, text, macro = step
    constants = [quote(form) for form in read(Source("library constants", text)).forms] if text else []
    return fill_constants(code, constants), macro, code.co_filename


def _compile_all(sources: Sequence[Source], namespace: Namespace) -> Iterator[_Step]:
    for source in sources:
        pending: list[Node] = list(reversed(read(source).forms))
        while pending:
            node = namespace.expander.program_head(pending.pop())
            if isinstance(node, Form) and node.head == "begin" and len(node) > 1:
                pending.extend(reversed(node.items[1:]))
                continue
            yield _compile_step(node, namespace)


def _compile_step(node: Node, namespace: Namespace) -> _Step:
    programs = namespace.programs
    if isinstance(node, Form) and node.head == "defmacro":
        name, lambda_, params = macro_definition(namespace.expander, node)
        code, constants = programs.compile(lambda_, node.span, namespace)
        function = FunctionType(fill_constants(code, constants), namespace.names)()
        assert isinstance(function, FunctionType)
        namespace.macros[name] = Macro(name, function, params, lambda_.doc, node.span)
        return code, _as_text(constants), (name, params, node.span.start, node.span.end)
    code, constants = programs.compile(namespace.expander.program(node), node.span, namespace)
    FunctionType(fill_constants(code, constants), namespace.names)()
    return code, _as_text(constants), None


def _as_text(constants: Sequence[object]) -> str:
    return "\n".join([write(constant) for constant in constants])


# -- the cache --------------------------------------------------------------------------------------------


def _cache_path(sources: Sequence[Source], *, is_metered: bool) -> Path:
    """Return where the library compiled from `sources` by this very compiler is kept."""
    here = Path(__file__).parent
    stats = [
        (path.name, path.stat())
        for folder in ("", "compiler", "expander")
        for path in (here / folder).glob("*.py")
    ]
    parts = sorted(f"{name} {stat.st_size} {stat.st_mtime_ns}" for name, stat in stats)
    parts += [source.text for source in sources]
    digest = source_hash("\n".join(parts).encode()).hex()
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    kind = "metered" if is_metered else "library"
    name = f"{kind}-{_VERSION}-{sys.implementation.cache_tag}-{digest}.bin"
    return Path(base) / "caixa-notebooks" / name


def _read_cache(path: Path) -> list[_Step] | None:
    try:
        steps: list[_Step] = marshal.loads(path.read_bytes())  # noqa: S302  # the user's own cache, as Python's is
    except (OSError, ValueError, EOFError, TypeError):
        return None
    return steps


def _write_cache(path: Path, steps: Sequence[_Step]) -> None:
    """Write the cache whole or not at all; a start without one is slow, not wrong."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(marshal.dumps(list(steps)))
        os.replace(temporary, path)
    except OSError:
        return
