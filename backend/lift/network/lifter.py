"""The production network: landmarks over time to the body's orientations, place, gravity, path, contacts and doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from backend.lift.network.configuration import LifterConfiguration
from backend.lift.network.frames import FrameBlock
from backend.lift.network.inputs import LifterInputs, PersonView, person_view, smoothed
from backend.lift.network.joints import BoneTokens, GatedFusion, JointBlock, PartTokens
from backend.lift.network.parts import PARTS
from backend.lift.network.rotations import matrix_from_six
from motion.landmarks import LANDMARK_COUNT
from motion.skeleton import BODY_JOINT_COUNT, JOINT_COUNT

SKELETON_NUMBERS = 6    # which tell how long and wide the bones of somebody are
STILL_COUNT = 6         # heels, balls and palms
USUAL_HEIGHT_M = 1.70
_FRAME_NUMBERS = 10     # log depth, the hips' ray (2), the camera's turn (6), seen
_CAMERA_TURN_GAIN = 20.0
_GUESS_FRAMES = 1.5     # the first guess would pass every tremble on
_LOG_VARIANCES = (-10.0, 4.0)

# What is told of each frame, and how many numbers it takes.
SIZES = {
    "orientations": 6 * BODY_JOINT_COUNT, "down": 3, "place": 3, "velocity": 3, "skeleton": SKELETON_NUMBERS + 1,
    "still": STILL_COUNT, "rotation_doubt": BODY_JOINT_COUNT, "joint_doubt": 2 * BODY_JOINT_COUNT, "down_doubt": 1,
    "bias": 2 * LANDMARK_COUNT, "bias_doubt": LANDMARK_COUNT,
}  # fmt: skip
_LINEAR = ("orientations", "down", "place")   # told in a first guess by a linear map of the frame's numbers


@dataclass(frozen=True, eq=False)
class LifterOutputs:
    """B clips of T frames. Camera frame as in OpenCV; "person" is the camera turned to the hips (PersonView)."""

    R_person_from_camera: Tensor     # [B, T, 3, 3]
    R_person_from_joint: Tensor      # [B, T, 22, 3, 3]
    root_person: Tensor              # [B, T, 3] m, the pelvis joint, of somebody as tall as height_m
    down_person: Tensor              # [B, T, 3] the unit vector along gravity
    root_velocity: Tensor            # [B, T, 3] m/s at 30 Hz, in the pelvis' frame, to the next frame
    rest_joints: Tensor              # [B, 55, 3] m, T-pose, Y up, facing +Z, left at +X
    height_m: Tensor                 # [B] of who has them
    still_logits: Tensor             # [B, T, STILL_COUNT]
    rotation_log_variance: Tensor    # [B, T, 22] rad^2, of each axis of a joint's orientation
    joint_log_variance: Tensor       # [B, T, 22, 2] m^2, of joints about the pelvis: across the ray, along it
    down_log_variance: Tensor        # [B, T] rad^2
    bias_m: Tensor                   # [B, T, 33, 2] by how much landmarks are seen beside the truth, at bias_depth_m
    bias_log_variance: Tensor        # [B, T, 33] m^2, each way
    bias_depth_m: Tensor             # [B, T]
    hidden: Tensor                   # [B, T, width] the frames' tokens that all of this is read from
    polar_logits: Tensor | None      # [B, T, 14, POLAR_BINS] of bones, where there are bone tokens


@dataclass(frozen=True, eq=False)
class Begun:
    """B clips of T frames, each frame for itself."""

    tokens: Tensor                   # [B, T, width]
    view: PersonView
    landmarks: Tensor                # [B, T, 33, C] numbers of landmarks
    frame: Tensor                    # [B, T, 10] numbers of whole frames
    seen: Tensor                     # [B, T] bool
    polar_logits: Tensor | None      # [B, T, 14, POLAR_BINS]


class Lifter(nn.Module):
    """LifterInputs to LifterOutputs."""

    def __init__(self, wanted: LifterConfiguration) -> None:
        super().__init__()
        self.wanted = wanted
        width = wanted.joint_width
        channels = 6 if wanted.world_landmarks else 3
        self.parts = PartTokens(channels, width)
        self.bones = BoneTokens(width) if wanted.bone_tokens else None
        self.fusion = GatedFusion(width) if wanted.bone_tokens else None
        self.joint_blocks = nn.ModuleList(JointBlock(wanted) for _ in range(wanted.joint_blocks))
        self.enter = nn.Linear(len(PARTS) * width + _FRAME_NUMBERS, wanted.width)
        self.features = nn.Linear(wanted.feature_count, wanted.width, bias=False) if wanted.feature_count else None
        self.frame_blocks = nn.ModuleList(FrameBlock(wanted) for _ in range(wanted.blocks))
        self.norm = nn.LayerNorm(wanted.width)
        self.heads = nn.ModuleDict({name: nn.Linear(wanted.width, size) for name, size in SIZES.items()})
        self.first_guess = nn.Linear(channels * LANDMARK_COUNT + _FRAME_NUMBERS, sum(SIZES[name] for name in _LINEAR))
        self._start_at_the_first_guess()
        # Of people of USUAL_HEIGHT_M: their mean, and how far joints lie elsewhere for each of the numbers told.
        self.register_buffer("mean_skeleton", torch.zeros(JOINT_COUNT, 3))
        self.register_buffer("skeleton_axes", torch.zeros(SKELETON_NUMBERS, JOINT_COUNT, 3))

    def _start_at_the_first_guess(self) -> None:
        for head in self.heads.values():
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)
        nn.init.zeros_(self.first_guess.weight)
        nn.init.zeros_(self.first_guess.bias)

    def forward(self, inputs: LifterInputs) -> LifterOutputs:
        """Under autocast, what happens in the network is in half precision; geometry and heads keep all digits."""
        begun = self.begun(inputs)
        x = begun.tokens
        for block in self.frame_blocks:
            x = block(x)
        return self.ended(x, begun)

    def begun(self, inputs: LifterInputs) -> Begun:
        """All that happens within frames, before they meet each other."""
        with _all_digits(inputs.K):
            view = person_view(inputs, self.wanted.world_landmarks)
            landmarks, frame = self.numbers(inputs, view)
        parts, polar_logits = self._mixed_inside(view, landmarks)
        tokens = self.enter(torch.cat([parts.flatten(2), frame], -1))
        if self.features is not None and inputs.features is not None:
            tokens = tokens + self.features(inputs.features)
        return Begun(tokens, view, landmarks, frame, inputs.seen, polar_logits)

    def ended(self, x: Tensor, begun: Begun, more: Mapping[str, Tensor] | None = None) -> LifterOutputs:
        """What frames x [B, T, width] tell, and `more` by the names of heads, which is added."""
        with _all_digits(x):
            hidden = self.norm(x.to(begun.frame))
            told = self._told(hidden, begun.landmarks, begun.frame)
            for name, values in (more or {}).items():
                told[name] = told[name] + values
            rest_joints, height_m = self._skeleton(told["skeleton"], begun.seen)
            polar_logits = None if begun.polar_logits is None else begun.polar_logits.to(begun.frame)
            return _outputs(told, begun.view, rest_joints, height_m, hidden, polar_logits)

    def _told(self, x: Tensor, landmarks: Tensor, frame: Tensor) -> dict[str, Tensor]:
        """What the heads say of frames x [B, T, width], on top of the first guess."""
        told = {name: head(x) for name, head in self.heads.items()}
        guess = smoothed(self.first_guess(torch.cat([landmarks.flatten(2), frame], -1)), _GUESS_FRAMES)
        for name, part in zip(_LINEAR, guess.split([SIZES[name] for name in _LINEAR], -1), strict=True):
            told[name] = told[name] + part
        return told

    def numbers(self, inputs: LifterInputs, view: PersonView) -> tuple[Tensor, Tensor]:
        """Landmarks [B, T, 33, C] and whole frames [B, T, 10] in numbers that do not depend on the picture's size."""
        seen = inputs.seen[..., None].float()
        metres = (view.metres,) if self.wanted.world_landmarks else ()
        landmarks = torch.cat([view.seen_m, *metres, inputs.scores[..., None] * seen[..., None]], -1)
        turn = inputs.R_camera_from_previous - torch.eye(3, device=seen.device)
        frame = torch.cat([
            view.depth_m.log()[..., None] * seen, view.hip_ray * seen,
            _CAMERA_TURN_GAIN * turn[..., :2].flatten(2), seen], -1)  # fmt: skip
        return landmarks, frame

    def _mixed_inside(self, view: PersonView, landmarks: Tensor) -> tuple[Tensor, Tensor | None]:
        """Tokens of parts [B, T, 14, joint_width] after mixing inside each frame."""
        tokens, polar_logits = self.parts(landmarks), None
        if self.bones is not None and self.fusion is not None:
            bones, polar_logits = self.bones(view, tokens)
            tokens = self.fusion(tokens, bones)
        shape = tokens.shape
        tokens = tokens.flatten(0, 1)
        for block in self.joint_blocks:
            tokens = block(tokens)
        return tokens.view(shape), polar_logits

    def _skeleton(self, told: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
        """Rest joints [B, 55, 3] m and heights [B] m of numbers told of each frame, in the mean over who is seen."""
        counts = (seen / seen.sum(1, keepdim=True).clamp(min=1))[..., None]
        numbers = (counts * told).sum(1)
        size = torch.exp(numbers[:, -1].clamp(-1.0, 1.0))
        skeleton = self.mean_skeleton + torch.einsum("bn,njx->bjx", numbers[:, :-1], self.skeleton_axes)
        return size[:, None, None] * skeleton, USUAL_HEIGHT_M * size


def _all_digits(like: Tensor) -> torch.autocast:
    return torch.autocast(like.device.type, enabled=False)


def _outputs(told: dict[str, Tensor], view: PersonView, rest_joints: Tensor, height_m: Tensor,
             hidden: Tensor, polar_logits: Tensor | None) -> LifterOutputs:  # fmt: skip
    across, deeper = told["place"][..., :2], told["place"][..., 2]
    depth = view.depth_m * torch.exp(deeper.clamp(-3.0, 3.0))
    return LifterOutputs(
        R_person_from_camera=view.R_person_from_camera,
        R_person_from_joint=matrix_from_six(told["orientations"].unflatten(-1, (BODY_JOINT_COUNT, 6))),
        root_person=torch.cat([across, depth[..., None]], -1),
        down_person=normalize(told["down"], dim=-1, eps=1e-6),
        root_velocity=told["velocity"],
        rest_joints=rest_joints,
        height_m=height_m,
        still_logits=told["still"],
        rotation_log_variance=told["rotation_doubt"].clamp(*_LOG_VARIANCES),
        joint_log_variance=told["joint_doubt"].unflatten(-1, (BODY_JOINT_COUNT, 2)).clamp(*_LOG_VARIANCES),
        down_log_variance=told["down_doubt"][..., 0].clamp(*_LOG_VARIANCES),
        bias_m=told["bias"].unflatten(-1, (LANDMARK_COUNT, 2)),
        bias_log_variance=told["bias_doubt"].clamp(*_LOG_VARIANCES),
        bias_depth_m=view.depth_m,
        hidden=hidden,
        polar_logits=polar_logits,
    )
