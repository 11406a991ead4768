"""The form of a new training run: what can be set, what is wrong with it, and what it would take."""
