"""hidra: Mexico's war on drugs as one system, and the evidence it stands on.

Names load on first use, so that ``import hidra`` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hidra.core.errors import HidraError
    from hidra.core.param import Param
    from hidra.data.panel import tidy as panel
    from hidra.data.reference import table
    from hidra.model.reproduce import science2023
    from hidra.run import Run
    from hidra.run.execute import run_study
    from hidra.scenario import Intervention
    from hidra.scenario.what_if import what_if
    from hidra.study import Study

__version__ = "0.1.0"

__all__ = [
    "HidraError",
    "Intervention",
    "Param",
    "Run",
    "Study",
    "__version__",
    "panel",
    "run_study",
    "science2023",
    "table",
    "what_if",
]

_HOME = {
    "HidraError": "hidra.core.errors",
    "Intervention": "hidra.scenario",
    "Param": "hidra.core.param",
    "Run": "hidra.run",
    "Study": "hidra.study",
    "panel": "hidra.data.panel:tidy",
    "run_study": "hidra.run.execute",
    "science2023": "hidra.model.reproduce",
    "table": "hidra.data.reference",
    "what_if": "hidra.scenario.what_if",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'hidra' has no attribute '{name}'")
    module, _, inside = _HOME[name].partition(":")
    return getattr(import_module(module), inside or name)


def __dir__() -> list[str]:
    return sorted(__all__)
