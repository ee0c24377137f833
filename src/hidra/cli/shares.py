"""Progress of one long step at a time, told as a share of the work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hidra.cli.speak import progress


@contextmanager
def shares() -> Iterator[Callable[[str, float | None], None]]:
    """Give a function for (words, share done); an unknown share shows the words alone."""
    with progress() as show:

        def tell(words: str, share: float | None) -> None:
            show(words, round(100 * (share or 0.0)), 100)

        yield tell
