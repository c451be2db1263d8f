"""An interpreter that keeps a log of what happens in which order, and one whose questions a script answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from caixa.lisp.conditions import Answer, Question, Unattended
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.printer import display
from caixa.lisp.source import Source

LOG = "(define log (list)) (define (note x) (set! log (cons x log)) x)"


@pytest.fixture
def logged(interpreter: Interpreter) -> Callable[[str], str]:
    """Evaluate a text, and return its value and what it noted, in order: `value | a b c`."""

    def run(text: str) -> str:
        value = interpreter.evaluate(Source("cell", f"{LOG}\n{text}"))
        noted = " ".join(map(display, reversed(list(interpreter.names["log"]))))
        return f"{display(value)} | {noted}".strip()

    return run


class Script:
    """Answers questions in turn: the number of a restart and Lisp texts as arguments, or None for the error."""

    def __init__(self, answers: Sequence[tuple[object, ...] | None]) -> None:
        self._answers = list(answers)
        self.questions: list[Question] = []

    def __call__(self, question: Question) -> Answer | None:
        self.questions.append(question)
        if not self._answers:
            raise Unattended
        answer = self._answers.pop(0)
        if answer is None:
            return None
        number, *texts = answer
        return Answer(number - 1, [question.evaluate(text) for text in texts])


@pytest.fixture
def scripted() -> Callable[..., tuple[Interpreter, Script]]:
    """Return an interpreter and the script that its questions go to."""

    def make(*answers: tuple[object, ...] | None) -> tuple[Interpreter, Script]:
        script = Script(answers)
        return Interpreter(choose=script), script

    return make
