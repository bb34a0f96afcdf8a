import torch

from backend.train.chance import Chance
from backend.train.errors.runs import runs


def test_events_fill_their_share_in_runs_of_their_length():
    shares = torch.full((400, 600, 2), 0.1)
    shares[..., 1] = 0.4
    length = torch.tensor([[6.0, 12.0]]).expand(400, 2)
    on = runs(shares, length, Chance.seeded(0))
    torch.testing.assert_close(on.float().mean((0, 1)), torch.tensor([0.1, 0.4]), atol=0.02, rtol=0)
    begins = (on[:, 1:] & ~on[:, :-1]).sum((0, 1)) + on[:, 0].sum(0)
    torch.testing.assert_close(on.sum((0, 1)) / begins, torch.tensor([6.0, 12.0]), rtol=0.1, atol=0)


def test_what_never_happens_does_not_happen():
    on = runs(torch.zeros(5, 50, 1), torch.full((5, 1), 4.0), Chance.seeded(1))
    assert not on.any()
