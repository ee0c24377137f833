"""hidra: Mexico's war on drugs as one system, and the evidence it stands on.

Names load on first use, so that ``import hidra`` stays light.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hidra.claims.designs.own import event_study
    from hidra.core.errors import HidraError
    from hidra.core.param import Beta, HalfNormal, LogNormal, Normal, Param
    from hidra.data.panel import tidy as panel
    from hidra.data.reference import table
    from hidra.forecast.own import score
    from hidra.inference.posterior import Posterior
    from hidra.model.mechanism import Contribution, Count, Operator, Stock, Tally, mechanism
    from hidra.model.mechanisms import library as mechanisms
    from hidra.model.reproduce import science2023
    from hidra.model.system import System
    from hidra.notebook import check, cite, map, plot, save
    from hidra.run import Run
    from hidra.run.execute import run_study
    from hidra.run.projection import what_if
    from hidra.scenario import Scenario
    from hidra.scenario.difference import difference, summary
    from hidra.study import Study
    from hidra.study.library import library as scenarios

__version__ = "0.2.0"
RELEASED = "2026-11-29"

#: Where each name lives, and after a colon what it is called there.
_HOMES = {
    "hidra.claims.designs.own": ("event_study",),
    "hidra.core.errors": ("HidraError",),
    "hidra.core.param": ("Beta", "HalfNormal", "LogNormal", "Normal", "Param"),
    "hidra.data.panel:tidy": ("panel",),
    "hidra.data.reference": ("table",),
    "hidra.forecast.own": ("score",),
    "hidra.inference.posterior": ("Posterior",),
    "hidra.model.mechanism": ("Contribution", "Count", "Operator", "Stock", "Tally", "mechanism"),
    "hidra.model.mechanisms:library": ("mechanisms",),
    "hidra.model.reproduce": ("science2023",),
    "hidra.model.system": ("System",),
    "hidra.notebook": ("check", "cite", "map", "plot", "save"),
    "hidra.run": ("Run",),
    "hidra.run.execute": ("run_study",),
    "hidra.run.projection": ("what_if",),
    "hidra.scenario": ("Scenario",),
    "hidra.scenario.difference": ("difference", "summary"),
    "hidra.study": ("Study",),
    "hidra.study.library:library": ("scenarios",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Beta",
    "Contribution",
    "Count",
    "HalfNormal",
    "HidraError",
    "LogNormal",
    "Normal",
    "Operator",
    "Param",
    "Posterior",
    "Run",
    "Scenario",
    "Stock",
    "Study",
    "System",
    "Tally",
    "__version__",
    "check",
    "cite",
    "difference",
    "event_study",
    "evidence",
    "forecast",
    "map",
    "mechanism",
    "mechanisms",
    "panel",
    "plot",
    "run_study",
    "save",
    "scenarios",
    "science2023",
    "score",
    "summary",
    "table",
    "what_if",
]


class Room(ModuleType):
    """A room that is also asked as a whole: ``hidra.forecast(months=12)``, ``hidra.evidence()``."""

    def __call__(self, *given: Any, **asked: Any) -> Any:
        """Ask the room."""
        return self.ask(*given, **asked)


def __getattr__(name: str) -> Any:
    if name in ("evidence", "forecast", "data", "core"):
        return import_module(f"hidra.{name}")
    if name not in _HOME:
        raise AttributeError(f"module 'hidra' has no attribute '{name}'")
    home, _, own = _HOME[name].partition(":")
    return getattr(import_module(home), own or name)


def __dir__() -> list[str]:
    return sorted(__all__)
