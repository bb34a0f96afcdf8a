"""Which engine is taken where."""

from __future__ import annotations

import importlib.util

from backend.detect.networks.engines import best_engine


def test_a_card_is_for_torch_and_the_processor_for_litert(monkeypatch):
    assert [best_engine(device) for device in ("cuda", "cuda:1", "cpu")] == ["torch", "torch", "litert"]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert best_engine("cpu") == "torch"
