"""How screens and the terminal are drawn."""
