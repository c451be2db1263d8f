"""Where dependencies come from, and the resolver's configuration (caixa.md section 3.4)."""

from __future__ import annotations

import pytest

from caixa.lacre.config import ResolverConfig, read_config
from caixa.lacre.errors import InvalidConfig
from caixa.lacre.sources import cache_key, expand_shorthand, source_of
from caixa.lisp.source import Source
from caixa.manifest.model import Dep, GitFonte, PathFonte


@pytest.mark.parametrize(
    ("repo", "url"),
    [
        ("github:o/r", "https://github.com/o/r.git"),
        ("gitlab:o/r", "https://gitlab.com/o/r.git"),
        ("codeberg:o/r", "https://codeberg.org/o/r.git"),
        ("sourcehut:o/r", "https://git.sr.ht/~o/r"),
        ("sr.ht:o/r", "https://git.sr.ht/~o/r"),
        ("bitbucket:o/r", "bitbucket:o/r"),
        ("https://e.com/r.git", "https://e.com/r.git"),
        ("git@github.com:o/r.git", "git@github.com:o/r.git"),
        ("/abs/r", "/abs/r"),
        ("./r", "./r"),
        ("plain", "plain"),
    ],
)
def test_a_shorthand_stands_for_a_url(repo, url):
    assert expand_shorthand(repo) == url


def test_the_cache_has_the_older_systems_names():
    assert cache_key("https://github.com/pleme-io/caixa-teia.git", "v0.1.0") == "054a1ae1b1bffd24"


def test_a_dependency_without_a_source_is_on_the_default_host():
    dep = Dep("a", "*")
    assert source_of(dep) == GitFonte("github:pleme-io/a")
    assert source_of(dep, ResolverConfig(default_host="gitlab:o")) == GitFonte("gitlab:o/a")
    assert source_of(dep, ResolverConfig(default_host="o")) == GitFonte("github:o/a")
    assert source_of(Dep("a", "*", PathFonte("../a"))) == PathFonte("../a")


def test_a_config_reads_with_its_defaults():
    text = '(defresolver-config :default-host "codeberg:o" :include-dev t :additional-hosts ("x:y"))'
    assert read_config(Source("config.lisp", text)) == ResolverConfig("codeberg:o", None, True, ("x:y",))
    assert read_config(Source("config.lisp", "(defresolver-config)")) == ResolverConfig()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not-defresolver-config"),
        ("(other)", "not-defresolver-config"),
        ("(defresolver-config", "reader"),
        ("(defresolver-config :default 1)", "slot-unknown"),
        ("(defresolver-config :include-dev 1)", "slot-mistyped"),
    ],
)
def test_a_config_that_does_not_read_says_why(text, code):
    with pytest.raises(InvalidConfig) as caught:
        read_config(Source("config.lisp", text))
    assert caught.value.diagnostics[0].code == code
