"""The monitor of a training run: how it is, its samples through time, its curves, and what can be done."""
