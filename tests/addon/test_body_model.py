from __future__ import annotations

from types import SimpleNamespace

import pytest

bpy = pytest.importorskip("bpy")

from mambocap.addon.backend_place import EXTENSION  # noqa: E402
from mambocap.addon.body_model import body_model  # noqa: E402
from mambocap.motion.refusal import Refusal  # noqa: E402


def context_with(smplx_file: str) -> SimpleNamespace:
    """A context in which the extension is enabled and its preferences name this file."""
    addon = SimpleNamespace(preferences=SimpleNamespace(smplx_file=smplx_file))
    return SimpleNamespace(preferences=SimpleNamespace(addons={EXTENSION: addon}))


def test_without_preferences_the_open_body_is_shown():
    assert body_model(bpy.context).name == "open"
    assert body_model(context_with("")).name == "open"


def test_a_missing_or_wrong_smplx_file_is_refused_in_words(tmp_path):
    wrong = tmp_path / "SMPLX_NEUTRAL.npz"
    with pytest.raises(Refusal, match="There is no SMPL-X file"):
        body_model(context_with(str(wrong)))
    wrong.write_bytes(b"nonsense")
    with pytest.raises(Refusal, match="SMPLX_NEUTRAL.npz is not an SMPL-X model"):
        body_model(context_with(str(wrong)))
