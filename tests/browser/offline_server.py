"""Raise the loopback of a fresh network namespace and serve the page in it.

Run by the tests as ``unshare -rn python offline_server.py FOLDER``: whatever the page or its
browser would ask of the world outside cannot be reached, because there is no outside.
"""

from __future__ import annotations

import fcntl
import socket
import struct
import sys
from pathlib import Path

SET_FLAGS, UP, RUNNING = 0x8914, 0x1, 0x40


def raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        request = struct.pack("16sh14s", b"lo", UP | RUNNING, b"")
        fcntl.ioctl(link, SET_FLAGS, request)


def main() -> None:
    raise_loopback()
    from hidra.web.serve import serve
    from hidra.web.site import Settings

    folder = Path(sys.argv[1])
    serve(Settings(folder=folder, warm=False), "127.0.0.1", int(sys.argv[2]))


if __name__ == "__main__":
    main()
