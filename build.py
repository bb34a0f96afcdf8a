#!/usr/bin/env python3
"""Every command of Mambocap; `python3 build.py` lists them. Needs nothing but Python 3.11."""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Mambocap needs Python 3.11 or newer; this is Python %d.%d. Start it as `python3.11 build.py`."
        % sys.version_info[:2]
    )

from commands.door import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
