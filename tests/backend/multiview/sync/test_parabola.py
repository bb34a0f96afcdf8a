from __future__ import annotations

import numpy as np
import pytest

from backend.multiview.sync.parabola import between


def test_the_top_lies_between_rows_as_its_neighbours_say() -> None:
    rows = np.arange(7.0)
    assert between(10.0 - (rows - 3.2) ** 2, 3) == pytest.approx(0.2)
    assert between(rows, 6) == 0.0 and between(np.zeros(7), 3) == 0.0
