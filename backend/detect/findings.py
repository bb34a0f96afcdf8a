"""What was found so far, looked at picture by picture, and at the end all of it as one table."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from backend.detect.appearance import COLOUR_COUNT, colours
from backend.detect.backwards import Beginning
from backend.detect.detections import MASK_PX, Detections
from backend.detect.hand_looker import HandLooker, Hands, Seen, no_hands
from backend.detect.looks import Look
from backend.detect.networks.network import Network
from backend.detect.pose import Pose
from backend.detect.pose_network import Answer
from backend.video.clip import Clip
from motion.arrays import Array, Indices


@dataclass(frozen=True, eq=False)
class _Finding:
    picture: int
    tracklet: int
    answer: Answer
    mask: Array             # [MASK_PX, MASK_PX / 8] bits
    colours: Array          # [COLOUR_COUNT]
    hands: Hands


class Findings:
    """Collects looks, first those forwards in time, then those backwards."""

    def __init__(self, clip: Clip, detector: str, hand_network: Network | None) -> None:
        self.shot: Indices = np.zeros(clip.picture_count, np.int64)
        self._times_s = clip.times_s
        self._detector = detector
        self._hands = HandLooker(hand_network) if hand_network else None
        self._before: dict[int, Seen] = {}      # by tracklet, in the neighbouring picture
        self._first: dict[int, _Finding] = {}       # by tracklet, the finding in which it began
        self._forwards: list[_Finding] = []
        self._backwards: list[_Finding] = []

    def add(self, look: Look) -> None:
        """Keep who was seen in the next picture, and look at their hands and clothes."""
        self.shot[look.picture.index :] = look.shot
        found = self._found(look)
        self._forwards += found
        for finding in found:
            self._first.setdefault(finding.tracklet, finding)

    def add_back(self, look: Look) -> None:
        """The same for a picture looked at on the way back."""
        self._backwards += self._found(look)

    def beginnings(self) -> list[Beginning]:
        """Where tracklets began after the first picture of their shot."""
        return [Beginning(finding.picture, tracklet, finding.answer) for tracklet, finding in self._first.items()
                if finding.picture > 0 and self.shot[finding.picture] == self.shot[finding.picture - 1]]  # fmt: skip

    def turned_back(self) -> list[Beginning]:
        """The same, to go on from there backwards; hands are looked for where they were in these pictures."""
        self._before = {tracklet: Seen(finding.answer.pose, finding.hands) for tracklet, finding in self._first.items()}
        return self.beginnings()

    def known(self) -> dict[int, list[Pose]]:
        """The bodies found on the way forwards, by picture."""
        poses: dict[int, list[Pose]] = {}
        for finding in self._forwards:
            poses.setdefault(finding.picture, []).append(finding.answer.pose)
        return poses

    def detections(self) -> Detections:
        findings = sorted(self._forwards + self._backwards, key=lambda finding: (finding.picture, finding.tracklet))
        poses = [finding.answer.pose for finding in findings]
        crops = [finding.answer.crop for finding in findings]
        hands = [finding.hands for finding in findings]

        def stacked(rows: list, *shape: int) -> Array:
            return np.array(rows).reshape(-1, *shape)

        return Detections(
            times_s=self._times_s, shot=self.shot, detector=self._detector,
            picture=np.array([finding.picture for finding in findings], np.int64),
            tracklet=np.array([finding.tracklet for finding in findings], np.int64),
            landmarks_px=stacked([pose.landmarks_px for pose in poses], 33, 2),
            scores=stacked([pose.scores for pose in poses], 33),
            doubts_px=stacked([pose.doubts_px for pose in poses], 33),
            landmarks_camera=stacked([pose.landmarks_camera for pose in poses], 33, 3),
            colours=stacked([finding.colours for finding in findings], COLOUR_COUNT),
            crops=stacked([(*crop.middle_px, crop.side_px, crop.turn_rad) for crop in crops], 4),
            masks=stacked([finding.mask for finding in findings], MASK_PX, MASK_PX // 8),
            hands_px=stacked([each.landmarks_px for each in hands], 2, 21, 2),
            hands_camera=stacked([each.landmarks_camera for each in hands], 2, 21, 3),
            hand_scores=stacked([each.scores for each in hands], 2),
        )  # fmt: skip

    def _found(self, look: Look) -> list[_Finding]:
        rgb = look.picture.rgb
        # Of masks only the bits are kept: whole ones would take a quarter of a megabyte each.
        return [
            _Finding(look.picture.index, tracklet, replace(answer, mask=None), _mask_bits(answer),
                     colours(rgb, answer.pose.landmarks_px, answer.pose.scores), self._hands_of(tracklet, look, answer))
            for tracklet, answer in look.people.items()
        ]  # fmt: skip

    def _hands_of(self, tracklet: int, look: Look, answer: Answer) -> Hands:
        if self._hands is None:
            return no_hands()
        hands = self._hands.look(look.picture.rgb, answer.pose, self._before.get(tracklet))
        self._before[tracklet] = Seen(answer.pose, hands)
        return hands


def _mask_bits(answer: Answer) -> Array:
    """[MASK_PX, MASK_PX / 8] where the body is in its crop; nothing without a mask."""
    if answer.mask is None:
        return np.zeros((MASK_PX, MASK_PX // 8), np.uint8)
    small = cv2.resize(np.ascontiguousarray(answer.mask), (MASK_PX, MASK_PX), interpolation=cv2.INTER_AREA)
    return np.packbits(small > 0, axis=1)
