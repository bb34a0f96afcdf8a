"""`train bank` and `train errors`: real detections of drawn people, and the model of their errors."""

from __future__ import annotations

import sys
from pathlib import Path

from backend.command_line.count_line import CountLine
from backend.command_line.make_folder import make_folder
from motion.job import DONE
from motion.refusal import Refusal


def make_bank_of(prepared: Path, out: Path, detections: int, seed: int, device: str) -> int:
    """Fill the folder `out`; goes on where it was stopped. Returns the exit code.

    Raises Refusal for a file that holds no prepared motion, and a folder that cannot be made.
    """
    from backend.train.bank.make_bank import make_bank
    from backend.train.bank.scenes import Scenes
    from backend.train.motions.prepared import read_prepared
    from motion.body import read_open_body

    make_folder(out)
    scenes = Scenes(read_prepared(prepared), read_open_body(), seed)
    with CountLine(sys.stderr, "Detections", detections) as line:
        make_bank(scenes, detections, out, lambda made, _: line.show(made), device)
    print(f"{out} holds {detections:,} detections or more.")
    return DONE


def fit_errors_to(bank: Path, out: Path) -> int:
    """Fit the model of the detector's errors to a bank. Returns the exit code.

    Raises Refusal for a folder that holds no bank.
    """
    from backend.train.bank.bank_clip import read_bank
    from backend.train.errors.fit_learned import fit_learned
    from backend.train.errors.learned import write_learned

    clips = [clip for clip in read_bank(bank) if clip.origin.part == "fit"]
    if not clips:
        raise Refusal("no-bank", f"{bank} holds no clips of a bank.", "Make some with: python -m backend train bank.")
    write_learned(out, fit_learned(clips))
    frames = sum(len(clip.seen) for clip in clips)
    print(f"Fitted to {frames:,} detections of {len(clips)} clips; {out} has {out.stat().st_size / 1e6:.1f} MB.")
    return DONE
