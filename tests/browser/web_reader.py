"""A server in a network namespace of its own, and a browser inside the same one."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = os.environ.get("HIDRA_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--disable-domain-reliability", "--no-first-run", "--no-pings",
)  # fmt: skip
PORT = 8642
BASE = f"http://127.0.0.1:{PORT}"


@dataclass
class Server:
    """A server, and how to start a program beside it."""

    process: subprocess.Popen[str]
    alone: bool

    def beside(self, folder: Path) -> str:
        """Return a program that starts the browser inside the namespace of the server."""
        if not self.alone:
            return CHROMIUM
        file = folder / f"chromium-{self.process.pid}.sh"
        file.write_text(
            "#!/bin/sh\nexec nsenter --preserve-credentials -U -n -t "
            f'{self.process.pid} {CHROMIUM} "$@"\n'
        )
        file.chmod(0o755)
        return str(file)


def can_be_alone() -> bool:
    try:
        done = subprocess.run(
            ["unshare", "-rn", "true"], capture_output=True, timeout=20, check=False
        )
    except OSError:
        return False
    return done.returncode == 0 and shutil.which("nsenter") is not None


@contextmanager
def serving(folder: Path, home: Path):
    """Serve until the block ends; in a namespace without any network where the system lets us."""
    alone = can_be_alone()
    code = [
        sys.executable,
        str(Path(__file__).with_name("offline_server.py")),
        str(folder),
        str(PORT),
    ]
    command = ["unshare", "-rn", *code] if alone else code
    if not alone:
        pytest.skip("network namespaces are not allowed here (unshare -rn)")
    environment = {**os.environ, "HIDRA_HOME": str(home)}
    log = (folder / "server.log").open("a")
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment
    )
    try:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], 400)
        assert ready, "the server did not start"
        assert process.stdout.readline().strip() == f"{BASE}/", (folder / "server.log").read_text()
        yield Server(process, alone)
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()
        log.close()


@dataclass
class Visit:
    """A page being read, and everything it said or asked for."""

    page: Any
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(BASE + path, timeout=180_000)

    def do(self, script: str, value: Any = None) -> Any:
        return self.page.evaluate(script, value)

    def wait_until(self, script: str, seconds: float = 180) -> None:
        until = time.monotonic() + seconds
        while not self._now(script):
            assert time.monotonic() < until, f"still waiting for: {script}"
            time.sleep(0.15)

    def _now(self, script: str) -> Any:
        try:
            return self.do(script)
        except Exception as error:  # the page is on its way to another one
            if "context was destroyed" not in str(error):
                raise
            return False

    def outside(self) -> list[str]:
        return [one for one in self.asked if not one.startswith((BASE, "data:", "blob:"))]


def visit(browser: Any, width: int) -> Visit:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, timezone_id="America/Mexico_City", locale="es-MX"
    )
    found = Visit(context.new_page())
    found.page.on("request", lambda request: found.asked.append(request.url))
    found.page.on("console", lambda message: found.said.append(f"{message.type}: {message.text}"))
    found.page.on("pageerror", lambda error: found.said.append(f"error: {error}"))
    return found
