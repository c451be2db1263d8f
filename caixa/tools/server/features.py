"""Each request of the protocol: where the cursor is, the function that answers, and the answer for the wire."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from caixa.lisp.diagnostics import Reportable

from ..formatting.style import Style
from . import checking, completing, explaining, navigation, structure, symbols, tokens
from .index import Index
from .protocol import Wire, markdown, path_of, selection, signature_help, token_edits, uri_of
from .session import Session

__all__ = ["FEATURES", "Editor"]

_REQUEST_FAILED: Final = -32803
_Handler = Callable[..., Any]
FEATURES: dict[str, tuple[_Handler, Any]] = {}
"""The handler of each request, and what the server says of it in its capabilities."""


class Editor(Protocol):
    """What handlers are given: the documents of an editor, and how to write to it."""

    session: Session
    wire: Wire

    def tell_later(self) -> None:
        """Tell the editor what is wrong with its documents, when they are quiet."""


class _Positioned(Protocol):
    """The parameters of a request about a place."""

    text_document: types.TextDocumentIdentifier
    position: types.Position


def _answers(name: str, options: object = None) -> Callable[[_Handler], _Handler]:
    def enter(handler: _Handler) -> _Handler:
        FEATURES[name] = handler, options
        return handler

    return enter


def _index(ls: Editor, uri: str) -> Index | None:
    return ls.session.index(path_of(uri))


def _at(ls: Editor, params: _Positioned) -> tuple[Index, int] | None:
    index = _index(ls, params.text_document.uri)
    return None if index is None else (index, ls.wire.index(index.text, params.position))


# -- names ------------------------------------------------------------------------------------------------


@_answers(types.TEXT_DOCUMENT_DEFINITION)
def _definition(ls: Editor, params: types.DefinitionParams) -> list[types.Location]:
    at = _at(ls, params)
    return ls.wire.locations(navigation.definitions(ls.session.project, *at)) if at else []


@_answers(types.TEXT_DOCUMENT_REFERENCES)
def _references(ls: Editor, params: types.ReferenceParams) -> list[types.Location]:
    at = _at(ls, params)
    if at is None:
        return []
    declared = params.context.include_declaration
    return ls.wire.locations(navigation.references(ls.session.project, *at, declared=declared))


@_answers(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
def _highlight(ls: Editor, params: types.DocumentHighlightParams) -> list[types.DocumentHighlight]:
    at = _at(ls, params)
    if at is None:
        return []
    kinds = types.DocumentHighlightKind
    return [
        types.DocumentHighlight(ls.wire.range(at[0].text, place), kinds.Write if writes else kinds.Read)
        for place, writes in navigation.highlights(ls.session.project, *at)
    ]


@_answers(types.TEXT_DOCUMENT_PREPARE_RENAME)
def _prepare_rename(ls: Editor, params: types.PrepareRenameParams) -> types.Range | None:
    at = _at(ls, params)
    if at is None:
        return None
    try:
        return ls.wire.range(at[0].text, navigation.renamable(ls.session.project, *at))
    except navigation.RenameRefused as error:
        raise _failed(error) from None


@_answers(types.TEXT_DOCUMENT_RENAME)
def _rename(ls: Editor, params: types.RenameParams) -> types.WorkspaceEdit | None:
    at = _at(ls, params)
    if at is None:
        return None
    try:
        changes = navigation.renamed(ls.session.project, *at, params.new_name)
    except navigation.RenameRefused as error:
        raise _failed(error) from None
    edits: list[types.TextDocumentEdit] = []
    for path, places in changes.items():
        index = ls.session.index(path)
        if index is not None:
            document = types.OptionalVersionedTextDocumentIdentifier(uri_of(path), ls.session.version(path))
            new = [(place, params.new_name) for place in sorted(places)]
            edits.append(types.TextDocumentEdit(document, list(ls.wire.edits(index.text, new))))
    return types.WorkspaceEdit(document_changes=list(edits))


def _failed(error: Reportable) -> JsonRpcException:
    found = error.diagnostics[0]
    return JsonRpcException(f"{found.message}. {found.fix}".strip(), _REQUEST_FAILED)


# -- help -------------------------------------------------------------------------------------------------


@_answers(
    types.TEXT_DOCUMENT_COMPLETION,
    types.CompletionOptions(trigger_characters=["(", ":", "/"], resolve_provider=True),
)
def _completion(ls: Editor, params: types.CompletionParams) -> types.CompletionList:
    at = _at(ls, params)
    found = completing.complete(ls.session.project, *at) if at else []
    items = [ls.wire.item(at[0].text, item) for item in found] if at else []
    return types.CompletionList(is_incomplete=False, items=items)


@_answers(types.COMPLETION_ITEM_RESOLVE)
def _resolve(ls: Editor, item: types.CompletionItem) -> types.CompletionItem:
    data = item.data if isinstance(item.data, dict) else {}
    if item.documentation is None and data.get("name"):
        text = explaining.about(ls.session.project, data.get("path"), data["name"])
        item.documentation = markdown(text) if text is not None else None
    return item


@_answers(types.TEXT_DOCUMENT_HOVER)
def _hover(ls: Editor, params: types.HoverParams) -> types.Hover | None:
    at = _at(ls, params)
    found = explaining.hover(ls.session.project, *at) if at else None
    if at is None or found is None:
        return None
    return types.Hover(markdown(found[0]), ls.wire.range(at[0].text, found[1]))


@_answers(
    types.TEXT_DOCUMENT_SIGNATURE_HELP,
    types.SignatureHelpOptions(trigger_characters=[" "], retrigger_characters=[" ", ")"]),
)
def _signature(ls: Editor, params: types.SignatureHelpParams) -> types.SignatureHelp | None:
    at = _at(ls, params)
    called = explaining.signature(ls.session.project, *at) if at else None
    return None if called is None else signature_help(called)


@_answers(
    types.TEXT_DOCUMENT_CODE_ACTION,
    types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix]),
)
def _actions(ls: Editor, params: types.CodeActionParams) -> list[types.CodeAction]:
    uri = params.text_document.uri
    index = _index(ls, uri)
    if index is None:
        return []
    found = checking.fixes(ls.session.project, index, ls.wire.place(index.text, params.range))
    version = ls.session.version(index.path)
    return [ls.wire.action(uri, version, index.text, each) for each in found]


# -- the whole document -----------------------------------------------------------------------------------


@_answers(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
def _symbols(ls: Editor, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
    index = _index(ls, params.text_document.uri)
    return [ls.wire.symbol(index.text, each) for each in symbols.symbols(index)] if index else []


@_answers(types.WORKSPACE_SYMBOL)
def _search(ls: Editor, params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol]:
    found = symbols.search(ls.session.project, params.query)
    return [symbol for each in found if (symbol := ls.wire.found(each)) is not None]


def _style(ls: Editor, index: Index) -> Style:
    return ls.session.project.style(index.path)


@_answers(types.TEXT_DOCUMENT_FORMATTING)
def _formatting(ls: Editor, params: types.DocumentFormattingParams) -> list[types.TextEdit]:
    index = _index(ls, params.text_document.uri)
    return ls.wire.edits(index.text, structure.format_edits(index, _style(ls, index))) if index else []


@_answers(types.TEXT_DOCUMENT_RANGE_FORMATTING)
def _range_formatting(ls: Editor, params: types.DocumentRangeFormattingParams) -> list[types.TextEdit]:
    index = _index(ls, params.text_document.uri)
    if index is None:
        return []
    place = ls.wire.place(index.text, params.range)
    return ls.wire.edits(index.text, structure.format_edits(index, _style(ls, index), place))


@_answers(types.TEXT_DOCUMENT_FOLDING_RANGE)
def _folding(ls: Editor, params: types.FoldingRangeParams) -> list[types.FoldingRange]:
    index = _index(ls, params.text_document.uri)
    found = structure.folds(index) if index else []
    return [types.FoldingRange(first, last, kind=types.FoldingRangeKind(kind)) for first, last, kind in found]


@_answers(types.TEXT_DOCUMENT_SELECTION_RANGE)
def _selection(ls: Editor, params: types.SelectionRangeParams) -> list[types.SelectionRange]:
    index = _index(ls, params.text_document.uri)
    if index is None:
        return []
    places = (ls.wire.index(index.text, position) for position in params.positions)
    return [selection(ls.wire, index.text, structure.selections(index, at)) for at in places]


# -- tokens -----------------------------------------------------------------------------------------------

_LEGEND: Final = types.SemanticTokensLegend(
    token_types=list(tokens.TYPES), token_modifiers=list(tokens.MODIFIERS)
)


def _token_data(ls: Editor, uri: str) -> tuple[Index, list[int]] | None:
    index = _index(ls, uri)
    if index is None:
        return None
    found = tokens.tokens(ls.session.project, index)
    return index, tokens.encoded(index.text, found, ls.wire.encoding)


@_answers(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, _LEGEND)
def _tokens(ls: Editor, params: types.SemanticTokensParams) -> types.SemanticTokens | None:
    found = _token_data(ls, params.text_document.uri)
    if found is None:
        return None
    return types.SemanticTokens(found[1], result_id=ls.session.tokens.keep(found[0].path, found[1]))


@_answers(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL_DELTA, _LEGEND)
def _token_delta(
    ls: Editor, params: types.SemanticTokensDeltaParams
) -> types.SemanticTokens | types.SemanticTokensDelta | None:
    found = _token_data(ls, params.text_document.uri)
    if found is None:
        return None
    before = ls.session.tokens.known(found[0].path, params.previous_result_id)
    number = ls.session.tokens.keep(found[0].path, found[1])
    if before is None:
        return types.SemanticTokens(found[1], result_id=number)
    return types.SemanticTokensDelta(token_edits(tokens.splice(before, found[1])), result_id=number)


@_answers(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, _LEGEND)
def _range_tokens(ls: Editor, params: types.SemanticTokensRangeParams) -> types.SemanticTokens | None:
    index = _index(ls, params.text_document.uri)
    if index is None:
        return None
    found = tokens.tokens(ls.session.project, index, ls.wire.place(index.text, params.range))
    return types.SemanticTokens(tokens.encoded(index.text, found, ls.wire.encoding))


# -- files ------------------------------------------------------------------------------------------------


@_answers(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
def _files_changed(ls: Editor, _params: types.DidChangeWatchedFilesParams) -> None:
    ls.session.files_changed()
    ls.tell_later()
