"""The checks of a public kernel test-bed, by their names, through the installed kernelspec."""

from queue import Empty

import pytest
from jupyter_kernel_test.msgspec_v5 import validate_message


def test_heartbeat_responds(kernel):
    kernel.client.hb_channel.unpause()
    assert kernel.client.hb_channel.is_beating()


def test_iopub_welcome(kernel):
    kernel.client.iopub_channel.close()
    kernel.client.stop_channels()
    kernel.client = kernel.manager.blocking_client()
    kernel.client.start_channels()
    welcome = kernel.client.iopub_channel.get_msg(timeout=30)
    assert welcome["msg_type"] == "iopub_welcome"
    assert welcome["content"] == {"subscription": ""}
    kernel.client.wait_for_ready(timeout=30)


def test_kernel_info_reply_valid(kernel):
    request = kernel.client.kernel_info()
    reply = kernel.reply(request)
    validate_message(reply, "kernel_info_reply", request)
    assert reply["content"]["implementation"] == "caixa"
    assert "debugger" not in reply["content"]["supported_features"]


def test_kernel_info_has_language_info(kernel):
    info = kernel.reply(kernel.client.kernel_info())["content"]["language_info"]
    assert info["name"] == "tatara-lisp"
    assert info["file_extension"] == ".tlisp"
    assert info["codemirror_mode"] == info["pygments_lexer"] == "scheme"


def test_kernel_info_has_protocol_version(kernel):
    version = kernel.reply(kernel.client.kernel_info())["content"]["protocol_version"]
    assert tuple(map(int, version.split("."))) >= (5, 3)


def test_execute_stdout(kernel):
    assert kernel.run('(println "hello, world")').text() == "hello, world\n"


def test_execute_stderr(kernel):
    run = kernel.run('(eprintln "oh" 1)')
    assert run.text("stderr") == "oh 1\n"
    assert run.text() == ""


def test_execute_reply_ok(kernel):
    run = kernel.run("(define reply-ok 1)")
    validate_message(run.reply, "execute_reply")
    assert run.status == "ok"


def test_execute_result(kernel):
    assert kernel.run("(+ 1 2)").result == "3"


def test_execution_count_increments(kernel):
    first, second = kernel.run("1"), kernel.run("2")
    assert second.content["execution_count"] == first.content["execution_count"] + 1
    assert second.of("execute_result")[0]["content"]["execution_count"] == second.content["execution_count"]


def test_execute_input_broadcast(kernel):
    run = kernel.run("(+ 40 2)")
    [message] = run.of("execute_input")
    assert message["content"] == {"code": "(+ 40 2)", "execution_count": run.content["execution_count"]}


def test_status_busy_idle_lifecycle(kernel):
    run = kernel.run('(println "x") 1')
    assert run.kinds == ["status", "execute_input", "stream", "execute_result", "status"]
    assert run.states == ["busy", "idle"]


def test_parent_header_correlation(kernel):
    requests = [kernel.execute(f"(println {number})") for number in range(3)]
    for number, request in enumerate(requests):
        run = kernel.finish(request)
        assert run.text() == f"{number}\n"
        assert {m["parent_header"]["session"] for m in run.messages} == {kernel.client.session.session}


def test_error_handling(kernel):
    run = kernel.run('(println "before")\n(+ 1 (car 5))')
    assert run.kinds == ["status", "execute_input", "stream", "error", "status"]
    [error] = run.of("error")
    assert run.status == "error"
    assert {key: run.content[key] for key in ("ename", "evalue", "traceback")} == error["content"]
    assert error["content"]["ename"] == "type-mismatch"


def test_complete_request(kernel):
    kernel.run("(define completable-name 1)")
    reply = kernel.reply(kernel.client.complete("(+ completable-", 15))["content"]
    assert reply["matches"] == ["completable-name"]
    assert (reply["cursor_start"], reply["cursor_end"]) == (3, 15)


def test_inspect_request(kernel):
    reply = kernel.reply(kernel.client.inspect("(car x)", 3))["content"]
    assert reply["found"]
    assert "car" in reply["data"]["text/plain"]
    assert not kernel.reply(kernel.client.inspect("(no-such-name-anywhere)", 5))["content"]["found"]


@pytest.mark.parametrize("code", ["(+ 1 2)", "", '"text"', "; only a comment"])
def test_is_complete_complete(kernel, code):
    assert kernel.reply(kernel.client.is_complete(code))["content"] == {"status": "complete"}


@pytest.mark.parametrize("code", ["(define (f x)", '"open', "(let ((x 1))\n  (+ x"])
def test_is_complete_incomplete(kernel, code):
    content = kernel.reply(kernel.client.is_complete(code))["content"]
    assert content["status"] == "incomplete"
    assert content["indent"].isspace() or content["indent"] == ""


def test_history_request(kernel):
    kernel.run('"for the history"')
    reply = kernel.reply(kernel.client.history(hist_access_type="tail", n=1, output=True))["content"]
    [[_, _, [source, output]]] = reply["history"]
    assert (source, output) == ('"for the history"', '"for the history"')


def test_stdin_input_request(kernel):
    request = kernel.execute('(string-append "got " (read-line "name? "))', allow_stdin=True)
    asked = kernel.client.get_stdin_msg(timeout=30)
    assert asked["msg_type"] == "input_request"
    assert asked["content"] == {"prompt": "name? ", "password": False}
    kernel.client.input("ana")
    assert kernel.finish(request).result == '"got ana"'


def test_display_data(kernel):
    [message] = kernel.run('(show "text/html" "<b>x</b>")').of("display_data")
    validate_message(message, "display_data")
    assert message["content"]["data"]["text/html"] == "<b>x</b>"


def test_update_display_data(kernel):
    kernel.run('(show "text/html" "<b>old</b>" "the-one")')
    [message] = kernel.run('(show-again "text/html" "<b>new</b>" "the-one")').of("update_display_data")
    assert message["content"]["transient"] == {"display_id": "the-one"}
    assert message["content"]["data"]["text/html"] == "<b>new</b>"


def test_clear_output(kernel):
    run = kernel.run('(println "gone") (clear-output) (println "stays")')
    assert [kind for kind in run.kinds if kind != "status"] == [
        "execute_input",
        "stream",
        "clear_output",
        "stream",
    ]


def test_rich_execute_result(kernel):
    run = kernel.run('(defcaixa :nome "rico" :versao "0.1.0" :kind Biblioteca)')
    assert run.status == "ok", run.content
    [message] = run.of("execute_result", "display_data")
    assert {"text/plain", "text/html"} <= message["content"]["data"].keys()


def test_comm_info_request(kernel):
    reply = kernel.reply(kernel.client.comm_info())
    validate_message(reply, "comm_info_reply")
    assert reply["content"] == {"status": "ok", "comms": {}}


def test_comms_lifecycle(kernel):
    opened = kernel.send("comm_open", {"comm_id": "c1", "target_name": "nobody-here", "data": {}})
    [closed] = [message for message in kernel.iopub(opened) if message["msg_type"] == "comm_close"]
    assert closed["content"]["comm_id"] == "c1"
    for kind in ("comm_msg", "comm_close"):
        assert {m["msg_type"] for m in kernel.iopub(kernel.send(kind, {"comm_id": "c1", "data": {}}))} == {
            "status"
        }
    assert kernel.reply(kernel.client.comm_info())["content"]["comms"] == {}


def test_interrupt_request(kernel):
    request = kernel.execute('(println "in") (define (spin) (spin)) (spin)')
    kernel.heard(request, "in")
    stop = kernel.send("interrupt_request", {}, channel="control")
    assert kernel.reply(stop, "control")["content"] == {"status": "ok"}
    assert kernel.reply(request)["content"]["ename"] == "KeyboardInterrupt"


def test_shutdown_reply(own_kernel):
    request = own_kernel.send("shutdown_request", {"restart": False}, channel="control")
    reply = own_kernel.reply(request, "control")
    validate_message(reply, "shutdown_reply", request)
    assert reply["content"] == {"status": "ok", "restart": False}
    assert any(m["msg_type"] == "shutdown_reply" for m in until_shutdown(own_kernel))


def until_shutdown(frontend):
    while True:
        try:
            message = frontend.client.iopub_channel.get_msg(timeout=10)
        except Empty:
            return
        yield message
        if message["msg_type"] == "shutdown_reply":
            return
