"""What the server allows, in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def default_folder() -> Path:
    """Return the folder of the page in the user's data folder."""
    from hidra.data import home

    return home.home() / "web"


@dataclass(frozen=True)
class Settings:
    """How a server is set up.

    Attributes
    ----------
    folder : pathlib.Path
        Where frozen runs and verdicts are kept.
    allow_fetch : bool
        Let readers give an address to check; private addresses are refused all the same.
    hosts : tuple of str
        Names under which the server answers; ``*`` for any.
    largest : int
        Bytes of the largest request body.
    most_draws, last_month : int, str
        Limits of a scenario request: simulations, and the last month simulated.
    most_waiting : int
        Runs that may wait at a time.
    warm : bool
        Compute the verdicts in the background from the start.
    run : pathlib.Path
        A finished run that pages show beside the records, where one stands there.
    translate : callable
        Gives the words of an error in a language; as they are by default.
    """

    folder: Path = field(default_factory=default_folder)
    allow_fetch: bool = False
    hosts: tuple[str, ...] = LOOPBACK
    largest: int = 2_000_000
    most_draws: int = 400
    last_month: str = "2035-12"
    most_waiting: int = 8
    warm: bool = True
    run: Path = Path("runs/default")
    translate: Callable[[str, str], str] = lambda text, _language: text
