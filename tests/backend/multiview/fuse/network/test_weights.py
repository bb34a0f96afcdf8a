"""The file of what is added to a single view's lifter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from backend.multiview.fuse.network.multiview_lifter import MultiviewLifter
from backend.multiview.fuse.network.weights import read_multiview_lifter, shipped_multiview_lifter, write_meetings
from motion.refusal import Refusal
from tests.backend.lift.network.made_up_inputs import some_lifter

from .made_up_views import WANTED, some_multiview_lifter


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_meetings(tmp_path / "mine.npz", some_multiview_lifter(), {})
    return tmp_path / "mine.npz"


def test_it_comes_back_in_bytes_on_the_same_lifter(file: Path) -> None:
    read, written = read_multiview_lifter(file, some_lifter()), some_multiview_lifter()
    assert read.meetings.wanted == WANTED and not any(values.requires_grad for values in read.parameters())
    for name, values in read.meetings.state_dict().items():
        whole = written.meetings.state_dict()[name]
        step = whole.abs().amax(-1, keepdim=True) / 127 if whole.ndim > 1 else 0.0
        assert ((values - whole).abs() <= 0.51 * step + 1e-7).all()


def test_the_single_views_lifter_is_not_in_it(file: Path) -> None:
    with np.load(file) as archive:
        assert not any(name.startswith("single") for name in archive.files)


@pytest.mark.parametrize("damage", [lambda whole: whole[: len(whole) // 2], lambda whole: b"no weights",
                                    lambda whole: whole[:2000] + bytes(300) + whole[2300:]])  # fmt: skip
def test_damage_is_told(file: Path, damage: Callable[[bytes], bytes]) -> None:
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(Refusal, match="holds no lifter of several views that can be used"):
        read_multiview_lifter(file, some_lifter())


def test_weights_of_another_lifter_are_told(file: Path) -> None:
    from backend.lift.network.configuration import LifterConfiguration

    with pytest.raises(Refusal, match="holds no lifter of several views"):
        read_multiview_lifter(file, some_lifter(LifterConfiguration(joint_width=8, width=64, blocks=2)))


def test_what_ships_can_be_read_and_is_small() -> None:
    from backend.multiview.fuse.network.weights import SHIPPED

    assert isinstance(shipped_multiview_lifter(), MultiviewLifter) and SHIPPED.stat().st_size < 300_000
