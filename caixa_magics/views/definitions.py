"""CustomResourceDefinitions: a fold for each, as manifests are shown."""

from __future__ import annotations

from feira.verbs.crds import Definitions

from ..elements import h
from ..view import View
from .manifests import artifact
from .registry import view


@view.register
def _(value: Definitions) -> View:
    folds = [artifact(each, is_open=len(value.artifacts) == 1) for each in value.artifacts]
    return View(value.text(), h("section", folds, aria_label="definitions of our kinds"))
