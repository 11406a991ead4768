"""Make the yardstick that `sni measure-model` looks through: draw portraits, train on them, test on others, write.

python tools/make_yardstick.py resources/yardsticks/portraits-64 [--count 16384] [--size 64] [--variety 0.25]
    [--images 60000] [--network TRAINED.safetensors] [--device auto]

With --network the training is skipped and the weights of an earlier one are taken.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from sni_engine.api.paths import cache_folder
from sni_engine.api.training import PortraitSpec
from sni_engine.checkpoints.tensors import load_into, read_tensors, write_tensors
from sni_engine.checkpoints.yardstick import write_yardstick
from sni_engine.device import choose_device
from sni_engine.networks.features import AttributeNetwork
from sni_engine.train.attributes import features_config
from sni_engine.train.dataset import PictureSet
from sni_engine.train.portrait_set import draw_portrait_set, open_portrait_set
from sni_engine.train.yardstick import PLAN, WIDTHS, make_yardstick, train_yardstick

HELD_OUT_SEED = 2**32
HELD_OUT = 768


def main(words: Sequence[str]) -> None:
    """Write the yardstick and its scores, a table beside it."""
    flags = read_flags(words)
    torch.set_flush_denormal(True)
    device = str(choose_device(flags.device))
    data = collect(PortraitSpec(flags.count, flags.size, flags.variety), device)
    held_out = collect(PortraitSpec(HELD_OUT, flags.size, flags.variety, HELD_OUT_SEED), device)
    plan = replace(PLAN, images=flags.images)
    network = read_network(flags.network, flags.size) if flags.network else None
    for item in () if network else train_yardstick(data, plan, device=device):
        if isinstance(item, AttributeNetwork):
            network = item
            write_tensors(flags.out.with_suffix(".network"), network.state_dict(), {"format": "sni-attributes"})
        else:
            print(*item, file=sys.stderr)
    assert network is not None
    facts = {
        "portraits": f"{flags.count} procedural portraits, seeds 0 to {flags.count - 1}, variety {flags.variety:g}",
        "held out": f"{HELD_OUT} portraits, seeds from {HELD_OUT_SEED}",
        "training": f"{plan.images} images, batch {plan.batch}, seed {plan.seed}, moved by up to {plan.shift_px} px",
    }
    yardstick = make_yardstick(network.to(device), data, held_out, flags.out.name, facts)
    info = write_yardstick(flags.out.with_suffix(".safetensors"), yardstick)
    rows = [f"| {item.name} | {item.score:.3f} | {item.chance:.3f} | {item.error:.3f} |" for item in info.factors]
    print("| factor | score | chance | error |\n|---|---:|---:|---:|", *rows, sep="\n")


def read_flags(words: Sequence[str]) -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=16384)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--variety", type=float, default=0.25)
    parser.add_argument("--images", type=int, default=PLAN.images)
    parser.add_argument("--network", type=Path)
    parser.add_argument("--device", default="auto")
    return parser.parse_args(words)


def collect(spec: PortraitSpec, device: str) -> PictureSet:
    """Return a portrait set, drawn where it is not stored yet."""
    folder = cache_folder() / spec.name
    for count in draw_portrait_set(spec, folder, device):
        print(f"portraits: {count} of {spec.count}", file=sys.stderr, end="\r")
    return open_portrait_set(spec, folder)


def read_network(path: Path, size_px: int) -> AttributeNetwork:
    """Return a network trained before, of the yardstick's widths."""
    network = AttributeNetwork(features_config(size_px, WIDTHS))
    load_into(network, read_tensors(path)[0], path)
    return network


if __name__ == "__main__":
    main(sys.argv[1:])
