"""The value of a secret is in no message of the kernel, whichever way a cell comes by it."""

import json

import pytest

from .client import Frontend

SECRET = "v3ry-s3cret-value"


@pytest.fixture(scope="module")
def frontend():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEPLOY_TOKEN", SECRET)
        frontend = Frontend()
    yield frontend
    frontend.close()


CELLS = [
    '(env-get "DEPLOY_TOKEN")',
    '(println (env-get "DEPLOY_TOKEN"))',
    '(eprintln (str "Bearer " (env-get "DEPLOY_TOKEN")))',
    '(throw (env-get "DEPLOY_TOKEN"))',
    '(show "text/html" (str "<b>" (env-get "DEPLOY_TOKEN") "</b>"))',
    f'(define literal "{SECRET}")',
    f'(car "{SECRET}")',
    '(define token (env-get "DEPLOY_TOKEN"))',
    "%%python\nprint(token)\ntoken",
    "%%python\nraise ValueError(token)",
    "%caixa log --json",
]


@pytest.mark.parametrize("cell", CELLS)
def test_no_message_of_a_cell_has_it(frontend, cell):
    run = frontend.run(cell, user_expressions={"again": '(env-get "DEPLOY_TOKEN")'})
    said = json.dumps([run.reply["content"], *(message["content"] for message in run.messages)])
    assert SECRET not in said
    if "literal" not in cell and "define" not in cell:
        assert "\\u2022\\u2022\\u2022" in said


def test_what_the_editor_asks_for_does_not_have_it(frontend):
    frontend.run('(define token (env-get "DEPLOY_TOKEN"))')
    for answer in (
        frontend.client.inspect("token", 3, reply=True, timeout=30),
        frontend.client.complete("(tok", 4, reply=True, timeout=30),
        frontend.client.history(hist_access_type="tail", n=20, output=True, reply=True, timeout=30),
    ):
        assert SECRET not in json.dumps(answer["content"])
