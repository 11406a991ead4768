"""`sni models`: what there is to draw with."""

from typing import Annotated, Literal

from tyro.conf import Positional, arg


def models(action: Positional[Annotated[Literal["list"], arg(help="The one thing to do so far.")]]) -> None:
    """List the models there are: those that came with the program, and your own."""
    from sni_engine.checkpoints.store import list_models, own_models

    del action
    for name, path, card in list_models():
        grid = card.grid
        print(
            f"{name}  {card.resolution_px} px, {grid.rows}×{grid.columns} cells, {card.licence or 'no licence named'}"
        )
        print(f"    {path}")
        for fact, value in card.facts.items():
            print(f"    {fact}: {value}")
        for limit in card.limits:
            print(f"    note: {limit}")
    print(f"Your own models go into {own_models()}")
