"""The APRIL profile: exactly what the older system takes and refuses (caixa.md sections 1.1 and 1.5)."""

from __future__ import annotations

import pytest

from caixa.lisp.source import Source
from caixa.manifest.decode import read_manifest
from caixa.manifest.model import Limits, LoadModule, Restart
from caixa.manifest.profile import Profile
from caixa.manifest.reading import Reading

FORM = '(defcaixa :nome "x" :versao "0.1.0" :kind Servico {})'


def reading(slots: str) -> Reading:
    return read_manifest(Source("caixa.lisp", FORM.format(slots)), profile=Profile.APRIL)


@pytest.mark.parametrize(
    "slots",
    [
        ':limits (:memory "64MiB" :fuel 1000000 :wall-clock "30s" :cpu "500m")',
        ":limits ()",
        ':limits ("64MiB" 1000000 "30s" "500m")',
        ':limits (:memory "64MiB" :bogus 1)',
        ':limits (:memory "1MiB" :memory "64MiB")',
        ':limits (:wallClock "30s")',
        ':upgrade-from ((:from "0.0.1" :instructions ((:kind load-module :module "x"))))',
        ':upgrade-from ((:from "0.0.1" :instructions (("load-module" "x") (restart))))',
        ':deps (("a" "*"))',
        ":membros ((:caixa b :versao any))",
        ":max-restarts -1",
        ':descricao "a" :descricao "b"',
        ':placement (:estrategia \'"Sharded")',
    ],
)
def test_what_the_older_system_takes_is_taken(slots):
    assert reading(slots).problems == ()


@pytest.mark.parametrize(
    ("slots", "form"),
    [
        (':limits ((:memory "64MiB") (:fuel 1000000))', "limits"),
        (':behavior ((:on-call "lib/handlers.lisp"))', "behavior"),
        (':politicas ((:timeout "30s") (:retries 3))', "politicas"),
        (":politicas (:mtls-required t)", "politicas"),
        (":politicas (:mtls-required true)", "politicas"),
        (':politicas (:rate-limit (:per-caller "100/s"))', "politicas"),
        (':placement (:estrategia replicated :clusters ("rio"))', "placement"),
        (':upgrade-from ((:from "0.0.1" :instructions ((:load-module "x"))))', "upgrade-from"),
        (':membros (:caixa "a" :versao "^0.1")', "membros"),
        (':limits ("64MiB" 1 "30s" "500m" 5)', "limits"),
        (":etiquetas (a)", ":etiquetas"),
        (":descricao hello", ":descricao"),
        (':max-restarts "5"', ":max-restarts"),
        (":bogus 1", ":bogus"),
        ("5", "kwargs"),
        (":entrada ()", "entrada"),
    ],
)
def test_what_the_older_system_refuses_is_refused_with_the_form_it_blames(slots, form):
    assert reading(slots).problems[0].data["form"] == form


def test_values_in_order_mean_the_slots_in_order():
    assert reading(':limits ("64MiB" 5)').caixa.limits == Limits(64 * 2**20, 5)
    entry = reading(':upgrade-from (("0.0.1" (("load-module" "x") (restart))))').caixa.upgrade_from[0]
    assert entry.instructions == (LoadModule("x"), Restart())


def test_the_last_of_two_wins_and_negative_restarts_wrap():
    caixa = reading(':descricao "a" :descricao "b" :max-restarts -1').caixa
    assert (caixa.descricao, caixa.max_restarts) == ("b", 2**32 - 1)


def test_what_the_older_system_does_not_check_is_not_checked():
    text = '(defcaixa :nome "X Y" :versao "not-semver" :kind Servico :limits (:fuel 0) :membros ())'
    assert read_manifest(Source("caixa.lisp", text), profile=Profile.APRIL).diagnostics == ()
