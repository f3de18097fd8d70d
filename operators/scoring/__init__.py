"""Figures of merit and the rows to score: what operators that train and those that judge share."""
