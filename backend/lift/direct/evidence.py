"""What the detector says of one person, smoothed, on the frames in which the person was seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.cameras.projection import rays
from backend.track.tracks import Track
from motion.arrays import Array, Indices, Mask
from motion.body import Body
from motion.filters import gaussian_smoothed, smoothed_keeping_fast
from motion.landmarks import LANDMARK, LANDMARK_COUNT

# Landmark pairs whose distance a body keeps: both thighs, shanks, upper arms, forearms and sides of the trunk.
_RIGID_PAIRS = np.array(
    [(23, 25), (24, 26), (25, 27), (26, 28), (11, 13), (12, 14), (13, 15), (14, 16), (11, 23), (12, 24)]
)

# Scores are probabilities. On 13 rendered clips 0.7 to 0.97 and 3 to 10 give the same lift within 0.1 mm.
_SURE_SCORE = 0.7
_DOUBT = 3.0
_HEIGHT_OVER_SPREAD = 3.2   # of a standing body: height over the root mean square distance from the landmarks' middle
ACROSS_SIGMA_M = 0.020    # 2D error of a sure landmark, at the person's depth


def _place_weights() -> Array:
    """What a landmark says of the body's place: eleven points of one face are hardly more than one.

    Chosen on the same rendered people: 80.9 mm MPJPE and 3.6 px where equal weights gave 84.3 mm and 4.8 px.
    """
    weights = np.ones(LANDMARK_COUNT)
    weights[:11] = 0.1            # face
    weights[17:23] = 0.2          # hands
    weights[29:33] = 0.5          # feet
    weights[[11, 12, 23, 24]] = 2.0   # shoulders and hips
    return weights


_PLACE_WEIGHT = _place_weights()
_OUTSIDE_WEIGHT = 0.1   # a landmark outside of the picture is where the detector thinks that it might be


@dataclass(frozen=True)
class SmoothingSettings:
    """How landmarks are smoothed over time (motion.filters.smoothed_keeping_fast).

    Chosen on rendered people: none gave 78.9 mm MPJPE and an acceleration error of 20.7 m/s^2, these widths 77.6 and
    5.4, wider ones the same with the body further from the landmarks; the detector's own landmarks have 24.1 m/s^2.
    """

    slow_s: float = 0.08                 # width of the Gaussian where the person moves slowly
    fast_s: float = 0.03                 # and where they move fast
    fast_speed_heights_s: float = 0.7    # body heights a second at which half of the smoothing is gone


@dataclass(frozen=True)
class DepthBelief:
    """How far the detector's relative depth of a bone's two ends is believed.

    Chosen on rendered people, 8 clips of training subjects, where the detector itself has 91 mm MPJPE: share 1.0 with
    80 mm gave 90 mm, with 40 mm 84; 0.8 with 40 mm and 0.7 with 60 mm both gave 82 to 84, the latter with the body
    nearer to the picture.
    """

    share: float = 0.7      # of the depth that the detector says
    sigma_m: float = 0.06   # its error


@dataclass(frozen=True, eq=False)
class Evidence:
    """S seen frames; camera axes as in OpenCV."""

    frames: Indices            # [S] index into the track
    landmarks_px: Array        # [S, 33, 2]
    rays: Array                # [S, 33, 3] with z = 1
    scores: Array              # [S, 33]
    sigma_across: Array        # [S, 33] m
    landmarks_camera: Array    # [S, 33, 3] m about the middle of the hips, at the body's own size
    inside: Mask               # [S, 33] whether the landmark lies in the picture
    hands_camera: Array        # [S, 2, 21, 3] m, NaN where not seen
    hand_scores: Array         # [S, 2]
    depth: DepthBelief
    times_s: Array             # [T] of the whole track
    rate: float                # of the track, frames a second

    @property
    def weights(self) -> Array:
        """[S, 33] for placing the root by least squares in the picture; 1 for a sure knee or elbow."""
        return _PLACE_WEIGHT * np.where(self.inside, 1.0, _OUTSIDE_WEIGHT) * (ACROSS_SIGMA_M / self.sigma_across) ** 2

    def smoothed(self, values: Array, sigma_s: float) -> Array:
        """Values [S, ...] of the seen frames, smoothed over time; gaps in the track are not bridged."""
        whole = np.full((len(self.times_s),) + values.shape[1:], np.nan)
        whole[self.frames] = values
        return gaussian_smoothed(whole, self.rate, sigma_s)[self.frames]

    def middle(self, names: tuple[str, ...]) -> Array:
        """The middle of the detector's own 3D places of some landmarks, [S, 3] m."""
        return self.landmarks_camera[:, [LANDMARK[name] for name in names]].mean(axis=1)

    def at(self, name: str) -> Array:
        """The detector's own 3D place of one landmark, [S, 3] m."""
        return self.landmarks_camera[:, LANDMARK[name]]


def gather(track: Track, body: Body, K: Array, settings: SmoothingSettings, depth: DepthBelief) -> Evidence:
    """Smoothed landmarks at the body's size, on the frames in which the track was seen."""
    height_px = _height_px(track.landmarks_px)
    landmarks_px = smoothed_keeping_fast(
        track.landmarks_px, track.rate, settings.slow_s, settings.fast_s, settings.fast_speed_heights_s * height_px
    )
    landmarks_camera = smoothed_keeping_fast(
        track.landmarks_camera, track.rate, settings.slow_s, settings.fast_s,
        settings.fast_speed_heights_s * body.height,
    )  # fmt: skip
    frames = np.flatnonzero(track.seen)
    scores = np.clip(track.scores[frames], 0.0, 1.0)
    return Evidence(
        frames=frames,
        landmarks_px=landmarks_px[frames],
        rays=rays(landmarks_px[frames], K),
        scores=scores,
        sigma_across=ACROSS_SIGMA_M * (1.0 + _DOUBT * np.maximum(0.0, _SURE_SCORE - scores) / _SURE_SCORE),
        inside=_inside(track.landmarks_px[frames], K),
        landmarks_camera=_body_size(landmarks_camera[frames], scores, body),
        hands_camera=track.hands_camera[frames],
        hand_scores=track.hand_scores[frames],
        depth=depth,
        times_s=track.times_s,
        rate=track.rate,
    )


def _body_size(landmarks: Array, scores: Array, body: Body) -> Array:
    """The detector's 3D landmarks scaled by one factor for the whole clip, so that limbs have the body's length."""
    first, second = _RIGID_PAIRS.T
    lengths = np.linalg.norm(landmarks[:, first] - landmarks[:, second], axis=-1)
    wanted = np.linalg.norm(body.points[first] - body.points[second], axis=-1)
    sure = np.minimum(scores[:, first], scores[:, second])
    total = np.sum(sure * lengths)
    return landmarks * (np.sum(sure * wanted) / total if total > 0 else 1.0)


def _inside(landmarks_px: Array, K: Array) -> Mask:
    """[S, 33]; the principal point is the middle of the picture."""
    size_px = 2.0 * K[:2, 2]
    return ((landmarks_px >= 0.0) & (landmarks_px <= size_px)).all(axis=-1)


def _height_px(landmarks_px: Array) -> float:
    """Rough height of the person in the picture, however it is turned: from the landmarks' spread, median over time."""
    seen = landmarks_px[np.isfinite(landmarks_px).all(axis=(1, 2))]
    spread = np.sqrt(np.mean(np.sum((seen - seen.mean(axis=1, keepdims=True)) ** 2, axis=-1), axis=1))
    return _HEIGHT_OVER_SPREAD * float(np.median(spread))
