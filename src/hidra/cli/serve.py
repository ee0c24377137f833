"""``hidra serve`` and ``publish``: the page on this machine, and as files for any web host."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from hidra.cli import say
from hidra.cli.terminal import Json, Workers, cores, interruptible, print_json, progress, remark


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
    base_path: Annotated[
        str,
        typer.Option(
            metavar="/PATH", help=say("Path, or whole address, where a proxy shows the page.")
        ),
    ] = "",
) -> None:
    """Serve the page until Ctrl-C; its address is printed."""
    from hidra.web import serve as server
    from hidra.web.site import LOOPBACK, Settings

    shown = urlsplit(base_path)
    base = f"/{shown.path.strip('/')}" if shown.path.strip("/") else ""
    hosts = (*server.hosts(host), *filter(None, [shown.hostname]))
    settings = Settings(
        allow_fetch=allow_fetch, hosts=hosts, run=run, base_path=base,
        allow_import=host in LOOPBACK and not base_path,
    )  # fmt: skip
    server.serve(settings, host, port, begin=interruptible)


def publish(
    target: Annotated[Path, typer.Argument(metavar="DIR", help=say("Folder of the site."))],
    address: Annotated[
        str, typer.Option(metavar="URL", help=say("Where it will lie; for previews and snippets."))
    ] = "",
    run: Annotated[
        Path, typer.Option(help=say("Finished run whose simulations stand beside the records."))
    ] = Path("runs/default"),
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Write the whole site as files, in both languages."""
    from hidra.web.publish import publish as written
    from hidra.web.site import Settings

    settings = Settings(run=run.absolute(), warm=False)
    with progress() as show:
        counts = interruptible(
            lambda: written(
                target, settings, address=address, workers=workers or min(cores(), 4),
                progress=show,
            )
        )  # fmt: skip
    if as_json:
        print_json(counts)
        return
    counts["megabytes"] = round(counts["bytes"] / 1e6)
    remark(say("{pages} pages, {files} files, {megabytes} MB: open index.html.", **counts))
