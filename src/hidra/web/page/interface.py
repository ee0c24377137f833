"""The JSON interface on one plain page, made of its description."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from hidra.charts.block import Section
from hidra.web.ask import Ask, View


@cache
def openapi() -> dict[str, Any]:
    """Return the description of the interface, OpenAPI 3.1."""
    text = files("hidra.web").joinpath("static", "openapi.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def view(ask: Ask) -> View:
    """Return the page: every address with its method, what it gives and its parameters."""
    words = ask.words
    summary = "x-summary-es" if ask.language == "es" else "summary"
    base = openapi()["servers"][0]["url"]
    rows = [
        [base + path, method.upper(), told[summary], ", ".join(_parameters(told)) or "–"]
        for path, methods in openapi()["paths"].items()
        for method, told in methods.items()
    ]
    heads = [words(f"api.{name}") for name in ("path", "method", "what", "parameters")]
    example = f"curl http://127.0.0.1:8642{base}/places/25/records?measure=inegi_homicides"
    return View(
        words("api.title"), words("api.lead"),
        [Section("example", words("api.example"), listings=[("curl", example)])],
        template="interface.html.j2", more={"heads": heads, "rows": rows},
    )  # fmt: skip


def _parameters(told: dict[str, Any]) -> list[str]:
    named = [one["name"] for one in told.get("parameters", ())]
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = body.get("schema", {})
    if "$ref" in schema:
        schema = openapi()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return [*named, *schema.get("properties", ())]
