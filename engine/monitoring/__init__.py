"""What changed since training."""
