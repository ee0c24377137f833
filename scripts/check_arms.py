"""Prior check of the arms mechanism: the US ban ended in 2004, against a ban that stayed.

``python -m scripts.check_arms`` prints extra killings a year in 2005-2008 from the priors alone,
untuned, beside the published 158-239 (Dube, Dube & Garcia-Ponce 2013).
"""

from __future__ import annotations

import argparse

import jax
import jax.numpy as jnp
import numpy as np

from hidra.model.mechanisms.victims import PARAMS
from hidra.model.series import states
from hidra.model.simulate import Drivers
from hidra.model.system import Program, System

OPEN_BORDER = ("05", "08", "19", "26", "28")  # face states without a ban of their own
AFTER = slice(60, 108)  # 2005 to 2008


def excess(draws: int, seed: int = 0) -> np.ndarray:
    """Return extra linked killings a year where the ban ended, (draw, state), states as always."""
    system = System("arms", start="2000-01", end="2008-12")
    drivers = system.driven
    params = (*system.dynamics, next(q for q in PARAMS if q.name == "per_member"))
    chance = np.random.default_rng(seed).random((len(params), draws))
    p = {
        q.name: jnp.asarray(q.prior.quantile(u) if q.prior else np.full(draws, q.value))
        for q, u in zip(params, chance, strict=True)
    }

    @jax.jit
    def deaths(ban: jax.Array) -> jax.Array:
        moved = Drivers({**drivers.weekly, "ban_in_force": ban}, drivers.fixed)
        program = Program(system.model, moved, system.weeks)
        return jax.lax.map(lambda q: program.draw(q, seed, 0).past["member_deaths"], p)

    ended = np.asarray(drivers.weekly["ban_in_force"])
    kept = np.broadcast_to(ended[:1], ended.shape)
    more = np.asarray(deaths(ended) - deaths(kept))[:, AFTER].sum(axis=1) / 4
    return more * np.asarray(p["per_member"])[:, None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=100)
    found = excess(parser.parse_args().draws)
    total, places = found.sum(axis=1), list(states())
    low, middle, high = np.quantile(total, [0.05, 0.5, 0.95])
    inside = np.mean((total > 100) & (total < 400))
    open_border = found[:, [places.index(s) for s in OPEN_BORDER]].sum() / found.sum()
    print(f"extra killings a year: median {middle:.0f}, 90 % {low:.0f}-{high:.0f}")
    print(f"between 100 and 400: {100 * inside:.0f} % of the draws")
    print(f"in the five border states that face no own ban: {100 * open_border:.0f} %")
    print(f"in Baja California: {found[:, places.index('02')].sum():.2g}")


if __name__ == "__main__":
    main()
