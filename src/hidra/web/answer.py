"""How the JSON interface answers: every answer names the data it rests on."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from hidra.web import records


def told(value: Any, request: Request, name: str) -> JSONResponse:
    """Return an answer with the name of the data it rests on.

    Parameters
    ----------
    value : what JSON can hold.
    name : what the journal calls it.
    """
    request.scope["state"]["page"] = f"api {name}"
    return JSONResponse({"vintage": records.records().vintage, "data": value})
