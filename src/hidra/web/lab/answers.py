"""What the JSON interface says of scenarios and runs."""

from __future__ import annotations

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response

from hidra.core.errors import unknown
from hidra.web.answer import parquet, told
from hidra.web.ask import AbsentError
from hidra.web.lab.runs import Runs


def scenarios(request: Request) -> Response:
    """The ready scenarios: words, what they change, stance of the essays, evidence."""
    from hidra.study.library import library

    rows = [
        {"name": name, "grade": one.grade, "mechanisms": list(one.mechanisms)}
        | one.model_dump(mode="json")
        for name, one in library().items()
    ]
    return told(rows, request, "scenarios")


def all_runs(request: Request) -> Response:
    """The runs kept here, the newest first."""
    return told(_kept(request).finished(), request, "runs")


def run_state(request: Request) -> Response:
    """How far a run is, and what was asked for."""
    runs, code = _kept(request), request.path_params["code"]
    state, wanted = runs.state(code), runs.wanted(code)
    if state is None or wanted is None:
        raise _no_run()
    return told({"id": code, **state, "wanted": wanted.model_dump(mode="json")}, request, "run")


def run_yaml(request: Request) -> Response:
    """The scenarios of a run as they stand in a study file."""
    import yaml

    request.scope["state"]["page"] = "api run"
    wanted = _kept(request).wanted(request.path_params["code"])
    if wanted is None:
        raise _no_run()
    text = yaml.safe_dump(wanted.model_dump(mode="json"), allow_unicode=True, sort_keys=False)
    return Response(text, media_type="application/yaml; charset=utf-8")


def run_csv(request: Request) -> Response:
    """A table of a finished run: outcome, difference or summary."""
    name, table = _table(request)
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    text = table.to_csv(index=False)
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def run_parquet(request: Request) -> Response:
    """The same table as Parquet."""
    name, table = _table(request)
    return parquet(table, name)


def _table(request: Request) -> tuple[str, pd.DataFrame]:
    """Return the table asked for of a finished run, and the name of its file."""
    request.scope["state"]["page"] = "api run"
    runs, code = _kept(request), request.path_params["code"]
    if (runs.state(code) or {}).get("state") != "done":
        raise _no_run()
    tables, name = runs.tables(code), request.path_params["table"]
    if name not in tables:
        raise unknown("table", name[:40], tables, where="link")
    return f"hidra-{code}-{name}", tables[name]


def _kept(request: Request) -> Runs:
    runs: Runs = request.app.state.runs
    return runs


def _no_run() -> AbsentError:
    return AbsentError(
        "There is no such run on this machine.",
        where="link",
        fix="Ask who gave you the link for its specification, and run it here.",
    )
