"""Which pictures belong together."""

from __future__ import annotations

import pytest

from backend.video.sequence import picture_number, pictures_from, pictures_in
from motion.refusal import Refusal


def touch(folder, *names):
    for name in names:
        (folder / name).touch()
    return folder


def test_numbers_count_as_numbers(tmp_path):
    touch(tmp_path, "a9.png", "a10.png", "a011.png")
    assert [picture_number(path) for path in pictures_in(tmp_path)] == [9, 10, 11]


def test_the_longest_sequence_of_a_folder_is_taken(tmp_path):
    touch(tmp_path, "mask_1.png", "踊り_1.png", "踊り_2.png", "notes.txt", ".踊り_3.png", "cover.jpg")
    assert [path.name for path in pictures_in(tmp_path)] == ["踊り_1.png", "踊り_2.png"]


def test_a_first_picture_starts_its_own_sequence_only(tmp_path):
    touch(tmp_path, "a_1.png", "a_2.png", "a_3.png", "b_2.png", "a_3.jpg")
    assert [path.name for path in pictures_from(tmp_path / "a_2.png")] == ["a_2.png", "a_3.png"]


def test_a_picture_without_a_number_stands_alone(tmp_path):
    touch(tmp_path, "still.jpg", "other.jpg")
    assert pictures_from(tmp_path / "still.jpg") == [tmp_path / "still.jpg"]


def test_a_folder_of_unnumbered_pictures_is_no_sequence_by_time_but_by_name(tmp_path):
    touch(tmp_path, "b.png", "a.png")
    assert [path.name for path in pictures_in(tmp_path)] == ["a.png", "b.png"]


def test_a_folder_without_pictures_says_so(tmp_path):
    with pytest.raises(Refusal, match="holds no pictures"):
        pictures_in(touch(tmp_path, "a.mp4"))
