"""Measurements of the project; each script prints what it measured and on what."""
