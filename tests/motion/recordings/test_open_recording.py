from pathlib import Path

import pytest

from bench.made_up_recordings import made_up_acclaim, made_up_bvh, made_up_smartbody
from motion.recordings.open_recording import open_recording
from motion.refusal import Refusal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for files in (made_up_bvh(), made_up_acclaim(), made_up_smartbody()):
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.mark.parametrize("name", ["walk.bvh", "walk.amc", "walk.skm"])
def test_every_format_is_opened_by_its_suffix(folder: Path, name: str):
    assert open_recording(folder / name).name == "walk"


def test_capital_suffixes_are_opened(folder: Path):
    assert open_recording((folder / "walk.bvh").rename(folder / "walk.BVH")).rate_hz == pytest.approx(30, abs=1e-3)


@pytest.mark.parametrize("skeleton", ["14_20.asf", "14.asf", "14.asx", "14.ASF"])
def test_the_skeleton_of_an_amc_has_its_name_or_the_part_before_the_underscore(folder: Path, skeleton: str):
    (folder / "other.asf").write_bytes((folder / "person.asf").read_bytes().replace(b"7.5", b"7.0"))
    (folder / "person.asf").rename(folder / skeleton)
    (folder / "walk.amc").rename(folder / "14_20.amc")
    assert open_recording(folder / "14_20.amc").joint_from_parent[0, 2, 1] == pytest.approx(-0.94 * 7.5 * 2.54 / 45)


def test_the_skeleton_of_an_skm_is_the_one_that_has_its_joints(folder: Path):
    (folder / "other.sk").write_bytes((folder / "person.sk").read_bytes().replace(b"spine", b"back"))
    assert "spine" in open_recording(folder / "walk.skm").joint_names


def test_a_skeleton_may_be_given(folder: Path, tmp_path_factory: pytest.TempPathFactory):
    elsewhere = tmp_path_factory.mktemp("skeletons") / "one.asf"
    (folder / "person.asf").rename(elsewhere)
    assert open_recording(folder / "walk.amc", skeleton=elsewhere).joint_names[0] == "root"


def refusal_of(path: Path) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        open_recording(path)
    return refusal.value


def test_a_missing_skeleton_is_said(folder: Path):
    (folder / "person.asf").unlink()
    refusal = refusal_of(folder / "walk.amc")
    assert refusal.sentence == ("walk.amc needs the skeleton that it was recorded with, and there is no ASF file "
                                "beside it.")  # fmt: skip
    assert refusal.mend == "Give the ASF file, or lay it beside the motion under the same name."


def test_a_choice_of_skeletons_is_not_guessed(folder: Path):
    for format in ("asf", "sk"):
        (folder / f"other.{format}").write_bytes((folder / f"person.{format}").read_bytes())
    sentence = ("walk.{} needs the skeleton that it was recorded with, and none of the 2 {} files beside it is "
                "certainly its own.")  # fmt: skip
    assert refusal_of(folder / "walk.amc").sentence == sentence.format("amc", "ASF")
    assert refusal_of(folder / "walk.skm").sentence == sentence.format("skm", "SK")


def test_other_files_and_missing_ones_are_refused(folder: Path):
    assert refusal_of(folder / "walk.fbx").code == "unknown-recording"
    assert refusal_of(folder / "none.bvh").code == "no-such-file"
