"""Semantic parts found by a model's own features, after Editing in Style (Collins et al., CVPR 2020), section 3.1."""
