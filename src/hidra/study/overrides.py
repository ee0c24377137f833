"""What a study puts in the place of a parameter stays within what its unit allows."""

from __future__ import annotations

from collections.abc import Mapping

from hidra.core.param import Param, Prior
from hidra.study.file import BadValueError


def check(given: Mapping[str, float | Prior], known: Mapping[str, Param]) -> None:
    """Refuse an unknown name, and a number or prior outside the bounds of its parameter."""
    from hidra.scenario.levers import support

    for name, value in given.items():
        at = ("parameters", name)
        if name not in known:
            raise BadValueError.unknown("parameter of this study", name, known, at=at)
        low, high = support(known[name].value)
        if isinstance(value, float):
            fits = low <= value <= high
        else:
            fits = low <= support(value)[0] and support(value)[1] <= high
        if not fits:
            raise BadValueError(
                f"The parameter '{name}' lies between {low:g} and {high:g}; "
                f"{value} does not stay there.",
                "Give a number or a prior within these bounds.",
                at=at,
            )
