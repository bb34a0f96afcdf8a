"""Which simulated statistics count as like the real ones, and what the four cameras can tell."""

import json
from argparse import Namespace
from dataclasses import replace

import numpy as np
import pytest

from backend.train.bank.bank_clip import BankClip, BankOrigin, write_bank_clip
from backend.train.chance import Chance
from backend.train.errors.by_hand import ErrorsByHand
from backend.train.errors.from_bank import views_of
from bench import simulated_errors
from bench.error_evidence import _around_reference, of_bank
from bench.simulated_errors import is_referenced, row
from motion.refusal import Refusal
from tests.backend.train.errors.made_up_views import made_up_views


def test_near_is_within_15_percent_of_the_real_one() -> None:
    judged = row("std mm: wrists depth", 100.0, (90.0, 104.0), {"a": 114.0, "b": 116.0, "c": 86.0, "d": 103.0})
    assert judged["near"] == {"a": True, "b": False, "c": True, "d": True}
    assert judged["inside"] == {"a": False, "b": False, "c": False, "d": True}


def test_small_correlations_may_be_some_hundredths_off() -> None:
    assert row("correlation 500 ms: feet depth", 0.02, (0.0, 0.1), {"a": -0.02})["near"]["a"]
    assert not row("depth slope: feet", 0.02, (0.0, 0.1), {"a": -0.02})["near"]["a"]


def test_only_what_a_reference_tells_is_asked_of_the_four_cameras() -> None:
    assert is_referenced("std mm: wrists depth") and is_referenced("unsure %: feet")
    assert not is_referenced("std mm: face depth") and not is_referenced("tail 95% / 50%: hands")
    assert not is_referenced("run s: arms") and not is_referenced("share %: lost")


def test_hands_go_with_wrists_and_the_face_with_the_shoulders() -> None:
    rng = np.random.default_rng(0)
    landmarks, joints, truth = (rng.normal(size=(3, count, 3)) for count in (33, 22, 17))
    moved, trunk = _around_reference(truth, landmarks, joints)
    np.testing.assert_allclose(moved[:, 15], truth[:, 4])
    np.testing.assert_allclose(moved[:, 17] - moved[:, 15], landmarks[:, 17] - landmarks[:, 15])
    shoulders = moved[:, 11:13].mean(1) - landmarks[:, 11:13].mean(1)
    np.testing.assert_allclose(moved[:, 0] - landmarks[:, 0], shoulders)
    np.testing.assert_allclose(moved[:, 31], truth[:, 14])
    np.testing.assert_allclose(trunk[:, 16], truth[:, 0])   # SMPL-X's left shoulder


def _bank_clip(index: int, part: str) -> BankClip:
    """What the model by hand says, taken for real."""
    views = made_up_views(batch=1, frames=60, seed=index)
    nothing = np.zeros((60, 33, 3), np.float32)
    clip = BankClip(
        BankOrigin(index, "made", "made", "one", part, "static", 30.0, 1.7), views.landmarks_camera[0].numpy(),
        views.landmarks_camera[0, :, :22].numpy(), nothing[..., 0] > 0, views.K[0].numpy(), views.size_px[0].numpy(),
        np.tile(np.eye(3, dtype=np.float32), (60, 1, 1)), nothing[:, 0, 0] == 0, nothing[..., :2], nothing,
        nothing[..., 0], nothing[..., 0], np.zeros((60, 4), np.float16),
    )  # fmt: skip
    said = ErrorsByHand().detections(views_of([clip]), Chance.seeded(1000 + index))
    return replace(clip, seen=said.seen[0].numpy(), said_px=said.landmarks_px[0].numpy(),
                   said_camera=said.landmarks_camera[0].numpy(), scores=said.scores[0].numpy())  # fmt: skip


def test_a_model_is_like_itself_and_unlike_one_twice_as_wide(tmp_path, monkeypatch, capsys) -> None:
    class TwiceAsWide(ErrorsByHand):
        def detections(self, views, chance):
            said = super().detections(views, chance)
            off_px = said.landmarks_px - views.landmarks_px
            return type(said)(views.landmarks_px + 2 * off_px, said.scores, said.landmarks_camera, said.seen)

    for index in range(24):
        write_bank_clip(tmp_path / f"{index:06d}.npz", _bank_clip(index, "kept" if index % 2 else "fit"))
    monkeypatch.setattr(simulated_errors, "read_learned", lambda *_, **__: TwiceAsWide())
    out = tmp_path / "figures.json"
    assert simulated_errors.main(Namespace(bank=tmp_path, model=None, no_cameras=True, json=out)) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 120
    case = json.loads(out.read_text())["cases"]["rendered"]
    assert case["clips"] == 12
    near = [case["within or inside"][model] for model in ("by hand", "learned")]
    assert near[0]["std mm"][0] >= 0.85 * near[0]["std mm"][1]
    # Widths in metres are those of the model by hand; those in the picture are not.
    assert near[1]["std mm"][0] <= near[0]["std mm"][0] - 6


def test_a_bank_without_kept_clips_is_refused(tmp_path) -> None:
    write_bank_clip(tmp_path / "000000.npz", _bank_clip(0, "fit"))
    with pytest.raises(Refusal, match="no clips that were kept"):
        of_bank(tmp_path)
