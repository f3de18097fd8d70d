"""How this workbench is set."""
