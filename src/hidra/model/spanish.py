"""What the declarations of mechanisms say in English, in Spanish: evidence, parameters, equations.

The words lie in ``spanish.yaml`` (one entry a mechanism) and ``spanish_terms.yaml`` (units, core,
sources, words in equations). What has no Spanish, a user's own mechanism for instance, stays as it
was declared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def texts() -> Mapping[str, Any]:
    """Return the words of every mechanism, and ``drivers``, ``units``, ``core``, ``sources``."""
    folder = files("hidra.model")
    own = yaml.safe_load(folder.joinpath("spanish.yaml").read_text(encoding="utf-8"))
    terms = yaml.safe_load(folder.joinpath("spanish_terms.yaml").read_text(encoding="utf-8"))
    return {**own, **terms, "units": own["units"] | terms["units"]}


def of(mechanism: str, key: str, fallback: str = "") -> str:
    """Return one text of a mechanism: ``what``, ``essay``, ``for``, ``against``."""
    return str(texts().get(mechanism, {}).get(key, fallback))


def unit(text: str) -> str:
    """Return a unit in Spanish."""
    return str(texts()["units"].get(text, text))


def source(text: str) -> str:
    """Return the source of a number in Spanish; a plain citation stays as it is."""
    return str(texts()["sources"].get(text, text))


def parameter(mechanism: str, name: str, fallback: str = "") -> str:
    """Return what a parameter is; ``mechanism`` is empty for the core and the records."""
    if not mechanism:
        return str(texts()["core"].get(name, {}).get("doc", fallback))
    return str(texts().get(mechanism, {}).get("params", {}).get(name, fallback))


def equation(text: str) -> str:
    """Return an equation with its words in Spanish; symbols stay."""
    for english, spanish in texts()["symbols"].items():
        text = re.sub(rf"(?<![A-Za-z]){re.escape(english)}(?![A-Za-z])", spanish, text)
    return text
