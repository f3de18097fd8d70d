"""The durable ledger: one database per workspace."""
