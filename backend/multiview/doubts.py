"""What the user is told to doubt about a camera, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backend.multiview.find_rig import MIRRORED_BETTER, RigFinding, ViewEvidence

SURE_FRAMES = 0.55                # of a beginning, one sigma; one in ten sound pairs of simulated takes is less sure
SURE_TURN_RAD = np.deg2rad(5.0)
RIVAL = 0.9                       # of how well it fits as found; of 113 sound dev pairs the nearest has 0.89
NARROW_DEG = 15.0                 # lines of sight that cross at less tell depth hardly better than one camera
SHORTEST_S = 1.5                  # of what two clips show at the same time
MIRRORED = 0.5                    # agreement as a mirror image


def doubts_of(found: RigFinding, names: Sequence[str], rate_hz: float) -> list[tuple[str, ...]]:
    """Of each clip by its name; rate_hz is the first clip's."""
    narrow = _all_narrow([found.evidence[view] for view in found.used[1:]])
    return [() if view == 0 else _of_used(each, names[0], names[view], rate_hz, narrow) if each.fits
            else (_of_left_out(each, names[0], names[view]),) for view, each in enumerate(found.evidence)]  # fmt: skip


def _of_left_out(evidence: ViewEvidence, first: str, name: str) -> str:
    if evidence.mirrored_agreement > max(MIRRORED, evidence.agreement + MIRRORED_BETTER):
        return f"{name} shows a mirror image of what {first} shows, so it has no part in the take; film it unmirrored."
    return (f"What {name} shows fits no other clip, so it has no part in the take; all clips must show the same people "
            "at the same time, while they move.")  # fmt: skip


def _of_used(evidence: ViewEvidence, first: str, name: str, rate_hz: float, narrow: bool) -> tuple[str, ...]:
    said, off_frames = [], evidence.start_sigma_s * rate_hz
    if evidence.overlap_s < SHORTEST_S:
        said.append(f"{first} and {name} show the same for {evidence.overlap_s:.1f} s only, which hardly tells where "
                    "the cameras stood; longer clips do.")  # fmt: skip
    if off_frames > SURE_FRAMES:
        said.append(f"It is not sure when {name} began (± {off_frames:.1f} frames); let all cameras see a quick "
                    "movement, or hear a clap.")  # fmt: skip
    if evidence.rival >= RIVAL:
        when = f"{abs(evidence.rival_s):.1f} s {'later' if evidence.rival_s > 0.0 else 'earlier'}"
        said.append(f"What {name} shows repeats itself, and it may as well have begun {when}; do something "
                    "only once, or clap so that all cameras hear it.")  # fmt: skip
    if evidence.turn_sigma_rad > SURE_TURN_RAD:
        said.append(f"It is not sure where the camera of {name} stood (± {np.rad2deg(evidence.turn_sigma_rad):.0f} "
                    "degrees); people who move about more tell, and so does a calibration.")  # fmt: skip
    if narrow:
        how = "from nearly the same side" if np.cos(evidence.angle_rad) > 0.0 else "from opposite sides"
        said.append(f"{first} and {name} were filmed {how} ({np.rad2deg(evidence.angle_rad):.0f} degrees apart), so "
                    "that depth is hardly surer than by one camera; 60 to 120 degrees are best.")  # fmt: skip
    return tuple(said)


def _all_narrow(used: Sequence[ViewEvidence]) -> bool:
    return bool(used) and all(np.sin(each.angle_rad) < np.sin(np.deg2rad(NARROW_DEG)) for each in used)
