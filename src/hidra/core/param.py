"""A parameter: a value or a prior, always with unit, source and meaning; and how a number reads."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    field_validator,
)
from pydantic_core import PydanticKnownError

from hidra.core.yaml import Closed

#: A number as text: digits, a point, an exponent. Python's own reading also takes ``1_000``, digits
#: of other scripts, ``nan`` and ``inf``: where a person or a program wrote those, it meant a text.
NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")


def _plain_minus(text: str) -> str:
    """Return a text with a plain minus for the true one (U+2212) that messages print."""
    return text.replace("\u2212", "-")


def number(text: str) -> float:
    """Return the number that a text from outside is, spaces around it aside.

    Raises
    ------
    ValueError
        It is none, or has no end.
    """
    plain = _plain_minus(text).strip()
    found = float(plain) if NUMBER.fullmatch(plain) else math.nan
    if not math.isfinite(found):
        raise ValueError(text)
    return found


def whole(text: str) -> int:
    """Return the whole number that a word is: digits, a sign before them, and nothing else.

    Raises
    ------
    ValueError
        It is none, or longer than a number is read.
    """
    plain = _plain_minus(text)
    if not re.fullmatch(r"[-+]?[0-9]+", plain):
        raise ValueError(text)
    return int(plain)


def _plain(value: object) -> object:
    """Refuse a truth value or an odd text before the library of models makes a number of it."""
    if isinstance(value, bool):
        raise PydanticKnownError("float_parsing")
    if isinstance(value, str):
        try:
            number(value)
        except ValueError:
            raise PydanticKnownError("float_parsing") from None
        return _plain_minus(value)
    return value


def _whole(value: object) -> object:
    try:
        return _plain(value)
    except PydanticKnownError:
        raise PydanticKnownError("int_parsing") from None


#: How the files and forms of others give a number, and a whole one.
Number = Annotated[float, BeforeValidator(_plain)]
Whole = Annotated[int, BeforeValidator(_whole)]


class _Prior(Closed):
    """What every prior can do; a family names its distribution in SciPy and in NumPyro."""

    def _of_scipy(self, stats: Any) -> Any:
        raise TypeError(f"{type(self).__name__} has no distribution of its own")

    def _of_numpyro(self, dist: Any) -> Any:
        raise TypeError(f"{type(self).__name__} has no distribution of its own")

    def frozen(self) -> Any:
        """Return the SciPy distribution."""
        from scipy import stats

        return self._of_scipy(stats)

    def distribution(self) -> Any:
        """Return the NumPyro distribution."""
        from numpyro import distributions

        return self._of_numpyro(distributions)

    def quantile(self, share: Any) -> Any:
        """Return the value below which `share` (0-1, any shape) of the prior lies."""
        return self.frozen().ppf(share)

    @property
    def support(self) -> tuple[float, float]:
        """The lowest and highest number it may give."""
        low, high = self.frozen().support()
        return float(low), float(high)

    @property
    def centre(self) -> float:
        """The median, used where a single number is needed."""
        return float(self.quantile(0.5))


class Normal(_Prior):
    """Normal prior with mean `loc` and standard deviation `scale`."""

    family: Literal["normal"] = "normal"
    loc: Number
    scale: Number = Field(gt=0)

    def _of_scipy(self, stats: Any) -> Any:
        return stats.norm(self.loc, self.scale)

    def _of_numpyro(self, dist: Any) -> Any:
        return dist.Normal(self.loc, self.scale)

    def __str__(self) -> str:
        return f"Normal({self.loc:g}, {self.scale:g})"


class HalfNormal(_Prior):
    """Normal prior with centre `loc` and `scale`, cut to positive numbers."""

    family: Literal["half_normal"] = "half_normal"
    loc: Number = 0.0
    scale: Number = Field(gt=0)

    def _of_scipy(self, stats: Any) -> Any:
        return stats.truncnorm(-self.loc / self.scale, float("inf"), self.loc, self.scale)

    def _of_numpyro(self, dist: Any) -> Any:
        return dist.TruncatedNormal(self.loc, self.scale, low=0.0)

    def __str__(self) -> str:
        return f"Normal+({self.loc:g}, {self.scale:g})"


class LogNormal(_Prior):
    """Log-normal prior with median `median` and log standard deviation `log_sd`."""

    family: Literal["log_normal"] = "log_normal"
    median: Number = Field(gt=0)
    log_sd: Number = Field(gt=0)

    def _of_scipy(self, stats: Any) -> Any:
        return stats.lognorm(self.log_sd, scale=self.median)

    def _of_numpyro(self, dist: Any) -> Any:
        import numpy as np

        return dist.LogNormal(np.log(self.median), self.log_sd)

    def __str__(self) -> str:
        return f"LogNormal(median {self.median:g}, log-sd {self.log_sd:g})"


class Beta(_Prior):
    """Beta prior on a share between 0 and 1."""

    family: Literal["beta"] = "beta"
    a: Number = Field(gt=0)
    b: Number = Field(gt=0)

    def _of_scipy(self, stats: Any) -> Any:
        return stats.beta(self.a, self.b)

    def _of_numpyro(self, dist: Any) -> Any:
        return dist.Beta(self.a, self.b)

    def __str__(self) -> str:
        return f"Beta({self.a:g}, {self.b:g})"


Prior = Annotated[Normal | HalfNormal | LogNormal | Beta, Field(discriminator="family")]


class Param(Closed):
    """A named parameter of the model or of a mechanism.

    Attributes
    ----------
    value : float or Prior
        A number when fixed, a prior when uncertain.
    unit : str
        Unit in words or symbols; "1" for a pure number. Never empty.
    source : str
        Where the number comes from: a citation, or "weakly informative" for our own choice.
    doc : str
        What it means, in one sentence.
    bounds : (float, float), optional
        Lowest and highest value it may take; those of its prior where none are given.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    value: float | Prior
    unit: str
    source: str
    doc: str
    bounds: tuple[float, float] | None = None

    @field_validator("unit", "source", "doc")
    @classmethod
    def _not_empty(cls, text: str, info: Any) -> str:
        if not text.strip():
            raise ValueError(f"a parameter without {info.field_name} is not allowed")
        return text

    @property
    def centre(self) -> float:
        """The value, or the median of the prior."""
        return self.value if isinstance(self.value, float) else self.value.centre

    @property
    def prior(self) -> Normal | HalfNormal | LogNormal | Beta | None:
        """The prior, or None where the parameter is fixed."""
        return None if isinstance(self.value, float) else self.value

    @property
    def limits(self) -> tuple[float, float]:
        """The lowest and highest value it may take."""
        if self.bounds is not None:
            return self.bounds
        return (-math.inf, math.inf) if self.prior is None else self.prior.support

    def allows(self, value: float | _Prior) -> bool:
        """Whether a number, or all of a prior, lies within its bounds."""
        low, high = self.limits
        least, most = value.support if isinstance(value, _Prior) else (value, value)
        return low <= least and most <= high
