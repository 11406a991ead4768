"""The editing methods, by the parameter class that asks for them."""

from sni_engine.api.edits import Interpolate, Params, Resample, StyleTransfer
from sni_engine.methods.base import Method
from sni_engine.methods.interpolate import interpolate
from sni_engine.methods.resample import resample
from sni_engine.methods.style_transfer import transfer_style

METHODS: dict[type[Params], Method] = {Resample: resample, Interpolate: interpolate, StyleTransfer: transfer_style}
