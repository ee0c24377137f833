"""Official and open data: built-in tables, sources, panel.

``hidra.data.panel`` and ``hidra.data.reference`` load on first use.
"""

from importlib import import_module
from types import ModuleType


def __getattr__(name: str) -> ModuleType:
    if name in ("panel", "reference"):
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
