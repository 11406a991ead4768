"""What the mouse does on the canvas: a tool for each way of choosing or changing cells."""
