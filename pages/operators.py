"""Every operator: what it does, its ports, its form."""
