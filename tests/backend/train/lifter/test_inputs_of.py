import torch

from backend.train.lifter.inputs_of import inputs_of, known_lens

from .made_up_training import some_batch


def test_the_lens_of_every_second_window_is_only_guessed():
    batch = some_batch()
    K, true = known_lens(batch), batch.views.K
    assert torch.equal(K[0::2], true[0::2]) and not torch.equal(K[1::2], true[1::2])
    assert torch.equal(K[:, :2, 2], true[:, :2, 2])
    focal_of_size = K[1::2, 0, 0] / batch.views.size_px[1::2].amax(-1)
    assert torch.equal(K[1::2, 0, 0], K[1::2, 1, 1]) and (focal_of_size - focal_of_size[0]).abs().max() < 1e-6


def test_the_batch_itself_keeps_its_lens():
    batch = some_batch()
    before = batch.views.K.clone()
    known_lens(batch)[:] = 0.0
    assert torch.equal(batch.views.K, before)


def test_nothing_of_the_truth_is_told():
    batch = some_batch()
    told, said = inputs_of(batch), batch.detections
    assert told.landmarks_px is said.landmarks_px and told.landmarks_camera is said.landmarks_camera
    assert told.scores is said.scores and told.seen is said.seen and told.features is None
