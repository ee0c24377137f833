"""Getting official files: tried at each address, resumed after a drop, kept by vintage.

`pooch` downloads, checks sums and tries again; what it has not is resuming (its downloads start
from nothing each time, and the servers here give 300 KB/s), so `hidra.data.download` brings
that. A page of HTML with status 200 is caught by its first bytes. A file that differs from the
one held becomes a new vintage in its own folder: nothing is ever written over.

Layout: ``FOLDER/YYYY-MM-DD/NAME`` with ``NAME.origin.json`` beside it (address, sum, size, date).
"""

from __future__ import annotations

import datetime
import hashlib
import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hidra.core import files
from hidra.core.errors import SourceError
from hidra.data import registry, sources
from hidra.data.download import TIMEOUT, Progress, Resuming, failed
from hidra.data.registry import RegistryFile
from hidra.data.sources.opening import broken_zip


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
        Which files, as `hidra.data.registry.files` takes them.

    Raises
    ------
    SourceError
        The user has to bring this source's files, or as `fetch` raises.
    """
    source = sources.source(name)
    wanted = registry.files(name, years=years, cut=cut)
    if not wanted:
        raise SourceError(
            f"'{name}' is not downloaded: "
            + ("you bring its files." if source.access != "open" else "no address is known."),
            where=f"hidra data fetch {name}",
            fix=f"Get the file from {source.homepage or source.publisher} ({source.terms}), then "
            "`hidra data add FILE`.",
        )
    return fetch(wanted, folder, offline=offline, progress=progress)


def held(folder: Path) -> dict[str, Path]:
    """Return the newest version of every file kept in ``folder``, by name."""
    newest: dict[str, Path] = {}
    if not folder.is_dir():
        return newest
    for vintage in sorted(folder.iterdir(), key=_order):
        if vintage.name[:1].isdigit() and vintage.is_dir():
            for file in sorted(vintage.iterdir()):
                if not file.name.endswith(".origin.json"):
                    newest[file.name] = file
    return newest


def keep(path: Path, folder: Path, *, name: str, address: str, today: str) -> Kept:
    """Move a file into the folder of its vintage, unless the newest one held is the same."""
    digest = _sha256(path)
    before = held(folder).get(name)
    if before is not None and _origin(before).get("sha256", _sha256(before)) == digest:
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
    files.write_json(f"{target}.origin.json", facts)
    path.replace(target)
    return kept


def _order(folder: Path) -> tuple[str, int]:
    day, _, number = folder.name.partition(".")
    return day, int(number) if number.isdigit() else 0


def _origin(file: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(Path(f"{file}.origin.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
    failures: list[str] = []
    for address in wanted.addresses:
        downloader = Resuming(arriving / f"{wanted.name}.part", wanted.name, progress, timeout)
        try:
            found = _pooch(wanted, address, arriving, downloader, retries)
            _whole(found)
        except SourceError as error:
            failures.append(f"{address}: {error.what}")
            (arriving / wanted.name).unlink(missing_ok=True)
            continue
        return keep(found, folder, name=wanted.name, address=address, today=today)
    raise SourceError(
        f"'{wanted.name}' could not be fetched: " + "; ".join(failures),
        where=f"hidra data fetch {wanted.source}",
        fix="Try again later (what arrived is resumed), or download it in a browser and "
        "`hidra data add FILE`.",
    )


def _ask_register(wanted: RegistryFile, arriving: Path, progress: Progress, today: str) -> Path:
    from hidra.data.sources.rnpdno_client import collect

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
            f"'{wanted.name}' is not in the data folder, and the network is not to be used.",
            where=f"hidra data fetch {wanted.source} --offline",
            fix="Run it once without --offline, or `hidra data add FILE`.",
        )
    origin = _origin(file)
    return Kept(
        file,
        file.parent.name,
        origin.get("address", ""),
        origin.get("sha256", _sha256(file)),
        fresh=False,
    )


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
        raise failed(address, f"the server answered {status}") from error
    except requests.RequestException as error:
        raise failed(address, f"no answer ({type(error).__name__})") from error
    except ValueError as error:
        raise failed(address, "the file is not the one expected (its SHA-256 differs)") from error


def _whole(path: Path) -> None:
    """Refuse a zip without its end: a server that announces no length hides the cut."""
    with path.open("rb") as file:
        is_zip = file.read(4) == b"PK\x03\x04"
    if is_zip and not zipfile.is_zipfile(path):
        raise broken_zip(path)
