"""What hidra answers, written down before its rooms are moved.

Everything is asked through the command line, so that no name inside the package matters here.

    python tests/frozen/freeze.py --write          # keep what is answered now; read the diff
    python tests/frozen/freeze.py --write verbs    # of one part only

Kept beside this file: ``frozen.json`` (figures and digests), ``inventory.json`` (what there is:
verbs, pages, claims, ...) and ``texts.json.gz`` (every text as it is read).
"""

from __future__ import annotations

import gzip
import hashlib
import html
import io
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LANGUAGES = ("es", "en")
DRAWS, END = "2", "2027-06"
SIMULATED = {
    "small": ["half_recruitment", "equal_dose_enforcement"],
    "system": ["half_recruitment", "fewer_arms", "military_withdrawn"],
}
JSON = {  # verbs that answer in seconds, without a fit
    "mechanisms": ["mechanisms"],
    "scenarios": ["scenarios"],
    "claims list": ["claims", "list"],
    "data status": ["data", "status"],
    "data cite": ["data", "cite"],
    "data check": ["data", "check"],
    "data sql": ["data", "sql", "show tables"],
    "cite": ["cite"],
    "sensitivity": ["sensitivity"],
    "study show": ["study", "show"],
    "study show system": ["study", "show", "studies/default.yaml"],
    "study check": ["study", "check"],
    "reproduce": ["reproduce", "science2023"],
    "reproduce scaled": ["reproduce", "science2023", "--scale", "rho=0.5", "--years", "2"],
    "check": ["check", "ARTICLE"],
}
SPOKEN = {  # the same verbs as people read them, and how bad input is refused
    "mechanisms": ["mechanisms"],
    "scenarios": ["scenarios"],
    "claims list": ["claims", "list"],
    "claims show": ["claims", "show", "absent-state"],
    "data status": ["data", "status"],
    "data check": ["data", "check"],
    "sensitivity": ["sensitivity"],
    "cite": ["cite"],
    "study check": ["study", "check"],
    "reproduce": ["reproduce", "science2023"],
    "check": ["check", "ARTICLE"],
    "no such verb": ["nothing"],
    "no such study": ["run", "nowhere.yaml"],
    "no such claim": ["claims", "show", "no-such-claim"],
    "no such scenario": ["simulate", "no_such", "--out", "nowhere"],
    "no such posterior": ["simulate", "half_recruitment", "--posterior", "x", "--out", "nowhere"],
    "no draws": ["simulate", "half_recruitment", "--draws", "0", "--out", "nowhere"],
    "end too early": ["compare", "half_recruitment", "--end", "2026-01"],
    "no such model": ["forecast", "--origin", "2022-12", "--out", "f.parquet", "--model", "x"],
    "no such month": ["forecast", "--origin", "2022-13", "--out", "f.parquet"],
    "no such run": ["report", "nowhere"],
    "no such source": ["data", "fetch", "nothing"],
    "only reading": ["data", "sql", "drop table x"],
}
PAGES = {  # beside those that the menus lead to
    "es": ["/lugar/09", "/lugar/25", "/lugar/99", "/afirmaciones/absent-state",
           "/afirmaciones/arms-border-2004", "/escenarios/none", "/api/v1"],
    "en": ["/en/place/09", "/en/place/25", "/en/place/99", "/en/claims/absent-state",
           "/en/claims/arms-border-2004", "/en/scenarios/none", "/en/api/v1"],
}  # fmt: skip
ARTICLE = """En 2023 hubo 30 mil homicidios en México. Mexico is not an absent state.
Homicides fell by 37 per cent. El 70 por ciento de las armas viene de Estados Unidos.
"""
TINY = """\
title: {es: Una corrida mínima, en: A very small run}
question: {es: "¿Qué sigue igual?", en: "What stays the same?"}
places: states
start: 2018-01
end: 2019-06
fit: {until: 2018-06, held_out_until: 2018-08, records_until: 2018-12, steps: 0}
draws: 2
seed: 20061211
mechanisms: [leadership_removal, precarity]
parameters: {}
scenarios:
  half_recruitment:
    title: {es: La mitad del reclutamiento, en: Half the recruitment}
    start: 2019-01
    change: {recruitment: 0.5}
"""
#: Keys whose values tell of the machine, the moment or the state of the code.
VOLATILE = {
    "created", "folder", "seconds", "versions", "cpu_seconds", "command", "system", "cores",
    "memory_gb", "home", "home_exists", "default_study_minutes", "libraries", "python", "hidra",
    "fits_of", "report", "input",
}  # fmt: skip
MONTHS = {
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "en": "January February March April May June July August September October November December",
}


# --- asking -----------------------------------------------------------------------------------


@contextmanager
def quiet_home(folder: Path) -> Iterator[None]:
    """Answer from an empty data folder, without the network, from the root of the project."""
    before, there = dict(os.environ), Path.cwd()
    kept = "HIDRA_COMPILE_CACHE"  # decides no answer, only how long one waits for it
    for name in [one for one in os.environ if one.startswith("HIDRA_") and one != kept]:
        del os.environ[name]
    os.environ |= {"HIDRA_HOME": str(folder / "home"), "HIDRA_OFFLINE": "1", "HIDRA_LANG": "en"}
    (folder / "article.txt").write_text(ARTICLE, encoding="utf-8")
    os.chdir(HERE.parents[1])
    try:
        yield
    finally:
        os.chdir(there)
        os.environ.clear()
        os.environ.update(before)


def hidra(folder: Path, *words: str, lang: str = "en") -> tuple[int, str, str]:
    """Run one command in this process: exit code, standard output, standard error."""
    from hidra.cli import main

    given = [str(folder / "article.txt") if word == "ARTICLE" else word for word in words]
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([*given, "--lang", lang])
    return code, out.getvalue(), err.getvalue()


def answered(folder: Path, *words: str) -> Any:
    """Return what a verb prints with ``--json``."""
    code, out, err = hidra(folder, *words, "--json")
    if code:
        raise AssertionError(f"hidra {' '.join(words)} --json ended with {code}: {err}")
    return json.loads(out)


# --- telling figures and texts apart from what may vary ---------------------------------------


def steady(text: str, folder: Path | None = None) -> str:
    """Return a text without paths, digests, versions and today's date."""
    import hidra

    if folder is not None:
        text = text.replace(str(folder), "<folder>")
    text = text.replace(str(HERE.parents[1]), "<project>")
    text = re.sub(r"\b\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)?", "<time>", text)
    text = re.sub(r"\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{12,64}\b", "<digest>", text)
    text = re.sub(rf"(?<![\d.]){re.escape(hidra.__version__)}(?![\d.])", "<version>", text)
    now = time.gmtime()
    for written in (time.strftime("%Y-%m-%d", now), *_written(now)):
        text = text.replace(written, "<today>")
    return text


def _written(now: time.struct_time) -> list[str]:
    es, en = (MONTHS[one].split()[now.tm_mon - 1] for one in LANGUAGES)
    day, year = now.tm_mday, now.tm_year
    return [f"{day} de {es} de {year}", f"{day} {en} {year}", f"{en} {day}, {year}"]


def digest(value: Any) -> str:
    """Return ten letters that stand for a value."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Walk through what a verb answers: the path of every value; lists have no numbers in it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in VOLATILE:
                yield from leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        yield path + "[]", f"{len(value)} items"
        for inner in value:
            yield from leaves(inner, path + "[]")
    else:
        yield path, steady(value) if isinstance(value, str) else value


def is_figure(value: Any) -> bool:
    """Whether a value is compared as a number, not letter by letter."""
    return isinstance(value, float) and value == value and abs(value) != float("inf")


def column(values: list[Any]) -> list[Any]:
    """Return what is kept of many values: their number, words' digest, figures' sum and size."""
    words = [value for value in values if not is_figure(value)]
    figures = [value for value in values if is_figure(value)]
    kept: list[Any] = [len(values), digest(words) if words else ""]
    return [*kept, sum(figures), sum(map(abs, figures))] if figures else kept


def summed(value: Any) -> dict[str, Any]:
    """Return what is kept of a JSON answer: a column for each key, a digest for each item."""
    columns: dict[str, list[Any]] = {}
    for path, leaf in leaves(value):
        columns.setdefault(path, []).append(leaf)
    kept = {"keys": {path: column(found) for path, found in sorted(columns.items())}}
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        items: dict[str, list[Any]] = {}
        for one in value:
            name = str(one.get("id") or one.get("name") or "")
            items.setdefault(name, []).extend(
                (path, leaf) for path, leaf in leaves(one) if not is_figure(leaf)
            )
        if set(items) != {""}:
            kept["items"] = {name: digest(found) for name, found in items.items()}
    return kept


def frame(table: Any) -> dict[str, Any]:
    """Return what is kept of a table: rows, and a column for each column, in order."""
    return {
        "rows": len(table),
        "columns": {
            str(name): [str(table[name].dtype), *column(_plain(table[name].tolist()))]
            for name in table.columns
        },
    }


def _plain(values: list[Any]) -> list[Any]:
    return [steady(one) if isinstance(one, str) else None if one != one else one for one in values]


def results(folder: Path) -> dict[str, Any]:
    """Return what is kept of simulated results: bytes and total of each variable and scenario."""
    import numpy as np
    import xarray as xr

    kept: dict[str, Any] = {}
    with xr.open_zarr(folder, consolidated=False) as data:
        axes = [one for one in ("scenario", "draw", "month", "year", "place") if one in data.dims]
        for name in sorted(data.data_vars):
            values = data[name].transpose(..., *[a for a in axes if a in data[name].dims])
            numbers = values.to_numpy()
            if numbers.dtype.kind == "f":
                numbers = numbers.astype("<f4")
            many = "scenario" in values.dims
            parts = (
                zip(data["scenario"].to_numpy(), numbers, strict=True) if many else [("", numbers)]
            )
            for scenario, part in parts:
                sha = hashlib.sha256(np.ascontiguousarray(part).tobytes()).hexdigest()[:12]
                total = float(np.nansum(part.astype(float)))
                kept[f"{name}|{scenario}".rstrip("|")] = [sha, total, list(part.shape)]
    return kept


VOID = r"(?is)<(script|style|template|title)\b.*?</\1\s*>|<!--.*?-->|<!doctype[^>]*>"
INLINE = r"(?i)</?(?:a|abbr|b|bdi|cite|code|em|i|mark|q|small|span|strong|sub|sup|time|wbr)\b[^>]*>"


def visible(page: str) -> str:
    """Return the text of a page as it is read, a line for each block."""
    text = re.sub(VOID, " ", page)
    text = re.sub(INLINE, "", re.sub(r"\s+", " ", text))
    text = html.unescape(re.sub(r"<[^>]+>", "\n", text))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return steady("\n".join(line for line in lines if line))


# --- what is frozen ----------------------------------------------------------------------------


def machine() -> dict[str, str]:
    """Return what decides whether bits may be compared: the kind of machine and of compiler."""
    import jaxlib

    flags = platform.processor()
    info = Path("/proc/cpuinfo")
    if info.exists():
        found = re.search(r"(?m)^(?:flags|Features)\s*:(.*)$", info.read_text())
        flags = " ".join(sorted(found[1].split())) if found else flags
    return {"machine": platform.machine(), "jaxlib": jaxlib.__version__, "cpu": digest(flags)}


def simulated(folder: Path, posterior: str) -> dict[str, Any]:
    """Simulate shipped scenarios from a shipped posterior; their results and tables."""
    told = answered(
        folder, "simulate", *SIMULATED[posterior], "--posterior", posterior, "--end", END,
        "--draws", DRAWS, "--workers", "1", "--out", str(folder / posterior),
    )  # fmt: skip
    kept = {posterior: finished(folder / posterior) | {"manifest": summed(told)}}
    return {"frozen": kept, "inventory": {"simulated": listed(kept)}}


def municipal(folder: Path) -> dict[str, Any]:
    """Simulate one scenario on all municipalities."""
    out = folder / "municipal"
    told = answered(
        folder, "simulate", "half_recruitment", "--level", "municipality", "--end", END,
        "--draws", DRAWS, "--workers", "1", "--out", str(out),
    )  # fmt: skip
    kept = {"municipal": finished(out) | {"manifest": summed(told)}}
    return {"frozen": kept, "inventory": {"simulated": listed(kept)}}


def finished(out: Path) -> dict[str, Any]:
    """Return what is kept of a finished folder."""
    return {"results": results(out / "results.zarr"), "tables": tables(out)}


def listed(kept: dict[str, Any]) -> dict[str, Any]:
    """List variables and tables of finished folders."""
    return {
        name: {
            "variables": sorted({one.split("|")[0] for one in each["results"]}),
            "tables": {table: list(told["columns"]) for table, told in each["tables"].items()},
        }
        for name, each in kept.items()
    }


def tables(folder: Path) -> dict[str, Any]:
    """Return what is kept of every table of a finished folder."""
    import pandas as pd

    found = sorted((folder / "tables").glob("*.parquet"))
    return {file.stem: frame(pd.read_parquet(file)) for file in found}


def as_json(folder: Path) -> dict[str, Any]:
    """Return what is kept of the JSON of every quick verb; of ``doctor`` its keys only."""
    kept = {name: summed(answered(folder, *words)) for name, words in JSON.items()}
    return kept | {"doctor": {"keys": {key: [1, ""] for key in sorted(answered(folder, "doctor"))}}}


def verdicts(folder: Path) -> dict[str, Any]:
    """Run the whole library of claims on the packaged data: verdicts, and what they stand on."""
    found = answered(folder, "claims", "run")
    return {"verdict": {one["id"]: one["verdict"] for one in found}, "answer": summed(found)}


def forecast(folder: Path, *models: str) -> dict[str, Any]:
    """Forecast three months after one origin."""
    import pandas as pd

    kept = {}
    for model in models:
        file = folder / f"{model}.parquet"
        code, _, err = hidra(
            folder, "forecast", "--origin", "2018-12", "--out", str(file), "--months", "3",
            "--draws", "20", "--model", model,
        )  # fmt: skip
        assert code == 0, err
        kept[model] = frame(pd.read_parquet(file))
    return kept


def spoken(folder: Path) -> dict[str, str]:
    """Return what people read on a terminal, help included, in both languages."""
    kept = {}
    for lang in LANGUAGES:
        for name, words in SPOKEN.items():
            code, out, err = hidra(folder, *words, lang=lang)
            kept[f"hidra {name} ({lang})"] = steady(f"exit code {code}\n{out}{err}", folder)
        for verb, text in helps(folder, lang).items():
            kept[f"hidra {verb} --help ({lang})".replace("  ", " ")] = text
    return kept


def helps(folder: Path, lang: str = "en", words: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the help of every verb below one."""
    _, out, _ = hidra(folder, *words, "--help", lang=lang)
    found = {" ".join(words): steady(out, folder)}
    below = re.search(r"(?ms)^(?:Commands|Órdenes|Comandos):\n(.*)", out)
    for verb in re.findall(r"(?m)^  ([a-z][\w-]*)", below[1]) if below else ():
        found |= helps(folder, lang, (*words, verb))
    return found


@contextmanager
def served(folder: Path, *words: str) -> Iterator[Callable[[str], tuple[int, str]]]:
    """Serve the page as users do, from a folder; yields how to read an address: status and body."""
    command = [sys.executable, "-m", "hidra", "serve", "--port", "0", *words]
    log = (folder / "serve.log").open("w")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, cwd=folder)
    try:
        assert process.stdout is not None
        base = process.stdout.readline().strip().rstrip("/")
        assert base.startswith("http"), (folder / "serve.log").read_text()

        def read(path: str) -> tuple[int, str]:
            try:
                with urllib.request.urlopen(base + path, timeout=120) as answer:
                    return answer.status, answer.read().decode(errors="replace")
            except urllib.error.HTTPError as error:
                with error:
                    return error.code, error.read().decode(errors="replace")

        yield read
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()
        log.close()


def pages(folder: Path) -> dict[str, tuple[int, str]]:
    """Return status and visible text of every page, once every verdict is there."""
    with served(folder) as read:
        wanted = []
        for lang, front in (("es", "/"), ("en", "/en/")):
            menu = re.search(r'(?s)<ul class="menu">.*?</ul>', read(front)[1])
            assert menu, f"no menu on {front}"
            wanted += [*re.findall(r'href="([^"#?]+)"', menu[0]), *PAGES[lang]]
        until = time.monotonic() + 180
        while '"verdict":null' in re.sub(r"\s", "", read("/api/v1/claims")[1]):
            assert time.monotonic() < until, "the verdicts are not there after three minutes"
            time.sleep(1)
        found = {}
        for path in dict.fromkeys(wanted):
            status, body = read(path)
            found[path] = (status, visible(body))
        described = json.loads(read("/api/v1/openapi.json")[1])["paths"]
    ways = (f"{way.upper()} {path}" for path, each in described.items() for way in each)
    return found | {"/api/v1/openapi.json": (200, "\n".join(sorted(ways)))}


def tiny(folder: Path) -> dict[str, Any]:
    """Run a very small study, fits included; its report, brief, and the page that shows it."""
    study, out, brief = (folder / name for name in ("tiny.yaml", "tiny", "brief.html"))
    study.write_text(TINY, encoding="utf-8")
    told = answered(folder, "run", str(study), "--out", str(out), "--workers", "1")
    answered(folder, "report", str(out), "--brief", "-o", str(brief))
    texts, sections = {"brief.html": visible(brief.read_text(encoding="utf-8"))}, {}
    report = (out / "report.html").read_text(encoding="utf-8")
    for lang, part in by_language(report).items():
        texts[f"report.html ({lang})"] = visible(part)
        heads = re.findall(r"(?s)<h[1-3]\b.*?</h[1-3]>", part)
        sections[lang] = [visible(one).replace("\n", " ") for one in heads]
    with served(folder, "--run", str(out)) as read:
        for path in ("/", "/en/", "/lugar/25", "/en/place/25"):
            texts[f"{path} with a run"] = visible(read(path)[1])
    kept = {
        "tiny": finished(out) | {"check": results(out / "check.zarr"), "manifest": summed(told)}
    }
    files = sorted(one.name for one in out.iterdir())
    return {
        "frozen": kept,
        "inventory": listed(kept) | {"headings of the report": sections, "files of a run": files},
        "texts": texts,
    }


def by_language(page: str) -> dict[str, str]:
    """Split a page that holds both languages, each in a block of its own."""
    found = re.split(r'<div class="page" lang="(es|en)"', page)
    assert found[1::2] == list(LANGUAGES), "report.html holds no page of each language"
    return {lang: "<div" + part for lang, part in zip(found[1::2], found[2::2], strict=True)}


def verbs(folder: Path) -> dict[str, Any]:
    """Ask every quick verb, for machines and for people, and list what there is."""
    kept = {"json": as_json(folder), "forecast": forecast(folder, "last-12")}
    return {"frozen": kept, "inventory": inventory(folder), "texts": spoken(folder)}


def web(folder: Path) -> dict[str, Any]:
    """Judge every claim, then read every page."""
    kept, shown = verdicts(folder), pages(folder)
    return {
        "frozen": {"claims": kept},
        "inventory": {
            "pages": {path: status for path, (status, _) in shown.items()},
            "interface": shown["/api/v1/openapi.json"][1].split("\n"),
        },
        "texts": {path: text for path, (_, text) in shown.items()},
    }


def forecasts(folder: Path) -> dict[str, Any]:
    """Forecast with the model that is the default, and one that it is made of."""
    return {"frozen": forecast(folder, "nb-ewm6", "hidra")}


def inventory(folder: Path) -> dict[str, Any]:
    """List what there is for users: nothing of it may go away unsaid."""
    import hidra as package

    models = hidra(folder, *SPOKEN["no such model"])[2].partition("Use one of:")[2]
    return {
        "verbs": {
            verb: sorted(set(re.findall(r"(?m)^ +(?:-\w, )?(--[a-z][a-z-]*)", text)))
            for verb, text in helps(folder).items()
            if verb
        },
        "mechanisms": [one["name"] for one in answered(folder, "mechanisms")],
        "scenarios": [one["name"] for one in answered(folder, "scenarios")],
        "claims": [one["id"] for one in answered(folder, "claims", "list")],
        "sources": [one["name"] for one in answered(folder, "cite")["sources"]],
        "forecasts": sorted(models.strip(" .\n").split(", ")),
        "study keys": sorted(answered(folder, "study", "show")),
        "names of the package": sorted(package.__all__),
    }


QUICK = {"system": partial(simulated, posterior="system")}
# What verbs and pages say is tested at its place; these guard what no test names.
SLOW = {
    "small": partial(simulated, posterior="small"), "verbs": verbs, "web": web,
    "municipal": municipal, "run": tiny, "forecasts": forecasts,
}  # fmt: skip


# --- keeping and reading back ------------------------------------------------------------------


def gather(part: str) -> dict[str, Any]:
    """Return what is answered now, as a process of its own hears it: nothing is left from before."""
    there = {name: told for name, told in os.environ.items() if not name.startswith("JAX_")}
    with tempfile.TemporaryDirectory(prefix="frozen") as folder:
        file = Path(folder) / "gathered.json"
        asked = subprocess.run(
            [sys.executable, __file__, "--part", part, str(file)], capture_output=True, text=True,
            check=False, env={**there, "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
        if asked.returncode:
            raise AssertionError(f"'{part}' could not be asked:\n{asked.stdout}{asked.stderr}")
        return json.loads(file.read_text(encoding="utf-8"))


def load() -> dict[str, Any]:
    """Return what was kept: kind (frozen, inventory, texts), part, and what it holds."""
    kept = {kind: HERE / f"{kind}.json" for kind in ("frozen", "inventory")}
    found = {
        kind: json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        for kind, file in kept.items()
    }
    packed = HERE / "texts.json.gz"
    found["texts"] = json.loads(gzip.decompress(packed.read_bytes())) if packed.exists() else {}
    return found


def lined(value: Any, indent: int = 0) -> str:
    """Return JSON with a line for each key, and lists within it."""
    if not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    space = " " * (indent + 1)
    inner = (
        f"{space}{json.dumps(key, ensure_ascii=False)}: {lined(one, indent + 1)}"
        for key, one in sorted(value.items())
    )
    return "{\n" + ",\n".join(inner) + "\n" + " " * indent + "}"


def write(parts: list[str]) -> None:
    """Keep what is answered now by some parts."""
    kept = load()
    for part in parts:
        began = time.monotonic()
        for kind, told in gather(part).items():
            kept[kind][part] = told
        print(f"{part}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    kept["frozen"]["machine"] = machine()
    for kind in ("frozen", "inventory"):
        (HERE / f"{kind}.json").write_text(lined(kept[kind]) + "\n", encoding="utf-8")
    packed = json.dumps(kept["texts"], ensure_ascii=False, indent=0, sort_keys=True).encode()
    (HERE / "texts.json.gz").write_bytes(gzip.compress(packed, 9, mtime=0))


def main(words: list[str]) -> int:
    """Keep what is answered, or write what one part answers to a file."""
    every = QUICK | SLOW
    if words[:1] == ["--part"]:
        with tempfile.TemporaryDirectory(prefix="frozen") as folder, quiet_home(Path(folder)):
            told = every[words[1]](Path(folder))
        Path(words[2]).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        return 0
    if words[:1] != ["--write"] or not set(words[1:]) <= set(every):
        print(f"{__doc__}\nParts: {', '.join(every)}", file=sys.stderr)
        return 2
    write(words[1:] or list(every))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
