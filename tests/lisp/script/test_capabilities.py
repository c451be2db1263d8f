"""What a set of capability tokens grants, and that nothing ambient is done without one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.lisp.capabilities import Capabilities, confined
from caixa.lisp.capability_tokens import Token, parse_token, resolved
from caixa.lisp.errors import CapabilityDenied, LispError, NativeError
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.natives import NATIVES
from caixa.lisp.natives.registry import needs_of
from caixa.lisp.source import Source

# -- the grammar --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("fs:/data:ro", Token("fs", "/data", "ro")),
        ("fs:/data:x:rw", Token("fs", "/data:x", "rw")),
        ("fs:read:/data", Token("fs", "/data", "ro")),
        ("fs:write:/data", Token("fs", "/data", "rw")),
        ("http-out:API.example.org", Token("http-out", "api.example.org")),
        ("http-out:[::1]", Token("http-out", "::1")),
        ("net:out:*.example.org", Token("http-out", "*.example.org")),
        ("http-in:0.0.0.0:8080", Token("http-in", "0.0.0.0:8080")),
        ("http-in:*:*", Token("http-in", "*:*")),
        ("net:listen", Token("http-in")),
        ("process:git", Token("process", "git")),
        ("env:HOME", Token("env", "HOME")),
        ("env", Token("env")),
        ("clock", Token("cap-time")),
        ("cap-time", Token("cap-time")),
        ("host:python", Token("host", "python")),
        ("kube-secret-read@shop/db", Token("kube-secret-read@shop/db")),
        ("*", Token("*")),
    ],
)
def test_a_token_reads_as_what_it_grants(text, token):
    assert parse_token(text) == token


@pytest.mark.parametrize(
    "text",
    [
        "",
        "clokc",
        "fs:/data",
        "fs:/data:rx",
        "fs::ro",
        "http-in:8080",
        "http-in:a:99999",
        "host:root",
        "file:/x:ro",
    ],
)
def test_a_token_that_says_nothing_is_an_error_that_names_the_kinds(text):
    with pytest.raises(NativeError) as caught:
        parse_token(text)
    assert "fs:PATH:ro" in caught.value.diagnostics[0].fix


PATHS = st.lists(st.sampled_from("abc"), max_size=3).map(lambda parts: "/" + "/".join(parts))
NAMED_HOSTS = st.sampled_from(["example.org", "a.example.org", "b.org"])
HOSTS = NAMED_HOSTS | st.sampled_from(["*", "*.org", "*.example.org"])
PLACES = st.tuples(st.sampled_from(["*", "127.0.0.1"]), st.sampled_from(["*", "80", "81"])).map(":".join)
MODES = st.sampled_from(["ro", "rw"])
NOWHERE = st.just("")
KINDS = st.sampled_from(["env", "process", "host"])


def tokens(kind, scopes, modes=NOWHERE):
    return st.builds(Token, kind, scopes, modes)


TOKENS = st.one_of(
    tokens(st.just("fs"), PATHS, MODES),
    tokens(st.just("http-out"), HOSTS),
    tokens(st.just("http-in"), PLACES),
    tokens(KINDS, st.sampled_from(["", "*", "a", "b"])),
    st.sampled_from([Token("*"), Token("random"), Token("fs"), Token("http-out")]),
)
NEEDED = st.one_of(
    tokens(st.just("fs"), PATHS, MODES),
    tokens(st.just("http-out"), NAMED_HOSTS),
    tokens(st.just("http-in"), st.just("127.0.0.1:80")),
    tokens(KINDS, st.sampled_from(["a", "b"])),
)


@given(TOKENS, TOKENS, NEEDED)
def test_two_sets_narrow_each_other_alike_to_what_both_allow(one, other, needed):
    first, second = Capabilities([one]), Capabilities([other])
    allowed = first.allow(needed) and second.allow(needed)
    assert first.narrowed(second).allow(needed) == second.narrowed(first).allow(needed) == allowed


@given(st.lists(TOKENS, max_size=4), st.lists(TOKENS, max_size=4), NEEDED)
def test_narrowing_never_widens(held, asked, needed):
    narrowed = Capabilities(held).narrowed(Capabilities(asked))
    assert not narrowed.allow(needed) or Capabilities(held).allow(needed)


def test_printing_a_token_and_reading_it_gives_it_again():
    for text in (
        "fs:/data:ro",
        "http-out:*.org",
        "http-in:127.0.0.1:80",
        "env",
        "env:A",
        "cap-time",
        "host:exit",
        "*",
    ):
        assert str(parse_token(text)) == text


# -- scopes -------------------------------------------------------------------------------------------------


def test_a_path_is_resolved_before_it_is_compared(folder, granted):
    (folder / "in").mkdir()
    (folder / "secret").write_text("secret")
    (folder / "in" / "link").symlink_to(folder / "secret")
    run = granted(f"fs:{folder}/in:rw")
    run('(write-file "in/a" "x")')
    for path in ("secret", "in/../secret", "in/link", f"{folder}/secret", "in/./link"):
        for call in (f'(read-file "{path}")', f'(write-file "{path}" "")', f'(path-exists? "{path}")'):
            with pytest.raises(CapabilityDenied) as caught:
                run(call)
            assert caught.value.token.startswith(f"fs:{folder}/secret:")


def test_removing_a_link_needs_the_folder_it_is_in_and_not_what_it_leads_to(folder, granted):
    (folder / "in").mkdir()
    (folder / "in" / "file").write_text("kept")
    (folder / "link").symlink_to(folder / "in" / "file")
    run = granted(f"fs:{folder}/in:rw")
    with pytest.raises(CapabilityDenied):
        run('(rm "link")')
    (folder / "in" / "out").symlink_to(folder / "link")
    assert run('(rm "in/out")') == "()"
    assert (folder / "link").exists()


def test_reading_does_not_grant_changing(folder, granted):
    (folder / "a").write_text("x")
    run = granted(f"fs:{folder}:ro")
    assert run('(read-file "a")') == '"x"'
    for call in (
        '(write-file "a" "")',
        '(append-file "a" "")',
        '(rm "a")',
        '(mkdir "b")',
        '(rm-rf "a")',
        "(tmp-file)",
    ):
        with pytest.raises(CapabilityDenied, match=":rw"):
            run(call)


def test_a_pattern_finds_nothing_outside_of_what_may_be_read(folder, granted):
    (folder / "in").mkdir()
    (folder / "out").mkdir()
    (folder / "out" / "a").write_text("")
    (folder / "in" / "a").write_text("")
    (folder / "in" / "link").symlink_to(folder / "out")
    run = granted(f"fs:{folder}/in:ro")
    assert run('(glob "in/*/a")') == "()"
    assert run('(glob "in/*")') == '("in/a")'
    for pattern in ("*/a", "in/*/../../out/*", "out/*"):
        with pytest.raises(CapabilityDenied):
            run(f'(glob "{pattern}")')


def test_a_program_that_is_granted_by_name_is_not_granted_by_path(folder, granted):
    run = granted("process:true")
    assert run('(exec-ok? "true")') == "#t"
    with pytest.raises(CapabilityDenied, match="process:/"):
        run('(exec-ok? "./true")')


def test_hosts_are_granted_by_name_or_below_one(granted):
    run = granted("http-out:*.example.invalid")
    for url in (
        "http://example.invalid/",
        "http://example.invalid.evil.test/",
        "http://127.0.0.1/",
        "nonsense",
    ):
        with pytest.raises(CapabilityDenied, match="http-out"):
            run(f'(http-get "{url}")')


# -- in the language ----------------------------------------------------------------------------------------


def test_a_cell_may_do_everything(run):
    assert run("(capabilities)") == '("*")'


def test_a_denied_call_says_as_data_which_token_it_would_need(run):
    text = '(try (env-get "HOME") (catch (e :capability-denied) (error-data-get e :token)))'
    assert run(f"(with-capabilities () {text})") == '"env:HOME"'


def test_a_denied_call_says_what_to_grant(granted):
    with pytest.raises(CapabilityDenied) as caught:
        granted()('(read-file "/etc/hostname")')
    assert "Grant `fs:/etc/hostname:ro`" in caught.value.render()
    assert caught.value.span is not None


def test_narrowing_holds_for_the_calls_of_the_body_and_ends_with_it(run):
    text = """
    (define (home) (env-get "HOME" "none"))
    (list (with-capabilities ("env:PATH") (try (home) (catch (e) 'denied))) (string? (home)))
    """
    assert run(text) == "(denied #t)"


def test_narrowing_ends_with_an_error_too(run):
    run("(try (with-capabilities () (now)) (catch (e) nil))")
    assert run("(integer? (now))") == "#t"


def test_what_was_taken_away_cannot_be_taken_back(run):
    assert run('(with-capabilities ("env:A") (with-capabilities ("*") (capabilities)))') == '("env:A")'
    assert (
        run('(with-capabilities ("fs:/a:ro") (with-capabilities ("fs:/a/b:rw") (capabilities)))')
        == '("fs:/a/b:ro")'
    )


def test_what_an_interpreter_has_not_cannot_be_had_within_it(granted):
    run = granted("env:A")
    assert run('(with-capabilities ("*") (capabilities))') == '("env:A")'
    with pytest.raises(CapabilityDenied):
        run('(with-capabilities ("*") (now))')


def test_a_function_out_of_an_interpreter_keeps_to_its_capabilities(granted):
    interpreter = Interpreter(capabilities=Capabilities.none())
    escaped = interpreter.evaluate(Source("cell", "(lambda () (now))"))
    with pytest.raises(CapabilityDenied):
        escaped()


def test_every_way_to_a_native_is_guarded(granted):
    run = granted()
    for text in (
        "((lambda (f) (f)) now)",
        "(apply now '())",
        "(eval '(now))",
        '(eval (read-string "(now)"))',
        "(force (delay (now)))",
        "(time 1)",
    ):
        with pytest.raises(CapabilityDenied, match="cap-time"):
            run(text)


def test_the_log_leaves_out_what_it_may_not_know(granted, capsys, monkeypatch):
    monkeypatch.setenv("TATARA_LOG", "error")
    granted()('(log-info "shown")')
    granted("env", "clock")('(log-info "hidden")')
    assert capsys.readouterr().err == "INFO shown\n"


# -- every native -------------------------------------------------------------------------------------------

CALLS = [
    tuple(line.split(maxsplit=1))
    for line in r"""
cap-time         (now)
cap-time         (now-ms)
cap-time         (now-ns)
cap-time         (now-rfc3339)
cap-time         (elapsed-since 0)
cap-time         (sleep 0)
cap-time         (sleep-ms 0)
cap-time         (start-timing)
cap-time         (show-timing (list 0 0) 1)
random           (uuid-v4)
random           (random-hex 1)
random           (random-bytes 1)
random           (random)
random           (random-int 0 9)
random           (random-seed! 1)
env:X            (env-get "X")
env:X            (env-required "X")
host:info        (os-platform)
host:info        (os-arch)
host:info        (hostname)
host:info        (username)
host:info        (user-home)
host:exit        (exit 0)
host:python      (py "1")
host:python      (py-import "os")
host:python      (py-get 1 "real")
host:python      (py-set! 1 "a" 1)
host:python      (py-call 1 "bit_length")
fs:/x:ro         (read-file "/x")
fs:/x:ro         (read-lines "/x")
fs:/x:ro         (path-exists? "/x")
fs:/x:ro         (is-dir? "/x")
fs:/x:ro         (is-file? "/x")
fs:/x:ro         (file-size "/x")
fs:/x:ro         (ls "/x")
fs:/x:ro         (walk-dir "/x")
fs:/x:ro         (glob "/x/*")
fs:/x:ro         (chdir "/x")
fs:/x:ro         (path-absolute "/x")
fs:/x:ro         (yaml-read "/x")
fs:/x:ro         (toml-read "/x")
fs:/x:rw         (write-file "/x" "")
fs:/x:rw         (append-file "/x" "")
fs:/x:rw         (mkdir "/x")
fs:/x:rw         (mkdir-p "/x")
fs:/x:rw         (rm "/x")
fs:/x:rw         (rm-rf "/x")
fs:/             (cwd)
fs:/             (tmp-dir)
fs:/             (tmp-file)
fs:/var/run/secrets/kubernetes.io/serviceaccount:ro (kube-in-cluster?)
fs:/var/run/secrets/kubernetes.io/serviceaccount:ro (kube-bearer-token)
fs:/var/run/secrets/kubernetes.io/serviceaccount:ro (kube-ca-cert)
env:POD_NAMESPACE (kube-namespace)
env:KUBE_API_BASE (kube-api-base)
env:POD_NAME     (kube-pod-name)
env:CLUSTER_NAME (kube-cluster-name)
process:x        (exec-check "x")
process:x        (exec-ok? "x")
process:x        (exec-capture "x")
process:x        (exec-run "x" '())
process:sh       (sh-exec "x")
process:sops     (sops-extract "/x" "")
http-out:x.test  (http-get "http://x.test/")
http-out:x.test  (http-get-json "https://x.test:8/")
http-out:x.test  (http-post-json "http://x.test" nil 1)
http-out:x.test  (http-request "GET" "http://x.test/")
http-in:127.0.0.1:0 (http-serve 0 identity)
http-in:127.0.0.1:0 (http-serve-static 0 '())
""".strip().splitlines()
]


@pytest.mark.parametrize(("token", "call"), CALLS)
def test_without_its_token_a_native_does_nothing(token, call, sandbox):
    with pytest.raises(CapabilityDenied) as caught:
        sandbox.evaluate(Source("cell", call))
    assert caught.value.token.startswith(token.replace("/var/run", _real("/var/run")))
    assert NATIVES.get(_name(call)) in (None, NATIVES.get(caught.value.function))


def _name(call: str) -> str:
    return call[1:].split(maxsplit=1)[0].rstrip(")")


def _real(path: str) -> str:
    return resolved(Token("fs", path, "ro")).scope


def test_the_table_above_has_every_native_that_needs_something(sandbox):
    tried = {_name(call) for _, call in CALLS}
    needy = {name for name, native in sandbox.main.language.functions().items() if needs_of(native)}
    assert needy <= tried, f"try these without their token: {sorted(needy - tried)}"


@pytest.fixture(scope="module")
def sandbox() -> Interpreter:
    return Interpreter(capabilities=Capabilities.none())


def test_a_guard_keeps_what_is_known_of_a_native(run):
    assert run("(arity read-file)") == "(1 1)"
    assert run("(describe read-file)").startswith('"(read-file path)\\n  Return the text of a file in UTF-8.')
    within = confined(NATIVES["read-file"], Capabilities.none())
    assert within.__lisp_name__ == "read-file"


def test_an_argument_of_the_wrong_kind_needs_all_of_the_kind(granted):
    with pytest.raises(CapabilityDenied):
        granted("fs:/tmp:ro")("(read-file 5)")
    with pytest.raises(LispError, match="expected string"):
        granted("fs")("(read-file 5)")
