"""Measures of pictures, edits and models."""
