"""Verbs run and completed, from a terminal (`feira`) or from a notebook (`%caixa`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from glob import escape
from typing import TYPE_CHECKING, NamedTuple

import click

from .declaration import Answered, Call, Face, VerbGroup, eager_flag, help_of, to_command, usage_of
from .errors import UsageProblem
from .table import GROUPS, SHARED, VERBS

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from .results import Result
    from .workspace import Workspace

__all__ = ["Choice", "Face", "command_group", "complete", "invoke", "run", "verb_names"]


def verb_names(face: Face) -> list[str]:
    """Return the verbs of `face`, those of a group as `app graph`."""
    return [verb.name for verb in VERBS if _walk(command_group(face), verb.name)]


def _walk(group: click.Group, name: str) -> click.Command | None:
    command: click.Command | None = group
    for word in name.split():
        command = command.commands.get(word) if isinstance(command, click.Group) else None
    return command


@cache
def command_group(face: Face) -> click.Group:
    """Return every verb as click commands for `face`."""
    root = VerbGroup(
        face.value, "Packages, meshes and their manifests.", invoke_without_command=True, callback=_alone
    )
    for verb in VERBS:
        if verb.face not in (None, face):
            continue
        group: click.Group = root
        for word in verb.name.split()[:-1]:
            if word not in root.commands:
                root.add_command(VerbGroup(word, GROUPS[word]))
            found = root.commands[word]
            assert isinstance(found, click.Group)
            group = found
        group.add_command(to_command(verb, face, SHARED))
    if face is Face.TERMINAL:
        root.params.append(eager_flag("--version", text="Say the version.", answer=_version))
    return root


def _alone() -> None:
    """Answer with the help when no verb follows."""
    context = click.get_current_context()
    if context.invoked_subcommand is None:
        raise Answered(help_of(context))


def _version(_context: click.Context) -> Result:
    from .verbs.help import Version  # noqa: PLC0415 - rarely asked

    return Version.installed()


def invoke(call: Call, words: Sequence[str]) -> Result:
    """Run the verb that `words` say and return its answer; raises UsageProblem or what the verb raises."""
    group = command_group(call.face)
    try:
        with group.make_context(call.face.value, list(words), obj=call) as context:
            return _answer(group.invoke(context))
    except Answered as answered:
        return answered.answer
    except click.UsageError as error:
        raise _problem(error, call.face) from error


def _answer(value: object) -> Result:
    from .results import Result  # noqa: PLC0415 - only a verb that ran has one

    assert isinstance(value, Result)
    return value


def run(face: Face, words: Sequence[str], workspace: Workspace) -> Result:
    """Run the verb that `words` say, as a notebook does, in `workspace`; raises UsageProblem or its error."""
    return invoke(Call(face, workspace), words)


_EXTRA = "Got unexpected extra argument"  # as click says it, which has no class for it


def _problem(error: click.UsageError, face: Face) -> UsageProblem:
    said = error.message if isinstance(error, click.NoSuchOption) else error.format_message()
    message = said.strip().rstrip(".")
    usage, fix = "", f"{face.value} help shows the verbs"
    if error.ctx is not None:
        usage = usage_of(error.ctx)
        fix = _suggestion(error) or f"{error.ctx.command_path} --help explains each word"
    return UsageProblem(message[:1].lower() + message[1:], usage=usage, fix=fix)


def _suggestion(error: click.UsageError) -> str | None:
    if error.ctx is None:
        return None
    params = error.ctx.command.params
    known = [name.removeprefix("--") for param in params for name in param.opts if name.startswith("--")]
    if isinstance(error, click.NoSuchOption):
        near = get_close_matches(error.option_name, [f"--{name}" for name in known], n=1)  # --az is near --as
        return f"did you mean {near[0]}?" if near else None
    is_extra = error.message.startswith(_EXTRA)
    return "name a package by its directory: --path DIR" if is_extra and "path" in known else None


# -- completion -------------------------------------------------------------------------------------------


class Choice(NamedTuple):
    """One way to complete a word; `kind` is verb, flag or value."""

    value: str
    kind: str
    help: str


def complete(face: Face, words: Sequence[str], workspace: Workspace) -> list[Choice]:
    """Return the ways to complete the last of `words` (empty: what may come next); never raises."""
    from click.shell_completion import ShellComplete  # noqa: PLC0415 - a verb that runs needs none

    *before, last = words or [""]
    completer = ShellComplete(command_group(face), {"obj": Call(face, workspace)}, face.value, "")
    try:
        items = completer.get_completions(list(before), last)
        if not last and before and not _awaits_value(face, before):
            items += completer.get_completions(list(before), "--")
    except Exception:  # completion answers while a person types: no half-typed line may fail it
        return []
    kind = "value" if before and items and not _is_group(face, before) else "verb"
    return [
        Choice(item.value, "flag" if item.value.startswith("-") else kind, item.help or "")
        for item in _with_places(items, workspace)
    ]


def _with_places(items: Sequence[CompletionItem], workspace: Workspace) -> Iterator[CompletionItem]:
    """Yield the items; in the place of one that a shell would complete itself, the folders or files there."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415 - as above

    for item in items:
        if item.type == "plain":
            yield item
            continue
        folder, slash, name = item.value.rpartition("/")
        for entry in sorted(workspace.locate(f"{folder}{slash}" or ".").glob(f"{escape(name)}*")):
            is_shown = not entry.name.startswith(".") or name.startswith(".")
            if is_shown and (item.type == "file" or entry.is_dir()):
                yield CompletionItem(f"{folder}{slash}{entry.name}" + "/" * entry.is_dir())


def _is_group(face: Face, words: Sequence[str]) -> bool:
    return isinstance(_walk(command_group(face), " ".join(words)), click.Group)


def _awaits_value(face: Face, words: Sequence[str]) -> bool:
    """Whether the last word is an option that takes a value, so that no flag can come next."""
    command: click.Command | None = command_group(face)
    for word in words:
        if isinstance(command, click.Group) and word in command.commands:
            command = command.commands[word]
    params = command.params if command else []
    return any(isinstance(p, click.Option) and words[-1] in p.opts and not p.is_flag for p in params)
