import numpy as np
import torch

from backend.train.cameras.shake import draw_waves
from backend.train.chance import Chance


def test_shake_has_no_fast_part_and_a_known_size():
    times_s = torch.arange(3000) / 30.0
    noise = draw_waves(20, 6, Chance.seeded(1)).at(times_s).numpy()
    assert noise.shape == (20, 3000, 6) and abs(np.sqrt((noise**2).mean()) - 1.0) < 0.1
    power = np.abs(np.fft.rfft(noise * np.hanning(3000)[:, None], axis=1)) ** 2
    frequency = np.fft.rfftfreq(3000, 1 / 30.0)
    assert power[:, frequency > 7.0].sum() < 1e-3 * power.sum()
    assert power[:, frequency < 2.0].sum() > 0.8 * power.sum()
