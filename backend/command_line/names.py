"""What build.py and the backend's own command line agree on. Standard library only."""

from __future__ import annotations

from pathlib import Path

CALLED_AS = "MAMBOCAP_CALLED_AS"        # environment variable: the program that the user called, for its help
SAMPLE = Path(__file__).resolve().parents[2] / "assets/sample/sample.mp4"   # captured where no clip is named
SAMPLE_OUT = "mambocap-sample"          # and where its take goes if nobody says
