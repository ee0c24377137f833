"""``python -m hidra`` is the command ``hidra``."""

import sys

from hidra.cli import main

if __name__ == "__main__":
    sys.exit(main())
