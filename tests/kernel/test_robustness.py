"""What should not be there is refused or survived, and nobody else notices."""

from .client import Frontend


def test_a_bad_signature_is_refused(kernel):
    stranger = kernel.manager.blocking_client()
    stranger.session.key = b"not the key"
    stranger.start_channels()
    try:
        stranger.execute("(define intruded 1)")
        stranger.complete("(ca")
        assert kernel.run("(+ 1 1)").result == "2"
        assert kernel.run("intruded").content["ename"] == "unbound-symbol"
        assert not stranger.shell_channel.msg_ready()
    finally:
        stranger.stop_channels()


def test_an_unknown_message_type_is_survived(kernel):
    for channel in ("shell", "control"):
        kernel.iopub(kernel.send("no_such_request", {}, channel=channel))
    assert kernel.run("(+ 1 1)").result == "2"


def test_a_request_without_its_content_is_survived(kernel):
    for kind in ("execute_request", "inspect_request", "complete_request"):
        kernel.iopub(kernel.send(kind, {}))
    assert kernel.run("(+ 1 1)").result == "2"


def test_a_subshell_that_is_not_there_is_an_error(kernel):
    message = kernel.client.session.msg("execute_request", {"code": "1", "silent": False})
    message["header"]["subshell_id"] = "nowhere"
    kernel.client.shell_channel.send(message)
    assert kernel.reply(message["header"]["msg_id"])["content"]["status"] == "error"


def test_two_kernels_share_nothing(kernel):
    other = Frontend()
    try:
        kernel.run("(define whose 1)")
        other.run("(define whose 2) (define only-here 3)")
        assert kernel.run("whose").result == "1"
        assert kernel.run("only-here").content["ename"] == "unbound-symbol"
        assert other.run("whose").result == "2"
    finally:
        other.close()


def test_a_front_end_that_comes_back_finds_the_state(kernel):
    kernel.run("(define remembered 7)")
    kernel.client.stop_channels()
    kernel.connect()
    assert kernel.run("remembered").result == "7"


def test_deep_recursion_is_an_error_or_a_value_and_never_the_end(kernel):
    deep = kernel.run("(define (deep n) (if (= n 0) 0 (+ 1 (deep (- n 1))))) (deep 100000)")
    assert deep.result == "100000"
    through_a_native = kernel.run(
        "(define (nest n) (if (= n 0) 0 (+ 1 (car (map nest (list (- n 1))))))) (nest 5000)"
    )
    assert through_a_native.result == "5000"
    endless = kernel.run("(define (endless n) (+ 1 (endless n))) (endless 0)")
    assert endless.content["ename"] == "recursion-limit"
    assert kernel.run("(+ 1 1)").result == "2"
