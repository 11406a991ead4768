"""Training: data, losses, the loop, and the child process that runs it."""
