"""Shares that hold where the work runs: what a worker may take, who watches it, and which levels this machine has."""
