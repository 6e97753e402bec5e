"""Weigh galaxy clusters with probabilistic deep learning: what the notebooks import.

This file is the API list. Names load when first used, so that `import clustermass` costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:
    from . import plots
    from .catalog import Catalog, CatalogError, load_catalog
    from .history import History, TrainingDiverged
    from .training import fit

_HOME = {
    "Catalog": "catalog",
    "CatalogError": "catalog",
    "History": "history",
    "TrainingDiverged": "history",
    "fit": "training",
    "load_catalog": "catalog",
}

__all__ = [
    "Catalog",
    "CatalogError",
    "History",
    "TrainingDiverged",
    "__version__",
    "fit",
    "load_catalog",
    "plots",
]


def __getattr__(name: str) -> Any:
    if name == "plots":
        return importlib.import_module(".plots", __name__)
    if name in _HOME:
        return getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
    raise AttributeError(f"module 'clustermass' has no attribute {name!r}; it offers {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted(__all__)
