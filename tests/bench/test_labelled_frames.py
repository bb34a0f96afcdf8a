import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.labelled_frames import FOOTFALL_COLUMNS, FRAME_COLUMNS, PAIRS, labelled_clips, read_footfalls, read_frames

ROW = ("walk", "12", "left", "L", "-", "R", "10", "20", "", "", "-3", "700", "640", "690", "yes", "-")


def written(folder, columns, *rows):
    path = folder / "labels.csv"
    with open(path, "w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([columns, *rows])
    return path


def changed(**values):
    return tuple(values.get(column, word) for column, word in zip(FRAME_COLUMNS, ROW, strict=True))


def test_a_row_says_who_is_nearer_where_and_planted(tmp_path):
    (label,) = read_frames(written(tmp_path, FRAME_COLUMNS, ROW))
    assert (label.clip, label.frame, label.facing) == ("walk", 12, "left")
    assert label.nearer == (0, None, 1) and label.planted == (True, None)
    wanted = [[[10, 20], [np.nan, np.nan]], [[-3, 700], [640, 690]]]
    np.testing.assert_array_equal(label.points_px, wanted)


@pytest.mark.parametrize(("column", "word"), [
    ("clip", ""), ("clip", " walk"), ("frame", "-1"), ("frame", "3.5"), ("frame", ""), ("facing", "front"),
    ("nearer_wrist", "l"), ("nearer_ankle", ""), ("left_wrist_x_px", ""), ("right_wrist_x_px", "5"),
    ("left_ankle_y_px", "nan"), ("left_ankle_y_px", "1e3"), ("right_foot_planted", "maybe"),
])  # fmt: skip
def test_a_senseless_word_is_refused_with_its_line(tmp_path, column, word):
    path = written(tmp_path, FRAME_COLUMNS, ROW, changed(frame="13"), changed(**{"frame": "14", column: word}))
    with pytest.raises(ValueError, match="labels.csv, line 4: "):
        read_frames(path)


def test_other_columns_and_short_rows_are_refused(tmp_path):
    with pytest.raises(ValueError, match="line 1: the columns must be clip, frame"):
        read_frames(written(tmp_path, FRAME_COLUMNS[::-1], ROW))
    with pytest.raises(ValueError, match="line 2: 15 values instead of 16"):
        read_frames(written(tmp_path, FRAME_COLUMNS, ROW[:-1]))


def test_no_frame_is_labelled_twice(tmp_path):
    with pytest.raises(ValueError, match="walk, 12 more than once"):
        read_frames(written(tmp_path, FRAME_COLUMNS, ROW, changed(facing="away")))


def test_both_feet_may_land_in_one_frame_but_each_only_once(tmp_path):
    both = [("jump", "7", "L", "1"), ("jump", "7", "R", "0")]
    left, right = read_footfalls(written(tmp_path, FOOTFALL_COLUMNS, *both))
    assert (left.foot, left.doubt_frames) == (0, 1) and (right.foot, right.doubt_frames) == (1, 0)
    with pytest.raises(ValueError, match="more than once"):
        read_footfalls(written(tmp_path, FOOTFALL_COLUMNS, *both, both[0]))
    with pytest.raises(ValueError, match="needs its foot"):
        read_footfalls(written(tmp_path, FOOTFALL_COLUMNS, ("jump", "7", "-", "1")))


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_anything_else_is_refused_by_a_sentence(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "anything.csv"
    path.write_bytes(",".join(FOOTFALL_COLUMNS).encode() + b"\n" + content)
    try:
        read_footfalls(path)
    except ValueError as error:
        assert str(error)


def test_the_shipped_labels_are_as_many_as_promised():
    frames, footfalls = read_frames(), read_footfalls()
    assert len(frames) >= 300 and len(footfalls) >= 40
    assert len({each.clip for each in frames}) >= 15 and len({each.clip for each in footfalls}) >= 6
    assert min(sum(each.nearer[index] is not None for each in frames) for index in range(len(PAIRS))) >= 100


def test_every_label_belongs_to_one_clip():
    clips = labelled_clips()
    assert sum(len(frames) for frames, _ in clips.values()) == len(read_frames())
    assert sum(len(footfalls) for _, footfalls in clips.values()) == len(read_footfalls())
    assert all({each.clip for each in (*frames, *footfalls)} == {name} for name, (frames, footfalls) in clips.items())
