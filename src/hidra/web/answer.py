"""How the JSON interface answers: every answer names the data it rests on."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hidra.web import records

if TYPE_CHECKING:
    import pandas as pd

PARQUET = "application/vnd.apache.parquet"


def told(value: Any, request: Request, name: str) -> JSONResponse:
    """Return an answer with the name of the data it rests on.

    Parameters
    ----------
    value : what JSON can hold.
    name : what the journal calls it.
    """
    request.scope["state"]["page"] = f"api {name}"
    return JSONResponse({"vintage": records.records().vintage, "data": value})


def parquet(frame: pd.DataFrame, name: str = "") -> Response:
    """Return a table as Parquet, to be kept under a name."""
    file = io.BytesIO()
    frame.to_parquet(file, index=False)
    headers = {"content-disposition": f'attachment; filename="{name}.parquet"'} if name else {}
    return Response(file.getvalue(), media_type=PARQUET, headers=headers)
