"""A machine that would give other numbers than the driver's is refused with the sentence that mends it."""

from __future__ import annotations

import pytest

from backend.batch.cluster.likeness import MODEL, difference, likeness
from backend.detect.models.model_files import MODEL_NAMES, find_model
from backend.versions import PACKAGES

OURS = {"python": "3.11.7", "numpy": "2.4.6", f"{MODEL}hand_landmarker": "abc"}


def test_what_is_compared_covers_every_package_and_model_and_is_stable():
    assert set(likeness()) == {"python", *PACKAGES, *(f"{MODEL}{name}" for name in MODEL_NAMES)}
    assert difference("render1", dict(likeness()), likeness()) is None


def test_another_file_of_a_model_is_another_machine(tmp_path, monkeypatch):
    before = dict(likeness())
    (tmp_path / "models").mkdir()
    for name in MODEL_NAMES:
        data = find_model(name).read_bytes()
        (tmp_path / f"models/{name}.task").write_bytes(data + b" " * (name == "hand_landmarker"))
    monkeypatch.setenv("MAMBOCAP_HOME", str(tmp_path))
    likeness.cache_clear()
    try:
        changed = {name for name in before if likeness()[name] != before[name]}
    finally:
        likeness.cache_clear()
    assert changed == {f"{MODEL}hand_landmarker"}


@pytest.mark.parametrize("theirs, sentence", [
    ({**OURS, "numpy": "2.5.5"}, "The machine render1 has numpy 2.5.5, and this one has 2.4.6."),
    ({**OURS, "numpy": ""}, "The machine render1 has no numpy."),
    ({**OURS, f"{MODEL}hand_landmarker": "abd"}, "The machine render1 has another file of the model hand_landmarker."),
    ({**OURS, f"{MODEL}hand_landmarker": ""}, "The machine render1 has not the model hand_landmarker."),
])  # fmt: skip
def test_what_differs_is_named(theirs, sentence):
    refusal = difference("render1", theirs, OURS)
    assert refusal.sentence == sentence
    assert "cluster stop" in refusal.mend
