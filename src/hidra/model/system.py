"""A system: every input of a simulation in one object, and the one program that computes a draw.

Command line, page, runs, fits, sensitivity, forecasts and municipal runs all go through
``Program.draw``: key, weeks, expected homicides, uniform numbers behind the records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache, partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from hidra.core import fingerprint, noise
from hidra.core.errors import SpecError, unknown
from hidra.core.i18n import _
from hidra.core.param import Beta, HalfNormal, LogNormal, Normal, Param, Prior
from hidra.core.weeks import Weeks, month, month_after
from hidra.data import panel
from hidra.model import mechanisms as library
from hidra.model.drivers import (
    DRIVERS,
    FROM_THE_FUTURE,
    REMOVED,
    between_places,
    build,
    gaps,
    is_weekly,
    known_places,
    refuse_outside,
    with_masks,
)
from hidra.model.equation import ARRESTED, CORE, EMPTY, Model, start
from hidra.model.mechanism import Mechanism, State
from hidra.model.observe import PARAMS, continued, homicides, luck
from hidra.model.series import NOTHING_BROUGHT, Brought, Known, population, states, taken_in
from hidra.model.simulate import (
    Drivers,
    History,
    Policy,
    compiled,
    months_after,
    months_before,
    run_months,
    run_span,
    run_together,
    shared_months,
)
from hidra.model.space import (
    SPACES,
    SPARE,
    Presence,
    Space,
    municipal_nearness,
    network,
    presence,
    reported,
    seen,
    spread,
    within,
)

if TYPE_CHECKING:
    import xarray as xr

RECORDS_UNTIL = "2024-12"  # last month that the built-in records are complete
ROOMS = ("hidra.core", "hidra.model", "hidra.scenario")  # the code a draw rests on
COUNTS = ("inegi_homicides", "sesnsp_homicide_victims")  # drawn as records of an agency
Overrides = Mapping[str, "float | Prior"]


@dataclass(frozen=True, eq=False, repr=False)
class System:
    """What is simulated. Frozen; equal to another where every input and the code are equal.

    Parameters
    ----------
    mechanisms : those that are on, by name, as objects, or by the path of a file of one's own.
    drivers : own drivers: a frame or CSV with the columns driver, place, month, value, or several.
    presence : who was seen in which municipality: a frame or CSV of place, node, period.
    space : ``states`` or ``municipalities``.
    start, end : first and last month, as ``hidra.core.weeks.month`` takes it. Whenever it starts,
        it does with the members published for 2012 (``initial_members``), unless those are given.
    until : last month of records. Later groups may split and operations are drawn; until then the
        network is taken as known. The end of the built-in records if None.
    known_until : leave out of the built-in tables what was not known at the end of that month.
    parameters : full name -> number or prior, in place of what is declared.
    panel : digest of the panel whose records and series are used; that of now if None.
    ties : whether the alliances and rivalries listed in 2020 are known; else all ties are equal.
    arrests : by what they are shared among places, ``residents`` (as published) or ``members``.

    Raises
    ------
    SpecError
        A name that does not exist, months out of order, a parameter outside its bounds.
    SourceError
        A file that cannot be read or is not what it should be.
    """

    mechanisms: tuple[Mechanism, ...] = ()
    drivers: Brought = NOTHING_BROUGHT
    presence: Presence = ()
    space: str = "states"
    start: str = "2012-01"
    end: str = "2030-12"
    until: str | None = None
    known_until: str | None = None
    parameters: Overrides = ()  # type: ignore[assignment]
    ties: bool = True
    panel: str | None = None
    arrests: str = "residents"

    def __post_init__(self) -> None:
        """Read files once, put names in place of objects, refuse what cannot be simulated."""
        if self.space not in SPACES:
            raise unknown(_("space"), self.space, SPACES, where="space")
        if self.arrests not in ARRESTED:
            raise unknown(_("way to share arrests"), self.arrests, ARRESTED, where="arrests")
        for name in ("start", "end", "until", "known_until"):
            given_month = getattr(self, name)
            if given_month or name in ("start", "end"):
                self._set(name, month(given_month, name))
        if self.start > self.end:
            raise SpecError(
                _(
                    "The end ({end}) comes before the start ({start}).",
                    end=self.end,
                    start=self.start,
                ),
                where=_("start, end"),
                fix=_("Put the months in order."),
            )
        given: Any = self.mechanisms
        given = (given,) if isinstance(given, str | Path | Mechanism) else tuple(given)
        self._set("mechanisms", library.find(given, where="mechanisms"))
        self._set("until", self.until or min(RECORDS_UNTIL, self.end))
        if self.start > str(self.until):
            raise SpecError(
                _("It starts in {start}, after the records end ({last}).",
                  start=self.start, last=self.until),
                where="start",
                fix=_("Start it by {last}: what comes later follows from there.", last=self.until),
            )  # fmt: skip
        self._set("drivers", Brought.of(self.drivers))
        refuse_outside(self.drivers)
        read = {name for m in self.mechanisms for name in m.drivers}
        for name in {*self.drivers.names} - read - {*DRIVERS}:
            raise unknown(_("driver"), name, {*DRIVERS, *read}, where="drivers")
        self._set("parameters", dict(self.parameters))
        self._set("panel", self.panel or panel.digest())
        _check_parameters(self.parameters, {q.name: q for q in self.declared})
        if not isinstance(self.presence, tuple):
            places = Space.municipalities(self.start, self.known).codes
            self._set("presence", presence(self.presence, places, network(self.known)))

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    @cached_property
    def fingerprint(self) -> str:
        """What identifies it: every input, the built-in tables, and the code, as one hash."""
        inputs = {part.name: getattr(self, part.name) for part in fields(self)}
        inputs |= {
            "mechanisms": [m.fingerprint for m in self.mechanisms],
            "drivers": self.drivers.rows,
            "known_until": self.known.fingerprint,
        }
        return fingerprint.of([inputs, fingerprint.code(*ROOMS)])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, System) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __reduce__(self) -> tuple[Any, ...]:
        return System, tuple(getattr(self, part.name) for part in fields(self))

    def with_(self, **changes: Any) -> System:
        """Return a changed copy, checked like any other."""
        return replace(self, **changes)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the mechanisms that are on."""
        return tuple(m.name for m in self.mechanisms)

    @property
    def known(self) -> Known:
        """The built-in tables as this system knows them."""
        return Known(self.known_until, self.panel)

    @property
    def weeks(self) -> Weeks:
        """The weekly grid."""
        return Weeks(self.start, self.end)

    @property
    def declared(self) -> tuple[Param, ...]:
        """Parameters of core, mechanisms and records under full names, as they are declared."""
        return (*dynamics(self.mechanisms, {}), *PARAMS)

    @property
    def dynamics(self) -> tuple[Param, ...]:
        """Parameters of core and mechanisms under full names, with what this system sets."""
        return dynamics(self.mechanisms, self.parameters)

    @property
    def recording(self) -> tuple[Param, ...]:
        """Parameters of what agencies record, with what this system sets."""
        return recording(self.parameters)

    @cached_property
    def model(self) -> Model:
        """The composed model on the places of the space, in 32 bits."""
        return self._model(SPARE)

    def _model(self, slots: int) -> Model:
        ties = (network if self.ties else reported)(self.known)
        if self.space != "states" and not any(
            o.stage == "split" for m in self.mechanisms for o in m.operators
        ):
            slots = 0  # nobody splits off
        groups = ties.with_spare(slots)
        people = population(Weeks(self.start, self.start), known=self.known)[0]
        share = people / people.sum()
        outer = spread(groups, share, self.start, self.known)
        space = Space.named(self.space, self.start, self.known)
        if space.whole:
            return Model(groups, share, outer, self.mechanisms, jnp.float32, space, self.arrests)
        there = seen(self.presence, space.codes, groups, self.start) if self.presence else None
        local = within(groups, outer, space, there)
        if not any(between_places(m) for m in self.mechanisms):
            space, local = space.occupied(local)  # else members may arrive in any of them
        people = share[space.region] * space.part
        found = Model(groups, people, local, self.mechanisms, jnp.float32, space, self.arrests)
        return replace(found, sparse=found.settled, empty=EMPTY)

    @cached_property
    def driven(self) -> Drivers:
        """What drives the mechanisms, by week and region; nearness is of the places themselves.

        Where a driver is unknown, ``known.NAME`` switches the mechanisms that need it off.
        """
        return self._driven(self.model)

    def _driven(self, model: Model) -> Drivers:
        weeks, on, brought = self.weeks, self.mechanisms, self.drivers
        found = build(on, weeks, model.network, brought, self.known)
        ahead = weeks.from_month(month_after(str(self.until)))
        dated = sum(found[name].any(axis=1) for name in REMOVED if name in found)
        drawn = max(ahead, *np.flatnonzero(dated) + 1) if np.any(dated) else ahead
        for name, first in ((FROM_THE_FUTURE[0], ahead), (FROM_THE_FUTURE[1], drawn)):
            if name in found:  # removals that are dated are not drawn as well
                found[name][first:] = 1.0
        lacking = gaps(on, found, brought)
        masked = with_masks(found, lacking)
        count = len(weeks.first_days)
        weekly = {n: a for n, a in masked.items() if n not in found or is_weekly(n, brought)}
        weekly = {n: a for n, a in weekly.items() if n in found or len(a) == count}
        fixed: dict[str, Any] = {n: a for n, a in masked.items() if n not in weekly}
        if model.cut is not None:
            self._of_parts(weekly, fixed, model.cut.codes)
        return Drivers(weekly=weekly, fixed=fixed, gaps=lacking)

    def _of_parts(
        self, weekly: dict[str, Any], fixed: dict[str, Any], codes: tuple[str, ...]
    ) -> None:
        """Put in place what parts of a region do not take from it: nearness, removals."""
        if "nearness" in fixed:
            fixed["nearness"] = municipal_nearness(codes, self.known)
        if "seat" in fixed:
            fixed["seat"] = np.ones(len(codes))
            weekly["captured_here"], weekly["killed_here"] = taken_in(codes, self.weeks, self.known)

    @cached_property
    def program(self) -> Program:
        """What computes a draw."""
        return self._program(self.model, self.driven)

    def with_slots(self, slots: int) -> Program:
        """Return what computes a draw with room for so many groups that split off."""
        model = self._model(slots)
        return self._program(model, self._driven(model))

    def _program(self, model: Model, driven: Drivers) -> Program:
        assert model.space is not None
        people = model.space.residents(self.weeks, self.known)
        fitted = int(np.searchsorted(self.weeks.months, np.datetime64(str(self.until), "M") + 1))
        return Program(model, driven, self.weeks, people, fitted)

    def unknown(self) -> list[dict[str, str]]:
        """Return where mechanisms are off for want of a driver: mechanism, driver, place, share.

        `share` is the share of weeks without it.
        """
        rows = []
        found = build(self.mechanisms, self.weeks, self.model.network, self.drivers, self.known)
        for m in self.mechanisms:
            for name in m.drivers:
                if not np.isnan(found[name]).any():
                    continue
                known = np.atleast_2d(known_places(found[name], is_weekly(name, self.drivers)))
                lost = zip(states(), 1.0 - known.mean(axis=0), strict=True)
                told = {"mechanism": m.name, "driver": name}
                rows += [told | {"place": at, "share": f"{s:.2f}"} for at, s in lost if s > 0]
        return rows

    def simulate(self, **asked: Any) -> xr.Dataset:
        """Simulate scenarios and ``no_change``: see ``hidra.scenario.ensemble.simulate``.

        Parameters
        ----------
        draws : members of the ensemble. seed : of all random numbers, 0 <= seed < 2**32.
        posterior : draws of the parameters: of a fit, by name, by the folder of a run, or as
            arrays. Without any they are drawn from the priors.
        scenarios : name -> ``Scenario``; ``no_change`` always runs and comes first.
        workers : processes, or any standard executor; changes no number. Others : see there.

        Returns
        -------
        xarray.Dataset
            Over scenario, draw, month, place; of municipalities by year.
        """
        from hidra.scenario.ensemble import simulate  # the room above: at hand for the reader

        return simulate(self, **asked)

    def __repr__(self) -> str:
        rows = "; ".join(f"{name}: {value}" for name, value in self._told().items())
        return f"System({rows})"

    def _repr_html_(self) -> str:
        return html_table(self._told())

    def _told(self) -> dict[str, str]:
        told = {
            "mechanisms": ", ".join(self.names) or "core only",
            "space": self.space,
            "months": f"{self.start} to {self.end}, records until {self.until}",
            "own drivers": ", ".join(self.drivers.names),
            "parameters": ", ".join(f"{name} = {value}" for name, value in self.parameters.items()),
            "known until": self.known_until or "",
        }
        return {name: value for name, value in told.items() if value}


class Draw(NamedTuple):
    """What one draw gives: name -> array.

    Attributes
    ----------
    past : months that all scenarios share, (M1, P). ahead : those after, (S, M2, P).
    least : the least flow that each dose was added to, persons/week, (S,).
    chance : uniform numbers behind the records of an agency, (M, P).
    """

    past: dict[str, Array]
    ahead: dict[str, Array]
    least: dict[str, Array]
    chance: dict[str, Array]


@dataclass(frozen=True, eq=False)
class Program:
    """The one composition of a draw: weeks of the model, expected homicides, chance of records.

    Attributes
    ----------
    people : residents by month and place, (M, P); None where only the model is wanted.
    fitted : how many of the months have records.
    """

    model: Model
    drivers: Drivers
    weeks: Weeks
    people: np.ndarray | None = None
    fitted: int = 0

    def draw(
        self, p: Mapping[str, Array], seed: Array | int, number: Array | int, stream: str = "model"
    ) -> Draw:
        """Compute one draw without scenarios; to be traced: each caller keeps what it needs.

        Parameters
        ----------
        p : parameters by name. What they hold is computed: expected homicides need ``linked`` and
            ``unlinked``, or the ``level`` and ``share`` of each state; a discrepancy its knots.
        seed, number : of the ensemble and of the draw: all chance is keyed by them.
        stream : name of the random stream of the model.
        """
        key = noise.key(seed, number, stream)
        past = run_months(self.model, p, self.drivers, Policy(), self.weeks, key)
        return self.observed(p, seed, number, past, {})

    def observed(
        self,
        p: Mapping[str, Array],
        seed: Array | int,
        number: Array | int,
        past: dict[str, Array],
        ahead: dict[str, Array],
    ) -> Draw:
        """Add to the months of a draw, and to those ahead, what is expected to be recorded."""
        if not self._kills(p):
            return Draw(past, ahead, {}, {})
        shared = len(past["members"])
        self._kill(p, seed, number, ((past, slice(shared)), (ahead, slice(shared, None))))
        return Draw(past, ahead, {}, self._chance(seed, number))

    def _kills(self, p: Mapping[str, Array]) -> bool:
        """Whether homicides can be expected, of these residents and parameters."""
        return self.people is not None and bool({"linked", "share"} & {*p})

    def together(
        self,
        p: Mapping[str, Array],
        seed: Array | int,
        numbers: Array,
        every: Policy,
        begin: int = 0,
    ) -> tuple[Draw, Array]:
        """Compute many draws at once, as ``draw`` does one, each the same in 32 bits.

        Parameters
        ----------
        p : as of ``draw``, draws first, (B, ...). numbers : (B,) of the draws.

        Returns
        -------
        Draw
            All arrays with the draws last; no chance of records.
        Array
            Most slots for groups that split off that were taken at once, (B,).
        """
        keys = jax.vmap(lambda number: noise.key(seed, number, "model"))(numbers)
        past, ahead, least, slots = run_together(
            self.model, p, self.drivers, every, self.weeks, keys, begin
        )
        shared = shared_months(self.weeks, begin)

        def kill(p: Any, number: Array, past: Any, ahead: Any) -> tuple[Any, Any]:
            self._kill(p, seed, number, ((past, slice(shared)), (ahead, slice(shared, None))))
            return jax.tree.map(lambda v: v.astype(jnp.float32), (past, ahead))

        if self._kills(p):
            past, ahead = jax.vmap(kill, (0, 0, -1, -1), -1)(p, numbers, past, ahead)
        return Draw(past, ahead, least, {}), slots

    def _kill(
        self,
        p: Mapping[str, Array],
        seed: Array | int,
        number: Array | int,
        parts: tuple[tuple[dict[str, Array], slice], ...],
    ) -> None:
        """Add to each part what INEGI is expected to record."""
        people, days = jnp.asarray(self.people), jnp.asarray(self.weeks.days)
        space = self.model.space
        lay: Callable[[Any], Any] = space.lay if space is not None else lambda by_region: by_region
        rates = p if "linked" in p else self._levelled(p, parts[0][0]["member_deaths"])
        local = {name: lay(rates[name]) for name in ("unlinked", "linked")}
        delta: Any = jnp.zeros(())
        if "knots_nation" in p:
            delta = lay(discrepancy(p, self.weeks, seed, number))
        for found, when in parts:
            if found:
                found["inegi_homicides_expected"] = homicides(
                    local, found["member_deaths"], people[when], days[when],
                    delta[when] if delta.ndim else delta,
                )  # fmt: skip

    def _levelled(self, p: Mapping[str, Array], deaths: Array) -> dict[str, Array]:
        """Return the rates that give each state its ``level`` in the months of records, (32,).

        Of the homicides a month at that level the ``share`` is linked to members killed, as in a
        fit; here the deaths are those of this very draw.
        """
        space, fitted = self.model.space, slice(max(self.fitted, 1))
        assert space is not None
        known = np.asarray(self.people)[fitted] * self.weeks.days[fitted, None]
        exposure = jnp.asarray(space.gather(known)).mean(axis=0)
        killed = space.gather(deaths[fitted]).mean(axis=0)
        return {
            "unlinked": p["level"] * (1.0 - p["share"]) / exposure,
            "linked": p["level"] * p["share"] / jnp.maximum(killed, 1e-12),
        }

    def _chance(self, seed: Array | int, number: Array | int) -> dict[str, Array]:
        """Uniform numbers behind the records of each agency: records are of the states."""
        codes, months = np.array(states(), dtype=int), len(self.weeks.months)
        return {agency: luck(noise.key(seed, number, agency), codes, months) for agency in COUNTS}


@lru_cache(maxsize=16)
def branching(system: System, begin: int, small: bool) -> Branching:
    """Return what computes draws of a system whose scenarios part in the week `begin`.

    Parameters
    ----------
    small : what happens in 32 bits at once, for systems of many places.
    """
    return Branching(system, begin, small)


class Branching:
    """Draws of a system whose scenarios part in a week, one by one.

    All stretches of weeks go through one compiled program, those before and those after, of any
    scenario: whoever asks for another month or other scenarios has it already.
    """

    def __init__(self, system: System, begin: int, small: bool) -> None:
        self._program, self._begin, self._small = system.program, begin, small
        self._start, self._go = _going(system)
        self._told_before, self._told = compiled(self._count_before), compiled(self._count)

    def history(
        self, p: Mapping[str, Array], seed: Array, number: Array, nothing: Policy
    ) -> History:
        """Return what all scenarios have behind them; `nothing` is a policy of their shape."""
        state, series, _ = self._go(p, seed, number, nothing, self._start(p), 0, self._begin)
        return History(state, *self._told_before(series[: self._begin]))

    def draw(
        self,
        p: Mapping[str, Array],
        seed: Array,
        number: Array,
        every: Sequence[Policy],
        history: History | None = None,
    ) -> Draw:
        """Compute a draw of scenarios, of which none changes anything before they part.

        `history` is simulated if None.
        """
        past = history or self.history(p, seed, number, every[0])
        stop, series, least = len(self._program.weeks.first_days), [], []
        for policy in every:
            _, told, dosed = self._go(p, seed, number, policy, past.state, self._begin, stop)
            series.append(told[self._begin :])
            least.append(dosed)
        found = self._told(p, seed, number, past.last, past.months, series)
        return found._replace(least=jax.tree.map(lambda *each: np.stack(each), *least))

    def _count_before(self, series: Array) -> tuple[Array, dict[str, Array]]:
        return months_before(self._program.model, series, self._program.weeks, self._begin)

    def _count(
        self, p: Mapping[str, Array], seed: Array, number: Array, last: Array,
        past: dict[str, Array], series: Sequence[Array],
    ) -> Draw:  # fmt: skip
        program = self._program
        count = partial(months_after, program.model, last, weeks=program.weeks, branch=self._begin)
        found = program.observed(p, seed, number, past, jax.lax.map(count, jnp.stack(series)))
        if not self._small:
            return found
        return jax.tree.map(lambda v: v.astype(jnp.float32), found._replace(chance={}))


@lru_cache(maxsize=16)
def _going(system: System) -> tuple[Callable[..., State], Callable[..., Any]]:
    """Compile the start of a draw, and ``run_span``: given numbers as ``Program.draw`` is."""
    program = system.program
    model = program.model

    def begin(p: Mapping[str, Array]) -> State:
        begun = start(model, {name: jnp.asarray(v, model.dtype) for name, v in p.items()})
        # Where more than eight things begin a week at once, XLA hands them to other threads, and a
        # draw takes half as long again: what nobody reads is not carried.
        told = {*model.counts} - {*model.heard}
        return {name: v for name, v in begun.items() if name not in told}

    def go(
        p: Mapping[str, Array], seed: Array, number: Array, policy: Policy, *span: Any
    ) -> tuple[State, Array, dict[str, Array]]:
        key = noise.key(seed, number, "model")
        return run_span(model, p, program.drivers, policy, program.weeks, key, *span)

    return compiled(begin), compiled(go)


def discrepancy(
    p: Mapping[str, Array], weeks: Weeks, seed: Array | int, number: Array | int
) -> Array:
    """Fitted discrepancy of the states, held at its last with new noise around it, (M, 32)."""
    months, codes = len(weeks.months), np.array(states(), dtype=int)
    nation = continued(
        p["knots_nation"], months, p["persistence"], p["discrepancy_nation"],
        noise.key(seed, number, "discrepancy of the nation"),
    )  # fmt: skip
    place = jax.vmap(continued, (1, None, None, None, 0), 1)(
        p["knots_place"], months, p["persistence"], p["discrepancy_place"],
        noise.each(noise.key(seed, number, "discrepancy of places"), codes),
    )  # fmt: skip
    return nation[:, None] + place


def dynamics(mechanisms: Iterable[str | Mechanism], overrides: Overrides) -> tuple[Param, ...]:
    """Return the parameters of core and mechanisms under full names, overrides applied."""
    own = tuple(
        q.model_copy(update={"name": f"{m.name}.{q.name}"})
        for m in library.find(tuple(mechanisms), where="mechanisms of the study")
        for q in m.params
    )
    return _overridden(CORE + own, overrides)


def recording(overrides: Overrides) -> tuple[Param, ...]:
    """Return the parameters of what agencies record, overrides applied."""
    return _overridden(PARAMS, overrides)


def _overridden(params: tuple[Param, ...], overrides: Overrides) -> tuple[Param, ...]:
    return tuple(
        q.model_copy(
            update={"value": overrides[q.name], "source": "set by the study", "bounds": q.limits}
        )
        if q.name in overrides
        else q
        for q in params
    )


def _check_parameters(given: Overrides, declared: Mapping[str, Param]) -> None:
    for name, value in given.items():
        if name not in declared:
            raise unknown(_("parameter of this system"), name, declared, where="parameters")
        if not isinstance(value, float | int | Normal | HalfNormal | LogNormal | Beta):
            raise SpecError(
                _("The value {value} does not fit here.", value=value),
                where=_("parameters, key {key}", key=name),
                fix=_("Give a number or a prior: hidra.LogNormal(median=1, log_sd=0.5)."),
            )
        if not declared[name].allows(value):
            low, high = declared[name].limits
            raise SpecError(
                _(
                    "The parameter '{name}' lies between {low:g} and {high:g}; {value} does not.",
                    name=name,
                    low=low,
                    high=high,
                    value=value,
                ),
                where="parameters",
                fix=_("Give a number or a prior within these bounds."),
            )


def html_table(told: Mapping[str, str]) -> str:
    """Return what an object says of itself as a small table, for notebooks."""
    rows = (f"<tr><th>{escape(n)}</th><td>{escape(v)}</td></tr>" for n, v in told.items())
    return f"<table>{''.join(rows)}</table>"
