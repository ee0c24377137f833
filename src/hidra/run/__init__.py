"""A run: its folder while it is written, and a finished one, read back lazily, with its limits."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from hidra.core import files, yaml
from hidra.core.errors import RunError, SpecError, unknown
from hidra.core.i18n import Language, _, translate

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    import xarray as xr

    from hidra.inference.posterior import Posterior

MANIFEST = "manifest.json"
LIBRARIES = ("jax", "numpyro", "numpy", "scipy", "pandas", "xarray", "zarr", "duckdb", "altair")


@dataclass(frozen=True)
class Run:
    """A finished run, read back lazily; `Run.open` also compares its files with the manifest.

    Attributes
    ----------
    folder : where it stands; text is made a path.
    """

    folder: Path

    def __post_init__(self) -> None:
        """Take the folder as people write it."""
        object.__setattr__(self, "folder", Path(self.folder))

    @classmethod
    def open(cls, folder: str | Path) -> Run:
        """Open a run.

        Every file is compared with the manifest: the results when they are asked for.

        Raises
        ------
        SpecError
            When no finished run stands there. SourceError : a part of it is missing, foreign or
            not as it was written; it is named.
        """
        run = cls(Path(folder))
        files.check(run.folder, run.manifest, fix=AGAIN, only=lambda name: ".zarr/" not in name)
        return run

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Versions, hashes, seed, command and known limits."""
        return read_manifest(self.folder)

    @cached_property
    def tables(self) -> Tables:
        """Tables by name, each read when asked for; SpecError where no finished run stands."""
        read_manifest(self.folder)
        return Tables(self.folder / "tables")

    @cached_property
    def results(self) -> xr.Dataset:
        """Results as a dataset (scenario, draw, month, place), values read when used."""
        return self._zarr("results")

    @cached_property
    def check(self) -> xr.Dataset:
        """Results of the fit that never saw the held-out months, as the scenario ``check``."""
        return self._zarr("check")

    @cached_property
    def municipal(self) -> xr.Dataset:
        """Results of all municipalities (scenario, draw, year, place), where a study asked."""
        return self._zarr("municipal")

    def _zarr(self, name: str) -> xr.Dataset:
        import xarray as xr

        inside = f"{name}.zarr/"
        files.check(self.folder, self.manifest, fix=AGAIN, only=lambda one: one.startswith(inside))
        return xr.open_zarr(self.folder / f"{name}.zarr", chunks=None, consolidated=False)

    def plot(
        self,
        place: str = "00",
        *,
        scenario: str = "no_change",
        measure: str = "inegi_homicides",
        language: Literal["es", "en"] = "es",
    ) -> alt.TopLevelMixin:
        """Draw simulated bands over observed months, as an Altair chart that shows in a notebook.

        Parameters
        ----------
        place : code, name or abbreviation of a state; ``00`` the nation.
        scenario, measure : as in the table ``summary``.
        language : of the words on the chart.

        Raises
        ------
        SpecError
            For a place, scenario or measure that the run does not have.
        """
        from hidra.charts.picture import fan_of
        from hidra.study import describe

        return fan_of(
            self.tables,
            self.fit_months(),
            describe.label(measure, language),
            scenario=scenario,
            measure=measure,
            where=place,
            language=language,
        )

    def map(
        self,
        *,
        scenario: str = "no_change",
        year: int | None = None,
        language: Literal["es", "en"] = "es",
    ) -> alt.TopLevelMixin:
        """Draw yearly rates of the states, observed and simulated under a scenario."""
        from hidra.charts.picture import rates_of
        from hidra.charts.series import MAIN
        from hidra.study import describe

        label = describe.label(MAIN, language)
        return rates_of(self.tables, label, scenario=scenario, year=year, language=language)

    def fit_months(self) -> dict[str, str]:
        """Return the last month that the fit saw, and the last one kept from it."""
        plan = yaml.load(self.folder / "study.yaml").value.get("fit", {})
        return {"fit_until": plan.get("until"), "observed_until": plan.get("held_out_until")}

    @property
    def report(self) -> Path:
        """The page of the run."""
        return self.folder / "report.html"

    def _repr_html_(self) -> str:
        from hidra.model.system import html_table

        told = self.manifest
        shown = {
            "folder": str(self.folder),
            "made": str(told.get("created", "")),
            "mechanisms": ", ".join(told.get("mechanisms_on", ())),
            "scenarios": ", ".join(told.get("scenarios", ())),
            "draws, seed": f"{told.get('draws', '')}, {told.get('seed', '')}",
            "warning": str(told.get("warning_en", "")),
            "tables": ", ".join(self.tables),
        }
        return html_table({name: value for name, value in shown.items() if value})


class Tables(Mapping[str, "pd.DataFrame"]):
    """Tables of a run by name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, name: str) -> pd.DataFrame:
        import pandas as pd

        if name not in self:
            raise unknown(_("table"), name, self, where=str(self._folder))
        return pd.read_parquet(self._folder / f"{name}.parquet")

    def __contains__(self, name: object) -> bool:
        return name in list(self)

    def get(self, name: str, default: Any = None) -> Any:
        """Return a table, or `default` where the run left none."""
        found = name in list(self)
        return self[name] if found else default

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(path.stem for path in self._folder.glob("*.parquet")))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"Tables({', '.join(self)})"

    def _repr_html_(self) -> str:
        from hidra.model.system import html_table

        sizes = {name: len(self[name]) for name in self}
        return html_table({name: f"{rows:,} rows" for name, rows in sizes.items()})


def versions() -> dict[str, str]:
    """Return the versions of Python, hidra and the main libraries."""
    import platform
    from importlib.metadata import version

    import hidra

    own = {"python": platform.python_version(), "hidra": hidra.__version__}
    return own | {name: version(name) for name in LIBRARIES}


def stands_on() -> dict[str, Any]:
    """Return what the numbers of a run stand on besides its study: versions, code, records."""
    from hidra.core import fingerprint
    from hidra.data import panel

    code = fingerprint.code("hidra.scenario.ensemble")
    return {**versions(), "code": code, "panel": panel.digest()}


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a finished run, or an error when none stands there."""
    if not (folder / MANIFEST).is_file():
        raise SpecError(
            _("No finished run stands here."),
            where=str(folder),
            fix=_("Make one: hidra run --out DIR"),
        )
    return files.unsealed(folder / MANIFEST, fix=AGAIN)


AGAIN = _("Take the run from where it came again, or run it again: hidra run STUDY --out DIR")
STATES_ONLY = _(
    "The model is one of states: what happens inside a state, between municipalities, is not seen."
)
LIMITS = (
    _(
        "Scenarios are conditional projections, not forecasts: they say what "
        "would follow if the model were right and one thing changed."
    ),
    _(
        "The size of groups is not observed: its scale rests on the share of "
        "deaths assumed to be of members, and in the published model three of "
        "five parameters sit on their bounds."
    ),
    _(
        "Records undercount the dead and the missing, unevenly between states and "
        "years; unknown is not zero."
    ),
    _(
        "The network of alliances and rivalries is that of 2020, built from press "
        "and open sources; it is used for earlier years too."
    ),
    STATES_ONLY,
    _(
        "Equal doses in persons per week are not equal in cost, in law, or in what can be "
        "done; in the model they all but tie by construction, which is no finding."
    ),
    _("A captured person is not a convicted one. Only aggregates are shown."),
)

UNTRUSTED = _(
    "The fit does not pass its own checks: do not trust the intervals of this "
    "run. Repeat it with more steps (fit.steps in the study)."
)


def warning(language: Language, doubts: Sequence[str]) -> str:
    """Return the warning of a run whose fit may not be trusted, with the reasons; else nothing."""
    why = "; ".join(dict.fromkeys(doubts))
    told = f"{translate(UNTRUSTED, language)} {translate(_('Why'), language)}: {why}."
    return told if why else ""


#: What goes with every figure of a municipality, in place of the limit that there are none.
MUNICIPAL = _(
    "Municipal figures say where the model puts people given which group was "
    "reported where; they were not fitted to municipal records and are no "
    "forecast for a town."
)


def limits(language: Language, *, municipal: bool = False) -> list[str]:
    """Return the limits of a run, with or without municipalities."""
    own = [MUNICIPAL if municipal and one is STATES_ONLY else one for one in LIMITS]
    return [translate(one, language) for one in own]


FIX = _("Free some space, or choose another folder with --out.")


class RunFolder:
    """A run being written. Everything goes to a draft beside it; leaving puts it there.

    Leaving by an error or by Ctrl-C removes what was written and leaves ``DIR`` as it was.

    Parameters
    ----------
    folder : where the run will stand.
    digest : of the study. The same study's run is replaced; another's only with `force`.
    needed : bytes that must be free before beginning.

    Raises
    ------
    RunError
        No space, no permission, or something else stands in `folder`.
    """

    def __init__(
        self, folder: str | Path, digest: str, *, force: bool = False, needed: int = 0
    ) -> None:
        self.folder = Path(folder).absolute()
        self.digest, self.force, self.needed = digest, force, needed

    def __enter__(self) -> RunFolder:
        with ExitStack() as opened:
            self.partial = opened.enter_context(files.replacing_folder(self.folder, fix=FIX))
            self._refuse_what_is_not_ours()
            self._look_for_space()
            self._opened = opened.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opened.__exit__(kind, error, trace)

    def text(self, name: str, content: str) -> None:
        """Write a text file."""
        files.write_text(self.partial / name, content)

    def manifest(self, content: Mapping[str, Any]) -> None:
        """Write the manifest, the last of all: `content`, then size and hash of every file."""
        whole = files.sealed({"study_digest": self.digest, **content}, self.partial)
        self.text(MANIFEST, json.dumps(whole, ensure_ascii=False, indent=2) + "\n")

    def table(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table as Parquet and as CSV."""
        folder = self.partial / "tables"
        files.write_parquet(folder / f"{name}.parquet", frame)
        files.write_csv(folder / f"{name}.csv", frame, float_format="%.10g")

    def results(self, dataset: xr.Dataset, name: str = "results") -> None:
        """Write results as Zarr; those that lie in a store already are moved, and read here."""
        from hidra.scenario.ensemble import write

        store = self.partial / f"{name}.zarr"
        if "source" in dataset.encoding:
            shutil.move(dataset.encoding["source"], store)
        else:
            write(dataset, store)

    def posterior(self, found: Posterior, name: str, manifest: Mapping[str, Any]) -> None:
        """Keep a posterior with its manifest; `name` without ending."""
        from hidra.inference.posterior import keep

        keep(found, self.partial / name, manifest)

    def _refuse_what_is_not_ours(self) -> None:
        if not self.folder.exists():
            return
        if not self.folder.is_dir() or (
            any(self.folder.iterdir()) and not (self.folder / MANIFEST).is_file()
        ):
            raise RunError(
                _("Something that is not a run stands where the run should go."),
                where=str(self.folder),
                fix=_("Choose another folder with --out."),
            )
        if (self.folder / MANIFEST).is_file() and not self.force:
            there = read_manifest(self.folder).get("study_digest")
            if there != self.digest:
                raise RunError(
                    _("The run of another study stands in this folder."),
                    where=str(self.folder),
                    fix=_("Choose another folder with --out, or replace it with --force."),
                )

    def _look_for_space(self) -> None:
        free = shutil.disk_usage(self.folder.parent).free
        if free < self.needed:
            raise RunError(
                _(
                    "The disk has {free} free; the run needs about {needed}.",
                    free=_size(free),
                    needed=_size(self.needed),
                ),
                where=str(self.folder.parent),
                fix=FIX,
            )


def _size(amount: float) -> str:
    return f"{amount / 1e6:,.0f} MB"
