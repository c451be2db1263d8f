"""A report of tests in a notebook: as text what `run-tests` prints, and beside it a table."""

from __future__ import annotations

from caixa_magics.mime import bundle

TESTS = '(deftest good "It is <good>." (is #t))\n(deftest bad (is (equal? 1 "<b>")))\n(run-tests)'


def test_a_report_has_the_text_that_it_prints_and_a_row_for_each_test(notebook):
    data, _ = bundle(notebook.session.run(TESTS, "cell 1").value)
    assert data["text/plain"].splitlines()[:3] == [
        "✓ good: It is <good>.",
        "✗ bad",
        '    error[check-failed]: (equal? 1 "<b>") is #f',
    ]
    html = data["text/html"]
    assert "2 tests, 1 failed" in html
    assert html.count("<tr>") == 3
    assert "It is &lt;good&gt;." in html
    assert "&lt;b&gt;" in html


def test_a_report_of_no_tests_is_only_text(notebook):
    data, _ = bundle(notebook.session.run("(run-tests)", "cell 1").value)
    assert list(data) == ["text/plain"]
