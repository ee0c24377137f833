"""Rival explanations V0-V6, and their courses: how killings would rise or fall after an origin.

An explanation is a named set of switches; all are judged on the same records and priors, and a sign
that one implies is put into the prior of one parameter. V6 has no mechanism at all: it is the
statistical forecast that every explanation must beat.

A course says by what factor the killings of a month ahead differ from those of the months before
the origin, as the mechanisms alone would have it: they are fitted to what was known then and run
on, and the discrepancy of the fit has no part in it. Each is kept on disk, one fit each, so that a
long table can be stopped and taken up again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from hidra.core import fingerprint
from hidra.core.cache import Cache
from hidra.core.errors import SpecError, unknown
from hidra.core.i18n import _
from hidra.core.param import Normal
from hidra.forecast.history import digest
from hidra.model import mechanisms
from hidra.model.observe import KNOT
from hidra.model.series import states

if TYPE_CHECKING:
    from hidra.core.param import Prior
    from hidra.forecast.history import Counts, History
    from hidra.inference.posterior import Posterior
    from hidra.model.mechanism import Mechanism
    from hidra.model.system import System

NETWORK = "-network"  # ending of the variants that know the ties of 2020 at every origin
# Coefficients fitted with the core, unless the bank of studies has set them; the others stand at
# the centre of what is known of them, because a hundred months cannot tell more apart.
LEARNT = (
    "arms.elasticity",
    "diversification.effect_fuel",
    "drug_market.prize",
    "laundering.elasticity",
    "leadership_removal.opportunity",
    "leadership_removal.succession",
    "militarisation.lethality",
    "precarity.slope",
)
SIGNED = 0.16  # centre of a signed prior: 98 % of it lies on that side of zero
FORCES = "militarisation.lethality"


@dataclass(frozen=True)
class Rival:
    """One explanation.

    Attributes
    ----------
    mechanisms : those that are on. needing : those of them that run only with drivers the user
        brings; left out otherwise. parameters : priors that say what the explanation says.
    statistical : no mechanism, but the negative binomial forecast.
    """

    code: str
    title: str
    says: str
    mechanisms: tuple[str, ...] = ()
    needing: tuple[str, ...] = ()
    parameters: Mapping[str, Prior] = field(default_factory=dict)
    statistical: bool = False

    def switched_on(self) -> tuple[str, ...]:
        """Return what is on where the user brings no driver."""
        return tuple(set(self.mechanisms) - set(self.needing))


MARKET = (
    "arms",
    "diversification",
    "drug_market",
    "economy_feedback",
    "extractive_corridor",
    "laundering",
    "precarity",
)
STATE = ("militarisation", "retaliation", "us_pressure")
RIVALS = {
    rival.code: rival
    for rival in (
        Rival("V0", _("Core"), _("Science 2023 alone.")),
        Rival(
            "V1", _("Absent state"),
            _("Where there is more state fewer are killed; protection shares out the arrests."),
            ("militarisation", "selective_protection"), ("selective_protection",),
            {FORCES: Normal(loc=-SIGNED, scale=0.08)},
        ),
        Rival(
            "V2", _("Militarisation drives"),
            _("More forces and operations bring more deaths and retaliation."),
            STATE, (), {FORCES: Normal(loc=SIGNED, scale=0.08)},
        ),
        Rival(
            "V3", _("Market and structure"),
            _("Rents, arms, money and precarity explain the violence."), MARKET,
        ),
        Rival(
            "V4", _("Fragmentation"),
            _("Removing leaders and breaking protection splits groups."),
            ("leadership_removal", "selective_protection"), ("selective_protection",),
        ),
        Rival(
            "V5", _("All"), _("Every mechanism."),
            tuple(sorted((
                *MARKET, *STATE, "community_defence", "displacement", "leadership_removal", "moves",
                "selective_protection", "victims", "deportation",
            ))),
            ("selective_protection", "deportation"),
        ),
        Rival(
            "V6", _("Statistical"),
            _("No mechanism: negative binomial on past months."), statistical=True,
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, eq=False)  # one object a name: it may be a key
class Variant:
    """One mechanistic explanation as it enters a forecast.

    Attributes
    ----------
    rival : the explanation. network : whether the ties of 2020 count as known at every origin; such
        a variant is an upper bound, never a forecast.
    """

    rival: Rival
    network: bool = False

    @property
    def name(self) -> str:
        """Code of the rival, marked where it knows what only 2020 knew."""
        return self.rival.code + NETWORK * self.network

    @property
    def mechanisms(self) -> tuple[Mechanism, ...]:
        """What is on."""
        return mechanisms.find(self.rival.switched_on(), where=f"rival {self.rival.code}")

    def overrides(self) -> dict[str, float | Prior]:
        """Return the coefficients that are held, and the priors that say what the rival says."""
        from hidra.inference.posterior import sizes

        free = {
            f"{m.name}.{q.name}": q.prior
            for m in self.mechanisms
            for q in m.params
            if q.prior is not None
        }
        told = {name: float(np.median(sizes()[name])) for name in free if name in sizes()}
        held = {name: float(q.quantile(0.5)) for name, q in free.items() if name not in LEARNT}
        held |= told
        return held | dict(self.rival.parameters)


VARIANTS = {
    variant.name: variant
    for rival in RIVALS.values()
    if not rival.statistical
    for variant in (Variant(rival), Variant(rival, network=True))
}


def variant(name: str) -> Variant:
    """Return a variant by name, ``V0`` ... ``V5`` or ``V0-network`` ..."""
    if name not in VARIANTS:
        raise unknown(_("mechanistic variant"), name, VARIANTS, where="rivals")
    return VARIANTS[name]


START = "2012-01"  # the model begins here: its sizes and their anchor are of 2012
FEWEST = 24  # months of records without which nothing is fitted
RUNS = 200  # model runs behind the emulator of a fit
DRAWS = 120  # posterior draws run on past the origin; their mean is good to half a percent
BASE = 3  # months before the origin that a course is relative to
SEED = 20061211
HALF = 0.5  # persons added before logs, so that zero has one
PERSISTENT = 0.95  # share left after half a year: the discrepancy must stay stationary


class Course(NamedTuple):
    """A course and what to think of it.

    Attributes
    ----------
    factor : array (months, P)
        Killings of each month ahead over those of the last months before the origin, by day.
    trusted : whether the fit passed its own checks. engine : digest of the code that made it.
    """

    factor: Counts
    trusted: bool
    engine: str


def starts(history: History) -> bool:
    """Whether the mechanisms can be run from here: 32 states, records of two years from 2012 on."""
    first = np.datetime64(START, "M")
    behind = (history.origin - first).astype(int) + 1
    return bool(history.places == states() and history.first <= first and behind >= FEWEST)


@cache
def acts(variant: Variant, origin: str) -> bool:
    """Whether a mechanism of the variant has its drivers anywhere at the origin; else it is V0."""
    rows = system(variant, origin).unknown()
    silent = {(row["mechanism"], row["driver"]): 0 for row in rows}
    for row in rows:
        silent[row["mechanism"], row["driver"]] += float(row["share"]) == 1
    off = {mechanism for (mechanism, _), places in silent.items() if places == len(states())}
    return any(m.name not in off for m in variant.mechanisms)


def system(variant: Variant, origin: str, months: int = 0) -> System:
    """Return the system of a variant as it was known at an origin, until some months after it.

    The ties between groups and their list were drawn up in 2020: without them all ties are equal.
    """
    from hidra.model.system import System

    end = str(np.datetime64(origin, "M") + months)
    return System(
        variant.mechanisms, start=START, end=end, until=origin, known_until=origin,
        ties=variant.network, parameters=variant.overrides(),
    )  # fmt: skip


def course(variant: Variant, history: History, months: int) -> Course:
    """Fit a variant to the counts up to the origin and run it on.

    Parameters
    ----------
    past : History
        Counts of the 32 states; nothing after its origin is looked at, in no table.
    months : int
        How many months after the origin.

    Raises
    ------
    SpecError
        The mechanisms cannot start from this record, see `starts`.
    FitError
        The fit gave numbers that are not finite.
    """
    if not starts(history):
        raise SpecError(
            _("The mechanisms cannot start from {origin}.", origin=history.origin),
            where=_("course of {name}", name=variant.name),
            fix=_(
                "Give the 32 states and at least {fewest} months since {start}.",
                fewest=FEWEST,
                start=START,
            ),
        )
    posterior = _fitted(variant, history)
    level = _expected(variant, posterior, history, months)
    ahead, before = level[-months:], level[-months - BASE : -months].mean(axis=0)
    return Course(ahead / before, posterior.trusted, engine())


def _fitted(variant: Variant, history: History) -> Posterior:
    from hidra.inference.calibrate import calibrate
    from hidra.inference.likelihood import records

    now = system(variant, str(history.origin))
    now = now.with_(parameters={**now.parameters, **memory(history)})
    counts = history.counts[-len(now.weeks.months) :]
    unseen = np.full_like(counts, np.nan)
    seen = replace(records(now.weeks, now.known), inegi=counts, sesnsp=unseen)
    return calibrate(now, seed=SEED, seen=seen, runs=RUNS)


def _expected(variant: Variant, posterior: Posterior, history: History, months: int) -> Counts:
    """Return expected killings a day without any discrepancy, mean of the draws, (M, P).

    From the origin on groups may split and operations are drawn; no removal is known any more.
    """
    import jax
    import jax.numpy as jnp

    from hidra.model.simulate import compiled

    program = system(variant, str(history.origin), months).program
    days = jnp.asarray(program.weeks.days)

    def one(drawn: tuple[dict[str, jax.Array], jax.Array]) -> jax.Array:
        p, number = drawn
        found = program.draw(p, SEED, number, stream=variant.rival.code).past
        return found["inegi_homicides_expected"] / days[:, None]

    some = np.arange(DRAWS) % posterior.size
    p = {n: jnp.asarray(v[some]) for n, v in posterior.draws.items() if not n.startswith("knots")}
    numbers = jnp.arange(DRAWS, dtype=jnp.uint32)
    return np.asarray(compiled(lambda q: jax.lax.map(one, q))((p, numbers))).mean(axis=0)


def memory(history: History) -> dict[str, float]:
    """Return persistence and innovations of the discrepancy, from counts up to the origin.

    The log of half-yearly means of each state, less its own mean, is parted into what all states
    share and what is their own; both are regressed on the half year before.

    Returns
    -------
    dict with `persistence` (share left after half a year), `discrepancy_nation` and
    `discrepancy_place` (log homicides a half year; of the median state).
    """
    halves = len(history.counts) // KNOT
    means = np.nanmean(history.counts[-halves * KNOT :].reshape(halves, KNOT, -1), axis=1)
    logs = np.log(means + HALF)
    off = logs - logs.mean(axis=0)
    nation = off.mean(axis=1, keepdims=True)
    own = off - nation
    left = min(float((own[1:] * own[:-1]).sum() / (own[:-1] ** 2).sum()), PERSISTENT)
    return {
        "persistence": left,
        "discrepancy_nation": float((nation[1:] - left * nation[:-1]).std()),
        "discrepancy_place": float(np.median((own[1:] - left * own[:-1]).std(axis=0))),
    }


@cache
def engine() -> str:
    """Return what identifies the code behind a course: frozen before a score is seen."""
    return fingerprint.code("hidra.forecast.course")


CORE = "V0"
LONGEST = 14  # months ahead of every kept course, unless more are asked for


def kept(folder: Path | None) -> Callable[[str, int, History], Course]:
    """Return what gives a course by name, months and history, read back where it is kept."""

    def read(name: str, months: int, history: History) -> Course:
        make = partial(_course, run_as(name, history), months, history)
        if folder is None:
            return Course(**make())
        return Course(**_cache(folder).get_or_make(_key(name, months, history), make))

    return read


def there(folder: Path, name: str, history: History) -> bool:
    """Whether a course has been kept."""
    return _cache(folder).holds(_key(name, LONGEST, history))


def run_as(name: str, history: History) -> str:
    """Return the variant that is run: the core where nothing else would act at the origin."""
    one = variant(name)
    return name if acts(one, str(history.origin)) else CORE + NETWORK * one.network


def _cache(folder: Path) -> Cache:
    return Cache("courses", code=engine(), folder=folder)


def _key(name: str, months: int, history: History) -> dict[str, object]:
    return {"variant": run_as(name, history), "months": months, "history": digest(history)}


def _course(name: str, months: int, history: History) -> dict[str, Any]:
    return course(variant(name), history, months)._asdict()
