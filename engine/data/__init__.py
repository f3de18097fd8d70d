"""Datasets: read, sniffed, stored in versions, profiled, queried."""
