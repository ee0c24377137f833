"""What a notebook asks in one line: a chart, a map, a checked text, how to cite.

Each is a short way to what a room below does; charts bear title, unit and source inside, so that a
figure that travels alone still says what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import hidra
from hidra.core import place, weeks
from hidra.core.errors import SpecError, unknown
from hidra.core.i18n import Language, _, translate

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

PANEL = {"place", "month", "measure", "value"}  # columns of its frames
TITLE = "hidra: an executable, data-calibrated model of Mexico's war on drugs"


def plot(
    what: str | Iterable[str] | pd.DataFrame = "00",
    titles: dict[str, str] | None = None,
    *,
    measure: str | None = None,
    where: str = "00",
    start: str = "2000-01",
    language: Language = "es",
) -> alt.TopLevelMixin:
    """Draw records of places, a forecast, or differences between scenarios.

    Parameters
    ----------
    what : a place or several (code, name or abbreviation of a state, ``00`` the nation): its
        recorded months; or a frame of `hidra.panel`, `hidra.forecast` or `hidra.difference`.
    titles : of differences: scenario -> words.
    measure : persons a month; of a frame the one it holds, ``inegi_homicides`` by default, of
        differences the expected ones.
    where : of a frame: the place drawn.
    start : first month drawn of records, ``YYYY-MM`` or a date.
    language : of the words on the chart.

    Raises
    ------
    SpecError
        For a place, measure or language that is not there, a frame of several measures, or
        something of another kind.
    """
    import pandas as pd

    from hidra.charts import series

    if isinstance(what, pd.DataFrame):
        named = set(what.columns)
        if "place" in named:  # a file read again has lost the zeros of codes
            what = what.assign(place=what["place"].map(place.code))
        if named >= PANEL and "draw" not in named:
            return _given(what, measure, language)
        if {"scenario", "rel_p50"} <= named:
            return _differences(what, titles, measure or series.EXPECTED, where, language)
        if {"place", "month"} <= named and {"draw", "p50"} & named and "scenario" not in named:
            return _forecast(what, measure, place.find(where).code, language)
    elif isinstance(what, str | Iterable) and not isinstance(what, Mapping):
        several = [what] if isinstance(what, str) else what
        codes = [place.find(place.code(one)).code for one in several]
        return _records(codes, measure or series.MAIN, start, language)
    raise SpecError(
        _("This frame is neither of the panel, a forecast, nor a table of differences."),
        where="hidra.plot",
        fix=_("Give what hidra.panel, hidra.forecast or hidra.difference returned, or a place."),
    )


def _records(
    codes: Sequence[str], measure: str, start: str, language: Language
) -> alt.TopLevelMixin:
    from hidra.study import describe

    rows = describe.records(measure)
    rows = rows[rows["month"] >= weeks.month(start, "start")]
    return _months(rows, codes, measure, language)


def _given(frame: pd.DataFrame, measure: str | None, language: Language) -> alt.TopLevelMixin:
    """Draw a frame of the panel as it is: its figures, its months, one measure."""
    from hidra.study import describe

    measure = _one(frame, measure)
    rows = frame[frame["measure"] == measure].assign(month=lambda f: f["month"].astype(str).str[:7])
    known = describe.records(measure)  # what seven columns leave out
    more = [name for name in ("concept", "vintage", "period") if name not in rows]
    keys = ["place", "month", "source"]
    rows = rows.merge(known[[*keys, *more]], on=keys, how="left")
    rows = rows.fillna({"concept": "", "vintage": "", "period": "month"})  # of no row of the panel
    return _months(rows, sorted(set(rows["place"])), measure, language)


def _one(frame: pd.DataFrame, measure: str | None) -> str:
    """Return the measure of a frame that is drawn: the one it has, or the one asked for."""
    held = sorted(set(frame["measure"]))
    if measure is not None and measure not in held:
        raise unknown(_("measure"), measure, held, where="measure")
    if measure is None and len(held) != 1:
        raise SpecError(
            _("The frame holds {n} measures.", n=len(held)),
            where="hidra.plot",
            fix=_("Name the one to draw: measure={names}.", names=" | ".join(held) or "..."),
        )
    return measure or str(held[0])


def _months(
    rows: pd.DataFrame, codes: Sequence[str], measure: str, language: Language
) -> alt.TopLevelMixin:
    from hidra.charts import picture
    from hidra.data import panel
    from hidra.study import describe

    label, breaks = describe.label(measure, language), describe.breaks((measure,))
    return picture.plot_of(rows, panel.sources(), breaks, measure, label, codes, language=language)


def _differences(
    table: pd.DataFrame, titles: dict[str, str] | None, measure: str, where: str, language: Language
) -> alt.TopLevelMixin:
    import altair as alt

    from hidra.charts import picture
    from hidra.charts.words import Words
    from hidra.scenario.ensemble import LABELS

    words = Words(language)
    drawn = picture.differences_of(table, titles, measure=measure, where=where, language=language)
    counted = translate(LABELS[measure][1], language) if measure in LABELS else measure
    share = translate(
        _("{what}, per cent more or less than with no change", what=counted), language
    )
    title = f"{picture.named(where, language)}: {words('scenarios.diff.title')}"
    source = f"{words('scenarios.banner')}; hidra {hidra.__version__}"
    return picture.titled(drawn, alt.expr(f"'{title}, ' + year"), share, source)


def _forecast(
    frame: pd.DataFrame, measure: str | None, code: str, language: Language
) -> alt.TopLevelMixin:
    from hidra.charts import picture, series
    from hidra.data import panel
    from hidra.forecast import quantiles
    from hidra.study import describe

    if "measure" in frame:
        measure = _one(frame, measure)
        frame = frame[frame["measure"] == measure]
    measure = measure or series.MAIN
    band = quantiles(frame) if "draw" in frame else frame  # all states have a nation
    mine = band[band["place"] == code]
    if mine.empty:
        there = ", ".join(sorted(set(band["place"])))
        raise SpecError(
            _("The forecast does not have place {code}.", code=code),
            where="where",
            fix=_("Use one of: {names}.", names=there),
        )
    rows, label = describe.records(measure), describe.label(measure, language)
    return picture.forecast_of(mine, rows, panel.sources(), measure, label, code, language=language)


def map(
    measure: str = "inegi_homicides", *, year: int | None = None, language: Language = "es"
) -> alt.TopLevelMixin:
    """Draw the yearly rate of the states per 100,000 inhabitants, with a slider of years.

    Parameters
    ----------
    measure : a monthly or yearly count of persons in the panel.
    year : shown first, one with figures; the last full one otherwise.

    Raises
    ------
    SpecError
        There is no such measure, it has no full year, or no figure in that one.
    """
    from hidra.charts import picture
    from hidra.data import panel
    from hidra.study import describe

    rows, label = describe.records(measure), describe.label(measure, language)
    return picture.map_of(rows, panel.sources(), measure, label, year=year, language=language)


def check(text: str | Path, *, date: str | None = None, language: Language = "es") -> pd.DataFrame:
    """Hold a text against the data: one row a statement that can be checked, with its verdict.

    Parameters
    ----------
    text : the text itself, or the path of a text, HTML or PDF file. No network is used.
    date : day of the text, ``YYYY-MM-DD``: what it calls "this year".
    language : of the reasons; the text may be Spanish or English.

    Returns
    -------
    pandas.DataFrame
        ``text, verdict, why, read_as, value, ours, unit, source, claim_id, start, end``.

    Raises
    ------
    SourceError
        The file cannot be read, or `date` is no day.
    """
    import pandas as pd

    if not isinstance(text, str | Path):
        raise SpecError(
            _("That is no text."), where="hidra.check", fix=_("Give a text, or the path of a file.")
        )
    from hidra.claims.article import check as found
    from hidra.claims.article import entry
    from hidra.claims.article.reading import Text, read
    from hidra.claims.ask import data
    from hidra.web.page.claims import of_day

    articles = [Text("text", str(text))]
    if isinstance(text, Path) or ("\n" not in text and len(text) < 250 and Path(text).is_file()):
        articles = read(str(text), offline=True)
    articles = of_day(articles, date or "")
    with data() as con:
        rows = [entry(one.input, one.text, finding, language) for one in articles
                for finding in found(con, one.text, one.date)]  # fmt: skip
    columns = ["text", "verdict", "why", "read_as", "value", "ours", "unit", "source", "claim_id",
               "start", "end"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def save(chart: alt.TopLevelMixin, path: str | Path, *, scale: float = 2.0) -> Path:
    """Write a chart as ``.png``, ``.svg``, ``.pdf`` or ``.json``; the ending chooses.

    Parameters
    ----------
    scale : pixels per chart pixel (PNG only).

    Raises
    ------
    SpecError
        For another ending. RunError : it cannot be written.
    """
    from hidra.charts.picture import save as written

    return written(chart, path, scale=scale)


def authors(language: Language = "en") -> str:
    """Return whom to name as the author of hidra, of its pages and charts."""
    name = translate(_("the hidra authors"), language)
    return name[:1].upper() + name[1:]


def cite(
    kind: Literal["text", "bibtex", "csl"] = "text", *, version: str | None = None,
    language: Language = "en",
) -> Any:  # fmt: skip
    """Return how to cite hidra: a sentence, BibTeX, or an item of CSL-JSON (a mapping).

    The sources are cited apart: `hidra.data.reference.catalogue()`, or ``hidra cite``.

    Parameters
    ----------
    language : of the sentence.
    """
    version, year = version or hidra.__version__, hidra.RELEASED[:4]
    if kind == "bibtex":
        fields = {
            "author": f"{{{authors()}}}", "title": f"{{{TITLE}}}", "year": year, "version": version,
            "note": "Software, MIT licence",
        }  # fmt: skip
        lines = "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items())
        return f"@software{{hidra,\n{lines}}}"
    if kind == "csl":
        day = [int(part) for part in hidra.RELEASED.split("-")]
        return {
            "id": "hidra", "type": "software", "title": TITLE, "version": version,
            "author": [{"literal": authors()}], "issued": {"date-parts": [day]},
        }  # fmt: skip
    if kind == "text":
        said = _("{authors} ({year}). hidra, version {version}. Software, MIT licence.",
                 authors=authors(language), year=year, version=version)  # fmt: skip
        return translate(said, language)
    raise unknown(_("form of a citation"), kind, ("text", "bibtex", "csl"), where="hidra.cite")
