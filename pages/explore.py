"""What a dataset holds: its columns, charts of it, and questions in SQL."""
