"""What synthesis starts from: the cells' own mapping (Structured Noise Injection, section 3), or a learned constant."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sni_engine.api.codes import GridSpec
from sni_engine.networks.layers import LEAK, activate, check_shape, draw_weights, normalise


class CellMapping(nn.Module):
    """One dense layer per cell, from [global, shared, local] to its column of the input tensor.

    own_scale: bring each column to unit scale by itself, which no paper does; without it the tensor is as published.
    joint_norm: divide all spatial codes of a picture by their common scale first, as published.
    """

    def __init__(self, grid: GridSpec, width: int, own_scale: bool, joint_norm: bool) -> None:
        super().__init__()
        self.grid = grid
        self.weight = nn.Parameter(draw_weights(grid.rows * grid.columns, grid.cell_input, width))
        self.bias = nn.Parameter(torch.zeros(width))  # one for all cells, as published
        self.gain = (2 / grid.cell_input) ** 0.5
        self.own_scale = own_scale
        self.joint_norm = joint_norm

    def gather(self, global_: Tensor, shared: Tensor, local: Tensor) -> Tensor:
        """Return the vector each cell reads [N, R·C, g + s + l]."""
        grid, n = self.grid, len(local)
        check_shape(local, "N R C l", R=grid.rows, C=grid.columns, l=grid.local)
        spread = shared.repeat_interleave(grid.rows // grid.shared_rows, 1)
        spread = spread.repeat_interleave(grid.columns // grid.shared_columns, 2)  # [N, R, C, s]
        tiled = global_[:, None, None, :].expand(n, grid.rows, grid.columns, grid.global_)
        return torch.cat([tiled, spread, local], 3).reshape(n, grid.rows * grid.columns, grid.cell_input)

    def forward(self, global_: Tensor, shared: Tensor, local: Tensor) -> Tensor:
        """Return the input tensor [N, width, R, C]."""
        cells = self.gather(global_, shared, local)
        if self.joint_norm:
            cells = cells * joint_scale(global_, shared, local)[:, None, None]
        columns = torch.einsum("npi,pio->npo", cells, self.weight * self.gain) + self.bias  # [N, R·C, width]
        columns = normalise(activate(columns), dim=2) if self.own_scale else F.leaky_relu(columns, LEAK)
        return columns.transpose(1, 2).unflatten(2, (self.grid.rows, self.grid.columns))


def joint_scale(global_: Tensor, shared: Tensor, local: Tensor) -> Tensor:
    """Return what the published pixel norm multiplies all spatial codes of a picture by [N].

    The published vector holds three more numbers that nothing reads; they would move this scale by some 0.1 %.
    """
    codes = torch.cat([global_, shared.flatten(1), local.flatten(1)], 1)
    return torch.rsqrt(codes.square().mean(1) + 1e-8)


class ConstantInput(nn.Module):
    """A learned input tensor, the same for every picture (StyleGAN): the baseline to compare cells with.

    It starts random as in StyleGAN2: an instance norm of StyleGAN's ones would divide nothing by nothing.
    """

    def __init__(self, grid: GridSpec, width: int) -> None:
        super().__init__()
        self.values = nn.Parameter(draw_weights(width, grid.rows, grid.columns))

    def forward(self, global_: Tensor, shared: Tensor, local: Tensor) -> Tensor:
        """Return the input tensor [N, width, R, C]; the codes are empty and only tell how many pictures there are."""
        return self.values.expand(len(local), *self.values.shape)
