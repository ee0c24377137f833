"""Bring your spreadsheet: a file sent, what it seems to be, questions as a form, and the import."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePath

from hidra.core.errors import HidraError, SourceError
from hidra.core.files import write_bytes
from hidra.core.i18n import _, translate
from hidra.data import geography
from hidra.data.importing import import_table
from hidra.data.keeping import Receipt
from hidra.data.propose import WAYS, propose
from hidra.data.spelling import slug
from hidra.web import atlas, records
from hidra.web.page.map import LEVELS
from hidra.web.site import AbsentError, Ask, Settings, View

KEPT = 12  # files sent and not yet imported
UNPACKED = 200_000_000  # bytes of a workbook once unpacked
#: What a browser offers to choose from; what a file is, its content says.
ACCEPTED = ".xlsx,.xls,.ods,.csv,.tsv,.txt,.dbf,.json,.parquet,.gz,.zip"


def form(ask: Ask, settings: Settings) -> View:
    """Return the form that takes a file."""
    return View(
        ask.words("page.bring"), ask.words("bring.lead"), template="bring.html.j2",
        more={"allowed": settings.allow_import, "accepted": ACCEPTED, "found": None,
              "receipt": None, "megabytes": f"{settings.largest / 1e6:g}"},
    )  # fmt: skip


def keep(settings: Settings, content: bytes, name: str) -> str:
    """Keep a file that was sent until it is imported, and return its code; the oldest go.

    Raises
    ------
    SourceError
        There is nothing in it, importing is not allowed here, or it unpacks to too much.
    """
    refuse(settings)
    if not content:
        raise SourceError(_("No file was sent."), where=_("file"), fix=_("Choose a file."))
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(one.file_size for one in archive.infolist())
        if size > UNPACKED:
            raise SourceError(
                _("The file unpacks to {n} MB.", n=size // 1_000_000),
                where=_("file"),
                fix=_("Import it with: hidra data import FILE."),
            )
    given = PurePath(name.replace("\\", "/"))
    suffix = given.suffix.lower() if given.suffix.lower() in ACCEPTED.split(",") else ""
    code = hashlib.sha256(content).hexdigest()[:16]
    write_bytes(_folder(settings) / code / f"{slug(given.stem)[:60]}{suffix}", content)
    sent = sorted(_folder(settings).iterdir(), key=lambda one: one.stat().st_mtime)
    for old in sent[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return code


def refuse(settings: Settings) -> None:
    """Refuse an import where other machines are served: the panel is of who runs the page."""
    if not settings.allow_import:
        raise SourceError(
            _("Tables are not imported through this page."),
            where=_("link"),
            fix=_("Import with `hidra data import FILE` on the machine that serves it."),
        )


def _folder(settings: Settings) -> Path:
    return settings.folder / "brought"


def _file(settings: Settings, code: str) -> Path:
    """Return the file kept under a code."""
    inside = _folder(settings) / code
    if not re.fullmatch(r"[0-9a-f]{16}", code) or not inside.is_dir():
        raise AbsentError(
            _("This file is no longer kept."), where=_("link"), fix=_("Send it again.")
        )
    return next(inside.iterdir())


def proposed(ask: Ask, settings: Settings, answers: Mapping[str, str] | None = None) -> View:
    """Return what a file that was sent seems to be, with its questions."""
    refuse(settings)
    usual = {"publisher": translate(_("our organisation"), ask.language)}
    found = propose(_file(settings, ask.code), usual | dict(answers or {}))
    asked = [one for one in found.findings if one.key]
    more = {
        "found": found, "receipt": None, "label": geography.label, "ways": WAYS,
        "problems": [one for one in found.findings if not one.key],
        "about": [one for one in asked if one.key in ABOUT],
        "asked": [one for one in asked if one.key not in ABOUT],
    }  # fmt: skip
    return View(ask.words("page.brought"), template="bring.html.j2", more=more, keep=False)


#: Questions about the table as a whole, which stand first.
ABOUT = ("title", "publisher", "unit", "encoding", "sheet")


def answered(ask: Ask, settings: Settings, given: Mapping[str, str]) -> View:
    """Answer a form: look again, or import where nothing is open."""
    answers = {
        key.removeprefix("q-"): text for key, text in given.items() if key.startswith("q-") and text
    }
    view = proposed(ask, settings, answers)
    found = view.more["found"]
    if given.get("do") != "import" or found.open:
        return view
    file = _file(settings, ask.code)
    try:
        receipt = import_table(file, found.spec, spec_text=found.text())
    except HidraError as error:
        view.more = {**view.more, "failure": error}
        return view
    shutil.rmtree(file.parent, ignore_errors=True)
    return done(ask, receipt)


def done(ask: Ask, receipt: Receipt) -> View:
    """Return what was imported, and where it is seen."""
    names = [str(one["measure"]) for one in receipt.series]
    maps = [(one, level) for one in names for level in LEVELS if one in atlas.measures(level)]
    more = {"receipt": receipt, "found": None, "maps": maps, "titles": {
        one: records.titled("map.title", one, ask.words) for one in names},
        "places": records.places_of(names)[:30]}  # fmt: skip
    return View(ask.words("bring.done"), template="bring.html.j2", more=more, keep=False)
