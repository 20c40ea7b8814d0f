"""Trains the four methods with TRL: a run's spec in, its events, checkpoints and model out."""
