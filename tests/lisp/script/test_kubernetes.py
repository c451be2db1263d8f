"""What a pod knows of its cluster, and a program that calls an API server with it."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from caixa.lisp.natives.script import kubernetes

VARIABLES = (
    "POD_NAMESPACE", "POD_NAME", "CLUSTER_NAME", "KUBE_API_BASE",
    "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT",
)  # fmt: skip


@pytest.fixture(autouse=True)
def outside(monkeypatch, folder):
    """Begin outside of any cluster."""
    monkeypatch.setattr(kubernetes, "ACCOUNT", str(folder / "account"))
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def pod(folder):
    """Be in a pod with a service account."""
    account = folder / "account"
    account.mkdir()
    for name, text in {"token": "secret\n", "ca.crt": "PEM\n", "namespace": "shop\n"}.items():
        (account / name).write_text(text)


class ApiServer(BaseHTTPRequestHandler):
    """Knows two pods, who may see them, and one that can be made."""

    def do_GET(self):
        if self.headers["authorization"] != "Bearer secret":
            self._say(401, {"kind": "Status", "message": "Unauthorized"})
        elif self.path == "/api/v1/namespaces/shop/pods":
            self._say(200, {"kind": "PodList", "items": [{"metadata": {"name": name}} for name in ("a", "b")]})
        else:
            self._say(404, {"kind": "Status", "message": "not found"})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self._say(201, {"kind": "Pod", "metadata": body["metadata"]})

    def _say(self, status, body):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def api_server(monkeypatch):
    with HTTPServer(("127.0.0.1", 0), ApiServer) as serving:
        threading.Thread(target=serving.serve_forever, args=(0.01,), daemon=True).start()
        monkeypatch.setenv("KUBE_API_BASE", f"http://127.0.0.1:{serving.server_port}")
        yield
        serving.shutdown()


def test_outside_of_a_cluster_there_are_defaults(run, monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "machine")
    calls = "(list (kube-in-cluster?) (kube-namespace) (kube-api-base) (kube-pod-name) (kube-cluster-name))"
    assert run(calls) == '(#f "default" "https://kubernetes.default.svc:443" "machine" "unknown")'


@pytest.mark.parametrize("call", ["(kube-bearer-token)", "(kube-ca-cert)"])
def test_outside_of_a_cluster_what_only_a_pod_has_is_one_clear_error(fail, call):
    error = fail(call)
    assert "does not run in a cluster" in error.message
    assert "kube-in-cluster?" in error.diagnostics[0].fix


def test_a_pod_knows_its_service_account(run, pod):
    calls = "(list (kube-in-cluster?) (kube-bearer-token) (kube-ca-cert) (kube-namespace))"
    assert run(calls) == '(#t "secret" "PEM" "shop")'


def test_variables_say_more_than_files(run, pod, monkeypatch):
    for name in ("POD_NAMESPACE", "POD_NAME", "CLUSTER_NAME"):
        monkeypatch.setenv(name, f"my-{name}")
    assert run("(list (kube-namespace) (kube-pod-name) (kube-cluster-name))") == (
        '("my-POD_NAMESPACE" "my-POD_NAME" "my-CLUSTER_NAME")'
    )


@pytest.mark.parametrize(
    ("host", "port", "base"),
    [("10.0.0.1", "6443", "https://10.0.0.1:6443"), ("fd00::1", None, "https://[fd00::1]:443")],
)
def test_the_address_of_the_api_server_is_where_the_pod_was_told(run, monkeypatch, host, port, base):
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", host)
    if port:
        monkeypatch.setenv("KUBERNETES_SERVICE_PORT", port)
    assert run("(kube-api-base)") == f'"{base}"'


CALL = """
(define (kube path)
  (http-get-json (string-append (kube-api-base) path)
                 {:authorization (string-append "Bearer " (kube-bearer-token))}))
"""


def test_a_program_lists_pods_with_what_it_knows(run, pod, api_server):
    text = """
    (map (lambda (pod) (alist-get (alist-get pod :metadata) :name))
         (alist-get (kube (string-append "/api/v1/namespaces/" (kube-namespace) "/pods")) :items))
    """
    assert run(CALL + text) == '("a" "b")'


def test_a_program_makes_a_pod(run, pod, api_server):
    text = """
    (http-post-json (string-append (kube-api-base) "/api/v1/namespaces/shop/pods") nil {:metadata {:name "c"}})
    """
    assert run(f"(alist-get (alist-get {text} :metadata) :name)") == '"c"'


def test_what_the_api_server_refuses_is_an_error_with_what_it_said(folder, fail, pod, api_server):
    assert fail(f'{CALL} (kube "/api/v1/nodes")').facts["status"] == 404
    (folder / "account" / "token").write_text("stolen")
    error = fail(f'{CALL} (kube "/api/v1/nodes")')
    assert (error.facts["status"], "Unauthorized" in error.facts["body"]) == (401, True)
