"""The style code's mapping network (Karras et al. 2019), shared by both backbones."""

from torch import Tensor, nn
from torch.nn import functional as F

from sni_engine.networks.layers import ACT_GAIN, LEAK, EqualLinear, normalise


class StyleMapping(nn.Module):
    """Pixel norm, then dense layers with leaky ReLU, learning at a hundredth of the rate.

    published: the activation's gain sits in the weights, not the biases, as in StyleGAN and SNI; else behind both.
    """

    def __init__(self, style: int, layers: int, published: bool) -> None:
        super().__init__()
        before, self.after = (ACT_GAIN, 1.0) if published else (1.0, ACT_GAIN)
        self.layers = nn.ModuleList(EqualLinear(style, style, lr_multiplier=0.01, gain=before) for _ in range(layers))

    def forward(self, style: Tensor) -> Tensor:
        """Return w [N, D] of style codes [N, D]."""
        w = normalise(style)
        for layer in self.layers:
            w = F.leaky_relu(layer(w), LEAK) * self.after
        return w
