"""A downloader for pooch that goes on where an earlier call stopped."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hidra.core import files
from hidra.core.errors import SourceError
from hidra.data.sources.opening import refuse_page

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
    return SourceError(what, where=address, fix="Try again later.")


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
        known, _, version = mark.partition("\n")
        if begun and known == url and version:
            headers |= {"Range": f"bytes={begun}-", "If-Range": version}
        with requests.get(url, headers=headers, stream=True, timeout=self.timeout) as answer:
            if answer.status_code == 416:  # the part is longer than the file: begin anew
                self._forget()
                raise requests.ConnectionError("the part held is not of this file")
            if 400 <= answer.status_code < 500:  # asking again will not help
                raise failed(url, f"the server answered {answer.status_code}")
            answer.raise_for_status()
            if answer.status_code != 206:
                begun = 0
            strong = answer.headers.get("ETag", "W/")  # a weak mark does not allow ranges
            version = answer.headers.get("Last-Modified", "") if strong[:2] == "W/" else strong
            files.write_text(self.mark, f"{url}\n{version}")
            self._receive(answer, begun)
        shutil.move(self.part, output_file)
        self.mark.unlink(missing_ok=True)

    def _receive(self, answer: Any, begun: int) -> None:
        import requests

        length = answer.headers.get("Content-Length", "")
        total = begun + int(length) if length.isdigit() else None
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
