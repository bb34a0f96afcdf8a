"""The lift by network: what a track shows, at the lifter's rate, window by window, and back as a Lift."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import torch

from backend.body.bones import on_bones
from backend.cameras.camera_path import CameraPath
from backend.lift.beliefs import Beliefs
from backend.lift.direct.evidence import DepthBelief, SmoothingSettings, gather
from backend.lift.fingers import pose_fingers
from backend.lift.lift import Lift, LifterFeatures
from backend.lift.network.anatomy import within_reach
from backend.lift.network.configuration import SHIPPED
from backend.lift.network.inputs import LifterInputs
from backend.lift.network.lifter import Lifter, LifterOutputs
from backend.lift.network.sampling import RATE_HZ, Row, evened, rows_of, track_values
from backend.lift.network.weights import read_lifter
from backend.lift.network.windows import lifted_row
from backend.lift.root import root_over_landmarks
from backend.lift.score_of_joints import joint_confidence
from backend.threads import one_torch_thread
from backend.track.tracks import Track
from motion.arrays import Array
from motion.body import Body
from motion.kinematics import local_rotations
from motion.resample import interpolate_linear
from motion.rotations import interpolate_rotations, nearest_rotation
from motion.skeleton import BODY_JOINT_COUNT, JOINT, JOINT_COUNT


@cache
def shipped_lifter(path: Path = SHIPPED, device: str = "cpu") -> Lifter:
    """Read once for a process."""
    return read_lifter(path, device)


@one_torch_thread()
def lift_network(
    track: Track, body: Body, K: Array, lifter: Lifter, device: str = "cpu", *, bones_known: bool = False,
    camera: CameraPath | None = None,
) -> Lift:  # fmt: skip
    """Pose and place of one tracked person in the camera's frame. The track must be seen on at least one frame.

    The body keeps its height, and its bones if they are known; else it gets those that the network tells. `camera`
    None: it stands.
    """
    rows = rows_of(len(track.times_s), track.rate)
    told_of = [lifted_row(lifter, inputs_of_row(track, K, row, device, camera)) for row in rows]
    return lift_of(track, body if bones_known else with_proportions(body, told_of), K, rows, told_of)


def lift_of(track: Track, body: Body, K: Array, rows: list[Row], told_of: list[LifterOutputs]) -> Lift:
    """The lift of what was told of every row of a track, B = 1, on the bones of `body`."""
    frames = len(track.times_s)
    orientations = np.zeros((frames, BODY_JOINT_COUNT, 3, 3))
    series = {name: np.zeros((frames, *shape)) for name, shape in _SERIES.items()}
    for row, told in zip(rows, told_of, strict=True):
        orientations[row.frames] = _numpy(told.R_person_from_camera.mT[:, :, None] @ told.R_person_from_joint)[row.kept]
        for name, values in _told(told, row, K, body).items():
            series[name][row.frames] = values
    features = _features(rows, told_of, frames)
    if len(rows) > 1:
        orientations = nearest_rotation(evened(orientations, len(rows), track.seen))
        series = {name: evened(values, len(rows), track.seen) for name, values in series.items()}
    R_parent_from_joint = _bridged(_whole_body(orientations, track, body), track)
    root = _root(R_parent_from_joint, track, series["bias_px"], body, K)
    return Lift(track, body, K, R_parent_from_joint, root, joint_confidence(track.scores) * track.seen[:, None],
                Beliefs(**series), features,
                seen_height_m=float(np.mean([float(told.height_m[0]) for told in told_of])))  # fmt: skip


def _features(rows: list[Row], told_of: list[LifterOutputs], frames: int) -> LifterFeatures:
    hidden, views = np.zeros((frames, told_of[0].hidden.shape[-1])), np.zeros((frames, 3, 3))
    for row, told in zip(rows, told_of, strict=True):
        hidden[row.frames] = _numpy(told.hidden)[row.kept]
        views[row.frames] = _numpy(told.R_person_from_camera)[row.kept]
    return LifterFeatures(hidden, views)


_SERIES = {"down_camera": (3,), "down_sigma_rad": (), "root_velocity": (3,), "still": (6,),
           "sigma_rotation_rad": (22,), "sigma_joint_m": (22, 2), "bias_px": (33, 2),
           "bias_sigma_px": (33,)}  # fmt: skip


def with_proportions(body: Body, told_of: list[LifterOutputs]) -> Body:
    """The body on the bones that are told, in the mean over rows, as tall as it is.

    On rendered_dev, with a network half trained, they serve as well as bones measured from the track
    (backend/body/proportions.py): 91.0 mm MPJPE and 69.1 PA beside 89.9 and 68.7, nearer in 20 of 36 clips.
    """
    rest_joints = np.mean([_numpy(told.rest_joints) / float(told.height_m[0]) for told in told_of], axis=0)
    return on_bones(body, body.height * rest_joints)


def inputs_of_row(
    track: Track, K: Array, row: Row, device: str, camera: CameraPath | None = None
) -> LifterInputs:
    """One row as the lifter sees it."""
    values = {name: torch.from_numpy(np.ascontiguousarray(array))[None].to(device)
              for name, array in track_values(track, row).items()}  # fmt: skip
    times_s = np.interp(row.positions, np.arange(len(track.times_s)), track.times_s)
    turns = np.broadcast_to(np.eye(3), (len(times_s), 3, 3)) if camera is None else camera.at(times_s).turns()
    return LifterInputs(
        values["landmarks_px"].float(), values["scores"].float(), values["landmarks_camera"].float(), values["seen"],
        torch.from_numpy(K.copy())[None].float().to(device),
        torch.from_numpy(np.array(turns))[None].float().to(device))  # fmt: skip


def _told(told: LifterOutputs, row: Row, K: Array, body: Body) -> dict[str, Array]:
    """All series on the row's frames of the track, [M, ...], in the camera's frame and at the body's size."""
    size = body.height / float(told.height_m[0])
    to_camera = told.R_person_from_camera.mT
    px_per_m = 0.5 * (K[0, 0] + K[1, 1]) / told.bias_depth_m
    series = {
        "down_camera": (to_camera @ told.down_person[..., None])[..., 0],
        "down_sigma_rad": (0.5 * told.down_log_variance).exp(),
        "root_velocity": size * (row.rate_hz / RATE_HZ) * told.root_velocity,
        "still": told.still_logits.sigmoid(),
        "sigma_rotation_rad": (0.5 * told.rotation_log_variance).exp(),
        "sigma_joint_m": size * (0.5 * told.joint_log_variance).exp(),
        "bias_px": told.bias_m * px_per_m[..., None, None],
        "bias_sigma_px": (0.5 * told.bias_log_variance).exp() * px_per_m[..., None],
    }
    return {name: _numpy(values)[row.kept] for name, values in series.items()}


def _numpy(values: torch.Tensor) -> Array:
    """Of the only clip, in double precision."""
    return values[0].double().cpu().numpy()


def _whole_body(R_camera_from_joint: Array, track: Track, body: Body) -> Array:
    """R_parent_from_joint [T, 55, 3, 3]: fingers from the hands' landmarks, jaw and eyes at rest."""
    frames = len(R_camera_from_joint)
    whole = np.broadcast_to(np.eye(3), (frames, JOINT_COUNT, 3, 3)).copy()
    whole[:, :BODY_JOINT_COUNT] = R_camera_from_joint
    local = within_reach(local_rotations(whole))
    local[:, BODY_JOINT_COUNT:] = np.eye(3)
    for number, side in enumerate(("left", "right")):
        pose_fingers(local, R_camera_from_joint[:, JOINT[f"{side}_wrist"]], track.hands_camera[:, number],
                     track.hand_scores[:, number], body, side)  # fmt: skip
    return local


def _bridged(R_parent_from_joint: Array, track: Track) -> Array:
    """Poses [T, 55, 3, 3] of unseen frames from their neighbours.

    What the network says of them is worse for gaps of any length: on rendered_dev 127 mm where this has 113 after a
    tenth of a second, 169 where it has 119 after half of one.
    """
    seen = track.seen
    if seen.all():
        return R_parent_from_joint
    return interpolate_rotations(R_parent_from_joint[seen], track.times_s[seen], track.times_s)


def _root(R_parent_from_joint: Array, track: Track, bias_px: Array, body: Body, K: Array) -> Array:
    """The pelvis [T, 3] m where the body falls onto where the landmarks would be without their bias.

    On rendered_dev it lies then 10.7 px beside the truth, where the network itself puts it 11.2, and shakes half as
    much.
    """
    unbiased = np.where(track.seen[:, None, None], track.landmarks_px - bias_px, np.nan)
    evidence = gather(replace(track, landmarks_px=unbiased), body, K, SmoothingSettings(), DepthBelief())
    frames = evidence.frames
    root = root_over_landmarks(R_parent_from_joint[frames], evidence, body, K)
    return interpolate_linear(root, track.times_s[frames], track.times_s)
