"""The durable ledger: one database per workspace, a door (`Records`) and one module per noun."""

from engine.records.database import Records

__all__ = ["Records"]
