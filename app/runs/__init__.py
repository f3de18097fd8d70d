"""The screen of runs: the list, one run from every side, and runs beside each other."""
