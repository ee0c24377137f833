"""The JSON interface beside the pages: records, places, maps, claims, checks, scenarios.

What it answers is described in ``static/openapi.json``; a test holds the two together.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import hidra
from hidra.charts import series
from hidra.claims.base import Claim, Result
from hidra.claims.library import claims
from hidra.core.errors import unknown
from hidra.core.weeks import month
from hidra.data import panel, reference
from hidra.web import atlas, records
from hidra.web.answer import parquet, told
from hidra.web.ask import AbsentError
from hidra.web.lab import answers
from hidra.web.page import interface, model
from hidra.web.page.place import checked
from hidra.web.page.places import name_of
from hidra.web.verdicts import Verdicts

BASE = "/api/v1"


def routes() -> list[tuple[str, Any]]:
    """Return the addresses that only read, below `BASE`, and what answers each."""
    return [
        ("/openapi.json", description),
        ("/health", health),
        ("/places", places),
        ("/places/{code}/records", place_records),
        ("/measures", measures),
        ("/map", month_map),
        ("/tables", tables),
        ("/tables/{name}.csv", table_csv),
        ("/tables/{name}.parquet", table_parquet),
        ("/tables/{name}", table),
        ("/claims", all_claims),
        ("/claims.csv", claims_csv),
        ("/claims/{code}", one_claim),
        ("/mechanisms", mechanisms),
        ("/scenarios", answers.scenarios),
        ("/runs", answers.all_runs),
        ("/runs/{code}", answers.run_state),
        ("/runs/{code}/scenarios.yaml", answers.run_yaml),
        ("/runs/{code}/{table}.csv", answers.run_csv),
        ("/runs/{code}/{table}.parquet", answers.run_parquet),
    ]


def mounted(calm: Any) -> list[Route]:
    """Return the routes, each kept calm by `calm`."""
    return [Route(BASE + path, calm(answer), methods=["GET"]) for path, answer in routes()]


def description(request: Request) -> Response:
    """The description of the interface (OpenAPI 3.1)."""
    return JSONResponse(interface.openapi())


def health(request: Request) -> Response:
    """Version of the program and name of the data."""
    return told({"version": hidra.__version__}, request, "health")


def places(request: Request) -> Response:
    """Every place with a page."""
    codes = [row["cve_ent"] for row in reference.table("place").to_dict("records")]
    known = [*codes, *records.municipalities()]
    rows = [
        {"code": code, "name_es": name_of(code, "es"), "name_en": name_of(code, "en")}
        for code in known
    ]
    return told(rows, request, "places")


def place_records(request: Request) -> Response:
    """Panel rows of a place, of a measure and between months where asked."""
    code = checked(request.path_params["code"])
    rows = records.records().rows
    rows = rows[rows["place"] == code] if len(code) == 2 else records.of_place(code)
    wanted = request.query_params
    if "measure" in wanted:
        if wanted["measure"] not in records.SHOWN:
            raise unknown("measure", wanted["measure"][:40], records.SHOWN, where="measure")
        rows = rows[rows["measure"] == wanted["measure"]]
    if "from" in wanted:
        rows = rows[rows["month"] >= month(wanted["from"][:20])]
    if "to" in wanted:
        rows = rows[rows["month"] <= month(wanted["to"][:20])]
    return told(_rows(rows), request, "records")


def measures(request: Request) -> Response:
    """What each measure of the panel counts, and the months there are."""
    return told(panel.ask("FROM measures"), request, "measures")


def month_map(request: Request) -> Response:
    """A measure in every place and month, as the map keeps it."""
    wanted = request.query_params
    chosen = []
    for name, allowed in (
        ("measure", atlas.MEASURES), ("span", atlas.SPANS), ("level", ("state", "municipality")),
    ):  # fmt: skip
        given = wanted.get(name, allowed[0])
        if given not in allowed:
            raise unknown(name, given[:40], allowed, where=name)
        chosen.append(given)
    state = wanted.get("state", "")
    if state and state not in series.STATES:
        raise unknown("state", state[:40], series.STATES, where="state")
    request.scope["state"]["page"] = "api map"
    return JSONResponse(atlas.atlas(*chosen).matrix(state))


def tables(request: Request) -> Response:
    """The catalogue of the built-in tables."""
    return told(_rows(reference.catalogue()), request, "tables")


def table(request: Request) -> Response:
    """A built-in table, row by row."""
    return told(_rows(_table(request)), request, "table")


def table_csv(request: Request) -> Response:
    """A built-in table as it is used."""
    request.scope["state"]["page"] = "api table"
    text = _table(request).to_csv(index=False)
    headers = {"content-disposition": f'attachment; filename="{request.path_params["name"]}.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def table_parquet(request: Request) -> Response:
    """A built-in table as it is used, each column of its kind."""
    request.scope["state"]["page"] = "api table"
    return parquet(_table(request), request.path_params["name"])


def _table(request: Request) -> pd.DataFrame:
    name = request.path_params["name"]
    if name not in reference.names():
        raise AbsentError(
            "There is no such table.", where="link", fix="The page of the data lists them."
        )
    return reference.table(name)


def all_claims(request: Request) -> Response:
    """Every claim with its verdict, where that is computed already."""
    return told(_claims(request), request, "claims")


def claims_csv(request: Request) -> Response:
    """The same as a table."""
    request.scope["state"]["page"] = "api claims"
    frame = pd.DataFrame(_claims(request))
    headers = {"content-disposition": 'attachment; filename="hidra-claims.csv"'}
    text = frame.to_csv(index=False)
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _claims(request: Request) -> list[dict[str, Any]]:
    verdicts: Verdicts = request.app.state.verdicts
    found = verdicts.known()
    return [brief(claim, found.get(claim.id)) for claim in claims()]


def brief(claim: Claim, result: Result | None) -> dict[str, Any]:
    """Return a claim in one row."""
    return {
        "id": claim.id,
        "kind": claim.kind,
        "statement_es": claim.statement["es"],
        "statement_en": claim.statement["en"],
        "said_by": claim.said_by,
        "said_when": claim.said_when,
        "strength": claim.strength,
        "verdict": result.verdict if result else None,
        "why_es": result.why["es"] if result else None,
        "why_en": result.why["en"] if result else None,
    }


def one_claim(request: Request) -> Response:
    """A claim with its verdict, the readings of every source and the numbers of its design."""
    by_id = {claim.id: claim for claim in claims()}
    code = request.path_params["code"]
    if code not in by_id:
        raise AbsentError(
            "There is no such claim.", where="link", fix="The page of the claims lists them."
        )
    verdicts: Verdicts = request.app.state.verdicts
    claim = by_id[code]
    result = verdicts.of(claim)
    readings = [asdict(one) for one in result.readings]
    more = {"readings": readings, "figures": _plain(result.figures)}
    return told({**brief(claim, result), **more}, request, "claim")


def mechanisms(request: Request) -> Response:
    """Every mechanism with its equation, evidence and parameters."""
    rows = _rows(model.mechanisms())
    for row in rows:
        row["params"] = json.loads(row["params"])
    return told(rows, request, "mechanisms")


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it: unknown is null."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return panel.plain(value) if isinstance(value, float) else value
