"""`caixa-lsp`: the server over stdin and stdout, on pygls."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Generator
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.exceptions import JsonRpcInvalidRequest, JsonRpcServerNotInitialized
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.language_server import lsp_method

from .features import FEATURES
from .project import Disk, Project
from .protocol import Wire, changes, path_of
from .session import Clock, Published, Session
from .text import Encoding

__all__ = ["Server", "main"]

_UNFIT: Final = "the server has been shut down, and takes no more requests"


class _Protocol(LanguageServerProtocol):
    """pygls's protocol, with our documents, the encoding that we like best, and the states of the protocol."""

    _server: Server
    _initialized = False

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Generator[Any, Any, types.InitializeResult]:
        """Choose UTF-8 if the editor knows it: our own offsets are close to it."""
        general = params.capabilities.general
        if general is not None and general.position_encodings:
            offered = list(general.position_encodings)
            general.position_encodings = sorted(
                offered, key=lambda each: each != types.PositionEncodingKind.Utf8
            )
        self._initialized = True
        result = yield from super().lsp_initialize(params)
        folders = [path_of(folder.uri) for folder in params.workspace_folders or ()]
        root = [path_of(params.root_uri)] if params.root_uri and not folders else []
        self._server.begin(result.capabilities.position_encoding or Encoding.UTF16, [*folders, *root])
        return result

    @lsp_method(types.EXIT)
    def lsp_exit(self, *args: Any) -> Generator[Any, Any, None]:
        """Leave with 0 after a shutdown, else with 1."""
        self._server.exit_code = 0 if self._shutdown else 1
        yield from super().lsp_exit(*args)

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        """Take in a document."""
        document = params.text_document
        self._server.session.open(path_of(document.uri), document.version, document.text)
        self._server.tell_later()

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Change a document."""
        document = params.text_document
        self._server.session.change(path_of(document.uri), document.version, changes(params.content_changes))
        self._server.tell_later()

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        """Let go of a document, and clear what was said of it."""
        found = self._server.session.close(path_of(params.text_document.uri))
        if found is not None:
            self._server.tell(found)
        self._server.tell_later()

    def handle_message(self, message: Any) -> None:
        """Take a message; refuse a request after the shutdown, which pygls would leave without an answer."""
        msg_id = getattr(message, "id", None)
        if self._shutdown and msg_id is not None and hasattr(message, "method"):
            self._refuse(msg_id, JsonRpcInvalidRequest(_UNFIT))
        else:
            super().handle_message(message)

    def _handle_request(self, msg_id: Any, method_name: str, params: Any) -> None:
        if not self._initialized and method_name != types.INITIALIZE:
            self._refuse(msg_id, JsonRpcServerNotInitialized("the first request is `initialize`"))
        elif self._initialized and method_name == types.INITIALIZE:
            self._refuse(msg_id, JsonRpcInvalidRequest("the server is initialized already"))
        else:
            super()._handle_request(msg_id, method_name, params)

    def _refuse(self, msg_id: Any, error: JsonRpcInvalidRequest | JsonRpcServerNotInitialized) -> None:
        self._send_response(msg_id, None, error.to_response_error())


class Server(LanguageServer):
    """The server: a session, its connection, and the one timer that answers bursts of changes."""

    def __init__(self, project: Project, clock: Clock = time.monotonic) -> None:
        """Serve the documents of `project`."""
        super().__init__("caixa-lsp", _version(), protocol_cls=_Protocol, converter_factory=get_converter)
        self.session = Session(project, clock)
        self.wire = Wire(project, Encoding.UTF16)
        self.exit_code = 1  # the editor went away without a word
        self._timer: asyncio.TimerHandle | None = None
        for name, (handler, options) in FEATURES.items():
            self.feature(name, options)(handler)

    def begin(self, encoding: str, folders: list[str]) -> None:
        """Count columns as was agreed, and know the folders of the editor."""
        self.session.encoding = Encoding(encoding)
        self.wire = Wire(self.session.project, self.session.encoding)
        self.session.project.folders = folders

    def tell(self, found: Published) -> None:
        """Tell the editor what is wrong with a document."""
        self.text_document_publish_diagnostics(self.wire.published(found))

    def tell_later(self) -> None:
        """Set the timer to when there is something to tell."""
        wait = self.session.debouncer.wait()
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if wait is None else asyncio.get_running_loop().call_later(wait, self._tell_due)

    def _tell_due(self) -> None:
        for found in self.session.poll():
            self.tell(found)
        self.tell_later()


def _version() -> str:
    try:
        return version("caixa-notebooks")
    except PackageNotFoundError:  # a source tree that was not installed
        return "0"


def main() -> None:
    """Serve until the editor says `exit`, or goes away."""
    output = sys.stdout.buffer
    sys.stdout = sys.stderr  # what a macro prints while it is expanded must not reach the editor
    server = Server(Project(Disk()))
    server.start_io(sys.stdin.buffer, output)
    sys.exit(server.exit_code)
