"""The screen of monitoring: a light for each service, its reports, and how it was over time."""
