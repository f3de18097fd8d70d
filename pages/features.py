"""Features made step by step on a sample, then sent to a pipeline."""
