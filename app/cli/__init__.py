"""The command line `tandem`: one small file per group of commands, all on the same Workbench."""

from app.cli.main import app, main

__all__ = ["app", "main"]
