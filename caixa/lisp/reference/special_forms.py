"""What each special form does: how it is written, and one sentence (language.md section 4.3)."""

from __future__ import annotations

__all__ = ["SPECIAL_FORM_DOCS"]

SPECIAL_FORM_DOCS: dict[str, tuple[str, str]] = {
    "and": ("(and e …)", "Return the first false value, or the last value; without any, #t."),
    "begin": ("(begin e …)", "Evaluate in order and return the last value."),
    "cond": (
        "(cond (test body …) (test => function) … (else body …))",
        "Evaluate the body of the first true test (without one, return the test's value); nil if none is true.",
    ),
    "defcheck": ("(defcheck name (params …) body …)", "Define a macro; another name of `defmacro`."),
    "define": (
        "(define name e) (define (name params …) [doc] body …)",
        "Bind a name, to a value or to a function, and return nil; inside a body the name is local.",
    ),
    "defmacro": (
        "(defmacro name (params …) [doc] body …)",
        "Define a macro: a function from the code of its arguments to the code that stands in for the call.",
    ),
    "defn": (
        "(defn name [doc] (params …) body …)",
        "Define a function, as Clojure writes it; the shape of `define` is taken too.",
    ),
    "defpoint-template": (
        "(defpoint-template name (params …) body …)",
        "Define a macro; another name of `defmacro`.",
    ),
    "deftest": (
        '(deftest name ["doc"] body …)',
        "Define a test of this namespace, which `run-tests` runs; `is` and `is-error` in it check.",
    ),
    "delay": ("(delay e)", "Return a promise that evaluates the expression once, when it is forced."),
    "do": (
        "(do ((name init [step]) …) (test result …) body …)",
        "Run the body until the test is true, then return the result; each turn gives the names their steps.",
    ),
    "eval": (
        "(eval e)",
        "Evaluate the value of an expression as code, which sees the variables of the place where it stands.",
    ),
    "fn": ("(fn (params …) body …)", "Return a function; another name of `lambda`."),
    "handler-bind": (
        "(handler-bind ((test function) …) body …)",
        "Evaluate the body; where an error happens, each handler whose tag or predicate fits is called first.",
    ),
    "handler-case": (
        "(handler-case e (test (name) body …) …)",
        "Evaluate an expression, or, of an error that a tag or predicate fits, the body of its clause.",
    ),
    "if": ("(if test then [else])", "Evaluate one of two expressions; only nil and #f are false."),
    "importar": (
        '(importar :caixa "name" [:versao "^1"] [:as alias] [:refer (name …)] [:reload])',
        "Load a library of the session or of the lock file, and bind what it provides, as `require` does.",
    ),
    "is": (
        "(is e [message])",
        "Check that an expression is true; if not, the test fails and shows the values of its operands.",
    ),
    "is-error": (
        "(is-error tag body …)",
        "Check that the body raises an error of a kind or tag, and return the error value.",
    ),
    "is?": ("(is? value type)", "Return whether a value has a type, which is written as it is or computed."),
    "lambda": (
        "(lambda (params …) body …)",
        "Return a function; parameters may be &optional, &key, &rest, or patterns of lists.",
    ),
    "let": (
        "(let ((name e) …) body …) (let name ((name e) …) body …)",
        "Bind names, or patterns of lists, for the body; with a name first, a loop that calls itself by it.",
    ),
    "let*": ("(let* ((name e) …) body …)", "Bind names one after another, each seeing those before it."),
    "let*-values": (
        "(let*-values (((name …) e) …) body …)",
        "Bind several values, as `values` makes them, one binding after another.",
    ),
    "let-values": ("(let-values (((name …) e) …) body …)", "Bind the several values that `values` makes."),
    "letrec": ("(letrec ((name e) …) body …)", "Bind names that can refer to each other."),
    "letrec*": ("(letrec* ((name e) …) body …)", "Bind names that can refer to each other, in order."),
    "macroexpand": ("(macroexpand form)", "Return a form, as data, with every macro call in it expanded."),
    "macroexpand-1": (
        "(macroexpand-1 form)",
        "Return a form, as data, with the macro call at its head expanded once.",
    ),
    "not": ("(not e)", "Return whether a value is nil or #f."),
    "or": ("(or e …)", "Return the first true value, or the last value; without any, #f."),
    "parameterize": (
        "(parameterize ((parameter e) …) body …)",
        "Let parameters have other values while the body runs, and whatever it calls.",
    ),
    "provide": ("(provide name …)", "Say which names a module lends to those who require it."),
    "quasiquote": (
        "`template",
        "Return data as it is written, with `,e` replaced by a value and `,@e` by its elements.",
    ),
    "quote": ("'data", "Return data as it is written."),
    "require": (
        '(require "path" [:as alias] [:refer (name …)] [:reload])',
        "Load a module, once, and bind what it provides as `alias/name`, and the referred names bare.",
    ),
    "restart-case": (
        "(restart-case e (name (params …) [:report text] [:interactive function] body …) …)",
        "Evaluate an expression around which restarts stand: invoking one leaves it and evaluates that clause.",
    ),
    "run-tests": (
        "(run-tests [pattern])",
        "Run the tests of this namespace whose names a pattern finds; return a report.",
    ),
    "set!": ("(set! name e)", "Change what an existing name is bound to, and return nil."),
    "the": ("(the type e)", "Return a value that has a type; throw a `type-mismatch` if it has not."),
    "try": (
        "(try body … (catch (e [:tag]) handler …) … [(finally cleanup …)])",
        "Evaluate the body; of an error, evaluate the first handler whose tag fits; in any case, the cleanup.",
    ),
    "unless": ("(unless test body …)", "Evaluate the body if the test is false, else return nil."),
    "when": ("(when test body …)", "Evaluate the body if the test is true, else return nil."),
}
"""Of each special form, how it is written and what it does."""
