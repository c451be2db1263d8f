"""Between our values and those of the language server protocol: the only place that knows both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from caixa.lisp.diagnostics import Diagnostic, Severity

from .checking import Finding
from .completing import Item
from .explaining import Called
from .navigation import Located
from .project import Project
from .session import Change, Published
from .symbols import Found, Symbol
from .text import Encoding, Place, Range, Text
from .tokens import Splice

__all__ = ["Wire", "changes", "markdown", "path_of", "uri_of"]

_SEVERITIES: Final = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
    Severity.HINT: types.DiagnosticSeverity.Hint,
}
_ITEM_KINDS: Final = {
    "function": types.CompletionItemKind.Function,
    "macro": types.CompletionItemKind.Keyword,
    "special-form": types.CompletionItemKind.Keyword,
    "keyword": types.CompletionItemKind.Property,
    "slot": types.CompletionItemKind.Property,
    "enum": types.CompletionItemKind.EnumMember,
    "boolean": types.CompletionItemKind.Value,
    "example": types.CompletionItemKind.Snippet,
    "membro": types.CompletionItemKind.Reference,
    "caixa": types.CompletionItemKind.Module,
    "test": types.CompletionItemKind.Event,
}
_SYMBOL_KINDS: Final = {
    "function": types.SymbolKind.Function,
    "variable": types.SymbolKind.Variable,
    "macro": types.SymbolKind.Operator,
    "test": types.SymbolKind.Event,
    "caixa": types.SymbolKind.Package,
    "typed": types.SymbolKind.Struct,
    "slot": types.SymbolKind.Property,
}


def path_of(uri: str) -> str:
    """Return the path of a file's URI; another URI stands for itself."""
    return (to_fs_path(uri) or uri) if uri.startswith("file:") else uri


def uri_of(path: str) -> str:
    """Return the URI of what `path_of` returned."""
    return (from_fs_path(path) or path) if path.startswith("/") or path[1:2] == ":" else path


def markdown(text: str) -> types.MarkupContent:
    """Return a text that is shown as Markdown."""
    return types.MarkupContent(types.MarkupKind.Markdown, text)


def changes(found: Iterable[types.TextDocumentContentChangeEvent]) -> list[Change]:
    """Return the changes that an editor made."""
    return [_change(each) for each in found]


def _change(each: types.TextDocumentContentChangeEvent) -> Change:
    if isinstance(each, types.TextDocumentContentChangePartial):
        start, end = each.range.start, each.range.end
        return Change(each.text, Place(start.line, start.character), Place(end.line, end.character))
    return Change(each.text)


class Wire:
    """Ranges in the units that were agreed on, and what is made of them."""

    def __init__(self, project: Project, encoding: Encoding) -> None:
        """Count columns in units of `encoding`; texts of other documents come from `project`."""
        self.project, self.encoding = project, encoding

    # -- places ---------------------------------------------------------------------------------------------

    def position(self, text: Text, at: int) -> types.Position:
        """Return the position of a character."""
        return types.Position(*text.place(at, self.encoding))

    def range(self, text: Text, place: Range) -> types.Range:
        """Return a range."""
        return types.Range(self.position(text, place.start), self.position(text, place.end))

    def index(self, text: Text, position: types.Position) -> int:
        """Return the character that a position means."""
        return text.index(Place(position.line, position.character), self.encoding)

    def place(self, text: Text, range_: types.Range) -> Range:
        """Return the characters that a range means."""
        return Range(self.index(text, range_.start), self.index(text, range_.end))

    def location(self, located: Located) -> types.Location | None:
        """Return a range of any document; None if that is gone."""
        index = self.project.index(located.path)
        if index is None:
            return None
        return types.Location(uri_of(located.path), self.range(index.text, located.place))

    def locations(self, found: Iterable[Located]) -> list[types.Location]:
        """Return ranges of any documents."""
        return [location for each in found if (location := self.location(each)) is not None]

    def edits(self, text: Text, found: Iterable[tuple[Range, str]]) -> list[types.TextEdit]:
        """Return changes of a document."""
        return [types.TextEdit(self.range(text, place), new) for place, new in found]

    # -- findings -------------------------------------------------------------------------------------------

    def published(self, found: Published) -> types.PublishDiagnosticsParams:
        """Return what is told about a document."""
        diagnostics = [self.diagnostic(found.text, each) for each in found.findings]
        return types.PublishDiagnosticsParams(uri_of(found.path), diagnostics, found.version)

    def diagnostic(self, text: Text, finding: Finding) -> types.Diagnostic:
        """Return one finding."""
        found = finding.diagnostic
        return types.Diagnostic(
            self.range(text, finding.place),
            _message(found),
            severity=_SEVERITIES[found.severity],
            code=found.code,
            source="caixa",
        )

    def action(self, uri: str, version: int | None, text: Text, finding: Finding) -> types.CodeAction:
        """Return the edits of a finding as an action."""
        document = types.OptionalVersionedTextDocumentIdentifier(uri, version)
        edit = types.TextDocumentEdit(document, list(self.edits(text, finding.edits)))
        return types.CodeAction(
            finding.diagnostic.fix or f"Fix {finding.diagnostic.code}",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[self.diagnostic(text, finding)],
            edit=types.WorkspaceEdit(document_changes=[edit]),
            is_preferred=finding.is_safe,
        )

    # -- names ----------------------------------------------------------------------------------------------

    def item(self, text: Text, item: Item) -> types.CompletionItem:
        """Return a suggestion; what is known of it is asked for later."""
        return types.CompletionItem(
            item.text,
            kind=_ITEM_KINDS.get(item.kind, types.CompletionItemKind.Variable),
            detail=item.detail or None,
            documentation=markdown(item.doc) if item.doc else None,
            text_edit=types.TextEdit(self.range(text, item.place), item.text),
            filter_text=item.text,
            sort_text=f"{0 if item.kind in ('local', 'slot', 'enum') else 1 if item.path else 2}{item.text}",
            data={"path": item.path, "name": item.name} if item.name else None,
        )

    def symbol(self, text: Text, symbol: Symbol) -> types.DocumentSymbol:
        """Return a part of an outline."""
        return types.DocumentSymbol(
            symbol.name or "?",
            _SYMBOL_KINDS.get(symbol.kind, types.SymbolKind.Namespace),
            self.range(text, symbol.whole),
            self.range(text, symbol.place),
            detail=symbol.detail or None,
            children=[self.symbol(text, each) for each in symbol.inside],
        )

    def found(self, each: Found) -> types.WorkspaceSymbol | None:
        """Return a definition of any document."""
        location = self.location(Located(each.path, each.symbol.place))
        if location is None:
            return None
        kind = _SYMBOL_KINDS.get(each.symbol.kind, types.SymbolKind.Namespace)
        return types.WorkspaceSymbol(location, each.symbol.name, kind)


def _message(found: Diagnostic) -> str:
    return "\n".join(each for each in (found.message, found.why, found.fix) if each)


def signature_help(called: Called) -> types.SignatureHelp:
    """Return how something is called."""
    signatures = [
        types.SignatureInformation(
            each.label,
            documentation=markdown(called.doc) if called.doc else None,
            parameters=[types.ParameterInformation((place.start, place.end)) for place in each.parameters],
            active_parameter=each.active,
        )
        for each in called.signatures
    ]
    active = called.signatures[called.chosen].active
    return types.SignatureHelp(signatures, called.chosen, active)


def token_edits(found: Splice | None) -> list[types.SemanticTokensEdit]:
    """Return the change from one list of tokens to another."""
    return [] if found is None else [types.SemanticTokensEdit(found.start, found.removed, list(found.data))]


def selection(wire: Wire, text: Text, ranges: Sequence[Range]) -> types.SelectionRange:
    """Return ranges, the innermost first, each as the one inside the next."""
    chain: types.SelectionRange | None = None
    for place in reversed(ranges):
        chain = types.SelectionRange(wire.range(text, place), chain)
    assert chain is not None  # everything is around every place
    return chain
