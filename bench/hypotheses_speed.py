"""Our flow beside FMPose3D's network (random weights) by turns in one process; without detection and the lift.

FMPose3D draws poses of one frame and is asked frame by frame, as its published frames a second are; ours draws motions
and is asked for a clip. Only ratios of one run mean something.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import torch

from backend.body.actor import BodySettings, bodies_of
from backend.cameras.camera_path import standing_camera
from backend.hypotheses.choices import choices_of
from backend.hypotheses.flow import Flow
from backend.hypotheses.hypotheses import Hypotheses
from backend.hypotheses.in_world import with_hypotheses
from backend.hypotheses.rpea import joint_weights, rpea
from backend.hypotheses.sample import sample_poses
from backend.hypotheses.samples import Samples
from backend.hypotheses.settings import HypothesesSettings
from backend.hypotheses.spread import spread_m
from backend.lift.lift import Lift
from backend.lift.lift_by_network import lift_by_network
from backend.lift.network.lifter import Lifter
from backend.world.place import Placed, WorldSettings, place
from bench.captures import kept_capture
from bench.fmpose3d import Fmpose3d, hypotheses
from bench.fmpose3d_rpea import LensCamera, aggregated, reprojection_distances
from bench.hypotheses_figures import MOST, Figures
from bench.looped_film import SAMPLE, looped_track
from motion.clean_up.settings import CleanUpSettings
from motion.motion import Motion

CLIP_FRAMES, CLIP_COUNT = 300, 10       # the clip, and as many hypotheses as the product's budget is for
_WHOLE = f"{CLIP_COUNT}, all of it"     # weighed, told apart and put into the world
ROUNDS = 2
_CAMERA = LensCamera((2.3, 2.3), (0.0, 0.0))
_CALLS = {1: 4, MOST: 1}                # frames that FMPose3D is asked for in a round, by N


def speed_figures(lifter: Lifter, flow: Flow, settings: HypothesesSettings, device: str) -> Figures:
    """Milliseconds a frame and frames a second, the fastest of ROUNDS."""
    works = {**_ours(*_placed_sample(lifter, device), flow, settings), **_theirs(device)}
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
    return {**figures, "seconds": least_s["mambocap", _WHOLE],
            "seconds_count": CLIP_COUNT, "clip_s": CLIP_FRAMES / 30.0, "device": device}  # fmt: skip


def seconds(work: Callable[[], object], device: str) -> float:
    """By the clock, until the device has done it."""
    began_s = time.perf_counter()
    work()
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - began_s


Works = dict[tuple[str, str], tuple[Callable[[], object], int]]     # by network and N, with the frames


def _ours(lift: Lift, main: Placed, flow: Flow, settings: HypothesesSettings) -> Works:
    def drawn(count: int) -> Samples:
        return sample_poses(lift, count, flow, settings)

    frames = len(lift.root_camera)
    works = {str(count): partial(drawn, count) for count in (1, CLIP_COUNT, MOST)} | {
        f"{MOST} and rpea": lambda: rpea(drawn(MOST), settings.rpea),
        _WHOLE: lambda: _in_world(main, drawn(CLIP_COUNT), settings)}  # fmt: skip
    return {("mambocap", name): (work, frames) for name, work in works.items()}


def _in_world(main: Placed, samples: Samples, settings: HypothesesSettings) -> Motion:
    """All that a capture does with samples."""
    weights = joint_weights(samples, settings.rpea)
    spread = spread_m(samples, samples.lift, weights)
    found = Hypotheses(samples, samples.lift, spread, choices_of(samples, weights, samples.lift))
    return with_hypotheses(main, found, CleanUpSettings())


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


def _placed_sample(lifter: Lifter, device: str) -> tuple[Lift, Placed]:
    """The shipped film's person, again and again, for CLIP_FRAMES at 30 Hz."""
    take = kept_capture("hypotheses", SAMPLE)
    track, K = looped_track(take.people[0].track, CLIP_FRAMES), take.people[0].motion.cameras[0].K[0]
    body = bodies_of([track], K, BodySettings(), None)[0].body
    lift = lift_by_network(track, body, K, lifter, device=device)
    return lift, place([lift], take.clip, standing_camera(track.times_s), WorldSettings())[0]
