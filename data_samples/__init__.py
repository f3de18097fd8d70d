"""Small data we make or may redistribute; `python -m data_samples.make` writes every file again."""
