"""What there is to compute on, as choices: with free memory, and what is not there with the reason."""

from collections.abc import Sequence

from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.training_form.forecast import say_bytes
from sni_desktop.words import fill
from sni_engine.api.train_requests import DeviceState


def list_choices(devices: Sequence[DeviceState], best: str) -> list[tuple[str, str, str]]:
    """Return value, words and, for what cannot be chosen, the reason."""
    named = {device.name: device for device in devices}
    fastest = named[best].label if best in named else ""
    auto = fill(tr("the fastest ({device})"), device=fastest) if fastest else tr("the fastest there is")
    return [("auto", auto, ""), *((device.name, describe(device), device.problem) for device in devices)]


def describe_chosen(devices: Sequence[DeviceState], best: str, name: str) -> str:
    """Return how much memory the chosen device has, "" while nobody knows."""
    chosen = next((device for device in devices if device.name == (best if name == "auto" else name)), None)
    return "" if chosen is None else describe(chosen)


def describe(device: DeviceState) -> str:
    """Return a device with its memory, or why it cannot be used."""
    if device.problem:
        return fill(tr("{device}: {why}"), device=device.label, why=device.problem.rstrip("."))
    if device.free is not None and device.total is not None:
        words = tr("{device}, {free} of {total} free")
        return fill(words, device=device.label, free=say_bytes(device.free), total=say_bytes(device.total))
    if device.total is not None:
        return fill(tr("{device}, {total}"), device=device.label, total=say_bytes(device.total))
    return device.label
