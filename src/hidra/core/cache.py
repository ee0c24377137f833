"""Results kept in the user's data folder under the fingerprint of what they were made from."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from hidra.core import fingerprint


class Cache:
    """Plain values (JSON) kept under a name, one file for each key.

    Parameters
    ----------
    name : what is kept, a folder of ``HIDRA_HOME/kept``.
    """

    def __init__(self, name: str) -> None:
        self._folder = _home() / "kept" / name

    def get_or_make(
        self, key: Mapping[str, Any], make: Callable[[], Any], *, fresh: bool = False
    ) -> Any:
        """Return what is kept under a key, making it where it is not there or not whole.

        Parameters
        ----------
        key : everything the value depends on: inputs, and the fingerprint of the code.
        make : gives a value as JSON knows it; tuples come back as lists.
        fresh : make it again though it is kept.
        """
        file = self._folder / f"{fingerprint.of(key)}.json"
        if not fresh:
            with suppress(OSError, ValueError):
                return json.loads(file.read_text(encoding="utf-8"))
        text = json.dumps(make())
        with suppress(OSError):  # a folder that cannot be written keeps nothing, but still answers
            self._folder.mkdir(parents=True, exist_ok=True)
            draft = file.with_name(f"{file.name}.partial-{os.getpid()}")
            draft.write_text(text, encoding="utf-8")
            draft.replace(file)
        return json.loads(text)


def _home() -> Path:
    chosen = os.environ.get("HIDRA_HOME")
    if chosen:
        return Path(chosen).expanduser().resolve()
    import platformdirs

    return platformdirs.user_data_path("hidra", appauthor=False)
