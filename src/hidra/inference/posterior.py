"""Draws of every parameter, how far to trust them, what made them; and how they lie on the disk.

On the disk a posterior is two files: ``NAME.npz`` (draws, 32 bits) and ``NAME.json`` (the manifest:
diagnostics, fingerprint, and its `basis`, everything it depends on). Two studies with the same
basis share it.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.core import files
from hidra.core.errors import RunError, SourceError, SpecError, unknown
from hidra.core.i18n import Language, _, translate
from hidra.core.param import Param

if TYPE_CHECKING:
    import xarray as xr

    from hidra.model.system import System

SHIPPED = ("small", "system", "check")
REMAKE = "python -m scripts.make_posterior"
STATS = "sample_stats."  # begins the names of what is known of each draw, on the disk
POSITIVE = ("linked", "unlinked", "size_place", "reporting")  # besides the parameters themselves
#: Where each diagnostic must lie, both ends included. PSIS k: Vehtari et al. (arXiv 1507.02646);
#: R-hat and effective draws: Vehtari et al. (arXiv 1903.08008). In a normal posterior no draw in a
#: million lies outside the bulk, and the excess is 1. The last two are of predictive checks.
BOUNDS = {
    "psis_k": (-np.inf, 0.7),
    "kept": (0.99, 1.0),
    "excess": (0.8, 1.2),
    "rhat": (0.0, 1.01),
    "ess": (400.0, np.inf),
    "diverging": (0.0, 0.01),
    "coverage90": (0.8, 0.99),
    "total": (0.01, 0.99),
}
DOUBTS = {
    "prior": _("nothing was fitted: the parameters come from their priors"),
    "unknown": _("its diagnostics were not kept on all draws"),
    "psis_k": _(
        "the fit's approximation is poor, its intervals may be too narrow (Pareto k {psis_k:.3g};"
        " good up to 0.7)"
    ),
    "kept": _(
        "{left_out:.0%} of the draws lay outside the bulk of the posterior and were left out"
    ),
    "excess": _("the draws lie {excess:.3g} times as high as those of a normal posterior"),
    "rhat": _("the chains do not agree (R-hat {rhat:.3f}; up to 1.01)"),
    "ess": _("there are few effective draws ({ess:.0f}; from 400)"),
    "diverging": _("{diverging:.1%} of the transitions diverged"),
    "predictive": _("the records of {unpredicted} lie where the fit itself does not expect them"),
    "wider": _("the posterior is wider than its prior in {wider}"),
}


def _out(told: Mapping[str, Any]) -> list[str]:
    """Return the diagnostics out of bounds; one that could not be computed is out."""
    return [
        name
        for name, (low, high) in BOUNDS.items()
        if name in told and (told[name] is None or not low <= told[name] <= high)
    ]


@dataclass(frozen=True, repr=False)
class Posterior:
    """Draws of every parameter, with what is needed to judge them.

    Attributes
    ----------
    draws : name -> (S, ...) array; core and mechanism parameters, and those of observation.
    diagnostics : what the fit says of itself, on all draws it made, those left out too:
        ``emulator_error``, ``emulator_worst`` (of log monthly deaths on runs kept aside), what
        ``samplers.draw`` tells, ``predictive`` (see ``samplers.predictive``), and ``wider``, the
        parameters whose posterior is wider than their prior. None where it cannot be computed.
    fingerprint : of code and inputs that made it; empty for draws made by hand.
    sample_stats : name -> (S,): ``log_weight`` of draws of a normal; ``chain`` and ``diverging``.
    """

    draws: dict[str, np.ndarray]
    diagnostics: dict[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    sample_stats: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Number of draws."""
        return len(next(iter(self.draws.values())))

    @property
    def trusted(self) -> bool:
        """Whether the draws may be relied on: nothing in the diagnostics speaks against it."""
        return not self.doubts()

    def doubts(self, language: Language = "en") -> list[str]:
        """Return in words what speaks against relying on the draws; nothing if nothing does."""
        told = dict(self.diagnostics)
        names = [] if {"psis_k", "rhat"} & {*told} else ["prior" if "prior" in told else "unknown"]
        names += _out(told)
        predictive = told.get("predictive", {})
        told["unpredicted"] = ", ".join(name for name in predictive if _out(predictive[name]))
        told["wider"] = ", ".join(told.get("wider", ()))
        names += ["wider"] if told["wider"] else []
        names += ["predictive"] if told["unpredicted"] else []
        told["left_out"] = 1.0 - told.get("kept", 1.0)
        told = {name: float("nan") if value is None else value for name, value in told.items()}
        return [translate(_(DOUBTS[name], **told), language) for name in names]

    def __repr__(self) -> str:
        trust = "trusted" if self.trusted else f"not trusted: {'; '.join(self.doubts())}"
        return f"Posterior({self.size} draws of {len(self.draws)} parameters; {trust})"

    def told(self) -> dict[str, Any]:
        """Return the diagnostics and what follows from them, as plain JSON."""
        return {**self.diagnostics, "trusted": self.trusted, "doubts": self.doubts()}

    def to_arviz(self, system: System | None = None) -> xr.DataTree:
        """Return ArviZ's tree of groups, for its plots and tables and those of others.

        Groups ``posterior`` and ``sample_stats`` over (chain, draw); with the system that was
        fitted also ``prior``, as many draws, and ``observed_data``, its records (month, place).
        Diagnostics and fingerprint are attributes of the tree.
        """
        import xarray as xr

        chain = self.sample_stats.get("chain", np.zeros(self.size))
        many = len(np.unique(chain))
        if (np.bincount(chain.astype(int)) * many != self.size).any():
            many = 1  # thinned: what is left of the chains is not of one length
        groups = {"posterior": _grouped(self.draws, many)}
        groups["sample_stats"] = _grouped(
            {name: v for name, v in self.sample_stats.items() if name != "chain"}, many
        )
        if system is not None:
            groups["prior"] = _grouped(of_system(system, self.size, 0), 1)
            groups["observed_data"] = _observed(system)
        tree = xr.DataTree.from_dict(groups)
        told = {"diagnostics": json.dumps(self.diagnostics), "fingerprint": self.fingerprint}
        tree.attrs |= told | {"trusted": int(self.trusted), "inference_library": "hidra"}
        return tree


def _grouped(draws: Mapping[str, np.ndarray], chains: int) -> xr.Dataset:
    """Return draws over (chain, draw), places by name where there is one number for each state."""
    import xarray as xr

    from hidra.model.series import states

    found, places = {}, list(states())
    for name, values in draws.items():
        inner = [f"{name}_dim_{i}" for i in range(values.ndim - 1)]
        if inner and values.shape[-1] == len(places):
            inner[-1] = "place"
        shaped = np.asarray(values).reshape(chains, -1, *values.shape[1:])
        found[name] = (("chain", "draw", *inner), shaped)
    dataset = xr.Dataset(found)
    return dataset.assign_coords(place=places) if "place" in dataset.dims else dataset


def _observed(system: System) -> xr.Dataset:
    import xarray as xr

    from hidra.inference.likelihood import records
    from hidra.model.series import states

    weeks = system.weeks
    seen = records(weeks, system.known)
    counts = {"inegi": seen.inegi, "sesnsp": seen.sesnsp}
    return xr.Dataset(
        {name: (("month", "place"), values) for name, values in counts.items()},
        {"month": weeks.months.astype("datetime64[ns]"), "place": list(states())},
    )


def contraction(q: Param, draws: np.ndarray) -> float:
    """Return one minus the ratio of posterior to prior standard deviation of a parameter."""
    assert q.prior is not None
    return 1.0 - float(np.std(draws)) / float(q.prior.frozen().std())


def wider(q: Param, draws: np.ndarray, chains: int = 1) -> bool:
    """Say whether draws vary more than the prior does, by three errors of so many draws.

    Both are compared where the prior is a standard normal, so that long tails are no noise. Draws
    of several chains depend on each other, and count as the effective draws of a spread.
    """
    from arviz_stats.base import array_stats
    from scipy.stats import norm

    assert q.prior is not None
    normal = norm.ppf(np.clip(q.prior.frozen().cdf(draws), 1e-12, 1.0 - 1e-12))
    many = float(len(draws))
    if chains > 1:
        by_chain = normal.reshape(chains, -1)
        many = min(many, float(array_stats.ess(by_chain, chain_axis=0, draw_axis=1, method="sd")))
    return bool(np.std(normal) > 1.0 + 3.0 / np.sqrt(2.0 * many))


def single(found: Posterior) -> Posterior:
    """Return a posterior whose draws are as `keep` writes them: used at once or read, the same."""
    rounded = {n: np.asarray(v, np.float32).astype(float) for n, v in found.draws.items()}
    return replace(found, draws=rounded)


def keep(
    posterior: Posterior, path: str | Path, manifest: Mapping[str, Any], *, most: int | None = None
) -> None:
    """Write a posterior as ``PATH.npz`` and ``PATH.json``, both or neither.

    Parameters
    ----------
    path : without ending. manifest : what it stands on; what the fit says of itself is added.
    most : draws to keep, evenly spread over all; all of them if None.
    """
    base = Path(path)
    size = posterior.size if most is None else min(most, posterior.size)
    thin = np.linspace(0, posterior.size - 1, size).astype(int)
    arrays = {name: np.asarray(v, np.float32)[thin] for name, v in posterior.draws.items()}
    shapes = {name: list(v.shape) for name, v in arrays.items()}
    arrays |= {
        f"{STATS}{name}": np.asarray(v, np.float32)[thin]
        for name, v in posterior.sample_stats.items()
    }
    content = files.npz(arrays, compressed=True)
    told = {
        "draws": size,
        "of": posterior.size,
        "trusted": posterior.trusted,
        "diagnostics": posterior.diagnostics,
        "fingerprint": posterior.fingerprint or manifest.get("fingerprint", ""),
        "shapes": shapes,
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    with files.replacing_set(base.with_suffix(".npz")) as draft:
        (draft / base.with_suffix(".npz").name).write_bytes(content)
        told = files.sealed({**manifest, **told})
        files.write_json(draft / base.with_suffix(".json").name, told, sort_keys=True)


def load(path: str | Path) -> Posterior:
    """Read a posterior that ``keep`` wrote, and check every number of it.

    Raises
    ------
    RunError
        When there is none; its files do not belong together; a parameter is missing, twice there,
        of another shape, not finite, or where it cannot be. It is named.
    """
    told = manifest(path)
    where = Path(path).with_suffix(".npz")
    try:
        content = where.read_bytes()
        found = files.read_npz(content)
        with zipfile.ZipFile(where) as inside:
            names = [one.removesuffix(".npy") for one in inside.namelist()]
    except (OSError, ValueError) as error:
        raise _broken(path) from error
    twice = sorted({name for name in names if names.count(name) > 1})
    stats = {n.removeprefix(STATS): v for n, v in found.items() if n.startswith(STATS)}
    draws = {name: values for name, values in found.items() if not name.startswith(STATS)}
    shapes = told["shapes"]
    missing, other = sorted({*shapes} - {*draws}), sorted({*draws} - {*shapes})
    for wrong, what in (
        (twice, _("is there twice")), (missing, _("is missing")), (other, _("is unknown")),
    ):  # fmt: skip
        if wrong:
            raise _refused(path, wrong[0], what)
    for name, values in draws.items():
        if list(values.shape) != shapes[name] or values.dtype.kind != "f":
            raise _refused(
                path, name, _("should be numbers of shape {shape}", shape=tuple(shapes[name]))
            )
    check(draws, _declared(), str(where))
    if hashlib.sha256(content).hexdigest() != told["sha256"]:
        raise _refused(path, where.name, _("is not the file that its manifest describes"))
    double = {name: values.astype(float) for name, values in draws.items()}
    return Posterior(double, dict(told["diagnostics"]), str(told.get("fingerprint", "")), stats)


def check(draws: Mapping[str, np.ndarray], params: Iterable[Param], where: str) -> None:
    """Refuse draws that are not finite, or lie where a parameter cannot be.

    Raises
    ------
    RunError
        Naming the first that is so.
    """
    sizes = {len(v) if np.ndim(v) else 0 for v in draws.values()}
    if len(sizes) != 1 or 0 in sizes:
        raise _refused(
            where, "draws", _("are not as many of each parameter: {sizes}", sizes=sorted(sizes))
        )
    limits = {q.name: q.limits for q in params}
    for name, values in draws.items():
        if name in limits and np.ndim(values) != 1:
            raise _refused(where, name, _("should be one number a draw"))
        if not np.isfinite(values).all():
            raise _refused(where, name, _("holds numbers that are not finite"))
        low, high = limits.get(name, (0.0, np.inf) if name in POSITIVE else (-np.inf, np.inf))
        least, most = float(np.min(values)), float(np.max(values))
        slack = 1e-6 * max(abs(least), abs(most))  # what 32 bits round off
        if least < low - slack or most > high + slack:
            told = _(
                "lies between {least:.4g} and {most:.4g}, outside of {low:g} to {high:g}",
                least=least, most=most, low=low, high=high,
            )  # fmt: skip
            raise _refused(where, name, told)


@cache
def _declared() -> tuple[Param, ...]:
    """Return every parameter that core, records and the mechanisms of the package declare."""
    from hidra.model.mechanisms import package
    from hidra.model.system import dynamics, recording

    return (*dynamics(tuple(package()), {}), *recording({}))


def manifest(path: str | Path) -> dict[str, Any]:
    """Return the manifest of a posterior.

    Raises
    ------
    RunError
        When there is none. SourceError : it is not as it was written.
    """
    files.settle(Path(path).parent)
    try:
        found = json.loads(Path(path).with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _broken(path) from error
    needed = {"basis": dict, "shapes": dict, "diagnostics": dict, "sha256": str}
    if not isinstance(found, dict) or any(
        not isinstance(found.get(name), kind) for name, kind in needed.items()
    ):
        raise _broken(path)
    if Path(path).parent != folder():  # those are stamped with the artefacts of the project
        files.unsealed(Path(path).with_suffix(".json"), fix=_fix())
    return found


@cache
def shipped(name: str) -> Posterior:
    """Return a posterior that comes with hidra.

    ``system`` and ``check`` are the projection and the check of the default study; ``small`` is of
    the core and two mechanisms.
    """
    return load(place(name))


def folder() -> Path:
    """Return where the posteriors that come with hidra lie."""
    return Path(str(resources.files("hidra.inference"))) / "posteriors"


def place(name: str) -> Path:
    """Return where a shipped posterior lies, without ending.

    Raises
    ------
    SpecError
        There is none of that name. SourceError : its files are missing.
    """
    if name not in SHIPPED:
        raise unknown(_("shipped posterior"), name, SHIPPED, where="posterior")
    found = folder() / name
    if not found.with_suffix(".npz").is_file():
        raise SourceError(
            _("The posterior '{name}' is missing.", name=name),
            where=str(found.with_suffix(".npz")),
            fix=_("Install hidra again, or make it: {remake}", remake=REMAKE),
        )
    return found


def find(posterior: str | Path) -> Path:
    """Return where a posterior lies: a shipped one by name, or that of a run by its folder."""
    if str(posterior) in SHIPPED or not Path(posterior).exists():
        return place(str(posterior))
    return Path(posterior) / "posterior" / "projection"


def digest(basis: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a basis: posteriors on equal bases are equal."""
    text = json.dumps(basis, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def changed(basis: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return in what two bases differ, key by key; of tables and parameters, by name."""
    names = []
    for key in sorted({*basis, *other}):
        mine, theirs = basis.get(key), other.get(key)
        if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
            names += [
                f"{key} {n}" for n in sorted({*mine, *theirs}) if mine.get(n) != theirs.get(n)
            ]
        elif mine != theirs:
            names.append(key)
    return names


def _broken(path: str | Path) -> RunError:
    return RunError(
        _("There is no posterior here that can be read."),
        where=str(Path(path).with_suffix(".npz")),
        fix=_("Name the folder of a finished run, or fit again: hidra run STUDY"),
    )


def _refused(path: str | Path, name: str, what: str) -> RunError:
    return RunError(
        _("The posterior cannot be used: '{name}' {what}.", name=name, what=what),
        where=str(path),
        fix=_fix(),
    )


def _fix() -> str:
    return _(
        "Fit again, hidra run STUDY, or take the folder of another run. One that comes with "
        "hidra: install hidra again, or {remake}.",
        remake=REMAKE,
    )


@cache
def sizes() -> dict[str, np.ndarray]:
    """Return draws of the parameters whose size published studies set, name -> (S,), joint.

    Made by ``hidra evidence fit`` from the bank of studies: indirect inference, no fit to records.
    """
    import pandas as pd

    frame = pd.read_csv(str(resources.files("hidra.inference") / "posteriors" / "sizes.csv"))
    return {str(name): frame[name].to_numpy(float) for name in frame}


def informed(draws: Mapping[str, np.ndarray], system: System, seed: int) -> dict[str, np.ndarray]:
    """Return draws with the sizes that studies set, and with what a fit did not know.

    Parameters of mechanisms that published studies speak to come from `sizes`, joint; those that
    the draws lack, from their priors. What the system itself sets is left alone.
    """
    size = len(next(iter(draws.values())))
    own = {q.name: q for q in system.dynamics if "." in q.name and q.name not in system.parameters}
    lacking = {name: spread_out(q, size, seed) for name, q in own.items() if name not in draws}
    told = {name: np.resize(v, size) for name, v in sizes().items() if name in own}
    return {**draws, **lacking, **told}


def from_prior(posterior: Posterior, params: Iterable[Param], seed: int) -> Posterior:
    """Return the posterior with the draws of some parameters taken from their priors.

    The draws of each are spread evenly over its prior, in an order of its own (a Latin hypercube),
    independent of all others.

    Parameters
    ----------
    params : under full names; those with a fixed value are left as they are.
    """
    drawn = {q.name: spread_out(q, posterior.size, seed) for q in params if q.prior is not None}
    return replace(posterior, draws=dict(posterior.draws) | drawn)


def spread_out(q: Param, size: int, seed: int) -> np.ndarray:
    """Return draws spread evenly over the prior of a parameter, in an order of its own, (size,)."""
    if q.prior is None:
        return np.full(size, q.value)
    rng = np.random.default_rng([seed, zlib.crc32(q.name.encode())])
    share = (rng.permutation(size) + rng.random(size)) / size
    return np.asarray(q.prior.quantile(share), float)


def of_system(system: System, size: int, seed: int) -> dict[str, np.ndarray]:
    """Return draws of every parameter of a system where nothing is fitted, name -> (size, ...).

    Each parameter of core, mechanisms and records comes from its prior. Of the states: ``level``,
    homicides a month, is held at what INEGI recorded until ``system.until`` (its prior is centred
    there and says nothing else); the linked ``share``, the ``size_place`` of the counts and the
    ``reporting`` of SESNSP vary around the typical state as in a fit; the discrepancy is drawn from
    its stationary autoregression.
    """
    from hidra.inference.likelihood import DISPERSION_SD, REPORTING_SD, SHARE_SD
    from hidra.model.observe import knots_for
    from hidra.model.series import records, states

    draws = {q.name: spread_out(q, size, seed) for q in (*system.dynamics, *system.recording)}
    rng = np.random.default_rng([seed, zlib.crc32(b"records")])
    places = (size, len(states()))

    def around(centre: np.ndarray, sd: float) -> np.ndarray:
        return centre[:, None] + sd * rng.standard_normal(places)

    weeks = replace(system.weeks, end=min(str(system.until), system.end))
    recorded = records("inegi_homicides", weeks)
    if np.isnan(recorded).all(axis=0).any():
        raise SpecError(
            _("No homicides are held from {start} to {end}: the level of the states is unknown.",
              start=weeks.start, end=weeks.end),
            where="start, until",
            fix=_("Take in earlier or later months that are recorded, or give a posterior."),
        )  # fmt: skip
    seen = np.nanmean(recorded, axis=0)
    odds = np.log(draws["linked_share"]) - np.log1p(-draws["linked_share"])
    knots = knots_for(len(weeks.months))
    return draws | {
        "level": np.broadcast_to(seen, places),
        "share": 1.0 / (1.0 + np.exp(-around(odds, SHARE_SD))),
        "size_place": np.exp(around(np.log(draws["dispersion"]), DISPERSION_SD)),
        "reporting": np.exp(around(np.zeros(size), REPORTING_SD)),
        "knots_nation": _remembered(draws, "nation", (size, knots, 1), rng)[:, :, 0],
        "knots_place": _remembered(draws, "place", (size, knots, places[1]), rng),
    }


def _remembered(
    draws: dict[str, np.ndarray], of: str, shape: tuple[int, ...], rng: np.random.Generator
) -> np.ndarray:
    """Draw stationary first-order autoregressions along the second axis, (size, knots, series)."""
    from hidra.model.observe import centred

    left, sd = draws["persistence"], draws[f"discrepancy_{of}"]
    fresh = np.moveaxis(rng.standard_normal(shape), 1, 0)
    found = [centred(fresh[:, i], left[i], sd[i]) for i in range(shape[0])]
    return np.asarray(found)
