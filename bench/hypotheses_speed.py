"""Our flow beside FMPose3D's network (random weights) by turns in one process; without detection and the lift.

FMPose3D draws poses of one frame and is asked frame by frame, as its published frames a second are; ours draws motions
and is asked for a clip. Only ratios of one run mean something.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import torch

from backend.body.actor import BodySettings, bodies_of
from backend.hypotheses.flow import Flow
from backend.hypotheses.rpea import rpea
from backend.hypotheses.sample import sample_poses
from backend.hypotheses.settings import HypothesesSettings
from backend.lift.lift import Lift
from backend.lift.lift_by_network import lift_by_network
from backend.lift.network.lifter import Lifter
from bench.captures import kept_capture
from bench.fmpose3d import Fmpose3d, hypotheses
from bench.fmpose3d_rpea import LensCamera, aggregated, reprojection_distances
from bench.hypotheses_figures import MOST, Figures
from bench.looped_film import SAMPLE, looped_track

CLIP_FRAMES, CLIP_COUNT = 300, 10       # the clip, and as many hypotheses as the product's budget is for
ROUNDS = 2
_CAMERA = LensCamera((2.3, 2.3), (0.0, 0.0))
_CALLS = {1: 4, MOST: 1}                # frames that FMPose3D is asked for in a round, by N


def speed_figures(lifter: Lifter, flow: Flow, settings: HypothesesSettings, device: str) -> Figures:
    """Milliseconds a frame and frames a second, the fastest of ROUNDS."""
    works = {**_ours(_lifted_sample(lifter, device), flow, settings), **_theirs(device)}
    least_s = dict.fromkeys(works, float("inf"))
    for turn in range(ROUNDS + 1):
        for name, (work, _) in works.items():
            taken_s = seconds(work, device)
            least_s[name] = min(least_s[name], taken_s) if turn else least_s[name]    # the first one warms up
    figures: Figures = {"mambocap": {}, "fmpose3d": {}}
    for (network, what), (_, frames) in works.items():
        figures[network][what] = {"ms_per_frame": 1000.0 * least_s[network, what] / frames,
                                  "frames_per_s": frames / least_s[network, what]}  # fmt: skip
    for what, row in figures["fmpose3d"].items():
        row["mambocap_over_this"] = figures["mambocap"][what.split(",")[0]]["frames_per_s"] / row["frames_per_s"]
    return {**figures, "seconds": least_s["mambocap", str(CLIP_COUNT)],
            "seconds_count": CLIP_COUNT, "clip_s": CLIP_FRAMES / 30.0, "device": device}  # fmt: skip


def seconds(work: Callable[[], object], device: str) -> float:
    """By the clock, until the device has done it."""
    began_s = time.perf_counter()
    work()
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - began_s


Works = dict[tuple[str, str], tuple[Callable[[], object], int]]     # by network and N, with the frames


def _ours(lift: Lift, flow: Flow, settings: HypothesesSettings) -> Works:
    def drawn(count: int) -> Callable[[], object]:
        return lambda: sample_poses(lift, count, flow, settings)

    frames = len(lift.root_camera)
    with_rpea = (lambda: rpea(sample_poses(lift, MOST, flow, settings), settings.rpea), frames)
    return {**{("mambocap", str(count)): (drawn(count), frames) for count in (1, CLIP_COUNT, MOST)},
            ("mambocap", f"{MOST} and rpea"): with_rpea}  # fmt: skip


def _theirs(device: str) -> Works:
    torch.manual_seed(0)
    network = Fmpose3d().to(device).eval()
    root = torch.tensor([[0.0, 0.0, 4.0]], device=device)

    def asked(count: int, people: int) -> torch.Tensor:
        keypoints = torch.rand(people, 17, 2, device=device)
        places = hypotheses(network, keypoints, torch.randn(count, people, 17, 3, device=device))
        return places if count == 1 else aggregated(
            places, reprojection_distances(places, root, keypoints, _CAMERA))  # fmt: skip

    def calls(count: int) -> Callable[[], object]:
        return lambda: [asked(count, 1) for _ in range(_CALLS[count])]

    return {("fmpose3d", "1"): (calls(1), _CALLS[1]), ("fmpose3d", f"{MOST} and rpea"): (calls(MOST), _CALLS[MOST]),
            ("fmpose3d", f"1, {MOST} frames at once"): (lambda: asked(1, MOST), MOST)}  # fmt: skip


def _lifted_sample(lifter: Lifter, device: str) -> Lift:
    """The shipped film's person, again and again, for CLIP_FRAMES at 30 Hz."""
    person = kept_capture("hypotheses", SAMPLE).people[0]
    track, K = looped_track(person.track, CLIP_FRAMES), person.motion.cameras[0].K[0]
    return lift_by_network(track, bodies_of([track], K, BodySettings(), None)[0].body, K, lifter, device=device)
