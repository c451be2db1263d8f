"""Where a program runs in a Kubernetes cluster (language.md section 7): the files and variables that a pod has.

They are what a program needs to call the API server itself, with `http-request`: the address, the token, the
certificates. Outside of a cluster the token and the certificates are one clear error.
"""

from __future__ import annotations

import os
from typing import Final

from ...errors import NativeError
from ..registry import native

__all__: list[str] = []

ACCOUNT: Final = "/var/run/secrets/kubernetes.io/serviceaccount"
_FILES: Final = f"fs:{ACCOUNT}:ro"
_DEFAULT_HOST, _DEFAULT_PORT = "kubernetes.default.svc", "443"


@native("kube-in-cluster?", needs=_FILES)
def is_in_cluster() -> bool:
    """Return whether the program runs in a pod that may call its cluster."""
    return os.path.isfile(os.path.join(ACCOUNT, "token"))


@native("kube-bearer-token", needs=_FILES)
def bearer_token() -> str:
    """Return the token by which the pod's service account shows who it is."""
    return _account_file("kube-bearer-token", "token")


@native("kube-ca-cert", needs=_FILES)
def ca_cert() -> str:
    """Return the certificates, in PEM, by which the API server shows who it is."""
    return _account_file("kube-ca-cert", "ca.crt")


@native("kube-namespace", needs=("env:POD_NAMESPACE", _FILES))
def namespace() -> str:
    """Return the namespace of the pod, `default` outside of a cluster."""
    named = os.environ.get("POD_NAMESPACE")
    if named:
        return named
    return _account_file("kube-namespace", "namespace") if is_in_cluster() else "default"


@native(
    "kube-api-base", needs=("env:KUBE_API_BASE", "env:KUBERNETES_SERVICE_HOST", "env:KUBERNETES_SERVICE_PORT")
)
def api_base() -> str:
    """Return the URL of the API server."""
    base = os.environ.get("KUBE_API_BASE")
    if base:
        return base
    host = os.environ.get("KUBERNETES_SERVICE_HOST") or _DEFAULT_HOST
    port = os.environ.get("KUBERNETES_SERVICE_PORT") or _DEFAULT_PORT
    return f"https://{f'[{host}]' if ':' in host else host}:{port}"


@native("kube-pod-name", needs=("env:POD_NAME", "host:info"))
def pod_name() -> str:
    """Return the name of the pod, which is the name of its machine unless POD_NAME says another."""
    import socket  # noqa: PLC0415  # not needed to start

    return os.environ.get("POD_NAME") or socket.gethostname()


@native("kube-cluster-name", needs="env:CLUSTER_NAME")
def cluster_name() -> str:
    """Return the name of the cluster that CLUSTER_NAME says, else `unknown`."""
    return os.environ.get("CLUSTER_NAME") or "unknown"


def _account_file(function: str, name: str) -> str:
    path = os.path.join(ACCOUNT, name)
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NativeError(
            function,
            f"this program does not run in a cluster: there is no {path}",
            fix="Run it in a pod with a service account, or ask (kube-in-cluster?) first.",
            path=path,
        ) from error
