"""Run a claim: its test on the data, and a verdict that carries its numbers."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from hidra.claims import words
from hidra.claims.ask import rows, vintage
from hidra.claims.claim import Claim, Reading, Result, Stated, Verdict
from hidra.claims.figure import LATE, THINGS, Figure, Span, is_asked, not_held, readings, unheard
from hidra.claims.judge import fits, judge
from hidra.core.errors import HidraError, SpecError, unknown
from hidra.core.i18n import LANGUAGES, Language, _, translate

if TYPE_CHECKING:
    import duckdb

FIGURE = TypeAdapter(Figure)
EXTRAS = {"pyfixest": "claims", "diff_diff": "claims"}  # packages that come with an extra


def attempt(con: duckdb.DuckDBPyConnection, claim: Claim, *, fresh: bool = False) -> Result:
    """Run one claim; a test that fails, or lacks a package, is a result that says so.

    Parameters
    ----------
    con, claim, fresh : as `run` takes them.

    Returns
    -------
    Result
        With a verdict; or ``error in the test`` with its trace; or ``not run: needs an extra``.
    """
    try:
        return run(con, claim, fresh=fresh)
    except ModuleNotFoundError as error:
        extra = EXTRAS.get(str(error.name).partition(".")[0])
        if extra is None:
            return _stopped(con, claim, error)
        why = words.sentence("not_run", extra=extra)
        return Result(claim.id, "not run: needs an extra", why, vintage=vintage(con))
    except Exception as error:  # one test that fails must not hide the others
        return _stopped(con, claim, error)


def _stopped(con: duckdb.DuckDBPyConnection, claim: Claim, error: Exception) -> Result:
    told = error.what if isinstance(error, HidraError) else str(error)
    why = words.sentence("error", kind=type(error).__name__, message=told or "-")
    code = error.exit_code if isinstance(error, HidraError) else 1
    return Result(
        claim.id, "error in the test", why, vintage=vintage(con), trace=trace(error), exit_code=code
    )


def trace(error: BaseException) -> str:
    """Return the trace of an error with the files' names alone: it may stand on a public page."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"{_file(one.filename)}:{one.lineno} in {one.name}" for one in frames]
    text = "\n".join([*lines, *traceback.format_exception_only(error)]).strip()
    return text.replace(str(Path.home()), "~")


def _file(path: str) -> str:
    parts = Path(path).parts
    inside = [at for at, part in enumerate(parts[:-1]) if part == "hidra"]
    return "/".join(parts[inside[-1] :]) if inside else parts[-1]


def run(
    con: duckdb.DuckDBPyConnection, claim: Claim, stated: Stated | None = None, *,
    fresh: bool = False,
) -> Result:  # fmt: skip
    """Run one claim.

    Parameters
    ----------
    con : connection from `hidra.claims.ask.data`.
    claim : Claim
    stated : Stated or None
        The figure an article gives, where it differs from the one in the claim's file.
    fresh : bool
        Compute a design again, though its result is kept for these data.

    Raises
    ------
    SpecError
        The test of a claim cannot be run (a user's file).
    """
    test = claim.test
    if "untestable" in test or claim.kind == "interpretation":
        reason = test.get("untestable") or claim.caveats
        return _result(con, claim, "not testable with these data", dict(reason))
    if "design" in test:
        from hidra.claims.designs import run_design

        return run_design(con, claim, fresh=fresh)
    if "parts" in test:
        return _parts(con, claim, test["parts"])
    figure = stated or claim.stated
    if figure is None:
        raise SpecError(
            _("A figure claim needs `stated`."), where=claim.id, fix=_("Add `stated:`.")
        )
    verdict, why, found, best = _judged(con, test, figure)
    return _result(con, claim, verdict, why, found, best)


def _judged(
    con: duckdb.DuckDBPyConnection, test: Mapping[str, Any], stated: Stated
) -> tuple[Verdict, Mapping[str, str], list[Reading], Reading | None]:
    """Return the verdict on a figure, why, and what every source says, the best apart."""
    found = read(con, test, stated)
    verdict, best = judge(stated, found)
    opening = None
    if verdict in ("contradicted", "not supported") and "figure" in test:
        figure = figure_of(test["figure"])
        office = unheard(con, figure, stated, found)
        if office:
            verdict = "not supported"
        if is_asked(office, figure.source):
            verdict, opening = "not testable with these data", not_held(office)
    return verdict, why(stated, found, verdict, best, opening), found, best


def why(
    stated: Stated, found: Sequence[Reading], verdict: Verdict, best: Reading | None,
    opening: Mapping[str, str] | None = None,
) -> Mapping[str, str]:  # fmt: skip
    """Return a verdict in words; what does not hold is listed apart from what does."""
    if best is None or verdict not in ("supported", "partly"):
        return words.why(stated, found, verdict, best, opening)
    holding = [one for one in found if one is best or fits(stated, one)]
    others = [one for one in found if one not in holding and not one.floor][:2]
    said = words.why(stated, holding, verdict, best, opening)
    if not others:
        return said
    listed = {
        lang: "; ".join(
            f"{words.number(one.value, stated.unit, lang)} ({one.named(lang)})" for one in others
        )
        for lang in LANGUAGES
    }
    told = _("Others say: {list}.")
    return {
        lang: f"{said[lang]} {translate(told, lang).format(list=listed[lang])}"
        for lang in LANGUAGES
    }


def _result(
    con: duckdb.DuckDBPyConnection, claim: Claim, verdict: Verdict, why: Mapping[str, str],
    found: Sequence[Reading] = (), best: Reading | None = None,
) -> Result:  # fmt: skip
    ours, source = (best.value, best.source) if best else (None, "")
    return Result(claim.id, verdict, why, tuple(found), ours, source, vintage(con))


def read(con: duckdb.DuckDBPyConnection, test: Mapping[str, Any], stated: Stated) -> list[Reading]:
    """Return what every source says: from the test's SQL, or from its figure."""
    if "figure" in test:
        return readings(con, figure_of(test["figure"]), stated)
    told = [_reading(row) for row in rows(con, test["sql"]) if row.get("value") is not None]
    return sorted(told, key=lambda one: (one.rank != "primary", one.source, one.value))


def figure_of(entry: Mapping[str, Any]) -> Figure:
    """Return the figure a file describes: thing, form, place, span, base, source."""
    keys = dict(entry)
    for key in ("span", "base"):
        keys[key] = span_of(str(keys[key])) if key in keys else None
    keys["other_bases"] = tuple(span_of(str(one)) for one in keys.get("other_bases") or ())
    keys.setdefault("place", "00")
    keys.setdefault("form", "level")
    strange = {*keys} - {one.name for one in fields(Figure)}
    if strange:
        raise unknown(_("key"), min(strange), (f.name for f in fields(Figure)), where="figure")
    try:
        found = FIGURE.validate_python(keys)
    except (TypeError, ValueError) as error:
        raise SpecError(
            _("A figure of a test is wrong: {error}.", error=error),
            where="figure",
            fix=_("`hidra claims new FILE` writes one to start from."),
        ) from error
    if found.thing not in THINGS:
        raise unknown(_("thing"), found.thing, THINGS, where="figure")
    return found


def span_of(text: str) -> Span:
    """Return the period of ``2006``, ``2007..2012``, ``2007..``, ``2024-09``, ``a..b term``."""
    body, _rest, term = text.partition(" ")
    first, dots, last = body.partition("..")
    open_end, last = bool(dots) and not last, last or first
    first, last = first if "-" in first else f"{first}-01", last if "-" in last else f"{last}-12"
    return Span(first, LATE if open_end else last, open_end, term == "term")


def _reading(row: Mapping[str, Any]) -> Reading:
    try:
        return Reading(
            float(row["value"]),
            str(row["source"]),
            row.get("rank") or "primary",
            bool(row.get("floor")),
            bool(row.get("quoted")),
            str(row.get("source_es") or ""),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise SpecError(
            _("A test's query must give the columns value and source: {error}.", error=error),
            where="sql",
            fix=_("SELECT value, source [, rank, floor, quoted, source_es] ..."),
        ) from error


def _parts(
    con: duckdb.DuckDBPyConnection, claim: Claim, parts: Sequence[Mapping[str, Any]]
) -> Result:
    """Judge every part; the whole is as good as its parts together."""
    verdicts: list[Verdict] = []
    told: dict[Language, list[str]] = {language: [] for language in LANGUAGES}
    all_: list[Reading] = []
    for part in parts:
        if "untestable" in part:
            verdict: Verdict = "not testable with these data"
            said = part["untestable"]
        else:
            stated = Stated(**part["stated"])
            verdict, said, found, _best = _judged(con, part, stated)
            all_ += found
        verdicts.append(verdict)
        for lang, lines in told.items():
            lines.append(f"{part['what'][lang]}: {words.verdict(verdict, lang)} ({said[lang]})")
    why = {str(lang): "; ".join(lines) for lang, lines in told.items()}
    return _result(con, claim, together(verdicts), why, all_, next(iter(all_), None))


def together(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict on a sentence from those on its parts."""
    if len(set(verdicts)) == 1:
        return verdicts[0]
    if "supported" in verdicts or "partly" in verdicts:
        return "partly"
    if "contradicted" in verdicts:
        return "contradicted"
    return "not supported" if "not supported" in verdicts else "not testable with these data"
