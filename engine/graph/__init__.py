"""The typed graph: pipelines, schemas, plans, fingerprints."""
