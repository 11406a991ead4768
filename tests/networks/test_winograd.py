"""Winograd's convolution is the convolution, for every size it may meet."""

import pytest
import torch
from torch.nn import functional as F

from sni_engine.networks.winograd import convolve, pays, transform_weights


@pytest.mark.parametrize(("n", "side"), [(1, 4), (1, 16), (3, 8), (2, 48), (9, 16)])
@pytest.mark.parametrize(("fan_in", "fan_out"), [(1, 1), (5, 3), (96, 80)])
def test_it_is_the_convolution(n: int, side: int, fan_in: int, fan_out: int) -> None:
    torch.manual_seed(3)
    x, weight = torch.randn(n, fan_in, side, side), torch.randn(fan_out, fan_in, 3, 3) / fan_in**0.5
    expected = F.conv2d(x, weight, padding=1)
    for layout in (torch.contiguous_format, torch.channels_last):
        found = convolve(x.contiguous(memory_format=layout), transform_weights(weight))
        torch.testing.assert_close(found, expected, rtol=1e-4, atol=2e-4)


def test_it_is_used_where_it_saves_more_than_it_costs() -> None:
    wide, narrow = torch.zeros(128, 128, 3, 3), torch.zeros(32, 32, 3, 3)
    assert pays(wide, 32)
    assert not pays(wide, 8)
    assert not pays(narrow, 64)
    assert not pays(torch.zeros(128, 128, 1, 1), 32)
    assert not pays(wide.half(), 32)
    assert not pays(wide, 18), "tiles are four pixels large"
