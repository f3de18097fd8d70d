"""The screen that makes features: a recipe of steps over a dataset, each tried on a sample."""
