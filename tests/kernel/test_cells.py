"""A cell's request is honoured to the letter: silence, history, expressions, queues, help, large output."""

import pytest


def test_a_silent_cell_says_nothing_and_is_not_counted(kernel):
    before = kernel.run("1").content["execution_count"]
    run = kernel.run('(println "unheard") (show "text/plain" "unseen") (define silent-name 5)', silent=True)
    assert run.kinds == ["status", "status"]
    assert kernel.run("silent-name").content["execution_count"] == before + 1


def test_a_silent_error_is_in_the_reply_only(kernel):
    run = kernel.run("(car 5)", silent=True)
    assert run.kinds == ["status", "status"]
    assert run.content["ename"] == "type-mismatch"


def test_a_cell_that_is_not_stored_has_no_number_and_no_history(kernel):
    before = kernel.run("1").content["execution_count"]
    run = kernel.run("(+ 20 3)", store_history=False)
    assert run.result == "23"
    after = kernel.run("2")
    assert after.content["execution_count"] == before + 1
    tail = kernel.reply(kernel.client.history(hist_access_type="tail", n=2))["content"]["history"]
    assert [source for _, _, source in tail] == ["1", "2"]


def test_user_expressions_are_evaluated_each_for_itself(kernel):
    run = kernel.run("(define ue 6)", user_expressions={"good": "(* ue 7)", "bad": "(car ue)"})
    assert run.status == "ok"
    good, bad = run.content["user_expressions"]["good"], run.content["user_expressions"]["bad"]
    assert (good["status"], good["data"]["text/plain"]) == ("ok", "42")
    assert (bad["status"], bad["ename"]) == ("error", "type-mismatch")


def test_an_error_aborts_the_queue(kernel):
    requests = [
        kernel.execute(code)
        for code in ("(define (down n) (if (= n 0) (car 5) (down (- n 1)))) (down 100000)", "1", "2")
    ]
    assert [kernel.reply(request)["content"]["status"] for request in requests] == [
        "error",
        "aborted",
        "aborted",
    ]
    assert kernel.run("3").result == "3"


def test_a_cell_sent_in_answer_to_an_error_runs(kernel):
    for number in range(50):
        failed = kernel.execute("(car 5)")
        assert kernel.reply(failed)["content"]["status"] == "error"
        assert kernel.run(f"(+ {number} 1)").result == str(number + 1)


def test_cells_sent_in_one_burst_with_an_error_are_aborted(kernel):
    for _ in range(20):
        requests = [kernel.execute(code) for code in ("(car 5)", "1", "2")]
        assert [kernel.reply(each)["content"]["status"] for each in requests] == ["error", "aborted", "aborted"]


def test_an_error_spares_the_queue_if_the_request_says_so(kernel):
    requests = [kernel.execute("(car 5)", stop_on_error=False), kernel.execute("1")]
    assert [kernel.reply(request)["content"]["status"] for request in requests] == ["error", "ok"]


def test_an_error_points_at_the_sub_form(kernel):
    [error] = kernel.run("(define y 1)\n(+ y (car 5))").of("error")
    text = "\n".join(error["content"]["traceback"])
    assert "\x1b[1;31m" in text
    assert "line 2" in text


@pytest.mark.parametrize("code", ["car?", "?car", "car??", "  car?\n"])
def test_a_question_opens_the_pager(kernel, code):
    [payload] = kernel.run(code).content["payload"]
    assert payload["source"] == "page"
    assert "car" in payload["data"]["text/plain"]


def test_a_function_whose_name_ends_in_a_question_mark_is_a_value(kernel):
    run = kernel.run("(define done? #t) done?")
    assert run.result == "#t"
    run = kernel.run("done?")
    assert run.content["payload"] == []
    assert run.result == "#t"


def test_input_is_refused_clearly_where_the_front_end_has_none(kernel):
    run = kernel.run('(read-line "x")')
    assert run.content["ename"] == "input-unavailable"
    assert "JupyterLab" in "\n".join(run.content["traceback"])


def test_ten_thousand_lines_arrive_whole_in_few_messages(kernel):
    run = kernel.run("(define (lines n) (when (<= n 10000) (println n) (lines (+ n 1)))) (lines 1)")
    assert run.text().splitlines() == [str(number) for number in range(1, 10001)]
    assert len(run.of("stream")) <= 10


def test_one_line_of_ten_megabytes_arrives_whole(kernel):
    run = kernel.run('(println (string-repeat "0123456789" 1000000))')
    assert run.text() == "0123456789" * 1_000_000 + "\n"


@pytest.mark.parametrize("before", ["", "é", "日本", "😀", "a😀b"])
def test_positions_are_code_points(kernel, before):
    code = f'(list "{before}" (string-app'
    reply = kernel.reply(kernel.client.complete(code + " 1)", len(code)))["content"]
    assert "string-append" in reply["matches"]
    assert (reply["cursor_start"], reply["cursor_end"]) == (len(code) - len("string-app"), len(code))
    inspected = kernel.reply(kernel.client.inspect(f'"{before}" car', len(before) + 5))["content"]
    assert inspected["found"]
