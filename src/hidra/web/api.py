"""The JSON interface beside the pages: records, places, maps, claims, checks, scenarios.

`ENDPOINTS` is the one list of its addresses: the routes, the description in OpenAPI and the page
that shows it are made of it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

import pandas as pd
from pydantic import Field, ValidationError
from pydantic.json_schema import models_json_schema
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

import hidra
from hidra.charts import series
from hidra.charts.block import Section
from hidra.claims.claim import Claim, Result, claims
from hidra.core import yaml
from hidra.core.errors import SpecError, unknown
from hidra.core.i18n import LANGUAGES, Language, Message, _
from hidra.core.weeks import month
from hidra.core.yaml import Closed
from hidra.data import panel, reference
from hidra.web import atlas, lab, records, render, site
from hidra.web.lab import TABLES, Runs, State, Wanted
from hidra.web.page import evidence as studies
from hidra.web.page import forecast as forecasts
from hidra.web.page import model
from hidra.web.page.claims import MOST_LETTERS, known, of_day, pasted
from hidra.web.page.lab import no_run
from hidra.web.page.place import checked
from hidra.web.site import CALLED, AbsentError, Ask, Settings, View, words
from hidra.web.verdicts import Verdicts

BASE = "/api/v1"
RUNS = f"{BASE}/runs"
LEVELS = ("state", "municipality")
MONTH = {"pattern": r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$"}
#: What may stand for each part of an address or a query, by the first part of the address.
PARAMETERS: Mapping[str, Mapping[str, Any]] = {
    "places.code": {"pattern": r"^[0-9]{2}([0-9]{3})?$"},
    "places.measure": {},
    "places.from": MONTH,
    "places.to": MONTH,
    "map.measure": {},
    "map.span": {"enum": list(atlas.SPANS)},
    "map.level": {"enum": list(LEVELS)},
    "map.state": {"enum": list(series.STATES)},
    "tables.name": {},
    "claims.code": {},
    "forecast.measure": {},
    "forecast.place": {"pattern": r"^[0-9]{2}$"},
    "runs.code": {"pattern": r"^[0-9a-f]{16}$"},
    "runs.table": {"enum": list(TABLES)},
}


class Text(Closed):
    """A text to check, and the language of the reasons."""

    text: str = Field(json_schema_extra={"maxLength": MOST_LETTERS})
    language: Language = Field(default="es", description="By default that of the answer.")
    date: str = Field(default="", description="Day of the text, YYYY-MM-DD.")


@dataclass(frozen=True)
class Endpoint:
    """An address of the interface.

    Attributes
    ----------
    path : str
        Below `BASE`.
    answer : callable
        Gives a table or what JSON can hold, sent with the name of the data; or a whole response.
        It takes the request, and the body where there is one.
    query : tuple of str
        What may be asked for; `PARAMETERS` says what may stand there.
    kind, file : str
        What is sent: json, csv, parquet or yaml; and the name of the file.
    takes : type, optional
        Model of the body that is posted.
    """

    path: str
    answer: Callable[..., Any]
    query: tuple[str, ...] = ()
    kind: str = "json"
    file: str = ""
    method: str = "GET"
    takes: type[Closed] | None = None
    status: int = 200
    name: str = field(init=False)

    def __post_init__(self) -> None:
        kind = "" if self.kind in ("json", "yaml") else f"_{self.kind}"
        object.__setattr__(self, "name", f"{self.answer.__name__}{kind}")

    @property
    def parameters(self) -> dict[str, str]:
        """Names of what varies, and whether each stands in the path or in the query."""
        inside = re.findall(r"\{(\w+)\}", self.path)
        return dict.fromkeys(inside, "path") | dict.fromkeys(self.query, "query")

    def handler(self) -> Callable[[Request], Awaitable[Response]]:
        """Return what answers a request to it."""

        async def handle(request: Request) -> Response:
            self._refuse_unknown(request)
            body = [await _body(request)] if self.takes else []
            found = await run_in_threadpool(self.answer, request, *body)
            if isinstance(found, Response):
                return found
            return await run_in_threadpool(self._sent, found, request)

        return handle

    def _refuse_unknown(self, request: Request) -> None:
        """Refuse a part of the query that this address does not know."""
        told = request.query_params.multi_items()
        if twice := [name for name, _given in told if [one for one, _ in told].count(name) > 1]:
            raise SpecError(
                _("'{name}' is given more than once.", name=twice[0]), where=request.url.path,
                fix=_("Ask once for each."),
            )  # fmt: skip
        for name, given in told:
            if name == "lang":
                _known("language", given, LANGUAGES, where=name)
            else:
                _known("parameter", name, (*self.query, "lang"), where=request.url.path)

    def _sent(self, found: Any, request: Request) -> Response:
        if self.kind != "json":
            name = self.file.format(**request.path_params)
            return render.file(found, self.kind, name)
        rows = _rows(found) if isinstance(found, pd.DataFrame) else found
        return JSONResponse({"vintage": records.records().vintage, "data": rows})

    def described(self) -> dict[str, Any]:
        """Return it as OpenAPI describes it."""
        media = render.MEDIA[self.kind].split(";")[0]
        schema = {"type": "object" if self.kind == "json" else "string"}
        answer = "The answer" if self.status == 200 else "Begun; follow its state"
        found: dict[str, Any] = {
            **_both("summary", f"api.does.{self.name}"),
            "responses": {
                str(self.status): {"description": answer, "content": {media: {"schema": schema}}},
                "default": {"$ref": "#/components/responses/Refused"},
            },
        }
        room = self.path.split("/")[1].partition(".")[0]
        parameters = [
            {
                "name": name, "in": where, "required": where == "path",
                **_both("description", f"api.given.{room}.{name}"),
                "schema": {"type": "string", **PARAMETERS[f"{room}.{name}"]},
            }
            for name, where in self.parameters.items()
        ]  # fmt: skip
        found["parameters"] = [*parameters, {
            "name": "lang", "in": "query", "required": False,
            **_both("description", "api.given.lang"),
            "schema": {"type": "string", "enum": list(LANGUAGES)},
        }]  # fmt: skip
        if self.takes:
            body = {"$ref": f"#/components/schemas/{self.takes.__name__}"}
            content = {"application/json": {"schema": body}}
            found["requestBody"] = {"required": True, "content": content}
        return found


def _both(key: str, name: str) -> dict[str, str]:
    return {key: words("en")(name), f"x-{key}-es": words("es")(name)}


async def _body(request: Request) -> dict[str, Any]:
    """Return the JSON object that was sent."""
    try:
        given = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise SpecError(
            _("The body is not JSON."), where=_("body"), fix=_("Send an object.")
        ) from error
    if not isinstance(given, dict):
        raise SpecError(_("The body is not an object."), where=_("body"), fix=_("Send an object."))
    return given


@cache
def openapi() -> dict[str, Any]:
    """Return the description of the interface, OpenAPI 3.1."""
    template = "#/components/schemas/{model}"
    _rest, models = models_json_schema(
        [(Wanted, "validation"), (Text, "validation")], ref_template=template
    )
    lines = {name: {"type": "string"} for name in ("what", "where", "fix")}
    refusal = {"type": "object", "properties": {"status": {"type": "integer"}, **lines}}
    refused = {"$ref": template.format(model="Refusal")}
    paths: dict[str, Any] = {}
    for one in ENDPOINTS:
        paths.setdefault(one.path, {})[one.method.lower()] = one.described()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "hidra", "version": "1", "summary": words("en")("api.summary"),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": BASE}],
        "paths": paths,
        "components": {
            "responses": {
                "Refused": {
                    "description": "What is wrong, where, and what to do",
                    "content": {"application/json": {"schema": refused}},
                }
            },
            "schemas": {"Refusal": refusal, **models["$defs"]},
        },
    }  # fmt: skip


def view(ask: Ask) -> View:
    """Return the page of the interface: every address, its method, what it gives and takes."""
    own = ask.words
    rows = []
    for one in ENDPOINTS:
        fields = one.takes.model_fields if one.takes else ()
        given = ", ".join([*one.parameters, *fields]) or "–"
        rows.append([BASE + one.path, one.method, own(f"api.does.{one.name}"), given])
    heads = [own(f"api.{name}") for name in ("path", "method", "what", "parameters")]
    example = f"curl http://127.0.0.1:8642{BASE}/places/25/records?measure=inegi_homicides"
    return View(
        own("api.title"), own("api.lead"),
        [Section("example", own("api.example"), listings=[("curl", example)])],
        template="interface.html.j2", more={"heads": heads, "rows": rows},
    )  # fmt: skip


def description(_: Request) -> Response:
    """The description of the interface."""
    return JSONResponse(openapi())


def health(_: Request) -> dict[str, str]:
    """Version of the program."""
    return {"version": hidra.__version__}


def places(_: Request) -> list[dict[str, str]]:
    """Every place with a page."""
    known = [*reference.table("place")["cve_ent"], *records.municipalities()]
    languages: tuple[Language, ...] = ("es", "en")
    names = {f"name_{one}": [atlas.name_of(code, one) for code in known] for one in languages}
    return _rows(pd.DataFrame({"code": known, **names}))


def place_records(request: Request) -> pd.DataFrame:
    """Panel rows of a place, of a measure and between months where asked."""
    rows = records.of_place(checked(request.path_params["code"]))
    wanted = request.query_params
    if "measure" in wanted:
        there = tuple(str(one["measure"]) for one in panel.ask("SELECT measure FROM measures"))
        _known("measure", wanted["measure"], there)
        rows = rows[rows["measure"] == wanted["measure"]]
    first, last = (month(wanted[one][:20]) if one in wanted else "" for one in ("from", "to"))
    if first and last and last < first:
        raise SpecError(
            _("The period ends before it begins."), where="from, to",
            fix=_("Give the earlier month in `from`."),
        )  # fmt: skip
    return rows[(rows["month"] >= first) & ((rows["month"] <= last) if last else True)]


def _known(name: str, given: str, allowed: tuple[str, ...], where: str = "") -> str:
    if given not in allowed:
        raise unknown(
            CALLED.get(name, Message(name, {})), given[:40], filter(None, allowed),
            where=where or name,
        )  # fmt: skip
    return given


def measures(_: Request) -> Any:
    """What each measure of the panel counts, and the months there are."""
    return panel.ask("FROM measures")


def month_map(request: Request) -> Response:
    """A measure in every place and month, as the map keeps it."""
    wanted = request.query_params
    chosen = [
        _known(name, wanted.get(name, allowed[0]), allowed)
        for name, allowed in (
            ("measure", atlas.every()), ("span", atlas.SPANS), ("level", LEVELS),
        )
    ]  # fmt: skip
    state = _known("state", wanted.get("state", ""), ("", *series.STATES))
    return JSONResponse(atlas.atlas(*chosen).matrix(state))


def tables(_: Request) -> pd.DataFrame:
    """The catalogue of the built-in tables."""
    return reference.catalogue()


def table(request: Request) -> pd.DataFrame:
    """A built-in table, as it is used."""
    name = request.path_params["name"]
    if name not in reference.names():
        raise AbsentError(
            _("There is no such table."), where=_("link"), fix=_("The page of the data lists them.")
        )
    return reference.table(name)


def all_claims(request: Request) -> pd.DataFrame:
    """Every claim with its verdict, where that is computed already."""
    verdicts: Verdicts = request.app.state.verdicts
    found = verdicts.known()
    return pd.DataFrame([_brief(claim, found.get(claim.id)) for claim in claims()], dtype=object)


def _brief(claim: Claim, result: Result | None) -> dict[str, Any]:
    """Return a claim in one row."""
    return {
        "id": claim.id,
        "kind": claim.kind,
        **{f"statement_{one}": claim.statement[one] for one in LANGUAGES},
        "said_by": claim.said_by,
        "said_when": claim.said_when,
        "strength": claim.strength,
        "verdict": result.verdict if result else None,
        **{f"why_{one}": result.why[one] if result else None for one in LANGUAGES},
    }


def one_claim(request: Request) -> dict[str, Any]:
    """A claim with its verdict, the readings of every source and the numbers of its design."""
    claim = known(request.path_params["code"])
    verdicts: Verdicts = request.app.state.verdicts
    result = verdicts.of(claim)
    readings = [asdict(one) for one in result.readings]
    more = {"readings": readings, "figures": _plain(result.figures), "trace": result.trace}
    return {**_brief(claim, result), **more}


def check(request: Request, given: dict[str, Any]) -> list[Any]:
    """Check a text: its statements, each with verdict and reason; the text is not kept."""
    from hidra.claims.article import check as check_text
    from hidra.claims.article import entry
    from hidra.claims.ask import data

    try:
        wanted = Text.model_validate({"language": render.language_of(request), **given})
    except ValidationError as error:
        raise SpecError(
            _("A check needs a text, and a language: es or en."),
            where=_("body"),
            fix=_('Send {"text": "...", "language": "es"}.'),
        ) from error
    [article] = of_day(pasted(wanted.text, "text"), wanted.date)
    with data() as con:
        found = check_text(con, article.text, article.date)
    return [entry("text", article.text, one, wanted.language) for one in found]


def forecast(request: Request) -> pd.DataFrame:
    """Quantiles of the months to come, and of sums of twelve, of the nation or a state."""
    wanted, allowed = request.query_params, tuple(forecasts.measures())
    measure = _known("measure", wanted.get("measure", allowed[0]), allowed)
    places = (series.NATION, *series.STATES)
    code = _known("place", wanted.get("place", series.NATION), places)
    return forecasts.rows_of(measure, code, request.app.state.forecasts)


def evidence(_: Request) -> list[dict[str, Any]]:
    """Every study of the bank: what it found, what it is used for, what the model gives."""
    return [_plain(one) for one in studies.told()]


def mechanisms(_: Request) -> list[dict[str, Any]]:
    """Every mechanism with its equation, evidence and parameters."""
    rows = _rows(model.mechanisms())
    return [{**row, "params": json.loads(row["params"])} for row in rows]


def scenarios(_: Request) -> list[dict[str, Any]]:
    """The ready scenarios: words, what they change, stance of the essays, evidence."""
    from hidra.study.library import library

    return [
        {"name": name, "grade": one.grade, "mechanisms": list(one.mechanisms), "size": one.basis}
        | one.model_dump(mode="json")
        for name, one in library().items()
    ]


def all_runs(request: Request) -> list[str]:
    """The runs kept here, the newest first."""
    return _runs(request).finished()


def run_state(request: Request) -> dict[str, Any]:
    """How far a run is, and what was asked for."""
    state, wanted = _run(request)
    code = request.path_params["code"]
    return {"id": code, **state, "wanted": wanted.model_dump(mode="json")}


def run_yaml(request: Request) -> bytes:
    """The scenarios of a run as they stand in a study file."""
    _rest, wanted = _run(request)
    return yaml.told(wanted.model_dump(mode="json")).encode()


def run_table(request: Request) -> pd.DataFrame:
    """A table of a finished run: outcome, difference or summary."""
    state, _rest = _run(request)
    name = request.path_params["table"]
    if state["state"] != "done":
        raise no_run()
    if name not in TABLES:
        raise unknown(_("table"), name[:40], TABLES, where=_("link"))
    return _runs(request).tables(request.path_params["code"])[name]


def begin(request: Request, given: dict[str, Any]) -> Response:
    """Begin a run that a program asks for."""
    settings: Settings = request.app.state.settings
    code = begun(request, lab.read(given, settings))
    page = site.address("frozen", "en", code)
    return JSONResponse({"id": code, "state": f"{RUNS}/{code}", "page": page}, 202)


def begun(request: Request, wanted: Wanted) -> str:
    """Check a request against the engine, then begin it; return its name."""
    from hidra.scenario.ensemble import Plan, fitted

    system = fitted(wanted.posterior, end=wanted.end)
    Plan(system, tuple(wanted.scenarios.items()), wanted.seed, wanted.draws).refuse()
    return _runs(request).begin(wanted, records.records().vintage)


def cancel(request: Request) -> Response:
    """Cancel a run."""
    _run(request)
    code = request.path_params["code"]
    _runs(request).cancel(code)
    return JSONResponse({"id": code, "state": f"{RUNS}/{code}"}, 202)


def _runs(request: Request) -> Runs:
    runs: Runs = request.app.state.runs
    return runs


def _run(request: Request) -> tuple[State, Wanted]:
    """Return how far the run of an address is, and what was asked for."""
    runs, code = _runs(request), request.path_params["code"]
    state, wanted = runs.state(code), runs.wanted(code)
    if state is None or wanted is None:
        raise no_run()
    return state, wanted


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it: unknown is null, a fraction has seven digits."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float) and math.isfinite(value):
        return int(value) if value.is_integer() else float(f"{value:.7g}")
    return None if isinstance(value, float) else value


ENDPOINTS = (
    Endpoint("/openapi.json", description),
    Endpoint("/health", health),
    Endpoint("/places", places),
    Endpoint("/places/{code}/records", place_records, query=("measure", "from", "to")),
    Endpoint("/measures", measures),
    Endpoint("/map", month_map, query=("measure", "span", "level", "state")),
    Endpoint("/tables", tables),
    Endpoint("/tables/{name}", table),
    Endpoint("/tables/{name}.csv", table, kind="csv", file="{name}"),
    Endpoint("/tables/{name}.parquet", table, kind="parquet", file="{name}"),
    Endpoint("/claims", all_claims),
    Endpoint("/claims.csv", all_claims, kind="csv", file="hidra-claims"),
    Endpoint("/claims/{code}", one_claim),
    Endpoint("/check", check, method="POST", takes=Text),
    Endpoint("/forecast", forecast, query=("measure", "place")),
    Endpoint(
        "/forecast.csv", forecast, query=("measure", "place"), kind="csv", file="hidra-forecast"
    ),
    Endpoint("/evidence", evidence),
    Endpoint("/mechanisms", mechanisms),
    Endpoint("/scenarios", scenarios),
    Endpoint("/runs", all_runs),
    Endpoint("/runs", begin, method="POST", takes=Wanted, status=202),
    Endpoint("/runs/{code}", run_state),
    Endpoint("/runs/{code}/cancel", cancel, method="POST", status=202),
    Endpoint("/runs/{code}/scenarios.yaml", run_yaml, kind="yaml"),
    Endpoint("/runs/{code}/{table}.csv", run_table, kind="csv", file="hidra-{code}-{table}"),
    Endpoint(
        "/runs/{code}/{table}.parquet", run_table, kind="parquet", file="hidra-{code}-{table}"
    ),
)
