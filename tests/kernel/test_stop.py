"""Stop, through the kernelspec's own interrupt mode, ends what runs, keeps the state, spares what follows."""

import subprocess
from time import perf_counter, sleep

import psutil
import pytest

TIMES = 20
SECONDS = 5.0  # generous, for a machine that does other work; bench/ measures what it takes on a quiet one

SPIN = '(define lost 1) (println "in") (define (spin n) (spin (+ n 1))) (spin 0)'

COMPONENT = """%%wasm laco
(module (func (export "girar") (loop $again (br $again))) (func (export "sete") (result i32) (i32.const 7)))
"""


def stop(kernel, request):
    """Press Stop; return the cell's reply content."""
    began = perf_counter()
    kernel.manager.interrupt_kernel()
    content = kernel.finish(request).content
    assert perf_counter() - began < SECONDS
    assert (content["status"], content["ename"]) == ("error", "KeyboardInterrupt")
    return content


def test_a_lisp_loop_stops_twenty_times_of_twenty_and_the_state_is_kept(kernel):
    kernel.run("(define kept 0)")
    for number in range(TIMES):
        request = kernel.execute(SPIN)
        kernel.heard(request, "in")
        stop(kernel, request)
        assert kernel.run(f"(set! kept (+ kept 1)) (list kept {number})").result == f"({number + 1} {number})"
    assert kernel.run("lost").content["ename"] == "unbound-symbol"


def test_a_wasm_loop_stops_twenty_times_of_twenty_and_the_engine_goes_on(kernel):
    kernel.run('(defcaixa :nome "laco" :versao "0.1.0" :kind Servico :servicos ("servicos/laco.yaml"))')
    assembled = kernel.run(COMPONENT)
    assert assembled.status == "ok", assembled.content
    for _ in range(TIMES):
        request = kernel.execute("%caixa run laco girar")
        kernel.started(request)
        stop(kernel, request)
    again = kernel.run("%caixa run laco sete")
    assert again.status == "ok", again.content
    assert "7" in str([message["content"] for message in again.messages])


def test_a_stop_the_moment_a_cell_begins_is_not_lost(kernel):
    for _ in range(TIMES):
        request = kernel.execute("(define (spin n) (spin (+ n 1))) (spin 0)")
        kernel.started(request)
        stop(kernel, request)


def test_an_input_prompt_stops(kernel):
    request = kernel.execute('(read-line "wait ")', allow_stdin=True)
    assert kernel.client.get_stdin_msg(timeout=30)["msg_type"] == "input_request"
    stop(kernel, request)
    assert kernel.run("(+ 1 1)").result == "2"


def test_a_sleep_stops(kernel):
    request = kernel.execute('(println "in") (sleep 60)')
    kernel.heard(request, "in")
    stop(kernel, request)
    assert kernel.run("(+ 1 1)").result == "2"


def test_a_child_process_of_lisp_stops_and_is_gone(kernel):
    request = kernel.execute('(println "in") (exec-capture "sleep" "61.5")')
    kernel.heard(request, "in")
    stop(kernel, request)
    assert not [
        child for child in psutil.process_iter(["cmdline"]) if child.info["cmdline"] == ["sleep", "61.5"]
    ]


def test_a_commit_that_is_stopped_leaves_the_repository_as_it_was(kernel, tmp_path):
    repository, started = tmp_path / "k8s", tmp_path / "started"
    before = repository_with_a_slow_hook(repository, started)
    kernel.run('(defcaixa :nome "lento" :versao "0.1.0" :kind Servico :servicos ("servicos/lento.yaml"))')
    assert kernel.run("%caixa render lento --as computeunit --accept").status == "ok"
    request = kernel.execute(f"%caixa deploy lento --cluster rio --k8s-repo {repository} --commit")
    wait_for(started.exists)
    stop(kernel, request)
    assert git(repository, "rev-parse", "HEAD") == before
    assert git(repository, "status", "--porcelain") == ""


def repository_with_a_slow_hook(repository, started):
    """Make a GitOps repository whose hook says that it started and then takes its time; return its commit."""
    release = repository / "clusters" / "rio" / "programs" / "release.yaml"
    release.parent.mkdir(parents=True)
    release.write_text("programs: []\n")
    for words in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=T", "-c", "user.email=t@localhost", "commit", "-qm", "1"],
    ):
        git(repository, *words)
    hook = repository / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {started}\nexec sleep 60\n")
    hook.chmod(0o755)
    return git(repository, "rev-parse", "HEAD")


def git(repository, *words):
    return subprocess.run(["git", "-C", repository, *words], capture_output=True, text=True, check=True).stdout


def wait_for(condition):
    deadline = perf_counter() + 30
    while not condition():
        assert perf_counter() < deadline
        sleep(0.01)


def test_a_stop_after_the_end_of_a_cell_does_not_touch_the_next(kernel):
    for number in range(TIMES):
        kernel.run("0")
        kernel.reply(kernel.send("interrupt_request", {}, channel="control"), "control")
        assert kernel.run(f"(+ {number} 1)").result == str(number + 1)


def test_stop_takes_the_waiting_cells_with_it(kernel):
    running = kernel.execute(SPIN)
    waiting = [kernel.execute('(println "never")') for _ in range(3)]
    kernel.heard(running, "in")
    kernel.manager.interrupt_kernel()
    assert kernel.reply(running)["content"]["status"] == "error"
    assert [kernel.reply(request)["content"]["status"] for request in waiting] == ["aborted"] * 3
    assert kernel.run("(+ 2 2)").result == "4"


def test_no_catch_swallows_a_stop(kernel):
    request = kernel.execute('(println "in") (define (spin) (spin)) (try (spin) (catch (e) "swallowed"))')
    kernel.heard(request, "in")
    stop(kernel, request)


@pytest.mark.parametrize("code", ["(+ 1 1)", "(car 5)", '(show "text/plain" "x")'])
def test_a_stop_with_nothing_running_is_answered(kernel, code):
    kernel.run(code)
    request = kernel.send("interrupt_request", {}, channel="control")
    assert kernel.reply(request, "control")["content"] == {"status": "ok"}
