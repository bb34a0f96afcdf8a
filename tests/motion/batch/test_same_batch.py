"""A batch goes on with its own results and does not overwrite those of another."""

from __future__ import annotations

import pytest

from motion.batch.same_batch import check_same_batch
from motion.batch.words import BatchRequest, WantedTake
from motion.refusal import Refusal

EARLIER = BatchRequest((WantedTake("walk", ("/a/walk_cam1.mp4", "/a/walk_cam2.mp4")),), {"detect": {"hands": False}})


@pytest.mark.parametrize("request_now", [
    EARLIER,
    BatchRequest((*EARLIER.takes, WantedTake("jump", ("/a/jump.mp4",))), EARLIER.settings, workers=3, retry=True),
    BatchRequest((WantedTake("Walk", ("/a/walk_cam2.mp4", "/a/walk_cam3.mp4")),), EARLIER.settings, cluster="auto"),
])  # fmt: skip
def test_more_takes_a_camera_more_and_other_machines_are_the_same_batch(request_now):
    check_same_batch(EARLIER, request_now, "out", "leave.")


@pytest.mark.parametrize("request_now, sentence", [
    (BatchRequest(EARLIER.takes, {"detect": {"hands": False, "quality": "fast"}}),
     "out holds a batch with other settings (detect.quality). Give the same settings to go on with it, or leave."),
    (BatchRequest(EARLIER.takes, EARLIER.settings, preview=False),
     "out holds a batch with other settings (preview film). Give the same settings to go on with it, or leave."),
    (BatchRequest((WantedTake("Walk", ("/b/walk.mp4",)),), EARLIER.settings),
     "out holds a take Walk of another clip, /a/walk_cam1.mp4. To keep it, leave."),
])  # fmt: skip
def test_other_settings_and_other_clips_are_refused(request_now, sentence):
    with pytest.raises(Refusal) as told:
        check_same_batch(EARLIER, request_now, "out", "leave.")
    assert f"{told.value.sentence} {told.value.mend}" == sentence
