"""Parameters no record speaks of: drawn from their priors, beside the draws of the fit."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hidra.core.param import Param

if TYPE_CHECKING:
    from hidra.inference import Posterior


def from_prior(posterior: Posterior, params: Iterable[Param], seed: int) -> Posterior:
    """Return the posterior with the draws of some parameters taken from their priors.

    The draws of each are spread evenly over its prior, in an order of its own (a Latin hypercube),
    independent of all others.

    Parameters
    ----------
    params : under full names; those with a fixed value are left as they are.
    """
    size, draws = posterior.size, dict(posterior.draws)
    for q in params:
        if q.prior is not None:
            rng = np.random.default_rng([seed, zlib.crc32(q.name.encode())])
            share = (rng.permutation(size) + rng.random(size)) / size
            draws[q.name] = np.asarray(q.prior.quantile(share), float)
    return replace(posterior, draws=draws)
