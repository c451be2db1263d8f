"""Which GitOps repository is meant, and which clusters there are to deploy to."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from caixa.lisp.diagnostics import Reportable

if TYPE_CHECKING:
    from .workspace import Workspace

__all__ = ["cluster_names", "repository_path"]

VARIABLE = "PLEME_K8S_REPO"
DEFAULT = "~/code/github/pleme-io/k8s"


def repository_path(
    workspace: Workspace, named: str | None, environment: Mapping[str, str] | None = None
) -> Path:
    """Return the path of the GitOps repository: as named, of the environment, or the default (section 5)."""
    variables = os.environ if environment is None else environment
    return workspace.locate(named or variables.get(VARIABLE) or DEFAULT)


def cluster_names(workspace: Workspace, named: str | None = None) -> list[str]:
    """Return the clusters of the GitOps repository, then the contexts of the kubeconfig that it lacks."""
    from caixa.cluster.gitops import GitOpsRepository  # noqa: PLC0415 - most verbs reach no cluster
    from caixa.cluster.kubeconfig import contexts  # noqa: PLC0415 - the same

    found: dict[str, None] = {}
    with suppress(Reportable):  # what cannot be read offers nothing
        found |= dict.fromkeys(GitOpsRepository(repository_path(workspace, named)).clusters())
    with suppress(Reportable):
        found |= dict.fromkeys(contexts())
    return list(found)
