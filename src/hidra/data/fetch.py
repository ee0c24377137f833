"""Getting official files: each tried at every address, resumed after a drop, kept by date.

``registry.csv`` has one row for each file or, where a publisher cuts the whole series anew each
month, one row for each pattern of names. A checksum, a size or an archive address that nobody
has verified is empty there: unknown, not invented.

`pooch` downloads, checks sums and tries again; what it has not is resuming (its downloads start
from nothing each time, and the servers here give 300 KB/s), so `Resuming` brings that. A page of
HTML with status 200 is caught by its first bytes. A file that differs from the one held becomes a
new vintage in its own folder: nothing is ever written over.

Layout: ``FOLDER/YYYY-MM-DD/NAME`` with ``NAME.origin.json`` beside it (address, sum, size, date).
"""

from __future__ import annotations

import csv
import datetime
import shutil
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

from hidra.core.errors import SourceError, SpecError
from hidra.core.files import sealed, unsealed, write_json, write_text
from hidra.core.i18n import _
from hidra.data import sources
from hidra.data.home import sha256
from hidra.data.readers import broken_zip, refuse_page

MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")


@dataclass(frozen=True)
class RegistryFile:
    """One official file.

    Parameters
    ----------
    addresses : tuple of str
        The publisher's address first, then mirrors and archives, in the order they are tried.
    sha256 : str or None
        Only where the publisher's file is fixed and the sum was verified.
    size : int or None
        Bytes, where known.
    first_year, last_year : int or None
        Years the file holds (of registration, for deaths).
    note : str
        What to know before trusting it.
    """

    source: str
    name: str
    addresses: tuple[str, ...]
    sha256: str | None
    size: int | None
    first_year: int | None
    last_year: int | None
    note: str


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = (package_files("hidra.data") / "registry.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def files(
    source: str, *, years: tuple[int, int] | None = None, cut: str | None = None
) -> list[RegistryFile]:
    """Return the files of a source.

    Parameters
    ----------
    source : str
        Name of the source.
    years : (int, int), optional
        Only files that hold some of these years.
    cut : str, optional
        ``YYYY-MM`` for files that are cut anew each month; the newest cut known otherwise.

    Returns
    -------
    list of RegistryFile
        Empty for a source that the user brings (``access`` "ask" or "licence").
    """
    found = [_filled(row, cut) for row in _rows() if row["source"] == source]
    own = sources.source(source).addresses
    found += [RegistryFile(source, one, (own[one],), None, None, None, None, "") for one in own]
    if years is None:
        return found
    first, last = years
    return [
        one
        for one in found
        if (one.first_year or first) <= last and (one.last_year or last) >= first
    ]


def cut_of(source: str) -> str | None:
    """Return the newest cut known of a source that is cut anew each month, ``YYYY-MM``."""
    return max((row["cut"] for row in _rows() if row["source"] == source), default="") or None


def offered(address: str) -> bool:
    """Ask whether a file lies at an address, without fetching it.

    Raises
    ------
    SourceError
        Nobody answers.
    """
    import requests

    try:
        with requests.get(address, headers=AGENT, stream=True, timeout=TIMEOUT) as answer:
            page = answer.headers.get("Content-Type", "").startswith("text/html")
            return answer.ok and not page
    except requests.RequestException as error:
        raise failed(address, _("no answer ({kind})", kind=type(error).__name__)) from error


def _filled(row: dict[str, str], cut: str | None) -> RegistryFile:
    words = _cut_words(cut or row["cut"]) if row["cut"] else {}
    addresses = tuple(one.format(**words) for one in (row["address"], *row["archive"].split()))
    return RegistryFile(
        source=row["source"],
        name=row["name"].format(**words),
        addresses=addresses,
        sha256=row["sha256"] or None,
        size=int(row["bytes"]) if row["bytes"] else None,
        first_year=int(row["first_year"]) if row["first_year"] else None,
        last_year=int(row["last_year"]) if row["last_year"] else None,
        note=row["note"],
    )


def _cut_words(cut: str) -> dict[str, str]:
    year, _rest, month = cut.partition("-")
    if not (year.isdecimal() and len(year) == 4 and month.isdecimal() and 1 <= int(month) <= 12):
        raise SpecError(
            _("'{cut}' is no month of a cut.", cut=cut),
            where="--cut",
            fix=_("Write it as 2025-12."),
        )
    return {"mmm": MONTHS[int(month) - 1], "yy": year[2:], "yyyy": year}


Progress = Callable[[str, float | None], None]
BLOCK = 1 << 16
TIMEOUT = (15.0, 60.0)  # seconds to connect, and without a byte
# Identity: a resumed byte range must count the bytes of the file, not of its compressed form.
AGENT = {
    "User-Agent": "hidra (open-source research on official statistics)",
    "Accept-Encoding": "identity",
}


def failed(address: str, what: str) -> SourceError:
    """Say why one address gave nothing."""
    return SourceError(what, where=address, fix=_("Try again later."))


class Resuming:
    """A downloader for pooch that goes on where an earlier call stopped.

    The part stays beside the target with the mark (ETag or date) of the version it belongs to;
    the server is asked for the rest *if* that version still stands, else for the whole.
    """

    def __init__(
        self, part: Path, words: str, progress: Progress, timeout: tuple[float, float]
    ) -> None:
        self.part, self.words, self.progress, self.timeout = part, words, progress, timeout
        self.mark = Path(f"{part}.mark")

    def __call__(self, url: str, output_file: str, _pooch: object) -> None:
        """Download ``url`` to ``output_file``; a drop raises, and the part stays."""
        import requests

        headers = dict(AGENT)
        begun = self.part.stat().st_size if self.part.exists() else 0
        mark = self.mark.read_text("utf-8") if self.mark.exists() else ""
        known, _rest, version = mark.partition("\n")
        if begun and known == url and version:
            headers |= {"Range": f"bytes={begun}-", "If-Range": version}
        with requests.get(url, headers=headers, stream=True, timeout=self.timeout) as answer:
            if answer.status_code == 416:  # the part is longer than the file: begin anew
                self._forget()
                raise requests.ConnectionError("the part held is not of this file")
            if 400 <= answer.status_code < 500:  # asking again will not help
                raise failed(
                    url, _("the server answered {status_code}", status_code=answer.status_code)
                )
            answer.raise_for_status()
            if answer.status_code != 206:
                begun = 0
            strong = answer.headers.get("ETag", "W/")  # a weak mark does not allow ranges
            version = answer.headers.get("Last-Modified", "") if strong[:2] == "W/" else strong
            write_text(self.mark, f"{url}\n{version}")
            self._receive(answer, begun)
        shutil.move(self.part, output_file)
        self.mark.unlink(missing_ok=True)

    def _receive(self, answer: Any, begun: int) -> None:
        import requests

        length = answer.headers.get("Content-Length", "")
        total = begun + int(length) if length.isdecimal() else None
        done = begun
        with self.part.open("ab" if begun else "wb") as out:
            for block in answer.iter_content(BLOCK):
                if done == 0:
                    refuse_page(block, Path(self.words))
                out.write(block)
                done += len(block)
                self.progress(self.words, done / total if total else None)
        if total is not None and done < total:
            raise requests.ConnectionError(f"{done} of {total} bytes arrived")
        if done == 0:
            raise requests.ConnectionError("nothing arrived")

    def _forget(self) -> None:
        self.part.unlink(missing_ok=True)
        self.mark.unlink(missing_ok=True)


@dataclass(frozen=True)
class Kept:
    """A file in the user's folder.

    ``fresh`` says whether this call brought it; an unchanged file keeps its older vintage.
    """

    path: Path
    vintage: str
    address: str
    sha256: str
    fresh: bool


def fetch(
    wanted: Sequence[RegistryFile],
    folder: Path,
    *,
    offline: bool = False,
    progress: Progress = lambda words, share: None,
    today: str | None = None,
    retries: int = 3,
    timeout: tuple[float, float] = TIMEOUT,
) -> list[Kept]:
    """Download files into ``folder`` and return where they lie.

    Raises
    ------
    SourceError
        Offline and not held; every address failed; a web page or a broken zip came instead; a
        fixed checksum differs. Files that arrived before it are kept, half a file is resumed.
    """
    return [
        _fetch_one(
            one,
            folder,
            offline=offline,
            progress=progress,
            today=today or datetime.date.today().isoformat(),
            retries=retries,
            timeout=timeout,
        )
        for one in wanted
    ]


def fetch_source(
    name: str,
    folder: Path,
    *,
    years: tuple[int, int] | None = None,
    cut: str | None = None,
    offline: bool = False,
    progress: Progress = lambda words, share: None,
) -> list[Kept]:
    """Fetch what the registry lists for a source.

    Parameters
    ----------
    name : str
        Name of the source.
    folder : Path
        Where its files are kept.
    years, cut
        Which files, as `hidra.data.files` takes them.

    Raises
    ------
    SourceError
        The user has to bring this source's files, or as `fetch` raises.
    """
    source = sources.source(name)
    wanted = files(name, years=years, cut=cut)
    if not wanted:
        raise SourceError(
            _(
                "'{name}' is not downloaded: {what}",
                name=name,
                what=_("you bring its files.")
                if source.access != "open"
                else _("no address is known."),
            ),
            where=f"hidra data fetch {name}",
            fix=_(
                "Get the file from {homepage} ({terms}), then `hidra data add FILE`.",
                homepage=source.homepage or source.publisher,
                terms=source.terms,
            ),
        )
    return fetch(wanted, folder, offline=offline, progress=progress)


def held(folder: Path) -> dict[str, Path]:
    """Return the newest version of every file kept in ``folder``, by name."""
    newest: dict[str, Path] = {}
    if not folder.is_dir():
        return newest
    for vintage in sorted(folder.iterdir(), key=_order):
        if vintage.name[:1].isdecimal() and vintage.is_dir():
            for file in sorted(vintage.iterdir()):
                if not file.name.endswith(".origin.json"):
                    newest[file.name] = file
    return newest


def keep(path: Path, folder: Path, *, name: str, address: str, today: str) -> Kept:
    """Move a file into the folder of its vintage, unless the newest one held is the same."""
    digest = sha256(path)
    before = held(folder).get(name)
    if before is not None and sha256(before) == digest:
        path.unlink()
        return Kept(before, before.parent.name, address, digest, fresh=False)
    vintage = today
    number = 1
    while (folder / vintage / name).exists():
        number += 1
        vintage = f"{today}.{number}"
    target = folder / vintage / name
    target.parent.mkdir(parents=True, exist_ok=True)
    kept = Kept(target, vintage, address, digest, fresh=True)
    facts = asdict(kept) | {"path": name, "bytes": path.stat().st_size, "accessed": today}
    write_json(f"{target}.origin.json", sealed(facts))
    path.replace(target)
    return kept


def _order(folder: Path) -> tuple[str, int]:
    day, _rest, number = folder.name.partition(".")
    return day, int(number) if number.isdecimal() else 0


def origin(file: Path) -> dict[str, Any]:
    """Return what is known of a kept file, after comparing it with its SHA-256.

    Raises
    ------
    SourceError
        The file, or what stands beside it, is not as it was kept.
    """
    fix = _("Remove both, and fetch or add the file again; the panel keeps what was read of it.")
    found = unsealed(Path(f"{file}.origin.json"), fix=fix)
    if sha256(file) != found.get("sha256"):
        raise SourceError(
            _("'{name}' is not the file whose SHA-256 stands beside it.", name=file.name),
            where=str(file),
            fix=fix,
        )
    return found


def _fetch_one(
    wanted: RegistryFile,
    folder: Path,
    *,
    offline: bool,
    progress: Progress,
    today: str,
    retries: int,
    timeout: tuple[float, float],
) -> Kept:
    if offline:
        return _without_network(wanted, folder)
    arriving = folder / "arriving"
    arriving.mkdir(parents=True, exist_ok=True)
    if wanted.source == "rnpdno":  # no files there: the register is asked, gently
        part = _ask_register(wanted, arriving, progress, today)
        return keep(part, folder, name=wanted.name, address=wanted.addresses[0], today=today)
    failures: str = ""
    for address in wanted.addresses:
        downloader = Resuming(arriving / f"{wanted.name}.part", wanted.name, progress, timeout)
        try:
            found = _pooch(wanted, address, arriving, downloader, retries)
            _whole(found)
        except SourceError as error:
            why = _("{address}: {what}", address=address, what=error.what)
            failures = _("{before}; {why}", before=failures, why=why) if failures else why
            (arriving / wanted.name).unlink(missing_ok=True)
            continue
        return keep(found, folder, name=wanted.name, address=address, today=today)
    raise SourceError(
        _(
            "'{name}' could not be fetched: {failures}",
            name=wanted.name,
            failures=failures,
        ),
        where=f"hidra data fetch {wanted.source}",
        fix=_(
            "Try again later (what arrived is resumed), or download it in a browser "
            "and `hidra data add FILE`."
        ),
    )


def _ask_register(wanted: RegistryFile, arriving: Path, progress: Progress, today: str) -> Path:
    from hidra.data.sources.rnpdno import collect

    months = [
        month
        for year in ([wanted.first_year] if wanted.first_year else [])
        for month in (f"{year}-{number:02d}" for number in range(1, 13))
        if month <= today[:7]
    ]
    base = wanted.addresses[0].removesuffix("/Dashboard/Sociodemografico")
    part = arriving / f"{wanted.name}.part"
    return collect(part, months or [None], base=base, progress=progress, today=today)


def _without_network(wanted: RegistryFile, folder: Path) -> Kept:
    file = held(folder).get(wanted.name)
    if file is None:
        raise SourceError(
            _(
                "'{name}' is not in the data folder, and the network is not to be used.",
                name=wanted.name,
            ),
            where=f"hidra data fetch {wanted.source} --offline",
            fix=_("Run it once without --offline, or `hidra data add FILE`."),
        )
    known = origin(file)
    return Kept(file, file.parent.name, known["address"], known["sha256"], fresh=False)


def _pooch(
    wanted: RegistryFile, address: str, arriving: Path, downloader: Resuming, retries: int
) -> Path:
    """Let pooch download: temporary file, checksum, further tries."""
    import pooch
    import requests

    (arriving / wanted.name).unlink(missing_ok=True)
    digest = f"sha256:{wanted.sha256}" if wanted.sha256 else None
    store = pooch.create(
        path=arriving,
        base_url="",
        registry={wanted.name: digest},
        urls={wanted.name: address},
        retry_if_failed=retries,
    )
    pooch.get_logger().setLevel("ERROR")
    try:
        return Path(store.fetch(wanted.name, downloader=downloader))
    except requests.HTTPError as error:
        status = error.response.status_code if error.response is not None else "?"
        raise failed(address, _("the server answered {status}", status=status)) from error
    except requests.RequestException as error:
        raise failed(address, _("no answer ({kind})", kind=type(error).__name__)) from error
    except ValueError as error:
        raise failed(
            address, _("the file is not the one expected (its SHA-256 differs)")
        ) from error


def _whole(path: Path) -> None:
    """Refuse a zip without its end: a server that announces no length hides the cut."""
    with path.open("rb") as file:
        is_zip = file.read(4) == b"PK\x03\x04"
    if is_zip and not zipfile.is_zipfile(path):
        raise broken_zip(path)
