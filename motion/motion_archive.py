"""Reading AMASS/SMPL-X archives and ours strictly: files of others are bounded, typed and never executed."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from .arrays import Array
from .hypotheses.choice import Choice, choice_from
from .motion import Camera, Motion
from .open_archive import announced
from .refusal import Refusal
from .rotations import matrix_from_axis_angle
from .skeleton import Skeleton

LARGEST_FRAME_COUNT = 2_000_000   # 4.6 hours at 120 frames a second: a larger claim is a broken or hostile file

# Numbers a frame of the three AMASS layouts, and where the rest pelvis of that neutral body lies, m: the `trans` of
# a file that does not carry rest joints counts from there.
REST_PELVIS = {165: (0.003, -0.351, 0.012), 156: (-0.002, -0.240, 0.028), 72: (-0.002, -0.223, 0.028)}

# A small file that announces more is a bomb. A hypothesis has 168 numbers a frame, a camera 120.
MOST_NUMBERS, MOST_NUMBERS_A_FRAME = 1_000_000, 100_000
LARGEST_TEXT_BYTES = 64 << 20

LARGEST_NUMBER = 1e15     # squares and sums of such numbers stay finite

_SPLIT_POSES = (("root_orient", 3), ("pose_body", 63), ("pose_jaw", 3), ("pose_eye", 6), ("pose_hand", 90))


class NotMotion(ValueError):
    """Why an archive is no motion, in words that follow a colon."""


class MotionArchive:
    """One opened archive; every accessor checks shape and type before anything is believed."""

    def __init__(self, path: Path, archive: np.lib.npyio.NpzFile, newest_version: int) -> None:
        self.path, self.archive, self.newest_version = path, archive, newest_version
        self.names = set(archive.files)

    def motion(self, template: Skeleton) -> Motion:
        self._refuse_newer()
        frames = self._frame_count()
        rest = self._rest_joints(template)
        skeleton = Skeleton(rest)
        # Before the poses, so that what announces another number of frames takes no memory.
        trans = self._numbers("trans", (frames, 3)) if "trans" in self.names else np.zeros((frames, 3))
        motion = Motion(
            skeleton=skeleton,
            rate=self._rate(),
            R_parent_from_joint=matrix_from_axis_angle(self._poses()),
            root_world=trans + rest[0],
            betas=np.ravel(self._numbers("betas"))[:400] if "betas" in self.names else np.zeros(10),
            gender=self._text("gender", "neutral"),
        )
        return self._with_our_keys(motion) if "format_version" in self.names else motion

    def _with_our_keys(self, motion: Motion) -> Motion:
        frames = motion.frame_count
        contact_names = tuple(self._strings("contact_names"))
        hypotheses = self._numbers("hypotheses", (None, frames, 55, 3), np.zeros((0, frames, 55, 3)))
        count = len(hypotheses)
        rest_pelvis = motion.skeleton.rest_joints[0]
        hypotheses_trans = self._numbers("hypotheses_trans", (count, frames, 3), np.zeros((count, frames, 3)))
        whole = replace(
            motion,
            start_s=float(self._numbers("times", (frames,), motion.times_s)[0]) if frames else 0.0,
            seen=self._numbers("seen", (frames,), np.ones(frames)) > 0.5,
            confidence=self._numbers("confidence", (frames, 55), np.ones((frames, 55))),
            contact_names=contact_names,
            contacts=self._numbers("contacts", (frames, len(contact_names)), np.zeros((frames, len(contact_names)))),
            body_shape=self._numbers("body_shape", (None,), np.zeros(0)),
            actor=self._text("actor", ""),
            cameras=self._cameras(frames),
            settings=self._json("settings"),
            versions=self._json("versions"),
            quality=self._json("quality"),
            hypotheses=hypotheses,
            hypotheses_root=hypotheses_trans + rest_pelvis,
            hypotheses_weights=self._numbers("hypotheses_weights", (count,), np.ones(count)),
            choices=self._choices(count, frames),
            spread_m=self._numbers("spread", (frames, 22), np.zeros((frames, 22))),
        )
        return replace(whole, raw=self._raw(whole))

    def _choices(self, count: int, frames: int) -> tuple[Choice, ...]:
        """One for each hypothesis, or none at all."""
        said = json.loads(self._text("hypotheses_choices", "[]"))
        if not isinstance(said, list) or len(said) not in (0, count):
            raise NotMotion("hypotheses_choices does not tell one choice for each hypothesis")
        choices = tuple(choice_from(value) for value in said)
        if any(choice.last >= frames for choice in choices):
            raise NotMotion("hypotheses_choices names frames that are not there")
        return choices

    def _raw(self, motion: Motion) -> Motion | None:
        """The motion before clean-up, which was seen by the same cameras and starts at the same time."""
        if "raw_poses" not in self.names:
            return None
        frames = motion.frame_count
        poses = self._numbers("raw_poses", (frames, 165)).reshape(frames, 55, 3)
        root = self._numbers("raw_trans", (frames, 3)) + motion.skeleton.rest_joints[0]
        names = tuple(self._strings("raw_contact_names"))
        contacts = self._numbers("raw_contacts", (frames, len(names)), np.zeros((frames, len(names))))
        return replace(motion, R_parent_from_joint=matrix_from_axis_angle(poses), root_world=root,
                       contact_names=names, contacts=contacts)  # fmt: skip

    def _cameras(self, frames: int) -> tuple[Camera, ...]:
        if "camera_K" not in self.names:
            return ()
        count = len(self._numbers("camera_K", (None, frames, 3, 3)))
        unseen = np.full((count, frames, 33, 2), np.nan)
        landmarks = self._numbers("landmarks_2d", (count, frames, 33, 2), unseen, gaps=True)
        source_times = self._numbers("source_times", (count, None), np.zeros((count, 0)), gaps=True)
        sizes = self._numbers("camera_size", (count, 2))
        offsets = self._numbers("camera_time_offset", (count,), np.zeros(count))
        paths, hashes = self._strings("video_path"), self._strings("video_sha256")
        kinds = self._strings("camera_kind")
        confidence = self._numbers("camera_confidence", (count,), np.ones(count))
        video_bytes = self._numbers("video_bytes", (count,), np.zeros(count))
        tails = {"K": (3, 3), "R": (3, 3), "t": (3,)}
        K, R, t = (self._numbers(f"camera_{name}", (count, frames) + tail) for name, tail in tails.items())
        scores = self._numbers("landmarks_2d_scores", (count, frames, 33), np.zeros((count, frames, 33)))
        return tuple(
            Camera(K[c], R[c], t[c], int(sizes[c, 0]), int(sizes[c, 1]), landmarks[c], scores[c], float(offsets[c]),
                   paths[c] if c < len(paths) else "", hashes[c] if c < len(hashes) else "",
                   int(video_bytes[c]), source_times[c][np.isfinite(source_times[c])],
                   kinds[c] if c < len(kinds) else "static", float(confidence[c]))
            for c in range(count)
        )  # fmt: skip

    def _rest_joints(self, template: Skeleton) -> Array:
        if "rest_joints" in self.names:
            return self._numbers("rest_joints", (55, 3))
        width = self.archive["poses"].shape[-1] if "poses" in self.names else 165
        return template.rest_joints - template.rest_joints[0] + np.array(REST_PELVIS[width])

    def _refuse_newer(self) -> None:
        if "format_version" in self.names and int(self._numbers("format_version", ())) > self.newest_version:
            raise Refusal("newer-motion-file", f"{self.path.name} was written by a newer Mambocap.",
                          "Update Mambocap to open it.")  # fmt: skip

    def _frame_count(self) -> int:
        """As poses or their first part announce it."""
        name = "poses" if "poses" in self.names else "root_orient"
        if name not in self.names:
            raise NotMotion("it has neither poses nor root_orient")
        frames, width = self._announced_numbers(name, (None, None))
        if name == "poses" and width not in REST_PELVIS:
            raise NotMotion(f"poses must have 165, 156 or 72 numbers a frame, not {width}")
        return frames

    def _poses(self) -> Array:
        """Rotation vectors [T, 55, 3]; joints that the file's body model lacks stay at rest."""
        if "poses" not in self.names:
            parts = [self._split_pose(name, width) for name, width in _SPLIT_POSES]
            frames = max((len(p) for p in parts if p is not None), default=0)
            whole = [p if p is not None else np.zeros((frames, w)) for p, (_, w) in zip(parts, _SPLIT_POSES)]
            return np.concatenate(whole, axis=1).reshape(frames, 55, 3)
        poses = self._numbers("poses", (None, None))
        whole = np.zeros((len(poses), 55, 3))
        triples = poses.reshape(len(poses), -1, 3)
        whole[:, :22] = triples[:, :22]
        if poses.shape[1] == 165:
            whole = triples
        elif poses.shape[1] == 156:
            whole[:, 25:] = triples[:, 22:]   # SMPL-H has the hands right after the wrists, without jaw and eyes
        return whole

    def _split_pose(self, name: str, width: int) -> Array | None:
        return self._numbers(name, (None, width)) if name in self.names else None

    def _rate(self) -> Fraction:
        if "rate" in self.names:
            numerator, denominator = self._numbers("rate", (2,))
            rate = Fraction(int(numerator), int(denominator)) if denominator else Fraction(0)
        else:
            name = next((n for n in ("mocap_frame_rate", "mocap_framerate", "fps") if n in self.names), None)
            rate = Fraction(float(self._numbers(name, ()))).limit_denominator(1001) if name else Fraction(30)
        if not 1 <= rate <= 2000:
            raise NotMotion(f"its rate of {float(rate):g} frames a second is out of range")
        return rate

    def _numbers(
        self, name: str, shape: tuple[int | None, ...] | None = None, default: Array | None = None, gaps: bool = False
    ) -> Array:
        if default is not None and name not in self.names:
            return default
        sizes = self._announced_numbers(name, shape)
        if math.prod(sizes) > MOST_NUMBERS + MOST_NUMBERS_A_FRAME * self._frame_count():
            raise NotMotion(f"{name} is too long")
        numbers = self.archive[name].astype(np.float64)
        if not gaps and not np.isfinite(numbers).all():
            raise NotMotion(f"{name} holds numbers that are not finite")
        if np.any(np.abs(numbers) > LARGEST_NUMBER):
            raise NotMotion(f"{name} holds numbers beyond all measure")
        return numbers

    def _announced_numbers(self, name: str, shape: tuple[int | None, ...] | None) -> tuple[int, ...]:
        """The shape of an array before it takes memory. Raises NotMotion for another than `shape`, None for any."""
        sizes, kind = announced(self.archive, name)
        if kind.kind not in "fiub":
            raise NotMotion(f"{name} holds no numbers")
        if shape is not None and not (len(sizes) == len(shape) and all(w in (None, n) for w, n in zip(shape, sizes))):
            raise NotMotion(f"{name} has the shape {list(sizes)}")
        if sizes and sizes[0] > LARGEST_FRAME_COUNT:
            raise NotMotion(f"{name} is too long")
        return sizes

    def _strings(self, name: str) -> list[str]:
        if name not in self.names:
            return []
        sizes, kind = announced(self.archive, name)
        if kind.kind not in "US":
            raise NotMotion(f"{name} holds no text")
        if math.prod(sizes) * max(kind.itemsize, 1) > LARGEST_TEXT_BYTES:
            raise NotMotion(f"{name} is too long")
        return [text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
                for text in np.ravel(self.archive[name])]  # fmt: skip

    def _text(self, name: str, default: str) -> str:
        if name not in self.names:
            return default
        if announced(self.archive, name)[1].kind not in "US":
            return default
        return next(iter(self._strings(name)), default)

    def _json(self, name: str) -> dict[str, Any]:
        value = json.loads(self._text(name, "{}"))
        if not isinstance(value, dict):
            raise NotMotion(f"{name} is not an object")
        return value
