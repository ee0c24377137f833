"""Make again what is stale among the artefacts of the project, in their order.

    python -m scripts.make_stale [--list] [NAME ...]

Runs the command of each artefact that its code or inputs have left behind (or of those named,
stale or not); every command stamps what it made. Stopped, it goes on with what is still stale.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from hidra.core.artefacts import BY_NAME, ROOT, stale


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BY_NAME], metavar="NAME")
    parser.add_argument("--list", action="store_true", help="say what is stale, make nothing")
    asked = parser.parse_args()
    if asked.list:
        for artefact, why in stale():
            print(f"{artefact.name}: {why}\n  {artefact.command}")
        return 0
    for artefact in [BY_NAME[name] for name in asked.names] or list(BY_NAME.values()):
        if not asked.names and not stale([artefact]):  # looked at now: one before may have moved it
            continue
        print(artefact.command, flush=True)
        command = [sys.executable, *artefact.command.split()[1:]]
        paths = [str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
        if done := subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
            return done
    return 0


if __name__ == "__main__":
    sys.exit(main())
