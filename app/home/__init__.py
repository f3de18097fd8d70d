"""The first screen: what there is, what runs, what broke, and where to begin."""
