"""The picture, the grid over it, and painting on it."""
