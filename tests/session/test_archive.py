"""An exported log is the same log wherever it is read, or one clear error."""

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings

from caixa.lacre.package_digest import package_digest
from caixa.session import Session
from caixa.session.archive import dump, load, without_secrets
from caixa.session.errors import BadArchive, BrokenLog, SecretInPackage
from caixa.session.events import CellRun, FilePut
from caixa.session.log import Log
from caixa.session.reenactment import reenact
from caixa.session.secrets import Secrets

from .strategies import histories, manifest


def session():
    """A session with caixas, files, bytes, definitions, an undo and a restore."""
    session = Session(clock=lambda: 7.5, secrets=Secrets(dict))
    session.run(manifest("cart") + "(define x 1)", "cell 1")
    session.put_file("cart", "lib/a.lisp", "(define é 1)\n".encode())
    session.put_component("cart", b"\0asm\xff")
    session.run("(define (f y) (* y x))", "cell 2")
    session.derive("render", "cart")
    session.run(manifest("cart", "0.2.0"), "cell 3")
    session.undo()
    session.restore("#1")
    session.run("(f-is-gone)" if "f" in session.interpreter.names else "(define x (+ x 1))", "cell 4")
    return session


@settings(max_examples=50, deadline=None)
@given(histories())
def test_a_log_is_read_as_it_was_written(history):
    log = Log()
    for number, event in enumerate(history):
        log = log.append(event, float(number), cell=f"cell {number}")
    again = load(dump(log))
    assert again == log
    assert [entry.event for entry in again] == history
    assert dump(again) == dump(log)


def test_a_session_replays_to_the_same_digests_in_another_process(tmp_path):
    made = session()
    (tmp_path / "session.jsonl").write_text(dump(made.log), encoding="utf-8")
    answers = []
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-m", "feira", "replay", "session.jsonl", "--run", "--json"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        answers.append(json.loads(done.stdout))
    assert answers[0] == answers[1]
    assert answers[0]["digest"] == made.log.digest
    assert answers[0]["differences"] == []
    assert answers[0]["caixas"] == [
        {"nome": nome, "versao": package.caixa.versao, "digest": package_digest(package)}
        for nome, package in made.state.packages.items()
    ]


def test_running_it_again_leads_to_the_same_session():
    log = load(dump(session().log))
    again = Session(clock=lambda: 7.5, secrets=Secrets(dict))
    assert reenact(log, again).differences == ()
    assert again.interpreter.names["x"] == 2
    assert again.log.digest == log.digest


def test_a_cell_that_does_something_else_the_second_time_is_told():
    made = Session(clock=lambda: 0.0)
    made.interpreter.names["there"] = True
    made.run("(if there (define x 1) 2)", "cell 1")
    assert "cell 1 fails: unbound" in reenact(made.log).differences[0]


BAD = [
    ("", 1, "no JSON"),
    ("[]", 1, "no JSON object"),
    ('{"format": "other"}', 1, "the format is not"),
    ('{"format": "caixa.session.v1", "entries": 2}', 1, "it announces 2 entries, and there are 0"),
    ('{"format": "caixa.session.v1"}\n{"kind": "cell-run"}', 2, "no 'event'"),
    ('{"format": "caixa.session.v1"}\n{"kind": "no-such", "event": {}}', 2, "no 'no-such'"),
    ('{"format": "caixa.session.v1"}\n{"kind": "moved", "event": {"move": "up", "digest": ""}}', 2, "'up'"),
    ('{"format": "caixa.session.v1"}\n{"kind": "caixa-put", "event": {"manifest": 3, "files": {}}}', 2, ""),
    ('{"format": "caixa.session.v1"}\n' + "[" * 100_000, 2, ""),
]


@pytest.mark.parametrize(("text", "line", "says"), BAD, ids=range(len(BAD)))
def test_a_text_that_is_no_log_is_refused_at_its_line(text, line, says):
    with pytest.raises(BadArchive) as caught:
        load(text)
    assert caught.value.line == line
    assert says in str(caught.value)


def test_every_truncation_and_every_edit_of_a_digest_is_refused():
    text = dump(session().log)
    lines = text.splitlines(keepends=True)
    for end in range(len(lines)):
        with pytest.raises((BadArchive, BrokenLog)):
            load("".join(lines[:end]))
    for at in range(len(lines)):
        swapped = lines[at].replace("blake3:", "blake3:0", 1)
        with pytest.raises((BadArchive, BrokenLog)):
            load("".join([*lines[:at], swapped, *lines[at + 1 :]]))


# -- secrets ------------------------------------------------------------------------------------------------

SECRET = "s3cr3t-value-é"


def test_a_secret_that_is_learnt_later_is_taken_out_and_the_log_still_verifies():
    made = session()
    made.run(f'(define z "{SECRET}")', "cell 5")
    made.undo()
    made.redo()
    made.secrets.add("z", SECRET)
    clean = load(dump(without_secrets(made.log, made.secrets)))
    assert clean.digest != made.log.digest
    assert SECRET not in dump(clean)
    assert "•••" in next(e.event.text for e in reversed(clean.entries) if isinstance(e.event, CellRun))
    assert clean.replay().packages == made.state.packages


def test_without_secrets_the_log_is_the_same():
    made = session()
    assert without_secrets(made.log, Secrets(dict)) == made.log


def test_a_secret_in_a_caixa_keeps_the_log_from_being_exported():
    log = session().log.append(FilePut("cart", "lib/b.lisp", SECRET.encode()), 0.0)
    secrets = Secrets(lambda: {"API_TOKEN": SECRET})
    with pytest.raises(SecretInPackage) as caught:
        without_secrets(log, secrets)
    assert "API_TOKEN" in str(caught.value)
    assert SECRET not in caught.value.render()
