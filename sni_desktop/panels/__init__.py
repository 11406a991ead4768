"""The docks beside the canvas: each shows the document's snapshot and writes to the document, and knows nobody else."""
