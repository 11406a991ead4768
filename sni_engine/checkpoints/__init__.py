"""Models on disk: one file that carries its own description, and where such files are found."""
