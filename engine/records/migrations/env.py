"""Alembic's environment: migrations run on the connection that engine.records.schema hands over."""

from alembic import context

from engine.records.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
