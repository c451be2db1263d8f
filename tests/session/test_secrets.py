"""The value of a secret is found in every spelling, and never gets into a log or a caixa."""

import base64
import html
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.lisp.printer import write
from caixa.session import Session
from caixa.session.errors import SecretInPackage
from caixa.session.secrets import HIDDEN, Secrets, looks_secret

from .strategies import manifest

VALUE = 'p4ss "w\\rd" <é>&'


def secrets(**environment):
    return Secrets(lambda: environment)


@pytest.mark.parametrize(
    "name",
    ["DB_PASSWORD", "GITHUB_TOKEN", "client-secret", "AWS_ACCESS_KEY_ID", "apikey", "api_key", "CREDENTIALS"],
)
def test_a_name_can_say_that_its_value_is_secret(name):
    assert looks_secret(name)
    assert secrets(**{name: "hunter2!"}).redact("it is hunter2!, yes") == f"it is {HIDDEN}, yes"


@pytest.mark.parametrize("name", ["HOME", "PATH", "KEYBOARD", "PUBLIC_KEY", "LANG"])
def test_other_names_do_not(name):
    assert not looks_secret(name)


@pytest.mark.parametrize(
    "spell",
    [str, write, json.dumps, repr, html.escape, quote, lambda text: json.dumps(text, ensure_ascii=False),
     lambda text: base64.b64encode(text.encode()).decode(), lambda text: text.encode().hex(),
     lambda text: f"before {text} after {text}", lambda text: json.dumps({"a": [text]})],
)  # fmt: skip
def test_a_secret_is_found_however_it_is_spelled(spell):
    text = secrets(TOKEN=VALUE).redact(spell(VALUE))
    assert HIDDEN in text
    for part in ("p4ss", base64.b64encode(VALUE.encode()).decode(), VALUE.encode().hex()):
        assert part not in text


def test_each_line_of_a_key_is_hidden():
    key = "-----BEGIN-----\nMIIEvgIBADANBg\nkqhkiG9w0BAQ\n-----END-----\n"
    assert secrets(PRIVATE_KEY=key).redact("kqhkiG9w0BAQ") == HIDDEN
    assert secrets(PRIVATE_KEY=key).redact(f"<{key.strip()}>") == f"<{HIDDEN}>"


def test_the_longer_of_two_secrets_goes_first():
    assert secrets(A_TOKEN="abcd", B_TOKEN="abcdefgh").redact("abcdefgh abcd") == f"{HIDDEN} {HIDDEN}"


@pytest.mark.parametrize("value", ["", "abc", "true", "None", "   "])
def test_what_is_too_short_or_harmless_is_not_hidden(value):
    assert secrets(TOKEN=value).redact("abc true None    ") == "abc true None    "
    assert not Secrets(dict).add("x", value)


def test_a_variable_that_is_set_later_is_known_at_once():
    environment = {}
    known = Secrets(lambda: environment)
    assert known.redact("hunter2!") == "hunter2!"
    environment["TOKEN"] = "hunter2!"
    assert known.redact("hunter2!") == HIDDEN


atoms = st.one_of(st.none(), st.integers(), st.sampled_from(["a", VALUE, f"x{VALUE}y"]))
keys = st.sampled_from(["k", VALUE])
documents = st.recursive(atoms, lambda inner: st.one_of(st.lists(inner), st.dictionaries(keys, inner)))


@given(documents)
def test_no_data_keeps_a_secret(data):
    found = json.dumps(secrets(TOKEN=VALUE).redact_data(data), ensure_ascii=False)
    assert "p4ss" not in found


@given(st.text(max_size=30))
def test_text_without_secrets_stays_as_it_is(text):
    assert secrets(TOKEN="\0never\0").redact(text) == text


# -- in a session -------------------------------------------------------------------------------------------


@pytest.fixture
def session():
    return Session(clock=lambda: 0.0, secrets=secrets(DEPLOY_TOKEN="hunter2!"))


def test_a_cell_is_logged_without_the_secret_in_its_text(session):
    session.run('(define x "hunter2!")', "cell 1")
    assert session.log.entries[-1].event.text == f'(define x "{HIDDEN}")'


@pytest.mark.parametrize(
    "put",
    [
        lambda session: session.run(manifest("cart").replace(":kind", ':descricao "hunter2!" :kind'), "cell 2"),
        lambda session: session.put_file("cart", "lib/a.lisp", b'(define t "hunter2!")'),
        lambda session: session.put_component("cart", b"\0asm hunter2!"),
    ],
    ids=["form", "file", "component"],
)
def test_a_secret_does_not_get_into_a_caixa(session, put):
    session.run(manifest("cart"), "cell 1")
    state, log = session.state, session.log
    with pytest.raises(SecretInPackage) as caught:
        put(session)
    assert (session.state, session.log) == (state, log)
    assert "DEPLOY_TOKEN" in str(caught.value)
    assert "hunter2!" not in caught.value.render()


def test_what_sops_decrypts_is_a_secret(session):
    extract = session.interpreter.main.language.builtins
    assert extract["sops-extract"].__lisp_name__ == "sops-extract"
    session.interpreter.watch("env-get", lambda value: session.secrets.add("seen", value))
    session.interpreter.names["given"] = "from the vault"
    session.run('(env-get "NO_SUCH_VARIABLE" given)', "cell 1")
    assert session.secrets.redact("from the vault") == HIDDEN
