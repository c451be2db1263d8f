"""Laws of reading contexts from kubeconfig files."""

import os
import sys

import pytest

from caixa.cluster.errors import KubeconfigUnreadable
from caixa.cluster.kubeconfig import contexts, current_context, kubeconfig_paths


def config(path, *names, current=""):
    entries = "".join(f"- name: {name}\n  context: {{cluster: {name}, user: me}}\n" for name in names)
    path.write_text(f"apiVersion: v1\nkind: Config\ncurrent-context: '{current}'\ncontexts:\n{entries}")
    return path


def test_contexts_come_in_the_order_of_the_file(tmp_path):
    assert contexts(config(tmp_path / "config", "rio", "mar")) == ["rio", "mar"]


def test_the_list_in_kubeconfig_is_read_in_order_and_missing_files_are_passed_over(tmp_path, monkeypatch):
    one, two = config(tmp_path / "1", "rio"), config(tmp_path / "2", "mar", "rio", current="mar")
    monkeypatch.setenv("KUBECONFIG", os.pathsep.join([str(one), str(tmp_path / "missing"), "", str(two)]))
    assert contexts() == ["rio", "mar"]
    assert current_context() == "mar"


def test_without_kubeconfig_the_default_path_is_read(tmp_path):
    assert kubeconfig_paths({}, tmp_path) == [tmp_path / ".kube" / "config"]
    assert contexts() == []
    assert current_context() is None


@pytest.mark.parametrize("text", ["a: [", "- a list\n", "just text", "\x00", "a: b: c"])
def test_a_broken_kubeconfig_is_one_clear_error(tmp_path, text):
    path = tmp_path / "config"
    path.write_text(text)
    with pytest.raises(KubeconfigUnreadable) as caught:
        contexts(path)
    assert str(path) in str(caught.value)
    assert caught.value.diagnostics[0].fix


@pytest.mark.parametrize("text", ["contexts: 3\n", "contexts: [1, {name: 2}, {}]\n", "contexts:\n", "{}\n"])
def test_odd_entries_are_passed_over(tmp_path, text):
    path = tmp_path / "config"
    path.write_text(text)
    assert contexts(path) == []


def test_no_kubernetes_client_is_imported(tmp_path):
    contexts(config(tmp_path / "config", "rio"))
    assert "kubernetes" not in sys.modules
