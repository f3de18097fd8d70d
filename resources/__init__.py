"""Where work may run: devices, environments, placement."""
