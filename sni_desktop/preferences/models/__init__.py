"""The page of models: which there are, all about one of them, and what is done with their files."""
