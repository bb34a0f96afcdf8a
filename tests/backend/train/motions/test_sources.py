"""Recordings are found loose, in sub-folders and in archives, and nothing is unpacked."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from backend.train.motions.containers import archive_files
from backend.train.motions.sources import OWN_LICENCE, find_recordings, read_recording, skeleton_of
from bench.made_up_recordings import made_up_smartbody
from motion.refusal import Refusal
from tests.backend.train.motions.made_up_bvh import swaying_bvh


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    mine = tmp_path / "mine"
    (mine / "anna").mkdir(parents=True)
    (mine / "anna" / "wave_hello.bvh").write_text(swaying_bvh(10))
    (mine / "alone.BVH").write_text(swaying_bvh(10))
    (mine / "notes.txt").write_text("not a recording")
    with zipfile.ZipFile(mine / "ben.zip", "w") as archive:
        archive.writestr("ben/sit.bvh", swaying_bvh(12))
        archive.writestr("../../outside.bvh", swaying_bvh(12))
    with tarfile.open(mine / "more.tar.xz", "w:xz") as archive:
        _add(archive, "carla/run.bvh", swaying_bvh(8).encode())
        link = tarfile.TarInfo("carla/link.bvh")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return mine


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    archive.addfile(member, io.BytesIO(data))


def test_everything_that_is_a_recording_is_found_with_its_folder_as_subject(folder: Path) -> None:
    found, faults = find_recordings(folder)
    assert faults == []
    assert {each.name: each.subject for each in found if "outside" not in each.name} == {
        "mine/alone": "mine", "mine/anna/wave_hello": "anna", "mine/ben/ben/sit": "ben", "mine/more/carla/run": "carla",
    }  # fmt: skip
    assert {(each.source, each.licence) for each in found} == {("mine", OWN_LICENCE)}
    assert {len(read_recording(each).R_parent_from_joint) for each in found} == {8, 10, 12}


def test_nothing_leaves_an_archive(folder: Path) -> None:
    before = sorted(folder.parent.rglob("*"))
    for each in find_recordings(folder)[0]:
        read_recording(each)
    assert sorted(folder.parent.rglob("*")) == before


def test_an_index_says_whose_recordings_are_and_how_they_are_licensed(folder: Path) -> None:
    (folder / "index.csv").write_text(
        "archive,path,source,subject,skeleton,action,licence\n"
        "more.tar.xz,carla/run.bvh,studio,c,,a run,CC0-1.0\nlost.tar.xz,x.bvh,studio,d,,lost,CC0-1.0\n"
    )  # fmt: skip
    (found,), faults = find_recordings(folder)
    assert (found.name, found.subject, found.action, found.licence) == ("studio/carla/run", "c", "a run", "CC0-1.0")
    assert faults == [f"lost is in the index and not in {folder}."]


def test_an_index_without_its_columns_is_refused(folder: Path) -> None:
    (folder / "index.csv").write_text("file\nrun.bvh\n")
    with pytest.raises(Refusal, match=r"index\.csv is no index of recordings\."):
        find_recordings(folder)


def test_broken_archives_are_named_and_the_rest_is_found(folder: Path) -> None:
    (folder / "torn.tar.gz").write_bytes(b"\x1f\x8b\x08nothing")
    found, faults = find_recordings(folder)
    assert len(found) == 5 and faults == ["torn.tar.gz is not a readable archive."]


def test_the_skeleton_lies_nearest_and_is_named_alike() -> None:
    skeletons = ["14/14.asf", "13/borrowed_14.asf", "moves/skeletons/ben.sk", "moves/skeletons/anna.sk"]
    assert skeleton_of("13/13_29.amc", skeletons) == "13/borrowed_14.asf"
    assert skeleton_of("moves/anna@walk.skm", skeletons) == "moves/skeletons/anna.sk"
    assert skeleton_of("alone.bvh", skeletons) == ""


def test_a_skeleton_that_lacks_joints_of_the_motion_gives_way_to_one_that_has_them_by_newer_names(
    tmp_path: Path,
) -> None:
    files = made_up_smartbody()
    (tmp_path / "anna@walk.skm").write_bytes(files["walk.skm"].replace(b"other", b"JtJaw"))
    (tmp_path / "anna.sk").write_bytes(files["person.sk"])
    newer = files["person.sk"].replace(b"base", b"JtRoot").replace(b"l_knee", b"JtKneeLf")
    jaw = b"joint JtJaw\n{ offset 0 0.1 0\nchannel Quat\n}\n"
    (tmp_path / "ben.sk").write_bytes(newer.replace(b"joint spine", jaw + b"joint spine"))
    (found,), _ = find_recordings(tmp_path)
    assert found.skeleton == "anna.sk"
    assert read_recording(found).joint_names == ("JtRoot", "JtJaw", "spine", "JtKneeLf")


def test_a_motion_without_a_skeleton_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "walk.amc").write_text("1\nroot 0 0 0\n")
    (found,), _ = find_recordings(tmp_path)
    with pytest.raises(Refusal, match=r"walk\.amc lies there without its skeleton\. Put its \.asf file beside it\."):
        read_recording(found)


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir()])
def test_no_folder_and_an_empty_one_are_refused(make, tmp_path: Path) -> None:
    make(tmp_path / "there")
    with pytest.raises(Refusal, match="There (is no folder|are no recordings in)"):
        find_recordings(tmp_path / "there")


def test_an_archive_that_unpacks_to_too_much_is_refused(folder: Path, monkeypatch) -> None:
    monkeypatch.setattr("backend.train.motions.containers.LARGEST_ARCHIVE_BYTES", 100)
    with pytest.raises(Refusal, match="ben.zip holds more than is read from an archive."):
        archive_files(folder / "ben.zip")
