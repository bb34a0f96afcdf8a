"""HDR curves onto an sRGB screen."""

from __future__ import annotations

import numpy as np
import pytest
from av.video.reformatter import ColorTrc

from backend.video.tone_map import HDR_CURVES, standard_range

RAMP = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)


@pytest.mark.parametrize("transfer", sorted(HDR_CURVES))
def test_brighter_stays_brighter_and_black_stays_black(transfer):
    shown = standard_range(RAMP, transfer)[0, :, 0].astype(int)
    assert shown[0] == 0
    assert np.all(np.diff(shown) >= 0)
    assert shown[-1] >= 250


@pytest.mark.parametrize(
    "transfer, white, grey", [(ColorTrc.SMPTE2084, 0.58, 0.38), (ColorTrc.ARIB_STD_B67, 0.75, 0.38)]
)
def test_white_paper_and_grey_card_look_like_it(transfer, white, grey):
    """Signal levels of 100 % and 18 % reflectance: ITU-R BT.2408, table 1."""
    shown = standard_range(RAMP, transfer)[0, :, 0]
    assert 225 <= shown[round(255 * white)] <= 245
    assert 100 <= shown[round(255 * grey)] <= 135
