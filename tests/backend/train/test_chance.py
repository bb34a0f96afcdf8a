import torch

from backend.train.chance import Chance


def test_the_same_seed_gives_the_same_numbers():
    first, second = Chance.seeded(7), Chance.seeded(7)
    for draw in (lambda c: c.normal(2.0, 3, 2), lambda c: c.one_of((1.0, 2.0), 5), lambda c: c.yes(0.3, 4)):
        assert torch.equal(draw(first), draw(second))


def test_things_come_as_often_as_their_weights_say():
    drawn = Chance.seeded(1).one_of((1.0, 0.0, 3.0), 40_000)
    shares = torch.bincount(drawn, minlength=3) / 40_000
    assert torch.allclose(shares, torch.tensor([0.25, 0.0, 0.75]), atol=0.01)


def test_log_uniform_halves_its_draws_at_the_geometric_mean():
    drawn = Chance.seeded(2).log_uniform(0.5, 8.0, 20_000)
    assert 0.5 <= drawn.min() and drawn.max() <= 8.0
    assert abs((drawn < 2.0).float().mean() - 0.5) < 0.02
