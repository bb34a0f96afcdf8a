"""Whatever a file holds, it is read or refused in words; nothing else happens."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.detect.other.keypoint_file import read_keypoints
from backend.strict_json import BadJson, parsed, read_json
from motion.refusal import Refusal
from tests.backend.detect.other.made_up_keypoints import a_clip

NUMBERS = st.one_of(st.floats(), st.integers(), st.integers(-2, 400))
WORDS = st.sampled_from([
    "image_id", "keypoints", "people", "pose_keypoints_2d", "person_id", "frame_id", "instances", "keypoint_scores",
    "annotations", "images", "id", "file_name", "width", "height", "instance_info", "idx", "track_id", "foot_kpts",
    "hand_left_keypoints_2d", "face_keypoints_2d",
])  # fmt: skip
TRIPLES = st.sampled_from([0, 17, 25]).flatmap(
    lambda count: st.lists(st.integers(0, 300), min_size=3 * count, max_size=3 * count))
VALUES = st.recursive(
    st.one_of(NUMBERS, st.booleans(), st.none(), st.text(max_size=5), st.just("3.jpg"), TRIPLES),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.one_of(WORDS, st.text(max_size=3)), inner)),
    max_leaves=12,
)  # fmt: skip
POINTS = st.one_of(VALUES, st.lists(NUMBERS, min_size=51, max_size=51))
RESULTS = st.lists(st.fixed_dictionaries(
    {"image_id": VALUES, "keypoints": POINTS}, optional={"idx": VALUES}), max_size=3)  # fmt: skip
FRAMES = st.lists(st.fixed_dictionaries({"frame_id": VALUES, "instances": st.lists(
    st.fixed_dictionaries({"keypoints": VALUES, "keypoint_scores": VALUES}), max_size=2)}), max_size=2)  # fmt: skip
DATASETS = st.fixed_dictionaries({"annotations": RESULTS, "images": st.lists(st.fixed_dictionaries(
    {"id": VALUES}, optional={"file_name": VALUES, "width": VALUES, "height": VALUES}), max_size=2)})  # fmt: skip
PEOPLE = st.fixed_dictionaries({"people": st.lists(st.fixed_dictionaries(
    {"pose_keypoints_2d": POINTS}, optional={"face_keypoints_2d": VALUES, "person_id": VALUES}),
    max_size=2)})  # fmt: skip

often = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture,
                                                                         HealthCheck.too_slow])  # fmt: skip


def read_or_refuse(path: Path) -> None:
    try:
        found = read_keypoints(path, a_clip())
    except Refusal as refusal:
        assert refusal.code == "bad-keypoints" and "cannot be used: " in refusal.sentence
        return
    for picture in range(5):
        for pose in found.people(picture):
            assert np.all((pose.scores >= 0) & (pose.scores <= 1))
            assert np.isfinite(pose.landmarks_px[pose.is_seen]).all()


@often
@given(document=st.one_of(VALUES, RESULTS, FRAMES, DATASETS, PEOPLE))
def test_any_json_is_read_or_refused(document, tmp_path):
    path = tmp_path / "any_0.json"
    path.write_text(json.dumps(document))
    read_or_refuse(path)


@often
@given(data=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data, tmp_path):
    (tmp_path / "any_0.json").write_bytes(data)
    read_or_refuse(tmp_path / "any_0.json")


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    (tmp_path / "large.json").write_bytes(b" " * 3_000_000)
    with pytest.raises(BadJson, match="it has 3 MB, and 2 MB is the most"):
        read_json(tmp_path / "large.json", 2_000_000)


def test_a_list_of_too_many_is_refused():
    with pytest.raises(BadJson, match="it has a list of 3 where 2 is the most"):
        parsed(b"[1, 2, 3]").items(2)
