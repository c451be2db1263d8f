"""The public suite `jupyter_kernel_test`, with every attribute set, so that none of its checks skips."""
# ruff: noqa: RUF012 - the suite reads plain class attributes

import jupyter_kernel_test as suite


class TestCaixaKernel(suite.KernelTests):
    kernel_name = "caixa"
    language_name = "tatara-lisp"
    file_extension = ".tlisp"
    code_hello_world = '(println "hello, world")'
    code_stderr = '(eprintln "oops")'
    completion_samples = [
        {"text": "(string-app", "matches": {"string-append"}},
        {"text": "(lamb", "matches": {"lambda"}},
    ]
    complete_code_samples = ["(+ 1 2)", "(define (f x)\n  (* x x))", '"text"', "'(a . (b))"]
    incomplete_code_samples = ["(+ 1", "(define (f x)\n", '"text', "#| open"]
    invalid_code_samples = ["(+ 1 2))", ")"]
    code_page_something = "car?"
    code_generate_error = "(car 5)"
    code_execute_result = [
        {"code": "(+ 1 2 3)", "result": "6"},
        {"code": '(string-append "a" "b")', "result": '"ab"'},
        {"code": "(map (lambda (x) (* x x)) (list 1 2 3))", "result": "(1 4 9)"},
    ]
    code_display_data = [{"code": '(show "text/html" "<b>x</b>")', "mime": "text/html"}]
    code_history_pattern = "(+ 1*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "string-append"
    code_clear_output = "(clear-output)"

    def test_every_attribute_is_set(self):
        unset = [
            name
            for name in vars(suite.KernelTests)
            if not name.startswith(("_", "test")) and not getattr(self, name)
        ]
        assert [name for name in unset if not callable(getattr(self, name))] == []


class TestWelcome(suite.IopubWelcomeTests):
    kernel_name = "caixa"
    support_iopub_welcome = True
