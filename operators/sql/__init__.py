"""SQL of users: answered by DuckDB in a child process that is locked, bounded, kept warm, and killed where it must."""
