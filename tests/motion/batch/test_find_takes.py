"""Clips become takes: which belong together, what the takes are called, and what is left out."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion.batch.find_takes import find_takes, part
from motion.batch.words import WantedTake
from motion.refusal import Refusal


def made(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def takes(folder: Path, cameras: str = "auto") -> dict[str, list[str]]:
    """Clips below the folder by the take's name."""
    return {take.name: [Path(clip).relative_to(folder).as_posix() for clip in take.clips]
            for take in find_takes(folder, cameras)}  # fmt: skip


def apart(*names: str) -> dict[str, list[str]]:
    return {name.rpartition(".")[0].replace("/", "_"): [name] for name in names}


@pytest.mark.parametrize("names", [
    ("jump_cam01.mp4", "jump_cam02.MOV"), ("camA_jump.mp4", "camB_jump.mp4"), ("Jump Camera 1.mp4", "jump CAM2.mp4"),
    ("jump_c1.mp4", "jump_c2.mp4"), ("jump.kamera-a.mov", "jump.kamera-b.mov"), ("jump/cam1.mp4", "jump/cam2.mp4"),
    ("camA/jump.mp4", "camB/jump.mp4"), ("jump/cam1/GX010034.MP4", "jump/cam2/GX010071.MP4"),
    ("jumpCam2.mp4", "jumpCam10.mp4"), ("cam1/jump_cam1.mp4", "cam2/jump_cam2.mp4"),
])  # fmt: skip
def test_what_cameras_are_usually_called_is_one_take(tmp_path, names) -> None:
    made(tmp_path, *names, "walk.mp4")
    found = takes(tmp_path)
    assert {name.lower(): clips for name, clips in found.items()} == {"jump": list(names), "walk": ["walk.mp4"]}
    assert len(takes(tmp_path, "none")) == 3


@pytest.mark.parametrize("names", [
    ("walk_1.mp4", "walk_2.mp4"), ("walk_left.mp4", "walk_right.mp4"), ("came_home.mp4", "camp_1.mp4", "camp_2.mp4"),
    ("A001_C001.mov", "A001_C002.mov"), ("B003C001_23.mov", "B003C002_23.mov"), ("GX010034.MP4", "GX020034.MP4"),
    ("jump_c2.mp4", "jump_c3.mp4"), ("jump_c1.mp4", "jump_c3.mp4"), ("webcam_1.mp4", "webcam_2.mp4"),
    ("cam_12_08_2023.mp4", "cam_13_08_2023.mp4"), ("cam1.mp4", "cam2.mp4", "walk.mp4"), ("cam1/a.mp4", "cam2/b.mp4"),
    ("cam1/cam2.mp4", "cam2/cam1.mp4"), ("cam1/C0001.mp4", "cam1/C0002.mp4", "cam2/C0001.mp4"),
    ("cam1_cam2.mp4", "cam1_cam3.mp4"), ("monday/walk.mp4", "tuesday/walk.mp4"), ("jump_cam1.mp4", "run_cam2.mp4"),
    ("jump_c1.mp4", "jump_camA.mp4"),
])  # fmt: skip
def test_two_takes_are_never_taken_for_one(tmp_path, names) -> None:
    assert takes(made(tmp_path, *names)) == apart(*names)


def test_a_camera_that_is_there_twice_leaves_all_of_them_apart(tmp_path) -> None:
    made(tmp_path, "jump_cam1.mp4", "jump_cam01.mp4", "jump_cam2.mp4")
    assert len(takes(tmp_path)) == 3


@pytest.mark.parametrize("pattern, together, alone", [
    ("*_cam?", ["walk_cam1.mp4", "walk_cam2.mp4"], "walk_x.mp4"),
    ("*_(left|right)", ["walk_LEFT.mp4", "walk_right.mp4"], "walk_back.mp4"),
    ("*_(*)", ["walk_iphone.mp4", "walk_pixel.mp4"], "run.mp4"),
    ("(*)/*", ["gopro/walk.mp4", "iphone/walk.mp4"], "run.mp4"),
    ("s1_*_??", ["s1_walk_07.mp4", "s1_walk_08.mp4"], "s2_walk_08.mp4"),
    ("(*).*", ["a+b.walk.mp4", "c.walk.mp4"], "run.mp4"),
])  # fmt: skip
def test_a_pattern_says_which_part_is_the_camera(tmp_path, pattern, together, alone) -> None:
    found = takes(made(tmp_path, *together, alone), pattern)
    assert sorted(found.values()) == sorted([together, [alone]])
    assert next(name for name, clips in found.items() if len(clips) == 2).endswith("walk")


def test_a_single_star_is_the_camera_and_the_folder_the_take(tmp_path) -> None:
    folder = made(tmp_path / "dance", "camfront.mp4", "camside.mp4", "notes.mp4")
    assert takes(folder, "cam*") == {"dance": ["camfront.mp4", "camside.mp4"], "notes": ["notes.mp4"]}


@pytest.mark.parametrize("pattern", ["", "walk", "*_*", "(walk", "walk)", "a/b"])
def test_a_pattern_without_a_camera_is_refused(tmp_path, pattern) -> None:
    with pytest.raises(Refusal, match="does not say which part of a clip's name is the camera. Put that part in"):
        find_takes(made(tmp_path, "walk_1.mp4"), pattern)


def test_a_pattern_that_fits_nothing_is_refused_with_a_clip_s_name(tmp_path) -> None:
    with pytest.raises(Refusal, match=r"^No clip's name fits the pattern of the cameras, such as walk_1\. Change"):
        find_takes(made(tmp_path, "walk_1.mp4"), "*_cam?")


def test_takes_come_in_natural_order_with_names_that_say_their_folders(tmp_path) -> None:
    made(tmp_path, "take10.mp4", "take9.mp4", "day 2/take1.mp4", "day 10/take1.mp4", "Take 1.mp4")
    assert list(takes(tmp_path)) == ["day 2_take1", "day 10_take1", "take9", "take10", "Take 1"]


def test_sequences_are_clips_and_a_few_photographs_are_not(tmp_path) -> None:
    made(tmp_path, *(f"walk/{number:04d}.png" for number in range(7, 30)))
    made(tmp_path, *(f"jump/cam{camera}/f_{number}.jpg" for camera in (1, 2) for number in range(12)))
    made(tmp_path, *(f"stills/IMG_{number}.JPG" for number in range(4)), *(f"run_{n:03d}.tif" for n in range(50)))
    first = {"jump": ["jump/cam1/f_0.jpg", "jump/cam2/f_0.jpg"], "run": ["run_000.tif"], "walk": ["walk/0007.png"]}
    assert takes(tmp_path) == first


def test_what_captures_and_batches_have_made_is_no_footage(tmp_path) -> None:
    made(tmp_path, "walk.mp4", "walk take/request.json", "walk take/preview.mp4", "walk take/proxy_02.mp4",
         "walk take/person_00/x.mp4", "walk take/own.mp4", "night/batch.json", "night/a/b.mp4", ".hidden.mp4",
         ".cache/a.mp4", "._walk.mp4", "@eaDir/walk.mp4", "BL_proxy/walk.mp4/proxy_25.avi", "notes.txt")  # fmt: skip
    assert takes(tmp_path) == {"walk": ["walk.mp4"], "walk take_own": ["walk take/own.mp4"]}
    made(tmp_path, "batch.json", "table.json")   # results beside the footage
    assert len(takes(tmp_path)) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_that_lead_in_circles_end(tmp_path) -> None:
    made(tmp_path, "day/walk.mp4")
    os.symlink(tmp_path, tmp_path / "day/again")
    os.symlink(tmp_path / "gone.mp4", tmp_path / "gone_too.mp4")
    assert takes(tmp_path) == {"day_walk": ["day/walk.mp4"], "gone_too": ["gone_too.mp4"]}


def test_names_do_not_depend_on_where_the_footage_lies(tmp_path) -> None:
    names = ["a_b/c.mp4", "a/b_c.mp4", "walk.mp4", "walk.mov", "a-1.png", "LPT1.mp4"]
    here, there = (made(tmp_path / where / "shoot", *names) for where in ("here", "there"))
    assert list(takes(here)) == list(takes(there)) and len(takes(here)) == 5
    assert {"walk_mov", "walk_mp4", "_LPT1"} <= set(takes(here))


@pytest.mark.parametrize("make, sentence", [
    (lambda folder: folder / "gone", "There is no folder or list {0}/gone. Check the name, or choose it again."),
    (lambda folder: made(folder, "a.txt"),
     "There is no footage in {0}. Choose a folder with films or image sequences."),
    (lambda folder: made(folder, "a.mp4") / "a.mp4",
     "a.mp4 is a clip, neither a folder nor a list. Choose its folder, or capture it alone."),
])  # fmt: skip
def test_where_there_is_nothing_the_words_say_so(tmp_path, make, sentence) -> None:
    with pytest.raises(Refusal) as said:
        find_takes(make(tmp_path))
    assert str(said.value) == sentence.format(tmp_path).replace("/gone", f"{os.sep}gone")


@given(count=st.integers(0, 40), n=st.integers(1, 9))
def test_all_parts_together_are_all_takes(count, n) -> None:
    wanted = [WantedTake(str(number), ("a.mp4",)) for number in range(count)]
    parts = [part(wanted, k, n) for k in range(1, n + 1)]
    assert sorted((take for each in parts for take in each), key=lambda take: int(take.name)) == wanted
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@pytest.mark.parametrize("k, n", [(0, 3), (4, 3), (1, 0)])
def test_a_part_that_is_not_there_is_refused(k, n) -> None:
    with pytest.raises(Refusal, match=f"There is no part {k} of {n}"):
        part([], k, n)


words = st.text(st.sampled_from("abcmAWC 1204_-.éß"), min_size=1, max_size=9).filter(lambda word: word.strip(". "))
places = st.lists(words, min_size=1, max_size=3).map("/".join)


@settings(max_examples=40)
@given(st.lists(st.tuples(places, st.sampled_from([".mp4", ".mov"])), min_size=1, max_size=12))
def test_every_clip_is_in_one_take_and_no_two_takes_share_a_folder(names) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "shoot"
        for place, ending in names:
            path = root / f"{place}{ending}"
            if not any(each.is_file() for each in path.parents) and not path.is_dir():
                made(root, f"{place}{ending}")
        there = [path for path in root.rglob("*") if path.is_file()
                 and not any(name.startswith(".") for name in path.relative_to(root).parts)]  # fmt: skip
        if not there:
            return
        found = find_takes(root)
        assert sorted(clip for take in found for clip in take.clips) == sorted(map(str, there))
        assert len({take.name.casefold() for take in found}) == len(found)
        assert found == find_takes(root)
