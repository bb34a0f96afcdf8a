"""Checkpoints as their authors save them, and files that are none."""

import os
import zipfile

import numpy as np
import pytest
import torch

from backend.lift.published.checkpoints import load_published, read_weights
from backend.lift.published.pose_mamba import PoseMamba
from motion.refusal import Refusal

FRAMES = 5


def small(width=16):
    return PoseMamba(width, 1, FRAMES)


def as_shared(network, wrapper):
    """What the published training scripts save: DataParallel's names, and the best error as a number of numpy's."""
    state = {f"module.{name}": values for name, values in network.state_dict().items()}
    optimiser = torch.optim.AdamW(network.parameters()).state_dict()
    return {"epoch": 3, "lr": 2e-4, "optimizer": optimiser, wrapper: state, "min_loss": np.mean([41.5, 40.25])}


@pytest.mark.parametrize("wrapper", ["model_pos", "model", "model_state"])
def test_a_shared_checkpoint_gives_the_same_places(tmp_path, wrapper):
    torch.manual_seed(3)
    trained, fresh = small(), small()
    torch.save(as_shared(trained, wrapper), tmp_path / "best_epoch.bin")
    load_published(fresh, tmp_path / "best_epoch.bin")
    keypoints = torch.randn(1, FRAMES, 17, 2)
    torch.testing.assert_close(fresh(keypoints), trained(keypoints))


def test_numbers_may_be_of_an_older_numpy(tmp_path):
    """Which the authors had: its functions have other names."""
    torch.save(as_shared(small(), "model"), tmp_path / "new.bin")
    with zipfile.ZipFile(tmp_path / "new.bin") as new, zipfile.ZipFile(tmp_path / "old.bin", "w") as old:
        for name in new.namelist():
            content = new.read(name)
            if name.endswith("data.pkl"):
                assert b"numpy._core.multiarray" in content
                content = content.replace(b"numpy._core.multiarray", b"numpy.core.multiarray")
            old.writestr(name, content)
    assert read_weights(tmp_path / "old.bin").keys() == small().state_dict().keys()


def test_weights_may_lie_bare_in_the_file(tmp_path):
    network = small()
    torch.save(network.state_dict(), tmp_path / "bare.pt")
    assert read_weights(tmp_path / "bare.pt").keys() == network.state_dict().keys()


def test_another_networks_checkpoint_is_refused_by_name_and_shape(tmp_path):
    path = tmp_path / "wide.bin"
    torch.save(as_shared(small(width=32), "model_pos"), path)
    with pytest.raises(Refusal) as refused:
        load_published(small(), path)
    assert refused.value.sentence == ("wide.bin is of another network: it has Spatial_pos_embed in the shape "
                                      "1 x 17 x 32 and not 1 x 17 x 16.")  # fmt: skip


def test_what_is_missing_and_what_is_too_much_is_named(tmp_path):
    deep = PoseMamba(16, 2, FRAMES)
    torch.save(as_shared(deep, "model"), tmp_path / "deep.bin")
    torch.save(as_shared(small(), "model"), tmp_path / "flat.bin")
    with pytest.raises(Refusal, match="^deep.bin is of another network: it has STEblocks.1.mlp.fc1.bias and 37 other"):
        load_published(small(), tmp_path / "deep.bin")
    with pytest.raises(Refusal, match="^flat.bin is of another network: it lacks STEblocks.1.mlp.fc1.bias and 37 oth"):
        load_published(deep, tmp_path / "flat.bin")


class Attack:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("content", [{"epoch": 3}, [1, 2], {"model": {"a": "text"}}, torch.zeros(3), {}])
def test_a_file_without_weights_is_refused(tmp_path, content):
    torch.save(content, tmp_path / "notes.pt")
    with pytest.raises(Refusal, match="^notes.pt is not a checkpoint of weights alone."):
        read_weights(tmp_path / "notes.pt")


def test_nothing_in_a_checkpoint_is_run(tmp_path):
    torch.save({"model": Attack(tmp_path / "owned")}, tmp_path / "evil.pt")
    with pytest.raises(Refusal, match="^evil.pt is not a checkpoint of weights alone."):
        read_weights(tmp_path / "evil.pt")
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize("content", [b"", b"not weights", b"PK\x03\x04 cut short", b"\x80\x02}q\x00."])
def test_bytes_that_are_no_checkpoint_are_refused(tmp_path, content):
    (tmp_path / "some.bin").write_bytes(content)
    with pytest.raises(Refusal, match="^some.bin is not a checkpoint of weights alone."):
        read_weights(tmp_path / "some.bin")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refusal, match="gone.pt cannot be read"):
        read_weights(tmp_path / "gone.pt")
