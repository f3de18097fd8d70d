"""Charts of a stored table: which ones to draw first, and the few numbers that each needs."""
