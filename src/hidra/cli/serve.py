"""``hidra serve``: the local web page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hidra.cli.words import say


def serve(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help=say("Port; 0 takes any that is free."))
    ] = 8642,
    host: Annotated[
        str, typer.Option(help=say("Address to listen on; only this machine by default."))
    ] = "127.0.0.1",
    allow_fetch: Annotated[
        bool,
        typer.Option(
            "--allow-fetch", help=say("Let readers give an address of an article to check.")
        ),
    ] = False,
    run: Annotated[
        Path, typer.Option(help=say("Finished run whose simulations stand beside the records."))
    ] = Path("runs/default"),
) -> None:
    """Serve the page until Ctrl-C; its address is printed."""
    from hidra.web import serve as server
    from hidra.web.site import LOOPBACK, Settings

    settings = Settings(allow_fetch=allow_fetch, hosts=server.hosts(host), run=run,
                        allow_import=host in LOOPBACK)  # fmt: skip
    server.serve(settings, host, port)
