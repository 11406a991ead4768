"""The PyTorch engine of SNI Desktop: generators, editing methods, training. Never imports Qt."""

__version__ = "0.1.0"
