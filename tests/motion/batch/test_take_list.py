"""Lists of takes as people and spreadsheet programs write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion.batch.find_takes import find_takes
from motion.batch.take_list import read_list
from motion.refusal import Refusal


def listed(folder: Path, text: str | bytes, cameras: str = "auto") -> dict[str, list[str]]:
    path = folder / "takes.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = find_takes(path, cameras)
    return {take.name: [str(Path(clip).relative_to(folder)) for clip in take.clips] for take in found}


TWO = {"walk": ["a.mp4", "b.mp4"], "jump": ["jump.mp4"]}


@pytest.mark.parametrize("text", [
    "walk, a.mp4, b.mp4\njump.mp4\n", "walk;a.mp4;b.mp4;;\r\njump.mp4;;\r\n", "walk\ta.mp4\tb.mp4\njump.mp4",
    "\ufeff# the night\n\n  # monday\ntake, camera 1, camera 2\nwalk,a.mp4,b.mp4\njump,jump.mp4\n",
    'walk,"a.mp4", "b.mp4"\n"jump.mp4"', "walk,./a.mp4,x/../b.mp4\njump.mp4",
    "walk\ta.mp4\tb.mp4\njump.mp4".encode("utf-16"),
])  # fmt: skip
def test_lists_of_all_kinds_say_the_same(tmp_path, text) -> None:
    assert listed(tmp_path, text) == TWO


def test_relative_paths_count_from_the_list_and_whole_ones_stay(tmp_path) -> None:
    path = tmp_path / "lists/night.txt"
    path.parent.mkdir()
    path.write_text(f"../day/walk.mp4\n{tmp_path / 'far' / 'walk.mp4'}\nnear/walk.mp4\n")
    assert [(take.name, take.clips) for take in find_takes(path)] == [
        ("day_walk", (str(tmp_path / "day/walk.mp4"),)), ("far_walk", (str(tmp_path / "far/walk.mp4"),)),
        ("near_walk", (str(path.parent / "near/walk.mp4"),))]  # fmt: skip


def test_two_clips_of_one_stem_stay_apart_and_a_name_that_was_given_stays(tmp_path) -> None:
    found = listed(tmp_path, "a/walk.mp4\na/walk.mov\nb/walk.mp4\na_walk_mov, other.mp4\n")
    assert sorted(map(tuple, found.values())) == [("a/walk.mov",), ("a/walk.mp4",), ("b/walk.mp4",), ("other.mp4",)]
    assert {"b_walk", "a_walk_mp4"} < set(found)
    assert listed(tmp_path, "a/walk.mp4\na_walk, other.mp4\n") == {
        "a_walk_mp4": ["a/walk.mp4"], "a_walk": ["other.mp4"]}  # fmt: skip


def test_a_line_of_several_clips_without_a_name_is_one_take(tmp_path) -> None:
    assert listed(tmp_path, "walk.mp4, side.mov") == {"walk": ["walk.mp4", "side.mov"]}


def test_lines_are_takes_unless_a_pattern_says_that_they_are_cameras(tmp_path) -> None:
    text = "run.mp4\njump_cam1.mp4\nsit,x.mp4\njump_cam2.mp4\n"
    assert list(listed(tmp_path, text)) == ["run", "jump_cam1", "sit", "jump_cam2"]
    assert listed(tmp_path, text, "*_cam?") == {"run": ["run.mp4"], "jump": ["jump_cam1.mp4", "jump_cam2.mp4"],
                                                "sit": ["x.mp4"]}  # fmt: skip


def test_commas_in_names_of_clips_need_no_quotes_where_the_clip_is_there(tmp_path) -> None:
    (tmp_path / "one, two; three.mp4").touch()
    assert listed(tmp_path, "one, two; three.mp4\nwalk\tone, two; three.mp4") == {
        "one, two; three": ["one, two; three.mp4"], "walk": ["one, two; three.mp4"]}  # fmt: skip


def test_folders_of_pictures_are_clips_too(tmp_path) -> None:
    (tmp_path / "pictures").mkdir()
    assert listed(tmp_path, "walk, pictures\npictures") == {"walk": ["pictures"], "pictures": ["pictures"]}


def test_a_missing_clip_costs_nothing_here(tmp_path) -> None:
    assert listed(tmp_path, "walk, gone.mp4") == {"walk": ["gone.mp4"]}


@pytest.mark.parametrize("content, words", [
    (b"\x00\x01\x02film", "takes.csv is neither a folder nor a list in plain text."),
    ("Übung, a.mp4".encode("latin-1"), "takes.csv is neither a folder nor a list in plain text."),
    (b"walk, " + b"a" * 200_000, "takes.csv is neither a folder nor a list in plain text."),
    (b"# nothing\n\n,,\n", "The list takes.csv names no clips."),
    (b"walk, a.mp4\njump.mp4\nWalk, b.mp4", "Lines 1 and 3 of takes.csv both name the take Walk."),
    (b"walk, a.mp4, x/../a.mp4", "Line 1 of takes.csv names a clip twice."),
])  # fmt: skip
def test_what_cannot_be_meant_is_refused(tmp_path, content, words) -> None:
    with pytest.raises(Refusal) as said:
        listed(tmp_path, content)
    assert said.value.sentence == words


@given(content=st.binary(max_size=200) | st.text('a,;\t"# \n\r.mp4é', max_size=60).map(str.encode))
def test_any_bytes_give_takes_or_a_refusal(tmp_path_factory, content) -> None:
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(content)
    try:
        lines = read_list(path)
    except Refusal:
        return
    assert lines and all(line.clips and all(Path(clip).is_absolute() for clip in line.clips) for line in lines)
    assert len(find_takes(path)) <= len(lines)
