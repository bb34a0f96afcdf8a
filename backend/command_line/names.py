"""What build.py and the backend's own command line agree on. Standard library only."""

from __future__ import annotations

import sys
from pathlib import Path

# How build.py is started here; to Windows python3 is a shop.
BUILD = "python build.py" if sys.platform == "win32" else "python3 build.py"
CALLED_AS = "MAMBOCAP_CALLED_AS"        # environment variable: the program that the user called, for its help
SAMPLE = Path(__file__).resolve().parents[2] / "assets/sample/sample.mp4"   # captured where no clip is named
SAMPLE_OUT = "mambocap-sample"          # and where its take goes if nobody says
