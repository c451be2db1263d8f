"""An error message says what, where, why and what to do; its colours add nothing to the text."""

import re

from hypothesis import given
from hypothesis import strategies as st

from caixa.lisp.diagnostics import Diagnostic, Reportable, Severity
from caixa.lisp.source import Source
from caixa_kernel.report import colour, report

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def problem():
    source = Source("cell 3", "(car\n 5)")
    span = source.span(6, 7)
    diagnostic = Diagnostic(
        "type-mismatch",
        Severity.ERROR,
        span,
        "expected a list, got int",
        why="car takes a list",
        fix="Give a list.",
    )
    return Reportable(diagnostic), {"cell 3": source}


def test_a_reportable_error_is_its_rendering_with_the_caret_under_the_sub_form():
    error, sources = problem()
    told = report(error, sources)
    assert (told.ename, told.evalue) == ("type-mismatch", "expected a list, got int")
    plain = [ANSI.sub("", line) for line in told.traceback]
    assert plain == error.render(sources).split("\n")
    assert plain[2].index("5") == plain[3].index("^")


def test_the_headline_and_the_caret_are_red():
    error, sources = problem()
    traceback = report(error, sources).traceback
    assert traceback[0].startswith("\x1b[1;31merror[type-mismatch]\x1b[0m")
    assert traceback[3].endswith("\x1b[1;31m^\x1b[0m")


@given(st.text(alphabet=st.sampled_from("error[x]: |^ 12\n\twhyfi")))
def test_colours_never_change_the_text(text):
    assert ANSI.sub("", colour(text)) == text


def test_an_interrupt_is_called_by_its_protocol_name():
    told = report(KeyboardInterrupt(), {})
    assert told.ename == "KeyboardInterrupt"
    assert "stopped" in told.traceback[0]


def test_an_exit_is_refused_with_what_to_do_instead():
    told = report(SystemExit(0), {})
    assert told.ename == "exit-refused"
    assert any("Restart Kernel" in line for line in told.traceback)


def test_a_foreign_exception_keeps_its_python_traceback():
    try:
        {}["absent"]
    except KeyError as error:
        told = report(error, {})
    assert told.ename == "KeyError"
    assert "test_report.py" in "\n".join(told.traceback)


class Unprintable(Reportable):
    def render(self, sources):
        raise ZeroDivisionError


def test_an_error_that_cannot_be_rendered_is_still_reported():
    told = report(Unprintable(Diagnostic("odd", Severity.ERROR, None, "odd")), {})
    assert told.ename == "Unprintable"
