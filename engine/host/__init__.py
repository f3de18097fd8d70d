"""The engine process: the one per workspace that drives runs and keeps services as they are wanted.

`python -m engine.host --workspace W`; others start it through `engine.records.engine_process`. It ends orderly
on SIGTERM; killed in any other way, the next one goes on where it was.
"""
