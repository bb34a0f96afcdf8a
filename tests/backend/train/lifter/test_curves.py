import json

import cv2
import pytest

from backend.train.lifter.curves import _SHOWN, draw_curves
from backend.train.lifter.losses import LossWeights
from backend.train.lifter.trainer import LOG_FILE
from motion.refusal import Refusal


@pytest.fixture
def folder(tmp_path):
    rows = [{"step": step, "seconds": step, "share": 0.1,
             "dev": {name: 1.0 / (1 + step) for name in _SHOWN}} for step in (0, 500, 1000)]  # fmt: skip
    rows[-1]["bank"] = {name: 1.0 for name in _SHOWN if name != "polar"}
    (tmp_path / LOG_FILE).write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path


def test_a_picture_is_drawn_although_a_killed_run_left_half_a_line(folder):
    with (folder / LOG_FILE).open("a") as log:
        log.write('{"step": 1500, "dev": {"li')
    picture = cv2.imread(str(draw_curves(folder)))
    assert picture.shape[:2] == (640, 1120) and picture.min() < 50 and picture.std() > 5


def test_all_that_is_shown_is_known():
    assert set(_SHOWN) <= {*LossWeights.__dataclass_fields__, "limbs_mm", "limbs_pa_mm"}


def test_where_no_picture_can_be_written_it_is_said(folder):
    (folder / "curves.png").mkdir()
    with pytest.raises(Refusal, match=r"curves\.png could not be written"):
        draw_curves(folder)
