"""Traces: what real clusters were asked for, read from files that others have published."""

from resources.scheduling.traces.jobs import Job, Trace
from resources.scheduling.traces.openb import read_openb
from resources.scheduling.traces.reading import read_trace

__all__ = ["Job", "Trace", "read_openb", "read_trace"]
