"""Answers over HTTP: judges as chat completions, reward heads in the shapes of vLLM."""
