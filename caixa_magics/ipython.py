"""The magics in a plain Python notebook, after `%load_ext caixa_magics`: a session beside IPython's names.

IPython's names win where both have one: `%%file` writes a file of the folder there, so a file of a caixa is
written with `%%caixa file NAME PATH`.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from types import MappingProxyType
from typing import Any

from caixa.lisp.conditions import Unattended
from caixa.lisp.diagnostics import Reportable

from .notebook import Notebook

__all__ = ["CellFailed", "IPythonDisplay", "Magics", "Shown"]


class IPythonDisplay:
    """The display of a notebook, by IPython's own functions."""

    def show(
        self,
        bundle: Mapping[str, Any],  # the protocol calls it so
        metadata: Mapping[str, Any] = MappingProxyType({}),
        *,
        display_id: str | None = None,
        update: bool = False,
    ) -> None:
        """Show a MIME bundle as the output of the running cell."""
        from IPython.display import display  # noqa: PLC0415  # IPython is there when this runs

        show: Any = display  # IPython publishes it without types
        show(dict(bundle), raw=True, metadata=dict(metadata), display_id=display_id, update=update)

    def clear(self, *, wait: bool = False) -> None:
        """Take back what the cell has shown."""
        from IPython.display import clear_output  # noqa: PLC0415  # as above

        clear: Any = clear_output  # IPython publishes it without types
        clear(wait=wait)


class Shown:
    """A value of the session as IPython's result: it shows as it would in a notebook of our own kernel."""

    def __init__(self, value: object, bundle: tuple[dict[str, Any], dict[str, Any]]) -> None:
        """Keep the value, and what it looks like now: the data of its MIME bundle, and the metadata."""
        self.value = value
        self._bundle = bundle

    def __repr__(self) -> str:
        return str(self._bundle[0]["text/plain"])

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return self._bundle


class CellFailed(Exception):
    """An error of a magic, which IPython shows in its own words instead of a Python traceback."""

    def __init__(self, error: Reportable, text: str) -> None:
        """Keep `error`, and its words, with the lines that it points into."""
        super().__init__(text)
        self.error = error

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


class Magics:
    """What `%load_ext` registers: a notebook, and a function for each magic."""

    def __init__(self, shell: Any) -> None:
        """Open a session beside the names of `shell`."""
        self.shell = shell
        self.notebook = Notebook(IPythonDisplay(), ask=self._ask)
        self._numbers = count(1)

    def register(self) -> None:
        """Make `%caixa`, `%%caixa` and `%%wasm` known to the shell, with completion of the first."""
        self.shell.register_magic_function(self.line, "line", "caixa")
        self.shell.register_magic_function(lambda line, cell: self.cell("caixa", line, cell), "cell", "caixa")
        self.shell.register_magic_function(lambda line, cell: self.cell("wasm", line, cell), "cell", "wasm")
        self.shell.set_hook("complete_command", self.complete, str_key="%caixa")

    def line(self, line: str) -> Shown | None:
        """Run `%caixa …`."""
        return self._run(f"%caixa {line}")

    def cell(self, name: str, line: str, cell: str) -> Shown | None:
        """Run `%%caixa …` or `%%wasm …`."""
        return self._run(f"%%{name} {line}\n{cell}")

    def complete(self, _shell: Any, event: Any) -> list[str]:
        """Return what may stand at the end of the line that IPython is asked to complete."""
        found = self.notebook.complete(event.line, len(event.line))
        return [match.text for match in found.matches]

    def _ask(self, prompt: str) -> str:
        """Ask as IPython asks; where it cannot, nobody is there."""
        try:
            return input(prompt)
        except NotImplementedError:  # StdinNotImplementedError, whose module only a kernel loads
            raise Unattended from None

    def _run(self, text: str) -> Shown | None:
        try:
            value = self.notebook.run_cell(text, f"caixa cell {next(self._numbers)}")
        except Reportable as error:
            raise CellFailed(
                error, self.notebook.session.secrets.redact(error.render(self.notebook.sources()))
            ) from None
        return None if value is None else Shown(value, self.notebook.bundle(value))
