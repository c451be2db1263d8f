"""The reference of the language: what each name does, with examples that the tests execute.

What a name does is said once, where it is defined: the docstring of a native or of a library definition, or the
table in `special_forms`. Its examples stand once, in `examples/TOPIC.tlisp`, and also decide on which page the
name is explained:

    ;;;; Lists                         the title of the topic, and more such lines as its introduction
    ;;; car first                      these names (aliases together) are explained here
    (car '(1 2 3)) ; => 1              the value as `write` shows it
    (println "a" 1) ; prints a 1       what is written, a comment for each line
    (car '()) ; !! native-fn           the kind, or the tag, of the error

`(doc name)` and hover show the lines as they stand. Each name starts anew: nothing that another one's examples
define is there. `python -m caixa.lisp.reference docs/language/reference` writes the pages.
"""
