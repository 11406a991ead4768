"""The window over the engine: Qt, numpy and the engine's contract; never torch on the interface's thread."""
