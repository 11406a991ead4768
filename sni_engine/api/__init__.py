"""The contract between the engine and its users: frozen values over numpy, never torch.

Importing this package is free; each module says what it holds in its first line.
"""
