"""What there is to run on, who holds what of it, and what waits."""
