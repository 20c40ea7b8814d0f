"""Dialects: the layouts of other trainers. The twin of src/core/datasets/writers/dialects."""
