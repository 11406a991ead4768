"""Networks, one file and one paper each, readable alone."""
