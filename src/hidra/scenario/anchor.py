"""Scenarios anchored in a forecast: no change is what is forecast, mechanisms only move it.

A model that sets a level for years ahead is wrong by more than any scenario changes. So no change
is the forecast, draw by draw; a scenario is the same draw times the ratio of what the model expects
with and without the change, same noise. Counts stay counts: what is taken away is thinned, what
comes is added, with the same uniform numbers in every scenario, in each state and month: years and
nation are their sums.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import xarray as xr

from hidra.core import noise
from hidra.core.i18n import _, columns
from hidra.core.place import NATION
from hidra.model.observe import inverted, luck

EXPECTED, RECORDED = "inegi_homicides_expected", "inegi_homicides"
ALONE = "model_homicides"  # what the model would say without the forecast
BELIEF = _("Recorded homicides (INEGI), the model alone")


def anchored(results: xr.Dataset, baselines: Mapping[str, Any]) -> xr.Dataset:
    """Put a forecast in the place of no change, and move it in each scenario as the model says.

    Parameters
    ----------
    results : of ``hidra.scenario.ensemble.simulate``; no change comes first.
    baselines : measure -> forecast with ``draws`` (D, M, P), ``months``, ``places``, ``origin``, as
        of ``hidra.forecast.baseline``; its draws are taken in turn by those of the results.

    Returns
    -------
    xarray.Dataset
        The records of each measure are those of the forecast where nothing differs;
        ``inegi_homicides_expected`` is the forecast times the ratio, and ``model_homicides`` what
        the model alone would have recorded. By year (municipalities), the states add up to the
        forecast in every whole year of it. The attribute ``anchored`` tells the origins.
    """
    if not baselines:
        return results
    told = {measure: found.origin for measure, found in baselines.items()}
    move = _years if "year" in results.dims else _months
    return move(results, baselines).assign_attrs(anchored=json.dumps(told))


def _months(results: xr.Dataset, baselines: Mapping[str, Any]) -> xr.Dataset:
    order = ("scenario", "draw", "month", "place")
    model = results[EXPECTED].transpose(*order)
    changed = {ALONE: results[RECORDED].transpose(*order).copy()}
    changed[ALONE].attrs |= columns(label=BELIEF)
    for measure, found in baselines.items():
        base, at = _laid(found, results)
        ratio = ratios(model.to_numpy()[:, :, at])
        chance = _luck(results, f"anchored {measure}", ratio.shape[2:])
        values = {measure: coupled(base, ratio, chance)}
        if measure == RECORDED:
            values[EXPECTED] = base * ratio
        for name, ahead in values.items():
            changed[name] = results[name].transpose(*order).copy()
            changed[name].to_numpy()[:, :, at] = ahead
    return results.assign(changed)


def ratios(expected: np.ndarray) -> np.ndarray:
    """Return what is expected over what is with no change, which comes first; one where none is."""
    base = expected[:1].astype(float)
    return np.divide(expected, base, out=np.ones(expected.shape), where=base > 0)


def coupled(base: np.ndarray, ratio: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Return counts whose mean is the ratio times the base: thinned below one, added to above.

    Parameters
    ----------
    base, luck : (D, M, P) counts, and uniform numbers, the same for every scenario: a higher ratio
        never gives fewer. ratio : (S, D, M, P).
    """
    from scipy.stats import binom, poisson

    found = np.broadcast_to(base, ratio.shape).astype(float)
    luck = np.broadcast_to(luck, ratio.shape)
    fewer, more = (ratio < 1) & (found > 0), (ratio > 1) & (found > 0)
    of = found[fewer]
    found[fewer] = inverted(
        luck[fewer], of * ratio[fewer], -1.0 / of,
        lambda u, mean, bend: binom.ppf(u, np.rint(-1.0 / bend), -bend * mean),
    )  # fmt: skip
    found[more] += inverted(
        luck[more], found[more] * (ratio[more] - 1.0), 0.0,
        lambda u, mean, _: poisson.ppf(u, mean),
    )  # fmt: skip
    return found


def _laid(found: Any, results: xr.Dataset) -> tuple[np.ndarray, slice]:
    """Return the draws of a forecast on the draws and places of results, and on which months."""
    months = results["month"].to_numpy().astype("datetime64[M]")
    first = int(np.searchsorted(months, np.datetime64(found.months[0], "M")))
    column = [list(found.places).index(code) for code in results["place"].to_numpy().astype(str)]
    which = results["draw"].to_numpy() % len(found.draws)
    base = np.asarray(found.draws)[which][:, : len(months) - first, column]
    return base, slice(first, first + base.shape[1])


def _luck(results: xr.Dataset, stream: str, shape: tuple[int, int]) -> np.ndarray:
    """Return uniform numbers over draw, month, place, none of them zero."""
    seed, numbers = jnp.uint32(results.attrs["seed"]), jnp.asarray(results["draw"].to_numpy())
    return np.maximum(np.asarray(_uniform(seed, numbers, stream, *shape)), np.finfo(float).tiny)


@partial(jax.jit, static_argnums=(2, 3, 4))
def _uniform(seed: Any, numbers: Any, stream: str, months: int, places: int) -> Any:
    def one(number: Any) -> Any:
        return luck(noise.key(seed, number, stream), np.arange(places), months)

    return jax.lax.map(one, numbers)


def _years(results: xr.Dataset, baselines: Mapping[str, Any]) -> xr.Dataset:
    found = baselines[RECORDED]
    draws = np.asarray(found.draws)[results["draw"].to_numpy() % len(found.draws)]
    of = np.array([int(month[:4]) for month in found.months])
    states = np.array([code[:2] for code in results["place"].to_numpy().astype(str)])
    expected = results[EXPECTED].transpose("scenario", "draw", "year", "place").copy()
    values = expected.to_numpy()
    for row, year in enumerate(results["year"].to_numpy()):
        if (of == year).sum() < 12:
            continue  # begun before the origin: the model alone
        whole = draws[:, of == year].sum(axis=1)  # (D, P)
        for column, code in enumerate(found.places):
            here = np.flatnonzero(states == code)
            if code == NATION.code or not len(here):
                continue
            model = values[0, :, row, here].sum(axis=0)
            factor = np.divide(whole[:, column], model, out=np.ones(len(model)), where=model > 0)
            values[:, :, row, here] *= factor[None, :, None]
    return results.assign({ALONE: results[EXPECTED], EXPECTED: expected})
