"""`python -m bench NAME`: prints a table, and with --json writes the figures to a file."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path
from typing import Sequence

from motion.refusal import Refusal

BENCHES = {
    "accuracy": "how near motions come to references",
    "batch": "a night of clips on one machine and on a cluster of which a node dies: identical, lost, overhead, speed",
    "bone_habits": "how long bones look to several cameras, and what size that tells",
    "camera_paths": "how camera paths from pictures come to the true ones",
    "cameras": "several cameras that nobody calibrated, beside calibrated ones, triangulation alone and one camera",
    "detection": "landmarks and speed beside MediaPipe",
    "hypotheses": "other poses that fit the footage: errors, diversity, coverage, speed, beside FMPose3D",
    "network_speed": "milliseconds a frame and memory of lifting networks, ours beside published ones",
    "pose_coverage": "how far held-out poses are from the nearest one in training",
    "published": "published lifters on the data sets that they report",
    "reliability": "kills at random moments, damaged files, bad input, captures in a row, a clip of half an hour",
    "retarget": "characters of every family beside the motion that they make, and milliseconds beside nla.bake",
    "reality_gap": "real people beside rendered ones, without labels",
    "self_agreement": "real films at fewer pictures a second, in the mirror, upside down",
    "simulated_errors": "errors of the detector beside models of them",
    "speed": "milliseconds a frame and memory, beside their budgets",
    "swaps": "exchanged sides put back, and right ones spoilt",
    "world": "path, floor, feet and camera in the world, beside the truth",
}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="build.py bench", description="Measure Mambocap.")
    parser.add_argument("name", choices=BENCHES, help="; ".join(f"{name}: {what}" for name, what in BENCHES.items()))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    arguments = list(sys.argv[1:] if argv is None else argv)
    named = next((word for word in arguments if word in BENCHES), None)
    if named is None:
        parser.parse_args(arguments)    # says what is wrong, and ends
    module = importlib.import_module(f"bench.{named}")
    if hasattr(module, "add_options"):
        module.add_options(parser)
    options = parser.parse_args(arguments)
    try:
        return module.main(options)
    except Refusal as refusal:
        print(f"{refusal.sentence} {refusal.mend}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
