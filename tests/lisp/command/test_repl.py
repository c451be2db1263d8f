"""The REPL: inputs of several lines, answers, errors that leave nothing, keys, and a real terminal."""

from __future__ import annotations

import io
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from contextlib import ExitStack

import pytest
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from caixa.lisp.command.repl import Conversation
from caixa.lisp.command.repl.commands import COMMANDS, UnknownCommand, as_program
from caixa.lisp.command.repl.editor import Editor, NameCompleter, history_path
from caixa.lisp.command.repl.lines import Lines
from caixa.lisp.interpreter import Interpreter

ENTER, UP, CTRL_C, CTRL_D = "\r", "\x1b[A", "\x03", "\x04"


@pytest.fixture
def converse(interpreter):
    """Feed lines to a REPL; return what it answers and what it says besides."""

    def run(text: str) -> tuple[str, str]:
        output, errors = io.StringIO(), io.StringIO()
        Conversation(interpreter, Lines(io.StringIO(text)), output, errors).run()
        return output.getvalue(), errors.getvalue().partition("\n")[2]

    return run


def test_each_input_is_answered_with_its_value_unless_that_is_nil(converse):
    assert converse('(define x 2)\n(* x\n   21)\n\'(a "b")\nnil\n') == ('42\n(a "b")\n', "")


def test_an_error_is_shown_as_in_a_cell_and_nothing_of_its_input_stays(converse):
    output, errors = converse("(define x 1)\n(begin (define x 2) (car x))\nx\n")
    assert output == "1\n"
    assert errors.splitlines()[:2] == [
        "error[type-mismatch]: expected pair, got int",
        "  in input 2, line 1, column 21",
    ]


def test_an_input_that_can_never_be_complete_is_an_error_at_once(converse):
    output, errors = converse(")\n1\n")
    assert output == "1\n"
    assert errors.startswith("error[reader]")


def test_the_last_values_have_names(converse):
    assert converse("1\n2\nnil\n3\n(list *1 *2 *3)\n")[0] == "1\n2\n3\n(3 2 1)\n"


@pytest.mark.parametrize("end", [",quit", ",q", ",exit"])
def test_a_command_ends_it(converse, end):
    assert converse(f"1\n{end}\n2\n")[0] == "1\n"


def test_the_program_can_end_it_with_a_status(converse):
    with pytest.raises(SystemExit) as caught:
        converse("(exit 3)\n")
    assert caught.value.code == 3


@pytest.mark.parametrize(
    ("command", "program"),
    [
        (",doc map", "(doc map)"),
        (",apropos ^map", '(apropos "^map")'),
        (",expand (when 1 2)", "(macroexpand '(when 1 2))"),
        (",time  (f)", "(time (f))"),
        (",test", "(run-tests )"),
        ("(f)", "(f)"),
    ],
)
def test_a_command_is_short_for_a_form(command, program):
    assert as_program(command) == program


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "source"])
def test_every_command_runs(interpreter, converse, name, capsys):
    words = {"doc": "map", "apropos": "map", "expand": "(when 1 2)", "time": "(+ 1 1)"}.get(name, "")
    assert converse(f",{name} {words}\n")[1] == ""


def test_an_unknown_command_is_told_the_known_ones(converse):
    assert ",doc" in converse(",nope\n")[1]
    with pytest.raises(UnknownCommand):
        as_program(",")


def test_an_evaluation_that_is_stopped_leaves_nothing_and_the_conversation_goes_on(interpreter):
    class Inputs:
        texts = iter(["(define x 1)", "(begin (define x 2) (stop))", "x"])

        def read(self) -> str:
            try:
                return next(self.texts)
            except StopIteration:
                raise EOFError from None

    def stop() -> None:
        raise KeyboardInterrupt

    interpreter.names["stop"] = stop
    output, errors = io.StringIO(), io.StringIO()
    assert Conversation(interpreter, Inputs(), output, errors).run() == 0
    assert output.getvalue() == "1\n"
    assert errors.getvalue().endswith("stopped\n")


# -- the line editor --------------------------------------------------------------------------------------


@pytest.fixture
def editor(tmp_path):
    """An editor and the keys that are pressed in it."""
    with ExitStack() as stack:

        def make(interpreter: Interpreter, keys: str, *, history: str = "history") -> Editor:
            pipe = stack.enter_context(create_pipe_input())
            pipe.send_text(keys)
            return Editor(interpreter, history=tmp_path / history, input=pipe, output=DummyOutput())

        yield make


def test_enter_ends_an_input_that_is_complete_and_else_begins_an_indented_line(interpreter, editor):
    reading = editor(interpreter, f"(define (f x){ENTER}x){ENTER}(f 1){ENTER}")
    assert [reading.read(), reading.read()] == ["(define (f x)\n  x)", "(f 1)"]


def test_a_command_is_one_line_whatever_its_brackets(interpreter, editor):
    assert editor(interpreter, f",expand (when{ENTER}").read() == ",expand (when"


def test_ctrl_c_gives_an_input_up_and_ctrl_d_ends(interpreter, editor):
    reading = editor(interpreter, f"(abc{CTRL_C}{CTRL_D}")
    with pytest.raises(KeyboardInterrupt):
        reading.read()
    with pytest.raises(EOFError):
        reading.read()


def test_earlier_inputs_come_back_in_the_next_conversation(interpreter, editor):
    editor(interpreter, f"(+ 1 2){ENTER}").read()
    assert editor(interpreter, f"{UP}{ENTER}").read() == "(+ 1 2)"


def test_without_a_place_for_the_history_there_is_none(interpreter, editor, tmp_path):
    (tmp_path / "file").write_text("")
    assert editor(interpreter, f"1{ENTER}", history="file/history").read() == "1"


def test_the_history_is_in_the_users_directory_for_state(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert history_path() == tmp_path / "caixa-notebooks" / "lisp-history"


@pytest.mark.parametrize(
    ("text", "name", "meta"),
    [
        ("(string-app", "string-append", "(string-append"),
        ("(f (my-f", "my-function", "(my-function x)"),
        (",do", "doc", "NAME"),
    ],
)
def test_names_are_completed_with_how_they_are_called(interpreter, run, text, name, meta):
    run("(define (my-function x) x)")
    (found,) = NameCompleter(interpreter).get_completions(Document(text), None)
    assert found.text == name
    assert found.display_meta_text.startswith(meta)


# -- a terminal -------------------------------------------------------------------------------------------


class Terminal:
    """`caixa-lisp` on a terminal of its own."""

    def __init__(self, home: str) -> None:
        self._main, child = pty.openpty()
        environment = {**os.environ, "XDG_STATE_HOME": home, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "feira.lisp"],
            stdin=child,
            stdout=child,
            stderr=child,
            env=environment,
            start_new_session=True,
        )
        os.close(child)
        self._seen = ""

    def type(self, text: str) -> None:
        os.write(self._main, text.encode())

    def expect(self, text: str, seconds: float = 30) -> None:
        """Wait until `text` is on the terminal, and forget what came before its end."""
        deadline = time.monotonic() + seconds
        while text not in self._seen:
            ready, _, _ = select.select([self._main], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"no {text!r} in {self._seen!r}"
            self._seen += re.sub(
                r"\x1b\[[0-9;?]*[a-zA-Z]", "", os.read(self._main, 65536).decode(errors="replace")
            )
        self._seen = self._seen.partition(text)[2]

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._main)


def test_on_a_terminal_inputs_are_answered_ctrl_c_stops_one_and_ctrl_d_leaves(tmp_path):
    terminal = Terminal(str(tmp_path))
    try:
        terminal.expect("λ")
        terminal.type("(define kept (* 6 7))\r")
        terminal.expect("λ")
        terminal.type('(begin (println "started") (let loop () (loop)))\r')
        terminal.expect("started\r\n")
        os.kill(terminal.process.pid, signal.SIGINT)
        terminal.expect("stopped")
        terminal.expect("λ")
        terminal.type("(list kept)\r")
        terminal.expect("(42)")
        terminal.expect("λ")
        terminal.type(CTRL_D)
        assert terminal.process.wait(timeout=30) == 0
    finally:
        terminal.close()
