import numpy as np

from backend.detect.detections import Detections
from backend.train.bank.pick import person_found
from backend.train.errors.exchanges import ORDERS
from tests.backend.train.errors.made_up_views import made_up_views

TRUTH_PX = made_up_views(batch=1, frames=4).landmarks_px[0].numpy().astype(float)


def detections(picture: list[int], landmarks_px: np.ndarray) -> Detections:
    count = len(picture)
    return Detections(
        times_s=np.arange(4) / 30, shot=np.zeros(4), picture=np.array(picture), tracklet=np.zeros(count),
        landmarks_px=landmarks_px, scores=np.ones((count, 33)), doubts_px=np.zeros((count, 33)),
        landmarks_camera=np.zeros((count, 33, 3)), colours=np.zeros((count, 6)), crops=np.zeros((count, 4)),
        masks=np.zeros((count, 64, 8), np.uint8), hands_px=np.full((count, 2, 21, 2), np.nan),
        hands_camera=np.full((count, 2, 21, 3), np.nan), hand_scores=np.zeros((count, 2)), detector="made up",
    )  # fmt: skip


def test_the_nearest_finding_is_the_person_and_somebody_else_is_nobody():
    said = np.stack([TRUTH_PX[0] + 3, TRUTH_PX[0] + 60, TRUTH_PX[2] + 500])
    assert person_found(detections([0, 0, 2], said), TRUTH_PX).tolist() == [0, -1, -1, -1]


def test_a_person_with_exchanged_sides_is_still_the_person():
    said = TRUTH_PX[[1]][:, ORDERS["body"]]
    assert person_found(detections([1], said), TRUTH_PX).tolist() == [-1, 0, -1, -1]


def test_where_nothing_was_found_there_is_nobody():
    assert person_found(detections([], np.zeros((0, 33, 2))), TRUTH_PX).tolist() == [-1] * 4
