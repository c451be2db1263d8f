"""How a verb is declared: once, for the terminal and for the notebook, as parameters that click understands.

The two faces differ in one thing: a terminal names a package by its directory (`--path DIR`), a notebook by its
name (`NAME`). Everything else (flags, help, completion) is the same declaration.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from caixa.lisp.diagnostics import Reportable

from .errors import UsageProblem

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from .results import Result
    from .workspace import Workspace

__all__ = [
    "Answered",
    "Call",
    "Face",
    "Param",
    "Verb",
    "VerbGroup",
    "argument",
    "current_face",
    "eager_flag",
    "flag",
    "help_of",
    "option",
    "owner",
    "subject",
    "subjects",
    "to_command",
    "usage_of",
    "wants_json",
]

# Help is wrapped here, whatever the terminal: what it says must not depend on who asks.
CONTEXT: dict[str, Any] = {"terminal_width": 100}


class Face(Enum):
    """Who says the words: a terminal or a notebook; the value is what stands before them."""

    TERMINAL = "feira"
    MAGIC = "%caixa"


@dataclass
class Call:
    """One use of a verb: its face, the workspace it works in, and whether colours were declined."""

    face: Face
    workspace: Workspace
    is_plain: bool = False


Choices = Callable[[click.Context], Sequence[str]]
Param = Callable[[Face], click.Parameter | None]


@dataclass(frozen=True)
class Verb:
    """A verb: its name, one sentence, the function that does it, and its parameters.

    `function` is `module:name` in `feira.verbs`, imported on first use; it takes the workspace and the
    parameters by name, and returns a Result. A verb with a `face` is there on that one only.
    """

    name: str
    summary: str
    function: str
    params: tuple[Param, ...] = ()
    examples: tuple[str, ...] = field(default=())
    face: Face | None = None
    in_notebook: tuple[str, ...] = ()  # examples there, where a package is named first

    def load(self) -> Callable[..., Result]:
        """Return the function."""
        module, _, name = self.function.partition(":")
        loaded: Callable[..., Result] = getattr(import_module(f"feira.verbs.{module}"), name)
        return loaded


class Answered(Exception):
    """An eager flag has the answer; nothing else of the line matters."""

    def __init__(self, answer: Result) -> None:
        """Carry the answer."""
        super().__init__()
        self.answer = answer


def eager_flag(*names: str, text: str, answer: Callable[[click.Context], Result]) -> click.Option:
    """Return a flag that answers instead of printing and leaving, so that a notebook can show what it says."""

    def reply(context: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
        if value and not context.resilient_parsing:
            raise Answered(answer(context))

    return click.Option(names, is_flag=True, is_eager=True, expose_value=False, callback=reply, help=text)


def _help_option() -> click.Option:
    return eager_flag("--help", "-h", text="Explain this.", answer=help_of)


def help_of(context: click.Context) -> Result:
    """Return the help of the verb, or group of verbs, that `context` stands at."""
    from .verbs.help import Help  # noqa: PLC0415 - most verbs run without

    return Help.of(context)


class VerbGroup(click.Group):
    """Verbs in the order of their declaration; an unknown one is answered with the nearest."""

    def __init__(self, name: str, summary: str, **rest: Any) -> None:
        """Begin without verbs."""
        rest |= {"add_help_option": False, "no_args_is_help": False, "context_settings": CONTEXT}
        super().__init__(name, help=summary, short_help=summary, params=[_help_option()], **rest)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the verbs as declared."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb that the first word names. Raises UsageProblem."""
        if self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing and not args[0].startswith("-"):
            near = get_close_matches(args[0], self.commands, n=1)
            fix = (
                f"did you mean {ctx.command_path} {near[0]}?"
                if near
                else f"the verbs: {', '.join(self.commands)}"
            )
            message = f"{ctx.command_path} has no verb {args[0]!r}"
            raise UsageProblem(message, usage=usage_of(ctx), fix=fix, word=args[0], suggestions=near)
        return super().resolve_command(ctx, args)


class WordsCommand(click.Command):
    """A verb whose words may be negative numbers, which are not taken for flags."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse as usual, unknown flags left among the words; then refuse those that are no numbers."""
        before_dashes = args[: args.index("--")] if "--" in args else list(args)
        rest = super().parse_args(ctx, args)
        for word in ctx.params.get("words") or ():
            if word in before_dashes and word.startswith("-") and not _NUMBER.match(word):
                known = [name for param in self.params for name in param.opts]
                raise click.NoSuchOption(word, possibilities=known, ctx=ctx)
        return rest


_NUMBER = re.compile(r"-(\.?\d|inf|nan)", re.IGNORECASE)


def usage_of(ctx: click.Context) -> str:
    """Return the line that shows how the verb is used."""
    return " ".join(ctx.get_usage().removeprefix("Usage: ").split())


# -- parameters -------------------------------------------------------------------------------------------


def flag(*names: str, text: str, face: Face | None = None) -> Param:
    """Return a switch, on one face only if `face` is given."""
    return lambda at: click.Option(names, is_flag=True, help=text) if face in (None, at) else None


def option(
    *names: str,
    text: str,
    metavar: str | None = None,
    choices: Sequence[str] = (),
    complete: Choices | None = None,
    face: Face | None = None,
    **rest: Any,
) -> Param:
    """Return an option with a value: one of the fixed `choices`, or any text, completed with `complete`."""
    kind = click.Choice(choices, case_sensitive=False) if choices else rest.pop("type", click.STRING)

    offered = (lambda _context: choices) if choices else complete  # click would complete them in lower case

    def make(at: Face) -> click.Option | None:
        if face not in (None, at):
            return None
        return click.Option(
            names, type=kind, help=text, metavar=metavar, shell_complete=_completer(offered, metavar), **rest
        )

    return make


def argument(
    name: str, *, metavar: str, complete: Choices | None = None, face: Face | None = None, **rest: Any
) -> Param:
    """Return a word, or with `nargs=-1` any number of them."""

    def make(at: Face) -> click.Argument | None:
        if face not in (None, at):
            return None
        return click.Argument([name], metavar=metavar, shell_complete=_completer(complete, metavar), **rest)

    return make


def current_face() -> Face:
    """Return the face of the words that are being run; a terminal's where a verb is called as a function."""
    context = click.get_current_context(silent=True)
    return context.obj.face if context is not None and isinstance(context.obj, Call) else Face.TERMINAL


def wants_json() -> bool:
    """Whether the words that are being run ask for JSON."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.params.get("json"))


def subject(at: Face) -> click.Parameter:
    """Return what names the package: `--path DIR` on a terminal, `NAME` in a notebook."""
    if at is Face.TERMINAL:
        return click.Option(
            ["--path", "subject"],
            metavar="DIR",
            help="The package's directory. [default: .]",
            shell_complete=_completer(None, "DIR"),
        )
    return click.Argument(["subject"], metavar="[NAME]", required=False, shell_complete=_completer(names))


def owner(at: Face) -> click.Parameter:
    """Return what names the package where a verb's words name something else: `--path DIR`, or `--of NAME`."""
    if at is Face.TERMINAL:
        return subject(at)
    return click.Option(
        ["--of", "subject"], metavar="NAME", help="The package.", shell_complete=_completer(names)
    )


def subjects(at: Face) -> click.Parameter:
    """Return one or two packages: directories on a terminal, names in a notebook."""
    metavar = "OLD [NEW]" if at is Face.TERMINAL else "[NAME] [NAME]"
    return click.Argument(
        ["subjects"], metavar=metavar, nargs=-1, required=False, shell_complete=_completer(names)
    )


def names(context: click.Context) -> Sequence[str]:
    """Return the packages of the workspace."""
    call: Call = context.obj
    return call.workspace.names()


# Folders and files, which a shell completes itself, by the word that stands for one in the usage.
_PLACES = {"DIR": "dir", "FILE": "file", "FILE.ipynb": "file", "[PATH]...": "file"}


def _completer(choices: Choices | None, metavar: str | None = None) -> Callable[..., list[CompletionItem]]:
    """Return what completes a word: the `choices` that begin with it in either case, else a place."""
    if choices is None:
        return _nothing if metavar not in _PLACES else partial(_place, _PLACES[metavar])

    def complete(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - only completion needs it

        try:
            known = choices(ctx)
        except (
            Reportable,
            OSError,
        ):  # a package that does not read has no names, and the shell no use for errors
            return []
        return [CompletionItem(each) for each in known if each.lower().startswith(incomplete.lower())]

    return complete


def _place(kind: str, _ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem  # noqa: PLC0415 - only completion needs it

    return [CompletionItem(incomplete, type=kind)]


def _nothing(_ctx: click.Context, _param: click.Parameter, _incomplete: str) -> list[CompletionItem]:
    return []


# -- commands ---------------------------------------------------------------------------------------------


def to_command(verb: Verb, face: Face, shared: Sequence[Param]) -> click.Command:
    """Return `verb` as a click command for `face`; `shared` are parameters that every verb has."""
    params = [param for make in (*verb.params, *shared) if (param := make(face)) is not None]
    takes_words = any(isinstance(param, click.Argument) and param.name == "words" for param in params)
    make = WordsCommand if takes_words else click.Command
    return make(
        verb.name.split()[-1],
        params=[*params, _help_option()],
        callback=_callback(verb),
        help=verb.summary,
        short_help=verb.summary,
        epilog=_epilog(verb, face),
        add_help_option=False,
        context_settings=CONTEXT | {"ignore_unknown_options": takes_words},
    )


def _epilog(verb: Verb, face: Face) -> str | None:
    examples = (verb.in_notebook if face is Face.MAGIC else ()) or verb.examples
    lines = "\n".join(f"  {face.value} {example}" for example in examples)
    return f"\b\nExamples:\n{lines}" if examples else None


def _callback(verb: Verb) -> Callable[..., Result]:
    def run(**values: Any) -> Result:
        from .results import AsJson  # noqa: PLC0415 - help needs none

        call: Call = click.get_current_context().obj
        as_json, call.is_plain = values.pop("json"), values.pop("no_color", False)
        folders = values.pop("members", ())
        if folders:
            call.workspace.look_in(folders)  # type: ignore[attr-defined]  # --members exists on a terminal only
        result = verb.load()(call.workspace, **values)
        return AsJson(result) if as_json else result

    return run
