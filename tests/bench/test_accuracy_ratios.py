import pytest

from bench.accuracy_ratios import detectors_ratio, ratios_of

RATIOS = ("mpjpe_mm", "pa_mpjpe_mm", "centroid_mpjpe_mm", "accel_error_m_s2")


def of(error: float | None, **clips: float | None) -> dict:
    return {**dict.fromkeys(RATIOS, error), "rotation_deg": None,
            "clips": {name: {"mpjpe_mm": value} for name, value in clips.items()}}  # fmt: skip


def test_the_network_is_told_beside_each_other_method_and_worse_clips_are_named():
    network, direct = of(60.0, a=50.0, b=71.0, gone=None), {**of(90.0), "rotation_deg": {"head": 20.0, "neck": 0.0}}
    network["rotation_deg"] = {"head": 15.0, "neck": 4.0}
    ratios = ratios_of({"mediapipe": of(120.0, a=80.0, b=70.0, gone=None), "mediapipe_mapped": of(100.0),
                        "direct": direct, "network": network})  # fmt: skip
    assert ratios["network/mediapipe"]["mpjpe_mm"] == pytest.approx(0.5)
    assert ratios["network/mediapipe_mapped"]["pa_mpjpe_mm"] == pytest.approx(0.6)
    assert ratios["clips_worse_than_mediapipe"] == ["b"] and ratios["clips"] == 3
    assert ratios["rotation_network/direct"] == {"head": pytest.approx(0.75), "neck": None}


def test_the_simulated_detector_is_held_against_the_real_one_when_both_were_measured():
    cases = {"simulated": {"mediapipe": of(132.0)}, "rendered": {"mediapipe": of(120.0)}}
    assert detectors_ratio(cases)["mpjpe_mm"] == pytest.approx(1.1)
    assert detectors_ratio({"rendered": cases["rendered"]}) is None
