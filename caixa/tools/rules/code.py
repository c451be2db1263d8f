"""The rules on code, which ask what names mean after expansion."""

from __future__ import annotations

from typing import Final

from caixa.lisp.diagnostics import Severity

from .rule import Mending, Rule

__all__ = ["CODE"]

CODE: Final = (
    Rule(
        "unbound-name",
        Severity.ERROR,
        "A name means something: a definition, a variable around it, a native, or what is required.",
        "Define it, require it, or write the name that is meant.",
        "(define (twice x) (* 2 x)) (twice 4)",
        "(define (twice x) (* 2 x)) (twcie 4)",
        mending=Mending.UNSAFE,
    ),
    Rule(
        "wrong-arity",
        Severity.ERROR,
        "A call gives a procedure as many arguments as it takes.",
        "Give it what it takes.",
        "(define (twice x) (* 2 x)) (twice 4)",
        "(define (twice x) (* 2 x)) (twice 4 2)",
    ),
    Rule(
        "unreachable-code",
        Severity.WARNING,
        "Code can be reached: nothing follows what never returns.",
        "Remove it, or move it before.",
        '(define (check x) (println x) (throw (ex-info "no" x)))',
        '(define (check x) (throw (ex-info "no" x)) (println x))',
    ),
    Rule(
        "constant-test",
        Severity.WARNING,
        "A test can come out either way.",
        "Keep the branch that is taken, or test what varies.",
        "(define (sign x) (if (< x 0) -1 1))",
        "(define (sign x) (if #t -1 1))",
    ),
    Rule(
        "unused-import",
        Severity.WARNING,
        "What is required is used.",
        "Take it out.",
        '(require "./shapes" :as shapes) (shapes/area 1)',
        '(require "./shapes" :as shapes) (println 1)',
        mending=Mending.UNSAFE,
    ),
    Rule(
        "unused-local",
        Severity.HINT,
        "A local variable is read; a name that begins with _ says that it need not be.",
        "Remove it, or let its name begin with _.",
        "(define (first-of x _y) x)",
        "(define (first-of x y) x)",
    ),
    Rule(
        "shadowed-name",
        Severity.HINT,
        "A local variable or definition does not hide a native or a definition of the same name.",
        "Choose another name.",
        "(define (total numbers) (apply + numbers))",
        "(define (total list) (apply + list))",
    ),
    Rule(
        "not-expandable",
        Severity.ERROR,
        "Every form is well-formed, and its macros expand.",
        "Write the form as its message says.",
        "(define (sign x) (if (< x 0) -1 1))",
        "(if)",
    ),
)
