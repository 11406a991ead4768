"""Make the segmenter that names parts and measures their agreement: draw portraits, train on them, test on others.

python tools/make_segmenter.py resources/yardsticks/portraits-64.segmenter [--count 1280] [--images 6400]
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from sni_engine.api.paths import cache_folder
from sni_engine.api.training import PortraitSpec
from sni_engine.checkpoints.segmenter import SegmenterInfo, write_segmenter
from sni_engine.checkpoints.yardstick import read_yardstick
from sni_engine.networks.segmenter import Segmenter
from sni_engine.portraits.masks import PARTS
from sni_engine.train.dataset import PictureSet
from sni_engine.train.portrait_set import draw_portrait_set, open_portrait_set
from sni_engine.train.segmenter import SegmenterTraining, score_segmenter, train_segmenter

SEED, HELD_OUT_SEED = 2**33, 2**34
HELD_OUT = 256
VARIETY = 0.25


def main(words: Sequence[str]) -> None:
    """Write the segmenter and print its scores."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=1280)
    parser.add_argument("--images", type=int, default=SegmenterTraining.images)
    flags = parser.parse_args(words)
    torch.set_flush_denormal(True)
    yardstick = read_yardstick()
    config, trunk = yardstick.network.config, yardstick.network.trunk
    plan = replace(SegmenterTraining(), images=flags.images)
    data = collect(PortraitSpec(flags.count, config.resolution_px, VARIETY, SEED))
    network: Segmenter | None = None
    for item in train_segmenter(trunk, config.widths, data, plan):
        if isinstance(item, Segmenter):
            network = item
        elif item[0] % 640 == 0:
            print(*item, file=sys.stderr)
    assert network is not None
    held_out = collect(PortraitSpec(HELD_OUT, config.resolution_px, VARIETY, HELD_OUT_SEED))
    scores = score_segmenter(trunk, network, held_out)
    facts = {
        "portraits": f"{flags.count} procedural portraits, seeds from {SEED}, variety {VARIETY:g}",
        "held out": f"{HELD_OUT} portraits, seeds from {HELD_OUT_SEED}",
        "training": f"{plan.images} images, batch {plan.batch}, seed {plan.seed}",
    }
    write_segmenter(flags.out, network, SegmenterInfo(yardstick.info.digest, PARTS, scores, facts))
    print("| part | intersection over union |\n|---|---:|")
    print("\n".join(f"| {name} | {score:.3f} |" for name, score in scores.items()))


def collect(spec: PortraitSpec) -> PictureSet:
    """Return a portrait set, drawn where it is not stored yet."""
    folder = cache_folder() / spec.name
    for count in draw_portrait_set(spec, folder, "cpu"):
        print(f"portraits: {count} of {spec.count}", file=sys.stderr, end="\r")
    return open_portrait_set(spec, folder)


if __name__ == "__main__":
    main(sys.argv[1:])
