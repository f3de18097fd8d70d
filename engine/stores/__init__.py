"""Where outputs and models are kept."""
