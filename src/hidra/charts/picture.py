"""Charts handed on: shown in a notebook, saved as a picture, drawn from tables in one call.

``Study.map``, ``Study.plot``, ``Run.map`` and ``Run.plot`` are short ways to what is here; nothing
here asks a network.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import altair as alt
import pandas as pd
import vl_convert
from PIL import Image

from hidra.charts import cell, interval, lines, maps, series
from hidra.charts.words import Words
from hidra.core import place
from hidra.core.errors import SpecError, unknown
from hidra.core.files import replacing, write_text
from hidra.core.i18n import Language, _, translate

Tables = Mapping[str, pd.DataFrame]
Kind = Literal["png", "svg", "pdf", "json"]
NOTEBOOK = 1.5  # pixels per chart pixel: three charts in a notebook stay under 200 kB
KINDS: tuple[Kind, ...] = ("png", "svg", "pdf", "json")
RENDERER = "hidra"


def offline() -> None:
    """Let charts show in notebooks without a network, unless the user has chosen another way.

    Altair's default asks a content network for its scripts; here the notebook draws the chart
    with what it has, or shows a picture that the installed ``vl-convert-python`` draws.
    """
    if alt.renderers.active == "default":
        alt.renderers.register(RENDERER, _shown_in_notebook)
        alt.renderers.enable(RENDERER)
        alt.data_transformers.disable_max_rows()


def _shown_in_notebook(spec: dict[str, Any], **options: Any) -> dict[str, Any]:
    """The chart for notebooks that draw Vega-Lite themselves, and as PNG for all that do not.

    A page with scripts of its own would weigh a megabyte a chart.
    """
    del options
    kind = f"application/vnd.vegalite.v{alt.SCHEMA_VERSION[1:].partition('.')[0]}+json"
    return {kind: spec, "image/png": png(spec, scale=NOTEBOOK)}


def png(chart: alt.TopLevelMixin | dict[str, Any], *, scale: float = 2.0) -> bytes:
    """Return a chart, or its specification, as PNG; ``scale`` is pixels per chart pixel."""
    if not isinstance(chart, dict):
        with alt.data_transformers.enable("default", max_rows=None):
            chart = chart.to_dict()
    return paletted(vl_convert.vegalite_to_png(chart, scale=scale))


def paletted(content: bytes, colours: int = 256) -> bytes:
    """Return a PNG with its few colours as a palette: an eighth of the bytes, to the same eye."""
    drawn, file = Image.open(io.BytesIO(content)).convert("RGB"), io.BytesIO()
    drawn.quantize(colours, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def save(chart: alt.TopLevelMixin, path: str | Path, *, scale: float = 2.0) -> Path:
    """Write ``chart`` to ``path``; the ending chooses the format.

    Parameters
    ----------
    chart : Any chart of this package.
    path : Ends in ``.png``, ``.svg``, ``.pdf`` or ``.json``.
    scale : Pixels per chart pixel (PNG only).

    Raises
    ------
    SpecError
        For another ending.
    RunError
        When the file cannot be written; no half-written file is left.
    """
    kind = Path(path).suffix.removeprefix(".").lower()
    if kind not in KINDS:
        raise unknown(_("picture format"), kind or "(none)", KINDS, where=str(path))
    with replacing(path) as draft, alt.data_transformers.enable("default", max_rows=None):
        chart.save(draft, format=kind, scale_factor=scale if kind == "png" else 1)
    return Path(path)


def page(text: str, path: str | Path) -> Path:
    """Write a page of HTML to ``path``, whole or not at all."""
    return write_text(path, text)


def shown(drawn: alt.TopLevelMixin) -> alt.TopLevelMixin:
    """Return a chart, ready to be shown in a notebook without a network."""
    offline()
    return drawn


def map_of(
    rows: pd.DataFrame, sources: pd.DataFrame, measure: str, label: str, *,
    year: int | None = None, language: Language = "es",
) -> alt.TopLevelMixin:  # fmt: skip
    """Draw the yearly rate of the states.

    Parameters
    ----------
    rows, sources : Panel rows of `measure` and of ``population``; ``name, publisher``.
    label : Words of what is counted.
    year : Year shown first, one with figures; the last full one otherwise.
    """
    words = Words(language)
    mine = rows[(rows["measure"] == measure) & rows["place"].map(place.is_state)]
    rates = cell.rates(mine, series.population(rows))
    known = rates.loc[rates["rate"].notna(), "year"]
    if known.empty:
        raise SpecError(
            _("There is no full year of this measure to map."),
            where=_("measure {measure}", measure=measure),
            fix=_("Choose a measure with monthly or yearly counts: hidra data status"),
        )
    drawn = states_map(rates, words, year=_year(year, known), counted=label)
    return shown(_of_year(drawn, label, _source(mine, sources, language), language))


def _year(wanted: int | None, held: pd.Series) -> int:
    """Return the year that a map opens with: the one wanted, the last one held otherwise."""
    wanted = int(wanted) if str(wanted).isdecimal() else wanted  # type: ignore[arg-type]
    if wanted is not None and wanted not in set(held):
        raise SpecError(
            _("There is no figure of any state in {year}.", year=wanted),
            where="year",
            fix=_("Choose a year from {first} to {last}.", first=held.min(), last=held.max()),
        )
    return int(held.max() if wanted is None else wanted)


def _of_year(
    drawn: alt.TopLevelMixin, title: str, source: str, language: Language
) -> alt.TopLevelMixin:
    """Put title, unit and source over a map whose year a slider chooses."""
    unit = translate(_("per 100,000 inhabitants and year"), language)
    return titled(drawn, alt.expr(f"{json.dumps(title)} + ', ' + year"), unit, source)


def _source(rows: pd.DataFrame, sources: pd.DataFrame, language: Language) -> str:
    """Return who published some rows, and the newest cut of them."""
    known = sources.set_index("name")["publisher"]
    names = ", ".join(dict.fromkeys(str(known.get(one, one)) for one in rows["source"].unique()))
    return f"{Words(language)('word.source')}: {names} ({rows['vintage'].max()}); hidra"


def _monthly(label: str, language: Language) -> str:
    return translate(_("{what}, persons a month", what=label), language)


def states_map(
    rates: pd.DataFrame, words: Words, *, year: int, counted: str = ""
) -> alt.TopLevelMixin:
    """Draw yearly rates on the outlines of the states (:func:`maps.choropleth`)."""
    outlines, names = place.outlines()["features"], maps.state_names(words.language)
    return maps.choropleth(rates, outlines, names, words, year=year, counted=counted)


MOST_PLACES = 5  # lines that can still be told apart


def plot_of(
    rows: pd.DataFrame, sources: pd.DataFrame, breaks: pd.DataFrame, measure: str, label: str,
    where: str | Sequence[str] = "00", *, language: Language = "es",
) -> alt.TopLevelMixin:  # fmt: skip
    """Draw the months of a measure in places; lines are cut at gaps and changes of method.

    Parameters
    ----------
    rows, sources : Panel rows, and who published them: ``name, publisher``.
    breaks : Changes of method: ``measure, month, words_es, words_en``.
    label : Words of what is counted.
    where : Code, name or abbreviation of a state, or of several; ``00`` the nation.
    """
    words = Words(language)
    codes = list(dict.fromkeys(map(_code, [where] if isinstance(where, str) else where)))
    if not 1 <= len(codes) <= MOST_PLACES:
        raise SpecError(
            _("{n} places cannot be told apart in one chart.", n=len(codes)),
            where=_("measure {measure}", measure=measure),
            fix=_("Give one to {most}.", most=MOST_PLACES),
        )
    cut = pd.concat([series.segmented(_months(rows, measure, one), breaks) for one in codes])
    silent = [one for one in codes if one not in set(cut["place"])]
    if silent:
        raise SpecError(
            _("There are no months of this measure in this place."),
            where=_("measure {measure}, place {code}", measure=measure, code=", ".join(silent)),
            fix=_("Choose another: hidra data status"),
        )
    marks = series.marks(breaks, {measure}, (cut["month"].min(), cut["month"].max()), words)
    titles = {measure: label} if len(codes) == 1 else {one: named(one, language) for one in codes}
    drawn = cut if len(codes) == 1 else cut.assign(
        measure=cut["place"], segment=cut["place"] + "-" + cut["segment"].astype(str)
    )  # fmt: skip
    columns = ["measure", "month", "value", "status", "segment"]
    chart = lines.sources(drawn[columns], marks, titles, words, counted=label)
    years = f"{cut['month'].min()[:4]}–{cut['month'].max()[:4]}"
    title = f"{', '.join(named(one, language) for one in codes)}, {years}"
    under = _monthly(label, language), _source(cut, sources, language)
    return shown(titled(chart, title, *under))


def named(code: str, language: Language) -> str:
    """Return the name of the nation or a state."""
    found = place.find(code)
    return found.name_en if language == "en" else found.name_es


def forecast_of(
    band: pd.DataFrame, rows: pd.DataFrame, sources: pd.DataFrame, measure: str, label: str,
    code: str, *, language: Language = "es",
) -> alt.TopLevelMixin:  # fmt: skip
    """Draw bands of a forecast of one place behind the last five years of its records.

    Parameters
    ----------
    band : ``month, p05, p25, p50, p75, p95``, persons a month.
    rows, sources : Panel rows of `measure`, and who published them: ``name, publisher``.
    label : Words of what is counted.
    code : of the place.
    """
    seen = _months(rows, measure, code)
    seen = seen[seen["month"] >= f"{int(band['month'].min()[:4]) - 5}-01"]
    whole = band[["month", "p05", "p25", "p50", "p75", "p95"]].merge(
        seen[["month", "value", "status"]].rename(columns={"value": "observed"}),
        on="month", how="outer",
    ).sort_values("month")  # fmt: skip
    whole = whole.assign(part="projection", status=whole["status"].fillna("final"))
    span = whole["month"].min(), whole["month"].max()
    marks = series.marks(series.NO_BREAKS, {measure}, span, Words(language))
    title = translate(
        _("{place}: forecast {first} to {last}", place=named(code, language),
          first=band["month"].min(), last=band["month"].max()), language,
    )  # fmt: skip
    under = _monthly(label, language), _source(seen, sources, language)
    return shown(titled(lines.fan(whole, marks, Words(language)), title, *under))


def titled(chart: Any, title: Any, *under: str) -> alt.TopLevelMixin:
    """Return a chart with its title, and the lines under it: unit, source."""
    told = alt.TitleParams(title, subtitle=list(under), anchor="start", offset=10)
    drawn: alt.TopLevelMixin = chart.properties(title=told)
    return drawn


def fan_of(
    tables: Tables, meta: Mapping[str, Any], label: str, *, scenario: str = "no_change",
    measure: str = series.MAIN, where: str = "00", language: Language = "es",
) -> alt.TopLevelMixin:  # fmt: skip
    """Draw simulated bands of one scenario, measure and place over the observed months."""
    words, code = Words(language), _code(where)
    known = tables["summary"]
    for name, value in (("scenario", scenario), ("measure", measure)):
        if value not in set(known[name]):
            raise unknown(name, value, sorted(set(known[name])), where="run")
    if scenario == "no_change":
        band = series.model_band(known, measure, (code,))
    else:
        band = series.fan(known, scenario, measure, code).assign(part="projection")
    seen = _months(tables["observed"], measure, code)
    rows = series.beside(band, seen)
    held = series.held_out(meta) if scenario == "no_change" else None
    span = rows["month"].min(), rows["month"].max()
    marks = series.marks(
        tables.get("breaks", series.NO_BREAKS), {measure}, span, words,
        held_out=held[0] if held else "", refit=series.refit(band),
    )  # fmt: skip
    title = f"{named(code, language)}: {_scenario(tables, scenario, language)}"
    under = _monthly(label, language), _simulated(seen, tables, language)
    return shown(titled(lines.fan(rows, marks, words, held_out=held), title, *under))


def _scenario(tables: Tables, name: str, language: Language) -> str:
    return str(tables["scenarios"].set_index("name")[f"title_{language}"].get(name, name))


def _simulated(rows: pd.DataFrame, tables: Tables, language: Language) -> str:
    """Say that bands are simulated, and whose the records drawn with them are."""
    said = Words(language)("scenarios.banner")
    return f"{said}. {_source(rows, tables['sources'], language)}" if len(rows) else said


def _code(where: str) -> str:
    return series.NATION if where == series.NATION else place.find(where).code


def _months(rows: pd.DataFrame, measure: str, code: str) -> pd.DataFrame:
    """Monthly rows of a measure in one place, summed for the nation where none is published."""
    mine = series.monthly(rows, (measure,))
    return series.national(mine) if code == series.NATION else mine[mine["place"] == code]


def rates_of(
    tables: Tables, label: str, *, scenario: str = "no_change", year: int | None = None,
    language: Language = "es",
) -> alt.TopLevelMixin:  # fmt: skip
    """Draw the yearly rates of the states, observed and simulated, with a choice of the two."""
    rates = cell.yearly_rates(tables, scenario)
    if rates.empty:
        raise unknown(
            _("scenario"), scenario, sorted(set(tables["summary"]["scenario"])), where="run"
        )
    known = rates[rates["rate"].notna()]
    first = known.loc[known["kind"] == rates["kind"].iloc[0], "year"]  # what the map opens with
    year = _year(year, first if len(first) else known["year"])
    seen = series.monthly(tables["observed"], (series.MAIN,))
    title = f"{label}: {_scenario(tables, scenario, language)}"
    drawn = states_map(rates, Words(language), year=year)
    return shown(_of_year(drawn, title, _simulated(seen, tables, language), language))


def differences_of(
    table: pd.DataFrame, titles: Mapping[str, str] | None = None, *,
    measure: str = series.EXPECTED, where: str = "00", language: Language = "es",
) -> alt.TopLevelMixin:  # fmt: skip
    """Draw paired differences from no change, with a slider of years.

    Parameters
    ----------
    table : From `hidra.difference`: ``scenario, place, year, measure``, quantiles.
    titles : Scenario -> title, in the order of the rows; the names if None.
    """
    titles = titles or {name: name.replace("_", " ") for name in table["scenario"].unique()}
    rows = table[(table["place"] == _code(where)) & (table["measure"] == measure)]
    rows = rows[rows["scenario"].isin(list(titles))]
    if rows.empty:
        raise unknown(_("measure"), measure, sorted(set(table["measure"])), where="table")
    rows, words = rows.reset_index(drop=True), Words(language)
    return shown(interval.differences(interval.told(rows, words), titles, words))
