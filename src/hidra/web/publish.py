"""The site as files that any web host serves, and that open from a disk: ``hidra publish``.

Pages, charts and addresses are those of the server (`hidra.web.app`, `hidra.web.site`); what is
done here is to give each address a file, and to make every address relative to the page it is on.
"""

from __future__ import annotations

import html
import json
import multiprocessing
import os
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import hidra
from hidra.charts import series
from hidra.claims.claim import claims
from hidra.core import files
from hidra.core.errors import HidraError, SpecError
from hidra.core.i18n import LANGUAGES, Language, _
from hidra.core.workers import Progress, end_with_parent, silent
from hidra.data import reference
from hidra.forecast import kept
from hidra.web import app as server
from hidra.web import atlas, render, site, verdicts
from hidra.web.figure import as_csv, tips
from hidra.web.page import forecast, panorama
from hidra.web.records import records
from hidra.web.site import Ask, Settings

MANIFEST = "manifest.json"
#: Twins whose file ends otherwise than their address: rows and tips are scripts, which a page
#: opened from a file may read too.
CARD = 0.75  # of a sheet for the press: 1200 x 675, as previews of links are
ENDINGS = {
    "": "html", "json": "rows.js", "tips": "tips.js", "embed": "embed.html", "csl": "json",
}  # fmt: skip
TABLES = site.address("data", "es")[1:] + "/"  # where the built-in tables lie
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
UNKNOWN = "https://…"  # in a snippet, where nobody said where the site will lie
LOCAL = "#local"  # where a page says what needs hidra on one's own machine
#: An address of the site where a page names it: of a link, a picture, data of a script.
ADDRESS = re.compile(
    r'(?P<before>(?:(?:href|src|action|content|data-\w+)=|"place": ?)")'
    r'(?P<below>below:)?(?P<path>/(?!/)[^"]*)"'
)


@dataclass(frozen=True)
class Draft:
    """What the processes that write a site share: where, for which address, from which records."""

    folder: Path
    address: str
    settings: Settings


def publish(
    target: Path, settings: Settings, *, address: str = "", workers: int = 2,
    progress: Progress = silent,
) -> dict[str, Any]:  # fmt: skip
    """Write the site, whole or not at all.

    Parameters
    ----------
    target : folder; an earlier site in it is replaced, anything else refused.
    settings : where verdicts are kept, and the finished run that pages show.
    address : where the site will lie, for previews and snippets, which need whole addresses.
    workers : processes that draw.

    Returns
    -------
    dict
        ``pages``, ``files`` and ``bytes``.

    Raises
    ------
    SpecError
        The folder holds something else, or `address` is none.
    """
    if address and not re.fullmatch(r"https?://[^\s/\"<>?#]+(/[^\s\"<>?#]*)?", address):
        raise SpecError(
            _("This is no address of a site."),
            where=f"--address {address}",
            fix=_("Write it whole, for example https://example.org/hidra."),
        )
    _refuse_what_is_not_ours(target)
    wanted = list(asks())
    with files.replacing_folder(target) as folder:
        forecast.settle()
        draft = Draft(folder, address.rstrip("/"), settings)
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, context, end_with_parent) as pool:
            judged = pool.submit(verdicts.compute, settings.folder, patient=False)
            first = [one for one in wanted if not one.page.startswith("claim")]
            drawn = [pool.submit(write, draft, one) for one in first]
            shared(draft)
            judged.result()
            drawn += [pool.submit(write, draft, one) for one in wanted if one not in first]
            for done, one in enumerate(as_completed(drawn), 1):
                one.result()
                progress("pages", done, len(drawn))
        told = {"kind": "site", "version": hidra.__version__, "vintage": records().vintage}
        sealed = files.sealed(told, folder)
        files.write_json(folder / MANIFEST, sealed)
    sizes = [size for size, _digest in sealed["files"].values()]
    return {"pages": len(wanted), "files": len(sizes), "bytes": sum(sizes)}


def _refuse_what_is_not_ours(target: Path) -> None:
    """Refuse a file, and a folder with anything in it that an earlier site has not written."""
    if target.exists() and not target.is_dir():
        raise SpecError(
            _("A file stands where the folder of the site is to be."),
            where=str(target),
            fix=_("Choose another folder, or move that elsewhere."),
        )
    found = {path.relative_to(target).as_posix() for path in target.rglob("*") if not path.is_dir()}
    try:
        told = files.unsealed(target / MANIFEST, fix="") if found else {"kind": "site"}
    except HidraError:
        told = {"kind": ""}
    other = sorted(found - {MANIFEST} - set(told.get("files", ())))
    if told["kind"] != "site" or other:
        raise SpecError(
            _("The folder holds something that is no earlier site: {name}.",
              name=(other or [MANIFEST])[0]),
            where=str(target),
            fix=_("Choose another folder, or move that elsewhere."),
        )  # fmt: skip


def asks() -> Iterator[Ask]:
    """Give every page of a published site, in both languages."""
    codes = {
        "place": (series.NATION, *series.STATES),
        "claim": [claim.id for claim in claims()], "year": panorama.years()[: panorama.LINKED],
    }  # fmt: skip
    for page in site.PAGES:
        for language in LANGUAGES if not page.live else ():
            for code in codes.get(page.name, ("",)):
                yield Ask(page.name, language, code)
    for language in LANGUAGES:
        for measure in atlas.measures("state")[1:]:
            yield Ask("map", language, query={"measure": measure})
        for measure in list(kept.PAST)[:-1]:  # the last one is that of the page itself
            yield Ask("forecast", language, query={"measure": measure})


def folder_of(ask: Ask) -> str:
    """Return the folder of a page below that of the site: ``en/place/11/``."""
    parts = (site.address(ask.page, ask.language, ask.code).strip("/"), *ask.query.values())
    return "".join(f"{part}/" for part in parts if part)


@cache
def folders() -> frozenset[str]:
    """Return the folders of all pages."""
    return frozenset(folder_of(one) for one in asks())


def file_of(address: str) -> str:
    """Return the file that keeps what a server has at an address, empty where none does."""
    told = urlsplit(address)
    path, query = told.path.strip("/"), parse_qs(told.query)
    stem, dot, kind = path.rpartition(".") if "." in path else (path, "", "")
    if path.startswith("static/"):
        return path
    if stem.rpartition("/")[2] in reference.names():  # the same in both languages
        return f"{TABLES}{path.rpartition('/')[2]}"
    if path == "api/v1/map":
        stem, dot, kind, query["chart"] = site.address("map", "es")[1:], ".", "js", ["atlas"]
    folder = f"{stem}/".removesuffix(f"{site.FRONT}/").lstrip("/")
    own = f"{folder}{''.join(query.get('measure', ()))}/"
    folder = own if own in folders() else folder
    if folder not in folders():
        return ""
    name = "".join(query.get("chart", ("cite",) if dot else ("index",)))
    return f"{folder}{name}.{ENDINGS.get(kind, kind)}"


def relative(text: str, folder: str, address: str, *, whole: bool = False) -> str:
    """Return a page with its addresses relative to its folder, or whole where they must be.

    Parameters
    ----------
    address : of the site; previews and snippets need it, the rest does not.
    whole : make every address whole, for a page that is shown at any address.
    """

    def found(match: re.Match[str]) -> str:
        """Return one address as it is to stand: of its file, or of what needs a server."""
        before, below, path = match["before"], match["below"], html.unescape(match["path"])
        place, hash_, part = path.partition("#")
        if "CODE" in path:
            path = site.address("place", _language(folder), series.STATES[0])
            file = file_of(path).replace(f"/{series.STATES[0]}/", "/CODE/")
        else:
            file = file_of(place)
        if not file:
            return f'{before}{LOCAL}"'
        if below or whole or (address and "content=" in before):
            file = f"{address or UNKNOWN}/{file.removesuffix('index.html')}"
        else:
            file = os.path.relpath(file, folder or ".").replace(os.sep, "/")
        return f'{before}{file}{hash_}{part}"'

    return ADDRESS.sub(found, text)


def _language(folder: str) -> Language:
    return "en" if folder.startswith("en/") else "es"


@cache
def _app(settings: Settings) -> Any:
    return server.make(settings)


def write(draft: Draft, ask: Ask) -> None:
    """Write a page, its charts as CSV, PNG and pages of their own, and how to cite it."""
    view, figures = server.made(_app(draft.settings), ask)
    folder, vintage = folder_of(ask), records().vintage
    here = f"{draft.address}/{folder}" if draft.address else ""

    def put(name: str, content: str | bytes) -> None:
        path = draft.folder / folder / name
        if isinstance(content, str):
            content = relative(content, folder, draft.address).encode()
        files.write_bytes(path, content, lasting=False)

    put("index.html", render.page(ask, view, figures, nonce="", vintage=vintage,
                                  published=draft.address))  # fmt: skip
    for kind in render.CITED:
        item = render.citation(ask, view, vintage, here)
        put(f"cite.{ENDINGS.get(kind, kind)}", render.cited(item, kind))
    for name, figure in figures.items():
        put(f"{name}.csv", figure.csv())
        put(f"{name}.png", figure.png(scale=CARD))
        put(f"{name}.rows.js", _script(_compact(json.loads(figure.json()))))
        if figure.hover:
            told = tips(figure.block, ask.words)
            put(f"{name}.tips.js", _script(_compact(told)))
        put(f"{name}.embed.html", render.embed(ask, view, figure, vintage,
                                                 published=draft.address))  # fmt: skip
        for kind in render.CITED:
            item = render.citation(ask, view, vintage, here, figure.block)
            put(f"{name}.{ENDINGS.get(kind, kind)}", render.cited(item, kind))
    if ask.page == "map" and ask.language == "es":
        put("atlas.js", _script(json.dumps(view.more["found"].matrix(""))))


def _compact(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _script(told: str) -> bytes:
    return f"window.stored={told}".encode()


def shared(draft: Draft) -> None:
    """Write what all pages share, the built-in tables, and what a host asks for by name.

    Its page of what is not there and its list of pages hold whole addresses only.
    """
    styles = Path(__file__).with_name("static")
    (draft.folder / "static").mkdir(exist_ok=True)
    for name, path in {**{one.name: one for one in styles.iterdir()}, **server.STYLES}.items():
        shutil.copy(path, draft.folder / "static" / name)
    for name in reference.names():
        path = draft.folder / f"{TABLES}{name}.csv"
        files.write_bytes(path, as_csv(reference.table(name)), lasting=False)
    if not draft.address:
        return
    page = render.refusing(404, "es", render.usual(404, "es"), published=draft.address)
    told = relative(page, "", draft.address, whole=True)
    files.write_bytes(draft.folder / "404.html", told.encode(), lasting=False)
    listed = "".join(f"<url><loc>{draft.address}/{one}</loc></url>\n" for one in sorted(folders()))
    told = f'<urlset xmlns="{SITEMAP}">\n{listed}</urlset>\n'  # XML 1.0 in UTF-8 needs no head
    files.write_bytes(draft.folder / "sitemap.xml", told.encode(), lasting=False)
